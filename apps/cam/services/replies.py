"""Mails that came in: taken in once, matched to their leads, answered by people."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.cam import queries
from apps.cam.api import events
from apps.cam.models import InboundEmail, Lead
from apps.cam.models.mails import UPLOADED
from apps.cam.rules.mails import Mail, read_mail
from apps.cam.rules.moves import MOVE_OF
from apps.cam.services.leads import advance_lead
from apps.shared.events import AuditNote, publish


class ReplyRefused(ValueError):
    """Something cannot be done about a reply; the message says why."""


def receive_reply(
    content: bytes, *, by: UUID | None, at: datetime, lead: Lead | None = None
) -> tuple[InboundEmail, bool]:
    """Take a mail in from a file, and tell whether it is new: a Message-ID that is known is the mail that has it.

    Its lead is the one that the person names, else the one of the mails it answers, else who has its sender's address.
    A reply moves its lead to REPLIED where that is legal. Raises MailRefused, saying why.
    """
    mail = read_mail(content)
    uid = hashlib.sha256(mail.message_id.encode() or content).hexdigest()
    try:
        with transaction.atomic():
            if known := queries.find_mail(mail.message_id, uid):
                return known, False
            return _store(mail, uid, lead, by=by, at=at), True
    except IntegrityError:  # somebody brought it in this moment
        return InboundEmail.objects.get(mailbox=UPLOADED, provider_uid=uid), False


def _store(mail: Mail, uid: str, named: Lead | None, *, by: UUID | None, at: datetime) -> InboundEmail:
    lead, matched_by = (named, "PERSON") if named else queries.lead_of_mail(mail.references, mail.from_address)
    columns = {name: value for name, value in vars(mail).items() if name not in ("references", "headers")}
    row = InboundEmail.objects.create(
        mailbox=UPLOADED,
        provider_uid=uid,
        lead=lead,
        matched_by=matched_by,
        references=list(mail.references),
        headers=[list(header) for header in mail.headers],
        **columns,
    )
    event = events.ReplyReceived(
        aggregate_id=row.pk,
        occurred_at=at,
        campaign_id=lead.campaign_id if lead else None,
        lead_id=lead.pk if lead else None,
    )
    publish(event, AuditNote(actor_id=by, after={"matched_by": matched_by}))
    if lead:
        _note_reply(lead, by=by, at=at)
    return row


def _note_reply(lead: Lead, *, by: UUID | None, at: datetime) -> None:
    locked = Lead.objects.select_for_update().get(pk=lead.pk)
    if locked.state in MOVE_OF["reply"].sources:
        advance_lead(locked, "reply", by=by, at=at, trigger="reply")


@transaction.atomic
def answer_reply(reply: InboundEmail, *, by: UUID, reason: str, at: datetime) -> InboundEmail:
    """Write down that a reply was answered, and how. Raises ReplyRefused without a word on how, or where it was."""
    return _close(reply, InboundEmail.Answer.ANSWERED, "say how it was answered, and what.", by=by, note=reason, at=at)


@transaction.atomic
def dismiss_reply(reply: InboundEmail, *, by: UUID, reason: str, at: datetime) -> InboundEmail:
    """Write down that a reply needs no answer. Raises ReplyRefused without a reason, or where it was dealt with."""
    return _close(reply, InboundEmail.Answer.NOT_NEEDED, "say why it needs no answer.", by=by, note=reason, at=at)


def _close(reply: InboundEmail, answer: str, ask: str, *, by: UUID, note: str, at: datetime) -> InboundEmail:
    if not note.strip():
        raise ReplyRefused(f"reason is empty: {ask}")
    if reply.answered_at is not None:
        raise ReplyRefused("Somebody has dealt with it already.")
    reply.answer, reply.answer_note, reply.answered_by_id, reply.answered_at = answer, note, by, at
    reply.save(update_fields=["answer", "answer_note", "answered_by", "answered_at", "updated_at"])
    event = events.ReplyAnswered(aggregate_id=reply.pk, lead_id=reply.lead_id, answer=answer)
    publish(event, AuditNote(actor_id=by, reason=note, before={"answer": ""}, after={"answer": answer}))
    return reply


@dataclass
class ReplyCounts:
    """How many mails were understood."""

    classified: int = 0

    @property
    def items(self) -> int:
        return self.classified


def process_new(*, at: datetime) -> ReplyCounts:
    """Understand what came in: nothing yet, people do."""
    return ReplyCounts()
