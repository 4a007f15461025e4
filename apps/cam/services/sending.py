"""The sender: never twice, never against a wish.

A message is reserved in one transaction, in which everything is checked; then it is given to the mail server, outside
of any; then a second transaction writes down what became of it. Who dies in between leaves a message that is SENDING
in hands of long ago: the next owner of the mailbox calls it UNKNOWN, and a person says whether it went out.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.db.models import F, Min, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from apps.cam.api import events
from apps.cam.gateways import letters, smtp
from apps.cam.gateways.letters import Letter, LetterRefused
from apps.cam.gateways.smtp import Answer, Line, ServerUnknown
from apps.cam.models import Campaign, Lead, Mailbox, OutboundEmail
from apps.cam.rules.refusals import means_no_mailbox
from apps.cam.services.allowing import SOON, Verdict, judge
from apps.cam.services.mailboxes import Claim, Overtaken, claim_mailbox, holding, release_mailbox
from apps.cam.services.outbound import State, cancel_mail, move, note_sent
from apps.cam.services.wishes import lock_address, record_bounce
from apps.shared.gateways.proof import ProofKeyTaken, is_proof_mode, write_proof
from apps.shared.resilience import fault_point
from apps.shared.workflow import TransientFailure

log = logging.getLogger(__name__)

MOST_AT_ONCE = 50
"""Messages of one mailbox and call; the next call comes within minutes."""
MOST_LOOKED_AT = 500
MOST_SECONDS = 40.0
"""Of one call: no message is begun after that. A worker's task is killed after two minutes, the last one included."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)
GIVES_UP_AFTER = 8
"""Times that a server asks for another time: about a day."""
_TAKEN_IN_HAND = ("state", "fence", "reserved_at", "is_proof", "attempts", "held_because", "answer")
_PAUSED = "The campaign does not run."


@dataclass
class SendCounts:
    """What became of the messages that were due. `ill` says of each mailbox that sends nothing why."""

    sent: int = 0
    proofs: int = 0
    held: int = 0
    cancelled: int = 0
    deferred: int = 0
    failed: int = 0
    unknown: int = 0
    busy: int = 0
    ill: dict[str, str] = field(default_factory=dict)

    @property
    def items(self) -> int:
        """How many messages something became of."""
        return self.sent + self.proofs + self.cancelled + self.failed + self.unknown


class _Clock:
    """The door's moment, going on from there."""

    def __init__(self, at: datetime) -> None:
        self._at, self._began = at, monotonic()

    @property
    def now(self) -> datetime:
        return self._at + timedelta(seconds=monotonic() - self._began)

    @property
    def is_over(self) -> bool:
        return monotonic() - self._began > MOST_SECONDS


@dataclass(frozen=True)
class _Due:
    """A message whose turn it is."""

    pk: UUID
    lead_id: UUID
    campaign_id: UUID
    mode: str


@dataclass(frozen=True)
class _Reserved:
    """A message in our hands, and whether it goes to a file instead of the server."""

    pk: UUID
    letter: Letter
    is_proof: bool


def send_due(*, at: datetime) -> SendCounts:
    """Send what is due and allowed, mailbox by mailbox; one that cannot send stops no other."""
    counts, clock = SendCounts(), _Clock(at)
    for mailbox in _with_work(at):
        if clock.is_over:
            break
        try:
            _send_from(mailbox, counts, clock)
        except Exception:  # what breaks on one mailbox's rows must not keep the others waiting
            log.exception("Sending from %s stopped", mailbox)
            counts.ill[mailbox.address] = "It stopped at an error of ours; the log has it."
    return counts


def _with_work(at: datetime) -> list[Mailbox]:
    """Return the mailboxes with messages that are due or in somebody's hands, who waits longest first."""
    has_work = Q(state=State.QUEUED, due_at__lte=at) | Q(state=State.SENDING)
    waiting = OutboundEmail.objects.filter(has_work).order_by().values("mailbox").annotate(first=Min("due_at"))
    order = {row["mailbox"]: place for place, row in enumerate(waiting.order_by("first"))}
    return sorted(Mailbox.objects.filter(pk__in=order), key=lambda mailbox: order[mailbox.pk])


def _send_from(mailbox: Mailbox, counts: SendCounts, clock: _Clock) -> None:
    """Send what is due of one mailbox, unless somebody else does."""
    claim = claim_mailbox(mailbox)
    if claim is None:
        counts.busy += 1
        return
    line = Line(mailbox.key)
    try:
        _lose_sight_of_older(claim, counts, clock)
        _work_off(claim, line, counts, clock)
    except Overtaken as overtaken:
        log.warning("Stopped sending: %s", overtaken)
    except (ServerUnknown, TransientFailure) as failure:
        counts.ill[mailbox.address] = str(failure)
        _note_error(mailbox, str(failure))
    finally:
        line.close()
        release_mailbox(claim)


