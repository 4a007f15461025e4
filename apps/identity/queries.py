"""Reads of clients and of who may see them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from apps.identity.models import ApiToken, Client, DataRequest, Membership, SecondFactor, User
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


def colleagues_for(permissions: Collection[str], client_id: UUID | None) -> QuerySet[User]:
    """Return the people of the staff who hold one of these permissions (`strategy.approve_strategy`).

    Of a client's work only those who may see that client.
    """
    wanted = Q()
    for permission in permissions:
        app_label, codename = permission.split(".")
        wanted |= Q(content_type__app_label=app_label, codename=codename)
    held = Permission.objects.filter(wanted)
    rights = Q(is_superuser=True) | Q(user_permissions__in=held) | Q(groups__permissions__in=held)
    people = User.objects.filter(rights, is_active=True, is_staff=True).distinct()
    if client_id is None or not settings.OWN_CLIENTS_ONLY:
        return people
    seeing = [person.pk for person in people if person.visible_clients().filter(pk=client_id).exists()]
    return people.filter(pk__in=seeing)


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


def requests_for_workers(at: datetime) -> QuerySet[DataRequest]:
    """Return the requests for data that a worker has something to do for, oldest first."""
    return DataRequest.objects.for_workers(at).select_related("client", "asked_by")


def requests_shown_to(user: User) -> QuerySet[DataRequest]:
    """Return what a person asked for of data, and what was asked in the portal of a client they decide for."""
    return DataRequest.objects.shown_to(user).select_related("client")
