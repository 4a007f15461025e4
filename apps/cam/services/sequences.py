"""Sequences: planned, put to work, and changed while leads are in the middle of them.

A version at work never changes. An edit is a draft of the next one; put to work it gets every new lead, and the person
says whether those who are mid-way go on with the old words or with the new ones.
"""

from collections.abc import Sequence as Several
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from apps.cam.api import events
from apps.cam.models import Campaign, Lead, MessageTemplate, OutboundEmail, Sequence, SequenceStep
from apps.cam.rules.sequences import ROUTES, SequenceRefused, StepPlan, check_steps
from apps.cam.rules.templates import TemplateRefused, check_words
from apps.shared.events import AuditNote, publish


@transaction.atomic
def write_sequence(campaign: Campaign, route: str, steps: list[StepPlan], *, by: UUID | None) -> Sequence:
    """Store a draft of a route's messages, the next version of it. Raises SequenceRefused, naming every wrong field."""
    problems = {} if route in ROUTES else {"name": f"is no route; choose one of {', '.join(ROUTES)}"}
    if campaign.state == Campaign.State.COMPLETED:
        problems["campaign"] = "is completed; choose one that goes on"
    if problems:
        raise SequenceRefused(problems)
    _check(steps)
    Campaign.objects.select_for_update().get(pk=campaign.pk)  # versions are counted one at a time
    newest = Sequence.objects.filter(campaign=campaign, name=route).aggregate(Max("version"))["version__max"] or 0
    sequence = Sequence.objects.create(campaign=campaign, name=route, version=newest + 1)
    SequenceStep.objects.bulk_create(
        SequenceStep(
            sequence=sequence,
            position=position,
            wait_days=step.wait_days,
            template_id=step.template_id,
            subject_b=step.subject_b,
        )
        for position, step in enumerate(steps, start=1)
    )
    event = events.SequenceWritten(aggregate_id=sequence.pk, campaign_id=campaign.pk, route=route, messages=len(steps))
    publish(event, AuditNote(actor_id=by, after={"version": sequence.version, "steps": _told(steps)}))
    return sequence


@transaction.atomic
def start_sequence(sequence: Sequence, *, by: UUID | None, reason: str = "", moves_leads: bool = False) -> Sequence:
    """Put a draft to work in the place of the version before it.

    Leads in the middle of that one go through with it, or `moves_leads` takes them along: their next message is the new
    version's, and one that waits in the queue is written anew. Raises TransitionNotAllowed for a sequence that is no
    draft.
    """
    before = Sequence.objects.select_for_update().filter(
        campaign=sequence.campaign_id, name=sequence.name, state=Sequence.State.LIVE
    )
    old = before.first()
    if old is not None:
        old.retire()
        old.save(update_fields=["state", "updated_at"])
    sequence.go_live()
    sequence.save(update_fields=["state", "updated_at"])
    moved = _move_leads(old, sequence) if old is not None and moves_leads else 0
    note = AuditNote(actor_id=by, reason=reason, before={"state": "DRAFT"}, after={"state": "LIVE", "moved": moved})
    publish(events.SequenceStarted(aggregate_id=sequence.pk, campaign_id=sequence.campaign_id, moved=moved), note)
    return sequence


@transaction.atomic
def retire_sequence(sequence: Sequence, *, by: UUID, reason: str) -> Sequence:
    """Let a sequence take no new leads; who is in the middle of it goes through.

    Raises TransitionNotAllowed where it has retired, ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("reason is empty: say why new leads should not get it.")
    before = sequence.state
    sequence.retire()
    sequence.save(update_fields=["state", "updated_at"])
    note = AuditNote(actor_id=by, reason=reason, before={"state": before}, after={"state": sequence.state})
    publish(events.SequenceRetired(aggregate_id=sequence.pk, campaign_id=sequence.campaign_id), note)
    return sequence


def _check(steps: list[StepPlan]) -> None:
    check_steps(steps)
    templates = MessageTemplate.objects.in_bulk([step.template_id for step in steps])
    problems = {}
    for position, step in enumerate(steps, start=1):
        template = templates.get(step.template_id)
        if template is None:
            problems[f"steps.{position}.template"] = "is unknown; choose a template"
        elif step.subject_b:
            try:
                check_words(step.subject_b, template.text)
            except TemplateRefused as refusal:
                problems[f"steps.{position}.subject_b"] = refusal.problems.get("subject", str(refusal))
            if step.subject_b.strip() == template.subject.strip():
                problems[f"steps.{position}.subject_b"] = (
                    "is the template's own subject; write another or leave it empty"
                )
    if problems:
        raise SequenceRefused(problems)


def _move_leads(old: Sequence, new: Sequence) -> int:
    """Take the leads of a version along to the next one, and return how many those were.

    What waits in the queue goes and is queued anew from the new version (`followups`): nobody has read it. Leads and
    messages are locked in the sender's order, so that none is removed that it has in hands. A wait that has begun is
    waited out.
    """
    leads = Lead.objects.filter(sequence=old, state__in=("ROUTED", "CONTACTED"))
    keys = list(leads.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    said = OutboundEmail.objects.of_sequences().filter(lead__in=keys)
    queued = said.filter(state=OutboundEmail.State.QUEUED).order_by("pk")
    waiting = dict(queued.select_for_update(of=("self",)).values_list("pk", "lead"))
    OutboundEmail.objects.filter(pk__in=waiting).delete()
    Lead.objects.filter(pk__in=set(waiting.values())).update(next_action_at=None)
    return Lead.objects.filter(pk__in=keys).update(sequence=new)


def _told(steps: Several[StepPlan]) -> list[dict[str, object]]:
    return [
        {"template": str(step.template_id), "wait_days": step.wait_days, "subject_b": step.subject_b} for step in steps
    ]