def _lose_sight_of_older(claim: Claim, counts: SendCounts, clock: _Clock) -> None:
    """Call what was in the hands of an older owner UNKNOWN: it may have gone out, or not."""
    with holding(claim):
        lost = OutboundEmail.objects.select_for_update().filter(
            mailbox=claim.mailbox_id, state=State.SENDING, fence__lt=claim.fence
        )
        for mail in lost:
            answer = "Whoever was sending it died before the mail server's answer was written down."
            move(mail, "lose_sight", events.EmailInDoubt, answer=answer, at=clock.now)
            counts.unknown += 1


def _work_off(claim: Claim, line: Line, counts: SendCounts, clock: _Clock) -> None:
    begun, shut = 0, set[UUID]()
    for due in _due(claim, clock.now):
        if begun >= MOST_AT_ONCE or clock.is_over:
            return
        if due.campaign_id in shut:
            continue
        if due.mode == Campaign.Mode.LIVE and not is_proof_mode():
            line.be_ready()
        found = _reserve(claim, due, line, clock, counts)
        if isinstance(found, _Reserved):
            begun += 1
            _hand_over(claim, found, line, clock, counts)
        elif found.covers == "MAILBOX":
            return
        elif found.covers == "CAMPAIGN":
            shut.add(due.campaign_id)


def _due(claim: Claim, at: datetime) -> Iterator[_Due]:
    """Give the messages that are due: answers before all others, the oldest first and each campaign in its turn."""
    waiting = OutboundEmail.objects.filter(mailbox=claim.mailbox_id, state=State.QUEUED, due_at__lte=at)
    runs = Q(campaign__state__in=(Campaign.State.ACTIVE, Campaign.State.COMPLETED)) | Q(answers__isnull=False)
    with holding(claim):
        _tell(waiting.exclude(runs), _PAUSED)
    turn = Window(RowNumber(), partition_by="campaign", order_by=["due_at", "pk"])
    rows = waiting.filter(runs).annotate(turn=turn).order_by(F("answers").asc(nulls_last=True), "turn", "due_at", "pk")
    found = rows.values_list("pk", "lead_id", "campaign_id", "campaign__mode")[:MOST_LOOKED_AT]
    return iter([_Due(*row) for row in found])


# --- reserving --------------------------------------------------------------------------------------------------------


def _reserve(claim: Claim, due: _Due, line: Line, clock: _Clock, counts: SendCounts) -> _Reserved | Verdict:
    """Take a message in hand if everything allows it; else write down why not, and return that."""
    with holding(claim):
        mail = _locked(due)
        if mail is None:
            return Verdict("HOLD", "It does not wait any more.")
        now = clock.now
        verdict = judge(mail, now)
        is_proof = mail.campaign.mode == Campaign.Mode.PROOF or is_proof_mode()
        if verdict.ruling == "SEND" and not is_proof and not line.is_open:
            verdict = Verdict("HOLD", "Its campaign went live in this moment.", now + SOON)
        if verdict.ruling == "SEND":
            try:
                letter = letters.compose(message_of(mail), at=now)
            except LetterRefused as refusal:
                verdict = Verdict("HOLD", str(refusal), now + SOON)
        if verdict.ruling != "SEND":
            _set_aside(mail, verdict, now, counts)
            return verdict
        mail.take()
        mail.fence, mail.reserved_at, mail.is_proof = claim.fence, now, is_proof
        mail.attempts, mail.held_because, mail.answer = mail.attempts + 1, "", ""
        mail.save(update_fields=[*_TAKEN_IN_HAND, "updated_at"])
    fault_point("mail-reserved", mail.pk)
    return _Reserved(mail.pk, letter, is_proof)


def _locked(due: _Due) -> OutboundEmail | None:
    """Lock all that the decision rests on, in the one order: campaign, lead, message, address."""
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=due.campaign_id)
    lead = Lead.objects.select_for_update().get(pk=due.lead_id)
    mails = OutboundEmail.objects.select_for_update(of=("self",)).select_related("mailbox", "step", "answers")
    mails = mails.defer("answers__raw", "answers__html", "answers__text", "answers__headers")
    mail = mails.filter(pk=due.pk, state=State.QUEUED).first()
    if mail is None:
        return None
    mail.campaign, mail.lead = campaign, lead
    lock_address(mail.to_address)
    return mail


def message_of(mail: OutboundEmail) -> letters.Message:
    """Return a message as it is made a mail of: by its mailbox, to its lead, behind what was said before."""
    return letters.Message(
        sender_name=mail.mailbox.sender_name,
        sender=mail.mailbox.address,
        to=mail.to_address,
        subject=mail.subject,
        text=mail.text,
        postal_address=mail.mailbox.postal_address,
        message_id=mail.message_id,
        unsubscribe_url=settings.BASE_URL + reverse("unsubscribe", args=[mail.unsubscribe_token]),
        unsubscribe_token=mail.unsubscribe_token,
        country=mail.lead.country,
        earlier=_earlier(mail),
        is_answer=mail.is_answer,
    )


def _earlier(mail: OutboundEmail) -> tuple[str, ...]:
    """Return the Message-IDs that a message follows on: of the mail that it answers, else of what was sent before."""
    if mail.answers is not None:
        return mail.answers.thread
    if mail.number == 1:
        return ()
    before = OutboundEmail.objects.filter(lead=mail.lead_id, number__lt=mail.number, sent_at__isnull=False)
    return tuple(before.order_by("number").values_list("message_id", flat=True))


