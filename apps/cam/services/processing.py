"""What follows from a mail that came in: it is understood, and its lead's sequence ends, waits or goes on.

Each mail is one transaction: its class, what became of its lead, and that it was processed. Whatever a mail says is
its sender's word, not ours: it can stop what we send, and never start anything.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import OperationalError, transaction

from apps.cam import queries
from apps.cam.api import events
from apps.cam.models import InboundEmail, Lead, OutboundEmail, ReplyOpinion
from apps.cam.rules.addresses import is_address
from apps.cam.rules.autoreplies import find_auto_reply
from apps.cam.rules.classify import Classification, classify, complainer_of, is_complaint
from apps.cam.rules.domains import company_domain
from apps.cam.rules.mails import Mail, read_whatever
from apps.cam.rules.moves import MOVE_OF, NOT_WRITTEN_TO
from apps.cam.services import wishes
from apps.cam.services.leads import advance_lead
from apps.cam.services.outbound import cancel_queued, note_sent
from apps.cam.services.outreach import halt_outreach, resume_outreach
from apps.cam.services.replies import ReplyRefused
from apps.shared.events import AuditNote, publish

MOST_AT_ONCE = 200
AWAY = timedelta(days=7)
"""How long somebody is left alone who does not say when they are back."""
A_MACHINE_ANSWERS = timedelta(days=3)
"""After "we have your mail": a person may come next."""
LONGEST_AWAY = timedelta(days=120)
"""A date further off was misread, or is somebody who has left."""
BACK_AT = time(9)
KINDS = ("POSITIVE", "NEGATIVE", "OUT_OF_OFFICE", "BOUNCE", "UNSUBSCRIBE", "NEUTRAL")
ANSWERED = "They have answered; read what, and say how it goes on."
WRITTEN_TO = ("ROUTED", "CONTACTED")
"""States of leads that are in the middle of a sequence."""

log = logging.getLogger(__name__)


@dataclass
class ProcessCounts:
    """How many mails were understood, and how many could not be worked off."""

    processed: int = 0
    failed: int = 0

    @property
    def items(self) -> int:
        """How many mails were worked off."""
        return self.processed


def process_new(*, at: datetime) -> ProcessCounts:
    """Work off the mails that came in; one that cannot be worked off is left with its error, and stops no other."""
    counts = ProcessCounts()
    waiting = InboundEmail.objects.filter(processed_at=None, process_error="").order_by("pk")
    for pk in waiting.values_list("pk", flat=True)[:MOST_AT_ONCE]:
        try:
            counts.processed += _process(pk, at)
        except OperationalError:  # two who waited for each other: the next cycle tries again
            log.warning("Mail %s waits for the next cycle.", pk, exc_info=True)
            counts.failed += 1
        except Exception as error:  # whatever one mail does must not keep the others waiting
            log.exception("Mail %s cannot be worked off.", pk)
            _set_aside(pk, f"{type(error).__name__}: {error}"[:2000], at)
            counts.failed += 1
    return counts


@transaction.atomic
def _set_aside(pk: UUID, error: str, at: datetime) -> None:
    """Leave a mail to a person, and write to its lead no more until one has read it."""
    InboundEmail.objects.filter(pk=pk).update(process_error=error)
    lead = Lead.objects.select_for_update().filter(mails=pk).first()
    if lead and _is_written_to(lead) and not lead.halted_because:
        halt_outreach(lead, by=None, reason=ANSWERED, at=at)


@transaction.atomic
def _process(pk: UUID, at: datetime) -> bool:
    """Work off one mail, and tell whether nobody else had."""
    reply = InboundEmail.objects.select_for_update().filter(pk=pk, processed_at=None).first()
    if reply is None:
        return False
    process_reply(reply, at=at)
    return True


@transaction.atomic
def process_reply(reply: InboundEmail, *, at: datetime) -> None:
    """Understand a mail that came in, and do what follows for its lead."""
    mail = _mail_of(reply)
    if sent := queries.mail_of_wish(mail.subject):
        _heed(reply, sent, at)
        return
    verdict = classify(mail, at=reply.sent_at or at)
    complainer = complainer_of(mail)
    if verdict.kind == "BOUNCE" or mail.report or complainer:
        _find_returned(reply, mail, verdict.recipient or complainer)
    _write_down(reply, verdict, at)
    lead = wishes.lock_leads(reply.lead, reply.from_address) if reply.lead else None
    if lead:
        _prove_sent(reply, lead, at)
    if verdict.kind == "UNSUBSCRIBE" and is_complaint(verdict):
        for address in _addresses(lead, complainer):
            wishes.note_complaint(address, note=_words(verdict)[:500], at=at)
    elif verdict.kind == "BOUNCE":
        _take_back(reply, verdict, at)
    elif lead and verdict.kind == "NEUTRAL" and _is_acknowledgement(mail, verdict, at):
        _wait_until(lead, at + A_MACHINE_ANSWERS, at)
    else:
        _do_what_follows(lead, reply, verdict.kind, _words(verdict), by=None, at=at)


def _heed(reply: InboundEmail, sent: OutboundEmail, at: datetime) -> None:
    """Do what a mail program asks for in its person's name: its subject names the message that it answers."""
    reply.in_reply_to, reply.lead = sent, queries.living(sent.lead)
    reply.matched_by = InboundEmail.MatchedBy.REFERENCE
    because = ("the subject that our List-Unsubscribe asks for",)
    _write_down(reply, Classification("UNSUBSCRIBE", None, "", None, Decimal(1), because, ""), at)
    wishes.unsubscribe_by_message(sent, note=because[0], at=at)


