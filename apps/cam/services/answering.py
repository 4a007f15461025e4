"""A person answers a reply: what they wrote goes out as the next message of the lead's conversation.

The sender sends it as any other, once. It begins no sequence and is none's: whom a person talks with is written to by
no sequence until a person lets it go on.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.cam.api import events
from apps.cam.gateways.letters import plain_text
from apps.cam.models import InboundEmail, Lead, Mailbox, OutboundEmail
from apps.cam.models.outbound import NOT_SAID
from apps.cam.rules import recipients
from apps.cam.rules.addresses import is_address
from apps.cam.rules.answers import check_answer
from apps.cam.rules.moves import NOT_WRITTEN_TO
from apps.cam.services.allowing import why_not_answered
from apps.cam.services.outreach import halt_outreach, new_message_id, next_number
from apps.cam.services.replies import ReplyRefused, close_reply
from apps.cam.services.sending import message_of
from apps.cam.services.wishes import lock_address, lock_leads
from apps.shared.events import AuditNote, publish

HALTS = (*NOT_WRITTEN_TO, "CONTACTED")
"""States of leads that a sequence may still write to."""
IN_CONVERSATION = "A person is answering them; say how it goes on."
_NOBODYS = "their-own-link"


@transaction.atomic
def answer_lead(reply: InboundEmail, *, subject: str, text: str, by: UUID, at: datetime) -> OutboundEmail:
    """Answer a reply with what a person wrote, and write down that it is answered. It waits for the sender.

    The same words by the same person again are the answer that there is. Raises TemplateRefused for words that cannot
    go out, naming the field, and ReplyRefused where nobody may answer, or somebody has.
    """
    subject, text = subject.strip(), text.replace("\r\n", "\n").strip()  # as browsers send what is typed
    reply = InboundEmail.objects.select_for_update().get(pk=reply.pk)
    if same := _same_answer(reply, subject, text, by):
        return same
    if reply.answered_at is not None:
        raise ReplyRefused("Somebody has dealt with it already. Nothing was sent.")
    lead, mailbox = _locked(reply)
    check_answer(subject, text, said=f"{reply.subject}\n{reply.text}")
    if lead.state in HALTS and not lead.halted_because:
        halt_outreach(lead, by=by, reason=IN_CONVERSATION, at=at)
    mail = _queue(reply, lead, mailbox, subject=subject, text=text, by=by, at=at)
    close_reply(reply, InboundEmail.Answer.ANSWERED, "", by=by, note=f"With message {mail.number}: {subject}", at=at)
    return mail


def why_unanswerable(reply: InboundEmail) -> str:
    """Return why a reply cannot be answered by a message of ours, empty where it can. It only reads."""
    lead = reply.lead
    if reply.answered_at is not None:
        return "Somebody has dealt with it already."
    if lead is None:
        return "It is not known whose it is: nobody can be answered."
    if reply.classification == "BOUNCE":
        return "A machine wrote it: it says that a message came back."
    if lead.campaign.mailbox is None:
        return f"{lead.campaign} has no mailbox. Choose the one that it writes from."
    address = address_of(reply)
    return recipients.why_not_answered(address) or why_not_answered(reply, lead, address)


def address_of(reply: InboundEmail) -> str:
    """Return where the answer to a reply of a lead goes: whence it came, else to the lead."""
    return reply.from_address if is_address(reply.from_address) else reply.lead.email


def preview_answer(reply: InboundEmail, text: str) -> str:
    """Return what somebody who gets an answer reads, to the last line. The link in it is nobody's."""
    lead = reply.lead
    mail = OutboundEmail(
        lead=lead,
        mailbox=lead.campaign.mailbox,
        answers=reply,
        to_address=address_of(reply),
        text=text,
        unsubscribe_token=_NOBODYS,
    )
    return plain_text(message_of(mail))


def _same_answer(reply: InboundEmail, subject: str, text: str, by: UUID) -> OutboundEmail | None:
    """Return the answer that a form brought which comes again: pressed twice, or from the history of a browser."""
    given = OutboundEmail.objects.filter(answers=reply, written_by=by, subject=subject, text=text)
    return given.exclude(state__in=NOT_SAID).first()


def _locked(reply: InboundEmail) -> tuple[Lead, Mailbox]:
    """Lock whom an answer is for as the sender and wishes do, and return the lead and the mailbox that writes."""
    if reply.lead is None:
        raise ReplyRefused("It is not known whose it is: nobody can be answered.")
    reply.lead = lock_leads(reply.lead, address_of(reply))
    lock_address(address_of(reply))
    if why := why_unanswerable(reply):
        raise ReplyRefused(f"{why} Nothing was sent.")
    return reply.lead, reply.lead.campaign.mailbox


def _queue(
    reply: InboundEmail, lead: Lead, mailbox: Mailbox, *, subject: str, text: str, by: UUID, at: datetime
) -> OutboundEmail:
    mail = OutboundEmail.objects.create(
        lead=lead,
        campaign_id=lead.campaign_id,
        mailbox=mailbox,
        answers=reply,
        written_by_id=by,
        number=next_number(lead),
        to_address=address_of(reply),
        subject=subject,
        text=text,
        message_id=new_message_id(mailbox),
        due_at=at,
    )
    event = events.EmailQueued(
        aggregate_id=mail.pk, occurred_at=at, campaign_id=lead.campaign_id, lead_id=lead.pk, step=mail.number
    )
    publish(event, AuditNote(actor_id=by, after={"number": mail.number, "answers": str(reply.pk)}))
    return mail
