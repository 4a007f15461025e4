"""How campaigns stand, and what their sequences say."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.cam.api import dtos
from apps.cam.models import Campaign, InboundEmail, Lead, MessageTemplate, OutboundEmail, Sequence, SequenceStep
from apps.cam.models.sequences import Words
from apps.cam.rules.moves import STATES
from apps.cam.rules.templates import TemplateRefused


def count_by_state(campaigns: Iterable[UUID]) -> dict[str, int]:
    """Return how many leads of some campaigns are in each state; reads a small index and no row of the table."""
    found = (
        Lead.objects.single()
        .filter(campaign__in=list(campaigns))
        .order_by()
        .values_list("state")
        .annotate(count=Count("*"))
    )
    counts = dict(found)
    return {state: counts.get(state, 0) for state in STATES}


def get_campaign_status(campaign_id: UUID, *, at: datetime) -> dtos.CampaignStatus:
    """Return where a campaign stands. Raises ObjectDoesNotExist for an unknown id."""
    campaign = Campaign.objects.get(pk=campaign_id)
    by_state = count_by_state([campaign_id])
    silent = Lead.objects.single().filter(campaign=campaign_id).exclude(contactability="OK").order_by()
    by_contactability = dict(silent.values_list("contactability").annotate(count=Count("*")))
    mails = InboundEmail.objects.filter(lead__campaign=campaign_id)
    return dtos.CampaignStatus(
        campaign_id=campaign_id,
        state=campaign.state,
        leads=sum(by_state.values()),
        leads_by_state={state: count for state, count in by_state.items() if count},
        replies=mails.count(),
        positive_replies=mails.filter(classification="POSITIVE").count(),
        bounces=by_contactability.get("BOUNCED", 0),
        unsubscribes=by_contactability.get("UNSUBSCRIBED", 0),
        as_of=at,
    )


def sent_today(campaign: Campaign, *, at: datetime) -> int:
    """Return how many messages a campaign sent since its day began."""
    began = at.astimezone(ZoneInfo(campaign.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return OutboundEmail.objects.filter(campaign=campaign, sent_at__gte=began).count()


def sequences_in_use(campaign: Campaign) -> QuerySet[Sequence]:
    """Return the sequences of a campaign that are at work or being written."""
    return campaign.sequences.exclude(state=Sequence.State.RETIRED).order_by("name", "-version")


def outreach_plan(lead: Lead, sequence: Sequence) -> dtos.OutreachPlan:
    """Return the messages that a lead of a sequence gets. Raises TemplateRefused where something is not known of it."""
    sender = lead.campaign.mailbox.sender_name if lead.campaign.mailbox else ""
    messages, day = [], 0
    for step in sequence.steps.select_related("template"):
        words = step.words_for(lead, sender)
        day += step.wait_days
        messages.append(
            dtos.OutreachMessage(step=step.position, day=day, channel="EMAIL", subject=words.subject, text=words.text)
        )
    return dtos.OutreachPlan(lead_id=lead.pk, sequence=str(sequence), messages=tuple(messages))


def steps_as_planned(sequence: Sequence) -> list[dict[str, Any]]:
    """Return the steps of a sequence as its form shows them, with the newest version of each template."""
    newest = {template.name.lower(): template.pk for template in MessageTemplate.objects.newest()}
    return [
        {
            "template": newest[step.template.name.lower()],
            "wait_days": step.wait_days,
            "subject_b": step.subject_b,
        }
        for step in sequence.steps.select_related("template")
    ]


def sequence_at_work(sequence: Sequence) -> Sequence | None:
    """Return the version of a sequence's route that is at work."""
    same = Sequence.objects.filter(campaign=sequence.campaign_id, name=sequence.name)
    return same.filter(state=Sequence.State.LIVE).first()


def sequence_as_read(sequence: Sequence) -> tuple[Lead | None, list[tuple[SequenceStep, int, Words | None, str]]]:
    """Return a lead of the campaign and what each step says to it on which day, or why it cannot be said."""
    lead = Lead.objects.filter(campaign=sequence.campaign_id, contactability="OK").defer("raw").order_by("-id").first()
    sender = sequence.campaign.mailbox.sender_name if sequence.campaign.mailbox else "the sender"
    shown, day = [], 0
    for step in sequence.steps.select_related("template"):
        day += step.wait_days
        words, problem = None, ""
        if lead:
            try:
                words = step.words_for(lead, sender)
            except TemplateRefused as refusal:
                problem = f"It cannot be said to this lead: {refusal}."
        shown.append((step, day, words, problem))
    return lead, shown


def leads_midway(sequence: Sequence) -> dict[int, int]:
    """Return how many leads wait behind each message of a sequence, by its place: who an edit would touch."""
    leads = Lead.objects.filter(sequence=sequence, state__in=("ROUTED", "CONTACTED"), contactability="OK").order_by()
    sent = OutboundEmail.objects.of_sequences().filter(lead=OuterRef("pk"), sent_at__isnull=False)
    last = Coalesce(Subquery(sent.order_by("-number").values("step__position")[:1]), 0)
    return dict(leads.annotate(last=last).values_list("last").annotate(leads=Count("pk")).order_by("last"))
