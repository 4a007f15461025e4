"""Reads of clients and of who may see them."""

from uuid import UUID

from django.db.models import QuerySet

from apps.identity.models import Client, User
from apps.identity.rules import is_same_name, slug_candidates


def get_client(client_id: UUID) -> Client:
    """Return a client. Raises Client.DoesNotExist."""
    return Client.objects.get(pk=client_id)


def find_client(slug: str) -> Client | None:
    """Return the client of a slug, None where there is none."""
    return Client.objects.filter(slug=slug).first()


def find_client_named(name: str) -> Client | None:
    """Return the client of this name, None where there is none."""
    for slug in slug_candidates(name):
        client = find_client(slug)
        if client is None or is_same_name(client.name, name):
            return client
    raise AssertionError("slug candidates never end")


def visible_clients(user_id: UUID) -> QuerySet[Client]:
    """Return the clients a user may see. Raises User.DoesNotExist."""
    return Client.objects.visible_to(User.objects.get(pk=user_id))
