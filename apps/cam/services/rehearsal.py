"""A rehearsal: what a campaign would send now, to whom, and what would be held back and why. It changes nothing.

Every check of the sender is asked (`allowing`), as if the campaign ran and its qualified leads had been planned; caps
fill up with what would have gone out before.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from apps.cam.models import Campaign, Lead, OutboundEmail
from apps.cam.rules.sequences import PlanRefused
from apps.cam.rules.templates import TemplateRefused
from apps.cam.services.allowing import (
    CHECKS_OF_PLANNED,
    CHECKS_OF_WAITING,
    SEND,
    Verdict,
    cap_of_campaign,
    cap_of_mailbox,
)
from apps.cam.services.outreach import mailbox_of, next_number, sequence_of, why_not_ready

MOST_LOOKED_AT = 100
"""Leads and waiting messages; a page of more nobody reads."""


@dataclass(frozen=True)
class Line:
    """What would become of one lead's next message."""

    lead: Lead
    number: int
    ruling: Literal["SEND", "HOLD", "CANCEL"]
    because: str
    until: datetime | None
    subject: str = ""
    text: str = ""


@dataclass(frozen=True)
class Rehearsal:
    """What would happen now. `problem` stands in the way of all of it; `reasons` counts why messages are held."""

    lines: list[Line]
    problem: str
    would_send: int
    reasons: dict[str, int]
    is_cut: bool

    @property
    def summary(self) -> str:
        """It in one sentence."""
        if self.problem:
            return f"Nothing would be sent: {self.problem}"
        held = len(self.lines) - self.would_send
        looked = f"the first {len(self.lines)}" if self.is_cut else f"{len(self.lines)}"
        return f"Of {looked} messages, {self.would_send} would be sent now and {held} held back."


def rehearse(campaign: Campaign, *, at: datetime) -> Rehearsal:
    """Return what the campaign would send at this moment if it ran."""
    if problem := why_not_ready(campaign):
        return Rehearsal([], problem, 0, {}, is_cut=False)
    used = _Caps(campaign, at)
    lines = []
    for mail in _next_messages(campaign):
        if isinstance(mail, Line):
            lines.append(mail)
            continue
        verdict = _verdict(mail, at) or used.verdict()
        used.taken += verdict.ruling == "SEND"
        lines.append(
            Line(mail.lead, mail.number, verdict.ruling, verdict.because, verdict.until, mail.subject, mail.text)
        )
    reasons = Counter(line.because for line in lines if line.ruling != "SEND")
    would_send = sum(line.ruling == "SEND" for line in lines)
    return Rehearsal(lines, "", would_send, dict(reasons.most_common()), is_cut=len(lines) >= MOST_LOOKED_AT)


def _next_messages(campaign: Campaign) -> Iterator[OutboundEmail | Line]:
    """Give the messages that wait, then those that qualified leads would get; a line where they cannot be written."""
    of_campaign = OutboundEmail.objects.of_sequences().filter(campaign=campaign)
    waiting = of_campaign.filter(state=OutboundEmail.State.QUEUED)
    found = list(waiting.select_related("lead", "mailbox", "step").order_by("due_at", "pk")[:MOST_LOOKED_AT])
    for mail in found:
        mail.campaign = campaign
        yield mail
    qualified = Lead.objects.filter(campaign=campaign, state="QUALIFIED").order_by("pk")
    for lead in qualified[: MOST_LOOKED_AT - len(found)]:
        lead.campaign = campaign
        yield _planned(campaign, lead)


def _planned(campaign: Campaign, lead: Lead) -> OutboundEmail | Line:
    if lead.halted_because:
        return Line(lead, 1, "HOLD", f"The sequence stands still: {lead.halted_because}", None)
    try:
        mailbox = mailbox_of(campaign)
        step = sequence_of(campaign, lead).steps.select_related("template").order_by("position")[0]
        words = step.words_for(lead, mailbox.sender_name)
    except (PlanRefused, TemplateRefused) as refusal:
        return Line(lead, 1, "HOLD", str(refusal), None)
    same = {"campaign": campaign, "mailbox": mailbox, "step": step, "to_address": lead.email}
    return OutboundEmail(lead=lead, number=next_number(lead), subject=words.subject, text=words.text, **same)


def _verdict(mail: OutboundEmail, at: datetime) -> Verdict | None:
    """Return what the sender would say before it counts; of a message that waits, its lead and its time are asked."""
    is_planned = mail._state.adding
    checks = CHECKS_OF_PLANNED if is_planned else CHECKS_OF_WAITING
    verdict = next((verdict for check in checks for verdict in check(mail, at)), None)
    if is_planned or mail.due_at <= at or (verdict and verdict.ruling == "CANCEL"):
        return verdict
    because = "It is not due yet" + (f": {mail.held_because}" if mail.held_because else ".")
    return Verdict("HOLD", because, mail.due_at)


class _Caps:
    """What is left of the caps while messages would go out."""

    def __init__(self, campaign: Campaign, at: datetime) -> None:
        self._caps = [cap_of_mailbox(mailbox_of(campaign), at), cap_of_campaign(campaign, at)]
        self.taken = 0

    def verdict(self) -> Verdict:
        """Return whether one more may go out."""
        why = next(filter(None, (cap.why_full(self.taken) for cap in self._caps)), "")
        return Verdict("HOLD", why) if why else SEND