@transaction.atomic
def settle_reply(reply: InboundEmail, *, kind: str, by: UUID, reason: str = "", at: datetime) -> InboundEmail:
    """Say what a mail means, better than the rules knew, and do what follows for its lead.

    Raises ReplyRefused for a class that is none, and where nothing of ours is known to have come back.
    """
    if kind not in KINDS:
        raise ReplyRefused(f"{kind} is no class; choose one of {', '.join(KINDS)}.")
    reply = InboundEmail.objects.select_for_update().get(pk=reply.pk)
    if kind == "BOUNCE" and reply.in_reply_to_id is None:
        raise ReplyRefused("It is not known which message of ours came back. Suppress the address instead.")
    before = reply.classification
    reply.classification, reply.confidence, reply.reason = kind, 1, reason or "A person said so."
    reply.processed_at, reply.process_error = at, ""
    reply.save(update_fields=["classification", "confidence", "reason", "processed_at", "process_error", "updated_at"])
    note = AuditNote(actor_id=by, reason=reason, before={"class": before}, after={"class": kind})
    _publish_class(reply, at, note, was=before or "")
    ReplyOpinion.objects.filter(reply=reply, outcome="GIVEN").update(settled_as=kind, settled_at=at, updated_at=at)
    lead = wishes.lock_leads(reply.lead, reply.from_address) if reply.lead else None
    if lead and kind == "OUT_OF_OFFICE" and lead.halted_because == ANSWERED:
        lead = resume_outreach(lead, by=by, reason="They are away.", at=at)
    _do_what_follows(lead, reply, kind, "A person has read it.", by=by, at=at)
    return reply


def _addresses(lead: Lead | None, *others: str) -> list[str]:
    """Return the addresses that a wish is about, each once; what is no address is none."""
    said = [lead.email, *others] if lead else list(others)
    return sorted({address for address in said if is_address(address)})


def _mail_of(reply: InboundEmail) -> Mail:
    """Return a stored mail as it came; one that was stored before mails were kept whole, from its columns."""
    if reply.raw is not None:
        return read_whatever(bytes(reply.raw))
    columns = ("message_id", "from_address", "from_name", "subject", "sent_at", "text", "html")
    return Mail(
        references=tuple(reply.references),
        headers=tuple((name, value) for name, value in reply.headers),
        **{name: getattr(reply, name) for name in columns},
    )


def _write_down(reply: InboundEmail, verdict: Classification, at: datetime) -> None:
    reply.classification, reply.confidence = verdict.kind, verdict.confidence
    reply.reason, reply.bounce, reply.return_date = _words(verdict), verdict.bounce or "", verdict.return_date
    reply.processed_at, reply.process_error = at, ""
    reply.save()
    _publish_class(reply, at, AuditNote(after={"class": verdict.kind, "because": list(verdict.because)}))


def _publish_class(reply: InboundEmail, at: datetime, note: AuditNote, *, was: str = "") -> None:
    event = events.ReplyClassified(
        aggregate_id=reply.pk,
        occurred_at=at,
        lead_id=reply.lead_id,
        classification=reply.classification,
        confidence=reply.confidence,
        is_correction=was not in ("", reply.classification),
        was=was,
    )
    publish(event, note)


def _is_acknowledgement(mail: Mail, verdict: Classification, at: datetime) -> bool:
    """Tell whether a machine says no more than that it has our mail."""
    auto = find_auto_reply(mail, verdict.text, at.date())
    return auto is not None and auto.kind in ("RECEIVED", "MACHINE")


def _words(verdict: Classification) -> str:
    return "; ".join(verdict.because)


# --- what follows -----------------------------------------------------------------------------------------------------


def _find_returned(reply: InboundEmail, mail: Mail, recipient: str) -> None:
    """Find the message that a machine's report is about: the report's own sender is a machine."""
    if reply.matched_by == InboundEmail.MatchedBy.PERSON:
        return
    sent = reply.in_reply_to or queries.returned_mail(mail, recipient)
    reply.in_reply_to, reply.lead = sent, queries.living(sent.lead) if sent else None
    reply.matched_by = InboundEmail.MatchedBy.REFERENCE if sent else InboundEmail.MatchedBy.NOTHING


def _take_back(reply: InboundEmail, verdict: Classification, at: datetime) -> None:
    """Write down that a message came back: its address is given up where it does not work."""
    if reply.in_reply_to_id is None:  # what nobody sent tells nothing
        return
    sent = OutboundEmail.objects.get(pk=reply.in_reply_to_id)
    wishes.record_bounce(sent, kind=verdict.bounce or "soft", words=_words(verdict), at=at)


