"""Opening and changing clients, accounts and access; who of the staff sees to what."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, connection, models, transaction

from apps.identity.api.dtos import ClientDetails, Contract
from apps.identity.api.events import (
    ClientChanged,
    ClientOpened,
    MembershipGranted,
    MembershipRevoked,
    PasswordChanged,
    UserAdded,
    UserAuthenticated,
    UserChanged,
    UserLoggedOut,
    WorkAssigned,
    WorkGivenBack,
    WorkPutOff,
)
from apps.identity.models import Attention, Client, DataRequest, Membership, User
from apps.identity.rules import DAYS_OF_AN_ASSIGNMENT, ROLES, DeskRow, is_same_name, may, slug_candidates
from apps.shared.events import AuditNote, publish
from apps.shared.models import snapshot

SECRET_COLUMNS = ("password",)


class ClientEnded(ValueError):
    """Nothing is begun for a client that has ended, or is being erased; the words name it and its state."""


@transaction.atomic
def hold_for_work(client_id: UUID) -> None:
    """Keep a client from ending until the transaction that is open ends: what is begun for it meanwhile is seen then.

    Any number may hold it at once. Raises ClientEnded, and Client.DoesNotExist.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, status FROM identity_client WHERE id = %s FOR SHARE", [client_id])
        found = cursor.fetchone()
    if found is None:
        raise Client.DoesNotExist(f"There is no client {client_id}.")
    name, status = found
    if DataRequest.objects.erasing(client_id).exists():
        raise ClientEnded(f"{name} is erased, or about to be: nothing is begun for it any more.")
    if status == Client.Status.ENDED:
        raise ClientEnded(f"{name} has ended: nothing is begun for it. Set it active again first, if it is back.")


@transaction.atomic
def open_client(details: ClientDetails, *, by: UUID | None = None) -> Client:
    """Return the client of this name, opened now where there is none.

    A client that exists stays as it is, whatever the details say: a second opening (a deal reported twice, an intake
    sent again) must not overwrite what people have corrected since. Two different names that make one slug are two
    clients, the second with a number.
    """
    for slug in slug_candidates(details.name):
        client, is_new = Client.objects.get_or_create(slug=slug, defaults=details.model_dump())
        if is_new:
            opened = ClientOpened(aggregate_id=client.id, client_id=client.id, client_name=client.name)
            publish(opened, AuditNote(actor_id=by, after=snapshot(client)))
        if is_new or is_same_name(client.name, details.name):
            return client
    raise AssertionError("slug candidates never end")


@transaction.atomic
def open_signed_client(details: ClientDetails, contract: Contract, *, by: UUID | None = None) -> Client:
    """Return the client of a deal, opened now where there is none.

    It is always a client of its own: one that is called the same is another company until a person says otherwise, and
    the new one's slug gets a number.
    """
    signed = {"contract_value": contract.value, "included_revision_rounds": contract.included_revision_rounds}
    signed |= {"contract_start_date": contract.start_date, "contract_end_date": contract.end_date}
    for slug in slug_candidates(details.name):
        if client := Client.objects.filter(deal_id=contract.deal_id).first():
            return client
        columns = {**details.model_dump(), **signed, "slug": slug, "deal_id": contract.deal_id}
        client = Client(**columns)
        # Whoever opens it, or takes the slug, at this moment is waited for, and found by the next look.
        if insert_unless_taken(client):
            opened = ClientOpened(
                aggregate_id=client.id, client_id=client.id, client_name=client.name, deal_id=client.deal_id
            )
            publish(opened, AuditNote(actor_id=by, after=snapshot(client)))
            return client
    raise AssertionError("slug candidates never end")


def insert_unless_taken(row: models.Model) -> bool:
    """Insert a row, and tell whether; one that has the same unique value stays."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


@transaction.atomic
def change_client(client: Client, *, by: UUID) -> None:
    """Save what a person changed on a client; nothing is published when nothing changed."""
    before = snapshot(Client.objects.select_for_update(of=("self",)).get(pk=client.pk))
    fields = _changed(before, client)
    if not fields:
        return
    client.save()
    changed = ClientChanged(aggregate_id=client.id, client_id=client.id, fields=fields)
    publish(changed, AuditNote(actor_id=by, before=before, after=snapshot(client)))


@transaction.atomic
def grant_membership(membership: Membership, *, by: UUID | None) -> None:
    """Let a user act for a client, or change the role it does so in."""
    before = Membership.objects.select_for_update(of=("self",)).filter(pk=membership.pk).first()
    membership.save()
    note = AuditNote(actor_id=by, before=before and snapshot(before), after=snapshot(membership))
    publish(MembershipGranted(**_of(membership)), note)


@transaction.atomic
def revoke_membership(membership: Membership, *, by: UUID) -> None:
    """Take a user's access to a client away."""
    event = MembershipRevoked(**_of(membership))
    before = snapshot(membership)
    membership.delete()
    publish(event, AuditNote(actor_id=by, before=before))


def _of(membership: Membership) -> dict[str, Any]:
    return {
        "aggregate_id": membership.id,
        "client_id": membership.client_id,
        "user_id": membership.user_id,
        "role": membership.role,
    }


@transaction.atomic
def add_user(user: User, *, by: UUID | None) -> None:
    """Save a new account."""
    user.save()
    publish(
        UserAdded(aggregate_id=user.id, is_staff=user.is_staff), AuditNote(actor_id=by, after=_without_secrets(user))
    )