def _set_aside(mail: OutboundEmail, verdict: Verdict, now: datetime, counts: SendCounts) -> None:
    """Cancel a message, or hold it and all that the same reason holds."""
    if verdict.ruling == "CANCEL":
        cancel_mail(mail, because=verdict.because, at=now)
        counts.cancelled += 1
        return
    counts.held += 1
    rows = OutboundEmail.objects.filter(state=State.QUEUED, due_at__lte=now)
    because = verdict.because[:300]
    match verdict.covers:
        case "MAILBOX":
            _tell(rows.filter(mailbox=mail.mailbox_id), because)
        case "CAMPAIGN":
            _tell(rows.of_sequences().filter(campaign=mail.campaign_id), because)
        case "MAIL":
            rows.filter(pk=mail.pk).update(held_because=because, due_at=verdict.until or now + SOON)


def _tell(rows: QuerySet[OutboundEmail], because: str) -> None:
    """Write down why messages wait; one that somebody works on is left to them."""
    others = rows.exclude(held_because=because).select_for_update(of=("self",), skip_locked=True)
    OutboundEmail.objects.filter(pk__in=others.values("pk")).update(held_because=because)


# --- handing over -----------------------------------------------------------------------------------------------------


def _hand_over(claim: Claim, reserved: _Reserved, line: Line, clock: _Clock, counts: SendCounts) -> None:
    answer = _prove(reserved, clock.now) if reserved.is_proof else smtp.carry(line, reserved.letter)
    fault_point("mail-answered", reserved.pk)
    _write_down(claim, reserved.pk, answer, clock.now, counts)


def _prove(reserved: _Reserved, now: datetime) -> Answer:
    try:
        proof = write_proof(kind="outreach", key=f"{reserved.pk}.eml", content=reserved.letter.content, at=now)
    except (OSError, ProofKeyTaken) as error:
        return Answer("LATER", "CONNECT", 0, f"The file of the proof cannot be written: {error}")
    return Answer("TAKEN", "END", 0, f"Written to a file instead; SHA-256 {proof.sha256}")


def _write_down(claim: Claim, pk: UUID, answer: Answer, now: datetime, counts: SendCounts) -> None:
    """Write down what became of a message. Raises Overtaken where its mailbox is in other hands: theirs to judge."""
    with holding(claim):
        lead_id = OutboundEmail.objects.values_list("lead_id", flat=True).get(pk=pk)
        lead = Lead.objects.select_for_update().get(pk=lead_id)
        mail = OutboundEmail.objects.select_for_update().get(pk=pk)
        if (mail.state, mail.fence) != (State.SENDING, claim.fence):
            raise Overtaken(f"Message {pk} is in other hands.")
        lock_address(mail.to_address)
        is_ours = answer.stage in ("CONNECT", "MAIL")  # the server refuses us, whoever the message is for
        match answer.outcome:
            case "TAKEN":
                note_sent(mail, lead, answer=answer.said, at=now)
                counts.proofs += mail.is_proof
                counts.sent += not mail.is_proof
            case "UNKNOWN":
                move(mail, "lose_sight", events.EmailInDoubt, answer=answer.said, at=now)
                counts.unknown += 1
            case "REFUSED" if not is_ours:
                _fail(mail, answer, now)
                counts.failed += 1
            case "LATER" if answer.code and not is_ours and mail.attempts >= GIVES_UP_AFTER:
                _fail(mail, answer, now)
                counts.failed += 1
            case _:
                _put_back(mail, answer, now)
                counts.deferred += 1
    _note_health(claim, answer, is_ours=is_ours)


def _fail(mail: OutboundEmail, answer: Answer, now: datetime) -> None:
    is_hard = answer.outcome == "REFUSED" and means_no_mailbox(answer.code, answer.words)
    move(mail, "fail", events.EmailRefused, answer=answer.said, at=now, is_hard=is_hard)
    if is_hard:
        record_bounce(mail, kind="hard", words=answer.said, at=now)


def _put_back(mail: OutboundEmail, answer: Answer, now: datetime) -> None:
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(mail.attempts - 1, 16))
    held = f"The mail server did not take it: {answer.said}"[:300]
    columns = {"reserved_at": None, "due_at": now + pause, "held_because": held, "is_proof": False}
    move(mail, "requeue", events.EmailDeferred, answer=answer.said, at=now, columns=columns)


def _note_health(claim: Claim, answer: Answer, *, is_ours: bool) -> None:
    """Show a mailbox whose server does not want us as ill, and stop; one that takes mails as well."""
    if answer.outcome in ("REFUSED", "LATER") and is_ours:
        raise smtp.LineRefused(answer.said)
    if answer.outcome == "TAKEN" and answer.code:
        Mailbox.objects.filter(pk=claim.mailbox_id).exclude(send_error="").update(send_error="")


def _note_error(mailbox: Mailbox, why: str) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).exclude(send_error=why).update(send_error=why)