def _prove_sent(reply: InboundEmail, lead: Lead, at: datetime) -> None:
    """Settle a message in doubt: who has it answered, got it."""
    if reply.in_reply_to_id is None:
        return
    sent = OutboundEmail.objects.select_for_update().get(pk=reply.in_reply_to_id)
    if sent.state == OutboundEmail.State.UNKNOWN:
        note_sent(sent, lead, answer="A mail came back that answers it.", at=sent.reserved_at or at)


def _do_what_follows(
    lead: Lead | None, reply: InboundEmail, kind: str, because: str, *, by: UUID | None, at: datetime
) -> None:
    """Heed a wish, whoever made it; do the rest for a lead that is known."""
    if kind == "UNSUBSCRIBE":
        _unsubscribe(lead, reply, because, by=by, at=at)
    elif lead:
        _follow(lead, reply, kind, because, by=by, at=at)


def _unsubscribe(lead: Lead | None, reply: InboundEmail, because: str, *, by: UUID | None, at: datetime) -> None:
    if lead:
        _end(lead, f"They want no mail: {because}", by=by, at=at)
    for address in _addresses(lead, reply.from_address):
        wishes.unsubscribe(address, by=by, note=because[:500], at=at)


def _follow(lead: Lead, reply: InboundEmail, kind: str, because: str, *, by: UUID | None, at: datetime) -> None:
    match kind:
        case "OUT_OF_OFFICE":
            _wait_for(lead, reply.return_date, at)
        case "BOUNCE":
            _bounced(reply, because, at)
        case "NEGATIVE":
            _end(lead, f"They said no: {because}", by=by, at=at)
            _halt_colleagues(lead, at)
        case "POSITIVE":
            cancel_queued(lead, because="They have answered.", by=by, at=at)
            _move(lead, "reply", "", by=by, at=at)
            _halt_colleagues(lead, at)
        case _:
            if _is_written_to(lead) and not lead.halted_because:
                halt_outreach(lead, by=by, reason=ANSWERED, at=at)
            _halt_colleagues(lead, at)


def _bounced(reply: InboundEmail, because: str, at: datetime) -> None:
    """Do what a person says who reads a report that the rules did not know: the address does not work."""
    sent = OutboundEmail.objects.get(pk=reply.in_reply_to_id)
    wishes.record_bounce(sent, kind="hard", words=because, at=at)


def _wait_for(lead: Lead, back_on: date | None, at: datetime) -> None:
    """Leave somebody who is away alone until they are back; an absence ends no sequence."""
    zone = ZoneInfo(lead.time_zone or lead.campaign.time_zone)
    back_at = datetime.combine(back_on, BACK_AT, tzinfo=zone) if back_on else at + AWAY
    _wait_until(lead, min(max(back_at, at), at + LONGEST_AWAY), at)


def _wait_until(lead: Lead, until: datetime, at: datetime) -> None:
    """Let nothing go to a lead before a moment, whatever waits already."""
    if not _is_written_to(lead):
        return
    if lead.next_action_at is None or lead.next_action_at < until:
        lead.next_action_at = until
        lead.save(update_fields=["next_action_at", "updated_at"])
    waiting = OutboundEmail.objects.of_sequences().filter(lead=lead, state=OutboundEmail.State.QUEUED)
    waiting.filter(due_at__lt=until).update(due_at=until, updated_at=at)


def _end(lead: Lead, reason: str, *, by: UUID | None, at: datetime) -> None:
    """Lose a lead that said no; one that nobody has written to yet stands still, so that nobody does."""
    if lead.state in NOT_WRITTEN_TO:
        halt_outreach(lead, by=by, reason=reason, at=at)
        return
    cancel_queued(lead, because=reason, by=by, at=at)
    _move(lead, "reply", "", by=by, at=at)
    _move(lead, "lose", reason, by=by, at=at)


def _move(lead: Lead, verb: str, reason: str, *, by: UUID | None, at: datetime) -> None:
    """Move a lead on by what a mail said, where it can go that way: who is agreed with is lost by a person alone."""
    if verb == "lose" and lead.deals.filter(state="OPEN").exists():
        return
    if lead.state in MOVE_OF[verb].sources and lead.state in ("CONTACTED", "REPLIED"):
        advance_lead(lead, verb, by=by, reason=reason, at=at, trigger="reply")


def _halt_colleagues(lead: Lead, at: datetime) -> None:
    """Let the sequences of the others at the lead's company stand still: they talk with each other."""
    domain = company_domain(lead.email)
    if not domain:
        return
    colleagues = Lead.objects.at_domain(domain).filter(
        campaign=lead.campaign_id, state__in=WRITTEN_TO, halted_because="", contactability="OK"
    )
    for colleague in colleagues.exclude(pk=lead.pk).order_by("pk").select_for_update(of=("self",)):
        halt_outreach(colleague, by=None, reason=f"{lead} of the same company has answered.", at=at)


def _is_written_to(lead: Lead) -> bool:
    return lead.state in WRITTEN_TO
