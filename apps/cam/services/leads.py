"""Leads: taken in, moved on, and left alone where nobody may write to them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django_fsm import TransitionNotAllowed

from apps.cam.api import events
from apps.cam.api.dtos import RawLead
from apps.cam.models import Campaign, Lead
from apps.cam.rules.moves import MOVE_OF
from apps.cam.rules.rows import judge_lead
from apps.cam.services.closing import BY_DEAL, DealBusy, lose_open_deal
from apps.cam.services.identity import identity_columns
from apps.shared.events import AuditNote, publish

LIFTED = (Lead.Contactability.DO_NOT_CONTACT,)
"""What our own people said they can take back; a lead's own wish, and what a mail server says, they cannot."""


class LeadRefused(ValueError):
    """A lead cannot be so. `problems` maps each wrong field to what is wrong and how to mend it."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field} {problem}" for field, problem in problems.items()))
        self.problems = problems


class MoveRefused(TransitionNotAllowed):
    """A lead cannot go that way from where it is; the message says in words why."""


@transaction.atomic
def ingest_lead(
    campaign: Campaign, raw: RawLead, *, by: UUID | None = None, run_id: UUID | None = None
) -> tuple[Lead, bool]:
    """Take a lead into a campaign, and tell whether it is new: an address that the campaign has adds nothing.

    Raises LeadRefused, naming every wrong field.
    """
    said = {name: getattr(raw, name) or "" for name in ("email", "full_name", "company", "title", "phone")}
    said |= {"linkedin_url": raw.linkedin_url, "country": raw.country or "", "signals": "; ".join(raw.signals)}
    said |= {name: getattr(raw, name) for name in ("industry", "employees", "revenue", "city", "region")}
    judged = judge_lead(said | {"website": raw.website, "seniority": raw.seniority}, {})
    if judged.lead is None:
        raise LeadRefused(judged.problems)
    kept = raw.raw | judged.lead.raw
    columns = {**vars(judged.lead), **identity_columns(judged.lead)}
    columns |= {"source": raw.source, "raw": kept, "run_id": run_id}
    key = columns.pop("email_key")
    lead, is_new = Lead.objects.get_or_create(campaign=campaign, email_key=key, defaults=columns)
    if is_new:
        event = events.LeadIngested(aggregate_id=lead.pk, run_id=run_id, campaign_id=campaign.pk, source=lead.source)
        publish(event, AuditNote(actor_id=by, after={"state": lead.state, "source": lead.source}))
    return lead, is_new


@transaction.atomic
def advance_lead(
    lead: Lead, verb: str, *, by: UUID | None, reason: str = "", at: datetime, trigger: str = "person"
) -> Lead:
    """Move a lead on by one of the verbs of `rules.moves`; what it waited for is over with that.

    `trigger` says what made it move: a person, a reply, a rule, its deal. A lead is won by its deal alone, and a lost
    lead's open deal is lost with it. Raises MoveRefused where it cannot go that way or must not be contacted,
    ValueError without a reason that the move asks for, and ConcurrentTransition when somebody else moved it in this
    moment.
    """
    move = MOVE_OF[verb]
    if move.asks_reason and not reason.strip():
        raise ValueError(f"reason is empty: {move.explanation[0].lower()}{move.explanation[1:]}")
    if lead.merged_into_id:
        raise MoveRefused(f"{lead} is part of another lead now: move that one.")
    if move.reaches_out and not lead.is_contactable:
        raise MoveRefused(f"{lead} is {_said(lead.contactability)} and must not be contacted.")
    before = lead.state
    if before not in move.sources:
        raise MoveRefused(f"{lead} is {_said(before)} and cannot become {_said(move.target)}.")
    if move.by_deal and trigger != BY_DEAL:
        raise MoveRefused(f"{lead} is won by a deal: open one on the lead's page, and win it.")
    getattr(lead, verb)()
    lead.next_action_at = None
    lead.save(update_fields=["state", "next_action_at", "updated_at"])
    event = events.LeadAdvanced(
        aggregate_id=lead.pk,
        occurred_at=at,
        campaign_id=lead.campaign_id,
        from_state=before,
        to_state=lead.state,
        trigger=trigger,
    )
    note = AuditNote(actor_id=by, reason=reason, before={"state": before}, after={"state": lead.state})
    publish(event, note)
    if verb == "lose":
        _lose_deal(lead, by=by, reason=reason, at=at)
    return lead


def _lose_deal(lead: Lead, *, by: UUID | None, reason: str, at: datetime) -> None:
    try:
        lose_open_deal(lead, by=by, reason=reason, at=at)
    except DealBusy as busy:
        raise MoveRefused(str(busy)) from busy


@transaction.atomic
def stop_contact(lead: Lead, *, by: UUID, reason: str, to: str = Lead.Contactability.DO_NOT_CONTACT) -> Lead:
    """Say that nobody may write to a lead any more, whatever its state. Raises ValueError without a reason."""
    if not reason.strip():
        raise ValueError("reason is empty: say who asked for it, or why.")
    return set_contactability(lead, to, by=by, reason=reason)


@transaction.atomic
def allow_contact(lead: Lead, *, by: UUID, reason: str) -> Lead:
    """Take back what our own people said about a lead.

    Raises MoveRefused where the lead itself wished to be left alone or its address does not work, ValueError without a
    reason.
    """
    if not reason.strip():
        raise ValueError("reason is empty: say why the lead may be contacted again.")
    if lead.merged_into_id:
        raise MoveRefused(f"{lead} is part of another lead now: nobody writes to this one.")
    if lead.contactability not in LIFTED:
        raise MoveRefused(f"{lead} is {_said(lead.contactability)}: that is not ours to take back.")
    return set_contactability(lead, Lead.Contactability.OK, by=by, reason=reason)


def set_contactability(lead: Lead, to: str, *, by: UUID | None, reason: str) -> Lead:
    """Write down whether a lead may be contacted, in the caller's transaction; nothing where that is known."""
    before = lead.contactability
    if before == to:
        return lead
    lead.contactability = to
    lead.save(update_fields=["contactability", "updated_at"])
    event = events.ContactabilityChanged(
        aggregate_id=lead.pk, campaign_id=lead.campaign_id, from_contactability=before, to_contactability=to
    )
    note = AuditNote(
        actor_id=by, reason=reason, before={"contactability": before}, after={"contactability": lead.contactability}
    )
    publish(event, note)
    return lead


def _said(state: str) -> str:
    return state.replace("_", " ").lower()
