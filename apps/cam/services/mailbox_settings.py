"""Mailboxes as people see them: added, changed, paused, and tried."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.cam.api import events
from apps.cam.gateways import smtp
from apps.cam.gateways.smtp import ServerUnknown
from apps.cam.models import Mailbox
from apps.cam.rules.addresses import AddressRefused, normalise_address
from apps.shared.events import AuditNote, publish
from apps.shared.workflow import TransientFailure

EDITED = (
    *("sender_name", "postal_address", "daily_cap", "hourly_cap"),
    *("warm_up_from", "warm_up_start", "warm_up_step"),
)
"""What may change of a mailbox; its address and its key are what it is."""
_TAKEN = {"mailbox_address_once": "address", "cam_mailbox_key": "key"}


class MailboxRefused(ValueError):
    """A mailbox cannot be so. `problems` maps each wrong field to what is wrong and how to mend it."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field} {problem}" for field, problem in problems.items()))
        self.problems = problems


def add_mailbox(said: Mapping[str, Any], *, by: UUID | None) -> Mailbox:
    """Add an address to write from. Raises MailboxRefused, naming every wrong field."""
    columns = {name: said[name] for name in ("key", "address", *EDITED)}
    problems = _problems(columns)
    try:
        columns["address"] = normalise_address(columns["address"])
    except AddressRefused as refusal:
        problems["address"] = str(refusal)
    if problems:
        raise MailboxRefused(problems)
    try:
        with transaction.atomic():
            mailbox = Mailbox.objects.create(**columns)
            note = AuditNote(actor_id=by, after={name: str(value) for name, value in columns.items()})
            publish(events.MailboxAdded(aggregate_id=mailbox.pk), note)
    except IntegrityError as taken:
        field = next((field for name, field in _TAKEN.items() if name in str(taken)), None)
        if field is None:
            raise
        raise MailboxRefused({field: "is another mailbox's already; choose another"}) from taken
    return mailbox


@transaction.atomic
def change_mailbox(mailbox: Mailbox, said: Mapping[str, Any], *, by: UUID) -> Mailbox:
    """Change who writes, and how much a day. Raises MailboxRefused, naming every wrong field."""
    columns = {name: said[name] for name in EDITED}
    if problems := _problems(columns):
        raise MailboxRefused(problems)
    locked = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    changed = [name for name in EDITED if getattr(locked, name) != columns[name]]
    if not changed:
        return locked
    before = {name: str(getattr(locked, name)) for name in changed}
    for name in changed:
        setattr(locked, name, columns[name])
    locked.save(update_fields=[*changed, "updated_at"])
    note = AuditNote(actor_id=by, before=before, after={name: str(columns[name]) for name in changed})
    publish(events.MailboxChanged(aggregate_id=locked.pk, fields=tuple(changed)), note)
    return locked


@transaction.atomic
def pause_mailbox(mailbox: Mailbox, *, by: UUID | None, reason: str) -> Mailbox:
    """Send nothing from a mailbox until somebody lets it go on. Raises ValueError without a reason."""
    if not reason.strip():
        raise ValueError("reason is empty: say why, so that whoever resumes it knows.")
    return _set_pause(mailbox, reason, events.MailboxPaused(aggregate_id=mailbox.pk, reason=reason), by=by)


@transaction.atomic
def resume_mailbox(mailbox: Mailbox, *, by: UUID, reason: str = "") -> Mailbox:
    """Let a paused mailbox send again."""
    return _set_pause(mailbox, "", events.MailboxResumed(aggregate_id=mailbox.pk), by=by, reason=reason)


def try_mailbox(mailbox: Mailbox) -> str:
    """Log in to a mailbox's mail server and go again; return what is wrong, empty where nothing is."""
    try:
        smtp.try_login(mailbox.key)
    except (ServerUnknown, TransientFailure) as failure:
        return _note(mailbox, str(failure))
    return _note(mailbox, "")


def _note(mailbox: Mailbox, error: str) -> str:
    Mailbox.objects.filter(pk=mailbox.pk).exclude(send_error=error).update(send_error=error)
    return error


def _set_pause(
    mailbox: Mailbox, to: str, event: events.MailboxPaused | events.MailboxResumed, *, by: UUID | None, reason: str = ""
) -> Mailbox:
    before = mailbox.pause_reason
    if before == to:
        return mailbox
    mailbox.pause_reason = to
    mailbox.save(update_fields=["pause_reason", "updated_at"])
    note = {"before": {"pause_reason": before}, "after": {"pause_reason": to}}
    publish(event, AuditNote(actor_id=by, reason=to or reason, **note))
    return mailbox


def _problems(columns: Mapping[str, Any]) -> dict[str, str]:
    problems = {name: "is empty; write it" for name in ("sender_name", "postal_address") if not columns[name].strip()}
    if not all(character.isprintable() for character in columns["sender_name"]):
        problems["sender_name"] = "is one line; take the line break out"
    least = {"daily_cap": 1, "hourly_cap": 1, "warm_up_start": 1, "warm_up_step": 0}
    return problems | {name: f"must be {lowest} or more" for name, lowest in least.items() if columns[name] < lowest}
