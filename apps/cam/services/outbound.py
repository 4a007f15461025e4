"""Messages that go out, one by one: cancelled, come to an end, and settled by a person where they were in doubt."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.cam.api import events
from apps.cam.models import Lead, OutboundEmail
from apps.cam.models.outbound import NOT_SAID
from apps.cam.services.leads import advance_lead
from apps.cam.services.replies import reopen_reply
from apps.shared.events import AuditNote, Event, publish

State = OutboundEmail.State


class SettlingRefused(ValueError):
    """What became of a message cannot be said so; the words say why."""


def move(
    mail: OutboundEmail,
    verb: str,
    kind: type[Event],
    *,
    answer: str,
    at: datetime,
    by: UUID | None = None,
    reason: str = "",
    columns: dict[str, Any] | None = None,
    **told: Any,
) -> OutboundEmail:
    """Move a message on by one of its transitions, in the caller's transaction, with its event and its audit entry.

    An answer that nobody will get leaves its reply waiting again.
    """
    before = mail.state
    getattr(mail, verb)()
    changed = {"answer": answer} | (columns or {})
    for name, value in changed.items():
        setattr(mail, name, value)
    mail.save(update_fields=["state", "updated_at", *changed])
    facts = {"campaign_id": mail.campaign_id, "lead_id": mail.lead_id} | told
    note = AuditNote(
        actor_id=by, reason=reason, before={"state": before}, after={"state": mail.state, "answer": answer}
    )
    publish(kind(aggregate_id=mail.pk, occurred_at=at, run_id=mail.run_id, step=mail.number, **facts), note)
    if mail.answers_id and mail.state in NOT_SAID:
        reopen_reply(mail.answers_id, because=answer, by=by, at=at)
    return mail


def cancel_mail(mail: OutboundEmail, *, because: str, by: UUID | None = None, at: datetime) -> OutboundEmail:
    """Take a waiting message out of the queue for good, in the caller's transaction."""
    columns = {"held_because": ""}
    return move(mail, "cancel", events.EmailCancelled, answer=because, reason=because, by=by, at=at, columns=columns)


def cancel_queued(lead: Lead, *, because: str, by: UUID | None = None, at: datetime, with_answers: bool = False) -> int:
    """Cancel the messages that wait in a lead's queue, in the caller's transaction, and return how many those were.

    What a person wrote to answer the lead waits on, unless it is the lead's wish that cancels.
    """
    mails = OutboundEmail.objects.filter(lead=lead) if with_answers else OutboundEmail.objects.of_sequences()
    waiting = mails.select_for_update(of=("self",)).filter(lead=lead, state=State.QUEUED)
    for mail in waiting:
        cancel_mail(mail, because=because, by=by, at=at)
    return len(waiting)


def about(mail: OutboundEmail) -> str:
    """Return how a lead's halt begins that is about one message of its own."""
    return f"Message {mail.number}"


def _lift_halt(mail: OutboundEmail, lead: Lead) -> None:
    """Let a lead's sequence go on that stood still because of a message whose end is known now."""
    if mail.lead_id == lead.pk and lead.halted_because.startswith(f"{about(mail)} "):
        before = {"halted_because": lead.halted_because}
        lead.halted_because, lead.next_action_at = "", None
        lead.save(update_fields=["halted_because", "next_action_at", "updated_at"])
        event = events.OutreachResumed(aggregate_id=lead.pk, campaign_id=lead.campaign_id)
        publish(event, AuditNote(before=before, after={"halted_because": ""}))


def note_sent(
    mail: OutboundEmail, lead: Lead, *, answer: str, at: datetime, by: UUID | None = None, reason: str = ""
) -> None:
    """Write down that a message went out, and that its lead was written to, in the caller's transaction."""
    columns = {"sent_at": at, "held_because": ""}
    said = {"message_id": mail.message_id}
    move(mail, "arrive", events.EmailSent, answer=answer, at=at, by=by, reason=reason, columns=columns, **said)
    if lead.state == "ROUTED" and lead.is_contactable and not mail.is_answer:
        advance_lead(lead, "contact", by=by, at=at, trigger="person" if by else "sending")
    _lift_halt(mail, lead)


@transaction.atomic
def went_out(mail: OutboundEmail, *, by: UUID, reason: str, at: datetime) -> OutboundEmail:
    """Say of a message in doubt that it went out.

    Raises SettlingRefused without a reason, or where it is not in doubt.
    """
    lead = _in_doubt(mail, reason)
    note_sent(
        mail, lead, answer=f"A person says that it went out: {reason}", at=mail.reserved_at or at, by=by, reason=reason
    )
    _settled(mail, by=by, reason=reason, at=at)
    return mail


@transaction.atomic
def queue_again(mail: OutboundEmail, *, by: UUID, reason: str, at: datetime) -> OutboundEmail:
    """Say of a message in doubt that it did not go out: it waits again, and everything is checked anew.

    Raises SettlingRefused without a reason, or where it is not in doubt.
    """
    lead = _in_doubt(mail, reason)
    columns = {"reserved_at": None, "due_at": at, "held_because": ""}
    _settle(mail, "requeue", f"A person says that it did not go out: {reason}", columns, by=by, reason=reason, at=at)
    _lift_halt(mail, lead)
    return mail


@transaction.atomic
def leave_it(mail: OutboundEmail, *, by: UUID, reason: str, at: datetime) -> OutboundEmail:
    """Leave a message in doubt: nobody will know, and it is not sent again.

    Raises SettlingRefused without a reason, or where it is not in doubt.
    """
    _in_doubt(mail, reason)
    _settle(mail, "cancel", f"Left as it was: {reason}", {}, by=by, reason=reason, at=at)
    return mail


@transaction.atomic
def cancel_waiting(mail: OutboundEmail, *, by: UUID, reason: str, at: datetime) -> OutboundEmail:
    """Take a waiting message out of the queue. Raises SettlingRefused without a reason, or where it does not wait."""
    if not reason.strip():
        raise SettlingRefused("reason is empty: say why it should not be sent.")
    locked = OutboundEmail.objects.select_for_update().get(pk=mail.pk)
    if locked.state != State.QUEUED:
        raise SettlingRefused("It does not wait any more.")
    return cancel_mail(mail, because=reason, by=by, at=at)


def _in_doubt(mail: OutboundEmail, reason: str) -> Lead:
    """Lock a message in doubt and return its lead."""
    if not reason.strip():
        raise SettlingRefused("reason is empty: say how you know.")
    lead = Lead.objects.select_for_update().get(pk=mail.lead_id)
    if OutboundEmail.objects.select_for_update().get(pk=mail.pk).state != State.UNKNOWN:
        raise SettlingRefused("It is not in doubt any more.")
    return lead


def _settle(
    mail: OutboundEmail, verb: str, answer: str, columns: dict[str, Any], *, by: UUID, reason: str, at: datetime
) -> None:
    outcome = {"requeue": State.QUEUED, "cancel": State.CANCELLED}[verb]
    told = {"outcome": str(outcome)}
    move(mail, verb, events.EmailSettled, answer=answer, columns=columns, by=by, reason=reason, at=at, **told)


def _settled(mail: OutboundEmail, *, by: UUID, reason: str, at: datetime) -> None:
    event = events.EmailSettled(
        aggregate_id=mail.pk,
        occurred_at=at,
        campaign_id=mail.campaign_id,
        lead_id=mail.lead_id,
        step=mail.number,
        outcome=mail.state,
    )
    publish(event, AuditNote(actor_id=by, reason=reason, after={"state": mail.state}))
