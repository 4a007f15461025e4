"""Mails that came in: taken in once, matched to their leads, answered by people."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.cam import queries
from apps.cam.api import events
from apps.cam.models import InboundEmail, Lead
from apps.cam.rules.mails import Mail
from apps.shared.events import AuditNote, publish

MOST_KEPT = 1_000_000
"""Bytes of a mail that are kept as they came."""
_COLUMNS = ("message_id", "from_address", "from_name", "subject", "sent_at", "text", "html")
"""What a mail says of itself that is kept as it is."""


class ReplyRefused(ValueError):
    """Something cannot be done about a reply; the message says why."""


def store_mail(
    mail: Mail,
    content: bytes,
    *,
    mailbox: str,
    uid: str,
    named: Lead | None = None,
    by: UUID | None = None,
    at: datetime,
) -> InboundEmail:
    """Store a mail with whose it is, in the caller's transaction; what follows from it is `processing`'s."""
    sent = queries.answered_mail(mail)
    if named:
        lead, matched_by = named, InboundEmail.MatchedBy.PERSON
    elif sent:
        lead, matched_by = sent.lead, InboundEmail.MatchedBy.REFERENCE
    else:
        lead, matched_by = queries.lead_of_mail(mail.references, mail.from_address)
    lead = queries.living(lead) if lead else None
    row = InboundEmail.objects.create(
        mailbox=mailbox,
        provider_uid=uid,
        lead=lead,
        matched_by=matched_by,
        in_reply_to=None if named else sent,
        references=list(mail.references),
        headers=[list(header) for header in mail.headers],
        raw=content[:MOST_KEPT],
        **{name: getattr(mail, name) for name in _COLUMNS},
    )
    event = events.ReplyReceived(
        aggregate_id=row.pk,
        occurred_at=at,
        campaign_id=lead.campaign_id if lead else None,
        lead_id=lead.pk if lead else None,
    )
    publish(event, AuditNote(actor_id=by, after={"matched_by": matched_by}))
    return row


@transaction.atomic
def answer_reply(reply: InboundEmail, *, by: UUID, reason: str, at: datetime) -> InboundEmail:
    """Write down that a reply was answered, and how. Raises ReplyRefused without a word on how, or where it was."""
    ask = "say how it was answered, and what."
    return close_reply(reply, InboundEmail.Answer.ANSWERED, ask, by=by, note=reason, at=at)


@transaction.atomic
def dismiss_reply(reply: InboundEmail, *, by: UUID, reason: str, at: datetime) -> InboundEmail:
    """Write down that a reply needs no answer. Raises ReplyRefused without a reason, or where it was dealt with."""
    ask = "say why it needs no answer."
    return close_reply(reply, InboundEmail.Answer.NOT_NEEDED, ask, by=by, note=reason, at=at)


def reopen_reply(pk: UUID, *, because: str, by: UUID | None, at: datetime) -> None:
    """Let a reply wait again whose answer nobody will get, in the caller's transaction.

    One that somebody works on in this moment is left to them: they see what became of the answer.
    """
    rows = InboundEmail.objects.select_for_update(of=("self",), skip_locked=True)
    reply = rows.filter(pk=pk, answer=InboundEmail.Answer.ANSWERED).first()
    if reply is None:
        return
    before = reply.answer
    reply.answer, reply.answer_note, reply.answered_by_id, reply.answered_at = "", "", None, None
    reply.save(update_fields=["answer", "answer_note", "answered_by", "answered_at", "updated_at"])
    event = events.ReplyReopened(aggregate_id=reply.pk, occurred_at=at, lead_id=reply.lead_id)
    publish(event, AuditNote(actor_id=by, reason=because, before={"answer": before}, after={"answer": ""}))


def close_reply(reply: InboundEmail, answer: str, ask: str, *, by: UUID, note: str, at: datetime) -> InboundEmail:
    """Write down what was done about a reply, in the caller's transaction; without a note it is refused with `ask`."""
    if not note.strip():
        raise ReplyRefused(f"reason is empty: {ask}")
    reply = InboundEmail.objects.select_for_update().get(pk=reply.pk)
    if reply.answered_at is not None:
        raise ReplyRefused("Somebody has dealt with it already.")
    reply.answer, reply.answer_note, reply.answered_by_id, reply.answered_at = answer, note, by, at
    reply.save(update_fields=["answer", "answer_note", "answered_by", "answered_at", "updated_at"])
    event = events.ReplyAnswered(aggregate_id=reply.pk, lead_id=reply.lead_id, answer=answer)
    publish(event, AuditNote(actor_id=by, reason=note, before={"answer": ""}, after={"answer": answer}))
    return reply