@transaction.atomic
def ensure_owner(email: str, password: str, *, full_name: str) -> User:
    """Return the account of this address with this password; one that is made now has every right."""
    user = User.objects.select_for_update().filter(email=email.lower()).first()
    if user is None:
        user = User.objects.create_superuser(email, password, full_name=full_name)
        publish(UserAdded(aggregate_id=user.id, is_staff=True), AuditNote(after=_without_secrets(user)))
    elif not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password", "updated_at"])
        publish(PasswordChanged(aggregate_id=user.id), AuditNote(reason="Set from the command line."))
    return user


@transaction.atomic
def change_user(user: User, *, by: UUID) -> None:
    """Save what a person changed on an account; nothing is published when nothing changed."""
    stored = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    fields = _changed(_without_secrets(stored), user)
    if not fields:
        return
    user.save()
    note = AuditNote(actor_id=by, before=_without_secrets(stored), after=_without_secrets(user))
    publish(UserChanged(aggregate_id=user.id, fields=fields), note)


@transaction.atomic
def assign_roles(user: User, *, groups: Iterable[Group], permissions: Iterable[Permission], by: UUID) -> None:
    """Give an account exactly these roles and permissions; nothing is published when it has them already."""
    before = _rights(user)
    user.groups.set(groups)
    user.user_permissions.set(permissions)
    after = _rights(user)
    fields = tuple(name for name in before if before[name] != after[name])
    if fields:
        publish(UserChanged(aggregate_id=user.id, fields=fields), AuditNote(actor_id=by, before=before, after=after))


@transaction.atomic
def note_password_change(user_id: UUID, *, by: UUID) -> None:
    """Tell that a password was set; the password itself is nobody's business."""
    publish(PasswordChanged(aggregate_id=user_id), AuditNote(actor_id=by))


@transaction.atomic
def note_login(sender: type, user: User, **_: object) -> None:
    """Tell that a user logged in."""
    publish(UserAuthenticated(aggregate_id=user.pk), AuditNote(actor_id=user.pk))


@transaction.atomic
def note_logout(sender: type, user: User | None, **_: object) -> None:
    """Tell that a user logged out; a visitor who never was logged in is none."""
    if user is not None:
        publish(UserLoggedOut(aggregate_id=user.pk), AuditNote(actor_id=user.pk))


# --- whose work is what ----------------------------------------------------------------------------------------------


class TakenMeanwhile(Exception):
    """Two people took the same row at the same moment."""


@transaction.atomic
def put_off(row: DeskRow, *, by: UUID, until: datetime | None) -> None:
    """Keep a row of the desk from a person's worklists until a moment; without one, show it again."""
    attention, _ = Attention.objects.get_or_create(**_key(row), person_id=by, defaults={"client_id": row.client_id})
    before = snapshot(attention)
    attention.snoozed_until = until
    attention.save()
    publish(WorkPutOff(**_about(attention), until=until), _note_of(attention, by, before))


@transaction.atomic
def assign(row: DeskRow, *, to: UUID, by: UUID) -> None:
    """Make a row of the desk somebody's to see to, and nobody else's. Raises TakenMeanwhile."""
    held = list(Attention.objects.select_for_update().filter(**_key(row), is_assigned=True))
    if [each.person_id for each in held] == [to]:
        return
    for each in held:
        each.is_assigned = False
        each.save()
    attention, _ = Attention.objects.get_or_create(**_key(row), person_id=to, defaults={"client_id": row.client_id})
    before = snapshot(attention)
    attention.is_assigned, attention.snoozed_until = True, None
    try:
        with transaction.atomic():
            attention.save()
    except IntegrityError as taken:
        raise TakenMeanwhile("Somebody else took it at this moment.") from taken
    publish(WorkAssigned(**_about(attention), person_id=to), _note_of(attention, by, before))


@transaction.atomic
def give_back(row: DeskRow, *, by: UUID) -> None:
    """Make a row of the desk nobody's again."""
    for attention in Attention.objects.select_for_update().filter(**_key(row), is_assigned=True):
        before = snapshot(attention)
        attention.is_assigned = False
        attention.save()
        publish(WorkGivenBack(**_about(attention)), _note_of(attention, by, before))


def forget_attention(*, at: datetime) -> int:
    """Remove what says nothing any more of who sees to what, and return how much that was."""
    return Attention.objects.over(at, at - timedelta(days=DAYS_OF_AN_ASSIGNMENT)).delete()[0]


def _key(row: DeskRow) -> dict[str, Any]:
    return {"table": row.table, "object_id": row.id}


def _about(attention: Attention) -> dict[str, Any]:
    return {
        "aggregate_id": attention.id,
        "client_id": attention.client_id,
        "table": attention.table,
        "object_id": attention.object_id,
    }


def _note_of(attention: Attention, by: UUID, before: dict[str, Any]) -> AuditNote:
    return AuditNote(actor_id=by, before=before, after=snapshot(attention))


def grant_role_permissions(app_label: str) -> None:
    """Give the staff roles what they may do in an app, as far as its permissions exist; takes nothing away."""
    groups = {group.name: group for group in Group.objects.filter(name__in=ROLES)}
    if not groups:
        return
    permissions = list(Permission.objects.filter(content_type__app_label=app_label))
    for name, group in groups.items():
        group.permissions.add(*(found for found in permissions if may(name, app_label, found.codename)))


def _changed(before: dict[str, Any], row: models.Model) -> tuple[str, ...]:
    after = snapshot(row)
    return tuple(name for name, value in before.items() if name != "updated_at" and after[name] != value)


def _without_secrets(user: User) -> dict[str, Any]:
    return {name: value for name, value in snapshot(user).items() if name not in SECRET_COLUMNS}


def _rights(user: User) -> dict[str, list[str]]:
    return {
        "groups": sorted(user.groups.values_list("name", flat=True)),
        "permissions": sorted(user.user_permissions.values_list("codename", flat=True)),
    }
