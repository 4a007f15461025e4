"""What comes after a message that nobody answered: the next one once its time has come, and an end after the last.

Each slice of leads is one transaction. A lead is looked at when its `next_action_at` has come, or when it has none:
every move takes that away, so that a lead which moved is looked at once more.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.cam.models import Campaign, Deal, Lead, OutboundEmail, SequenceStep
from apps.cam.rules.sequences import GIVES_UP_AFTER, PlanRefused
from apps.cam.rules.templates import TemplateRefused
from apps.cam.services.leads import advance_lead
from apps.cam.services.outbound import about
from apps.cam.services.outreach import (
    LOOKS_AGAIN,
    halt_outreach,
    plan_outreach,
    queue_message,
    why_not_ready,
)

SLICE = 100
MOST_SLICES = 20
"""Of one campaign at once: what is left waits five minutes."""

_WAITS = (OutboundEmail.State.QUEUED, OutboundEmail.State.SENDING)
_WENT_OUT = (OutboundEmail.State.SENT, OutboundEmail.State.BOUNCED)


@dataclass
class Counts:
    """How many leads got their first message, their next one, came to an end, and stand still because of something."""

    planned: int = 0
    queued: int = 0
    ended: int = 0
    halted: int = 0
    waiting: set[str] = field(default_factory=set)

    @property
    def items(self) -> int:
        """How many leads something became of."""
        return self.planned + self.queued + self.ended + self.halted


def queue_next(*, at: datetime) -> Counts:
    """Queue what has become due in every active campaign. `waiting` says why a campaign plans nothing."""
    counts = Counts()
    for campaign in Campaign.objects.filter(state=Campaign.State.ACTIVE).select_related("mailbox").order_by("pk"):
        for look in (_plan_slice, _go_on_slice):
            for _ in range(MOST_SLICES):
                if look(campaign, counts, at) < SLICE:
                    break
    return counts


@transaction.atomic
def _plan_slice(campaign: Campaign, counts: Counts, at: datetime) -> int:
    """Plan the next qualified leads, and return how many were looked at."""
    found = _locked(campaign, Q(state="QUALIFIED"))
    if found and (missing := why_not_ready(campaign)):  # that is not the leads' fault
        counts.waiting.add(missing)
        return 0
    for lead in found:
        try:
            with transaction.atomic():
                plan_outreach(lead, at=at)
            counts.planned += 1
        except (PlanRefused, TemplateRefused) as refusal:
            _halt(lead.pk, str(refusal), counts, at)
    return len(found)


@transaction.atomic
def _go_on_slice(campaign: Campaign, counts: Counts, at: datetime) -> int:
    """Look at the next leads whose time has come, and return how many those were."""
    due = Q(next_action_at=None) | Q(next_action_at__lte=at)
    found = _locked(campaign, Q(due, state__in=("ROUTED", "CONTACTED"), sequence__isnull=False))
    if found and (missing := why_not_ready(campaign)):
        counts.waiting.add(missing)
        return 0
    newest, steps = _newest_mails(found), _steps_of(found)
    for lead in found:
        _go_on(campaign, lead, newest.get(lead.pk, _Said()), steps.get(lead.sequence_id, {}), counts, at)
    return len(found)


def _locked(campaign: Campaign, condition: Q) -> list[Lead]:
    """Lock the next leads whose sequence goes on: who is agreed with is written to by a person, and lost by one."""
    leads: QuerySet[Lead] = Lead.objects.filter(condition, campaign=campaign, contactability="OK", halted_because="")
    leads = leads.filter(~Exists(Deal.objects.open().filter(lead=OuterRef("pk"))))
    return list(leads.order_by("state", "pk").select_for_update(skip_locked=True, of=("self",))[:SLICE])


@dataclass(frozen=True)
class _Said:
    """What was said to a lead last: by its sequence, and by anybody."""

    by_sequence: OutboundEmail | None = None
    by_anybody: OutboundEmail | None = None


def _newest_mails(leads: list[Lead]) -> dict[UUID, _Said]:
    """Return what was said last to each lead that anything was said to."""
    found = OutboundEmail.objects.filter(lead__in=[lead.pk for lead in leads]).order_by("lead_id", "-number")
    newest = {mail.lead_id: mail for mail in found.distinct("lead_id").defer("text").select_related("step")}
    answered = [lead_id for lead_id, mail in newest.items() if mail.is_answer]
    if not answered:
        return {lead_id: _Said(mail, mail) for lead_id, mail in newest.items()}
    of_sequence = OutboundEmail.objects.of_sequences().filter(lead__in=answered).order_by("lead_id", "-number")
    before = {mail.lead_id: mail for mail in of_sequence.distinct("lead_id").defer("text").select_related("step")}
    return {lead_id: _Said(before.get(lead_id) if mail.is_answer else mail, mail) for lead_id, mail in newest.items()}


def _steps_of(leads: list[Lead]) -> dict[UUID, dict[int, SequenceStep]]:
    steps: dict[UUID, dict[int, SequenceStep]] = {}
    for step in SequenceStep.objects.filter(sequence__in={lead.sequence_id for lead in leads}).select_related(
        "template"
    ):
        steps.setdefault(step.sequence_id, {})[step.position] = step
    return steps


def _go_on(
    campaign: Campaign,
    lead: Lead,
    said: _Said,
    steps: dict[int, SequenceStep],
    counts: Counts,
    at: datetime,
) -> None:
    """Do for a lead what its last message asks for."""
    last, newest = said.by_sequence, said.by_anybody
    if newest is not None and newest.state in _WAITS:
        return _look_again(lead, at + LOOKS_AGAIN)
    if last is not None and last.state not in _WENT_OUT and last.number > lead.goes_on_behind:
        return _halt(lead.pk, f"{about(last)} {_SAID[last.state]}: {last.answer}", counts, at)
    position = last.step.position + 1 if last else 1
    step = steps.get(position)
    due_at = _due_at(said, step, at)
    if due_at > at:
        return _look_again(lead, due_at)
    if step is None:
        return _end(lead, position - 1, counts, at)
    try:
        with transaction.atomic():
            queue_message(lead, campaign.mailbox, step, newest.number + 1 if newest else 1, at=at)
            _look_again(lead, at + LOOKS_AGAIN)
        counts.queued += 1
    except TemplateRefused as refusal:
        _halt(lead.pk, str(refusal), counts, at)
    return None


def _end(lead: Lead, messages: int, counts: Counts, at: datetime) -> None:
    """Give a lead up that stayed silent; one that no message reached has not been silent: a person decides."""
    if lead.state != "CONTACTED":
        return _halt(lead.pk, "None of its messages went out, and there is no other.", counts, at)
    advance_lead(lead, "lose", by=None, reason=f"No reply to {messages} messages.", at=at, trigger="no_reply")
    counts.ended += 1
    return None


_SAID = {"FAILED": "was refused by the mail server", "UNKNOWN": "went out or did not", "CANCELLED": "was cancelled"}


def _due_at(said: _Said, step: SequenceStep | None, at: datetime) -> datetime:
    """Return when a lead's next message is due, or when it is given up: counted from what it got last."""
    last, newest = said.by_sequence, said.by_anybody
    sent = [mail.sent_at for mail in (last, newest) if mail is not None and mail.sent_at is not None]
    if last is None or not sent:
        return at
    return max(sent) + (GIVES_UP_AFTER if step is None else timedelta(days=step.wait_days))


def _look_again(lead: Lead, at: datetime) -> None:
    lead.next_action_at = at
    lead.save(update_fields=["next_action_at", "updated_at"])


def _halt(lead_id: UUID, because: str, counts: Counts, at: datetime) -> None:
    """Halt a lead, read anew: what was tried before has been taken back."""
    halt_outreach(Lead.objects.get(pk=lead_id), by=None, reason=because, at=at)
    counts.halted += 1
