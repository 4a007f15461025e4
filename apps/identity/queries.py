"""Reads of clients and of who may see them."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from apps.identity.models import ApiToken, Client, Membership, SecondFactor, User
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


def clients_named(names: Collection[str]) -> dict[str, Client]:
    """Return the clients of these names, each under the name asked for.

    One query for all of them, and one more each time that two different names have made one slug.
    """
    known: dict[str, Client] = {}
    waiting = {name: slug_candidates(name) for name in names}
    while waiting:
        slugs = {name: next(candidates) for name, candidates in waiting.items()}
        found = Client.objects.in_bulk(set(slugs.values()), field_name="slug")
        taken = {name: found[slug] for name, slug in slugs.items() if slug in found}
        known |= {name: client for name, client in taken.items() if is_same_name(client.name, name)}
        waiting = {name: waiting[name] for name in taken if name not in known}
    return known


def visible_clients(user_id: UUID) -> QuerySet[Client]:
    """Return the clients a user may see. Raises User.DoesNotExist."""
    return Client.objects.visible_to(User.objects.get(pk=user_id))


def memberships_of(user: User) -> list[Membership]:
    """Return for which clients a person may act, the first one first."""
    return list(Membership.objects.filter(user=user).select_related("client").order_by("created_at"))


def get_membership(membership_id: UUID) -> Membership:
    """Return a membership. Raises Membership.DoesNotExist."""
    return Membership.objects.get(pk=membership_id)


def tokens_of(membership_id: UUID) -> QuerySet[ApiToken]:
    """Return the tokens of a membership, the newest first."""
    return ApiToken.objects.filter(membership_id=membership_id)


def find_second_factor(user: User) -> SecondFactor | None:
    """Return a person's second factor, be it in force or about to be."""
    return SecondFactor.objects.filter(user=user).select_related("user").first()


def count_recovery_codes(factor: SecondFactor) -> int:
    """Return how many recovery codes are unused."""
    return factor.recovery_codes.filter(used_at=None).count()
