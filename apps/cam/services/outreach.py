"""Outreach to one lead: its messages are planned, queued one after the other, halted and taken up again.

A message is a row before it is a mail, and its number in the lead's conversation is taken once: whoever queues it a
second time is refused by the database.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max

from apps.cam.api import events
from apps.cam.models import Campaign, Lead, Mailbox, OutboundEmail, Sequence, SequenceStep
from apps.cam.rules.sequences import PlanRefused
from apps.cam.services.leads import advance_lead
from apps.cam.services.outbound import cancel_queued
from apps.shared.events import AuditNote, publish

MOST_SAID = 200
WITHOUT_A_ROUTE = "cold_outreach"
"""The route of leads that nobody has routed, as those are whom a person qualified."""
LOOKS_AGAIN = timedelta(hours=1)
"""After which a lead whose message waits in the queue is looked at again."""


def sequence_of(campaign: Campaign, lead: Lead) -> Sequence:
    """Return the sequence that a lead would get: the campaign's only one, or its route's. Raises PlanRefused."""
    live = {each.name: each for each in Sequence.objects.filter(campaign=campaign, state=Sequence.State.LIVE)}
    if not live:
        raise PlanRefused(f"{campaign} has no sequence that is at work. Write one and start it.")
    if len(live) == 1:
        return next(iter(live.values()))
    if chosen := live.get(lead.route_name) or live.get(WITHOUT_A_ROUTE):
        return chosen
    raise PlanRefused(f"{campaign} has no sequence for the route {lead.route_name or 'of a lead without one'}.")


@transaction.atomic
def plan_outreach(
    lead: Lead, *, by: UUID | None = None, run_id: UUID | None = None, at: datetime
) -> tuple[OutboundEmail, Sequence]:
    """Give a qualified lead its sequence, and queue the first message.

    Raises PlanRefused where campaign or sequence are not ready, TemplateRefused where something of the lead is not
    known, and MoveRefused for a lead that is not qualified or must not be contacted.
    """
    campaign = Campaign.objects.select_related("mailbox").get(pk=lead.campaign_id)
    mailbox = mailbox_of(campaign)
    sequence = sequence_of(campaign, lead)
    steps = list(sequence.steps.select_related("template"))
    lead.sequence = sequence
    advance_lead(lead, "route", by=by, at=at, trigger="plan" if by is None else "person")
    lead.next_action_at = at + LOOKS_AGAIN
    lead.save(update_fields=["sequence", "next_action_at", "updated_at"])
    mail = queue_message(lead, mailbox, steps[0], next_number(lead), run_id=run_id, at=at)
    event = events.OutreachPlanned(
        aggregate_id=lead.pk, run_id=run_id, campaign_id=campaign.pk, channels=("EMAIL",), message_count=len(steps)
    )
    publish(event, AuditNote(actor_id=by, after={"sequence": str(sequence)}))
    return mail, sequence


def queue_message(
    lead: Lead, mailbox: Mailbox, step: SequenceStep, number: int, *, run_id: UUID | None = None, at: datetime
) -> OutboundEmail:
    """Queue a lead's message of this number, due now. Raises TemplateRefused, and IntegrityError where it has one."""
    words = step.words_for(lead, mailbox.sender_name)
    mail = OutboundEmail.objects.create(
        lead=lead,
        campaign_id=lead.campaign_id,
        mailbox=mailbox,
        step=step,
        number=number,
        variant=words.variant,
        to_address=lead.email,
        subject=words.subject,
        text=words.text,
        message_id=new_message_id(mailbox),
        due_at=at,
        run_id=run_id,
    )
    event = events.EmailQueued(
        aggregate_id=mail.pk, occurred_at=at, campaign_id=lead.campaign_id, lead_id=lead.pk, step=number
    )
    publish(event, AuditNote(after={"number": number, "variant": words.variant, "template": str(step.template)}))
    return mail


def next_number(lead: Lead) -> int:
    """Return the number of a lead's next message: who takes it is first, or refused by the database."""
    return (OutboundEmail.objects.filter(lead=lead).aggregate(Max("number"))["number__max"] or 0) + 1


def new_message_id(mailbox: Mailbox) -> str:
    """Return by what a message from a mailbox will be known."""
    return f"<{uuid4().hex}@{mailbox.address.rpartition('@')[2]}>"


@transaction.atomic
def halt_outreach(lead: Lead, *, by: UUID | None, reason: str, at: datetime) -> Lead:
    """Let a lead's sequence stand still until a person says otherwise; what waits in its queue is cancelled.

    Raises ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("reason is empty: say why nothing more should be sent.")
    before = {"halted_because": lead.halted_because}
    cancel_queued(lead, because=reason, by=by, at=at)
    lead.halted_because = reason[:MOST_SAID]
    lead.save(update_fields=["halted_because", "updated_at"])
    event = events.OutreachHalted(aggregate_id=lead.pk, occurred_at=at, campaign_id=lead.campaign_id)
    publish(event, AuditNote(actor_id=by, reason=reason, before=before, after={"halted_because": lead.halted_because}))
    return lead


@transaction.atomic
def resume_outreach(lead: Lead, *, by: UUID, reason: str, at: datetime) -> Lead:
    """Let a halted lead's sequence go on behind its last message, whether that went out or was cancelled.

    Raises ValueError where it does not stand still.
    """
    if not lead.halted_because:
        raise ValueError(f"{lead} does not stand still.")
    before = {"halted_because": lead.halted_because}
    lead.halted_because, lead.next_action_at = "", max(lead.next_action_at or at, at)
    lead.goes_on_behind = next_number(lead) - 1
    lead.save(update_fields=["halted_because", "next_action_at", "goes_on_behind", "updated_at"])
    event = events.OutreachResumed(aggregate_id=lead.pk, occurred_at=at, campaign_id=lead.campaign_id)
    publish(event, AuditNote(actor_id=by, reason=reason, before=before, after={"halted_because": ""}))
    return lead


def why_not_ready(campaign: Campaign) -> str:
    """Return what a campaign lacks to write to anybody, empty where it lacks nothing."""
    if campaign.mailbox is None:
        return f"{campaign} has no mailbox. Choose the one that it writes from."
    if not Sequence.objects.filter(campaign=campaign, state=Sequence.State.LIVE).exists():
        return f"{campaign} has no sequence that is at work. Write one and start it."
    return ""


def mailbox_of(campaign: Campaign) -> Mailbox:
    """Return the mailbox that a campaign writes from. Raises PlanRefused where it has none."""
    if campaign.mailbox is None:
        raise PlanRefused(f"{campaign} has no mailbox. Choose the one that it writes from.")
    return campaign.mailbox
