"""What client acquisition can be asked to do."""

from datetime import datetime
from io import BytesIO
from uuid import UUID

from apps.cam import models, queries
from apps.cam.api.dtos import (
    Campaign,
    CampaignPlan,
    CampaignStatus,
    ImportResult,
    Lead,
    LeadState,
    OutreachPlan,
    Qualification,
    RawLead,
    SignedClient,
)
from apps.cam.rules.columns import recognise
from apps.cam.services import campaigns, deals, imports, leads, outreach, ratings


def create_campaign(*, plan: CampaignPlan, by: UUID | None = None) -> Campaign:
    """Write a campaign down as a draft. Raises ValueError, naming every wrong field."""
    return campaigns.create_campaign(plan, by=by).as_dto()


def get_campaign_status(*, campaign_id: UUID, at: datetime) -> CampaignStatus:
    """Return a campaign's counts. Raises ObjectDoesNotExist for an unknown id."""
    return queries.get_campaign_status(campaign_id, at=at)


def ingest_lead(*, campaign_id: UUID, lead: RawLead, by: UUID | None = None, run_id: UUID | None = None) -> Lead:
    """Take a lead into a campaign; of an address that the campaign has, return the lead that has it, unchanged.

    Raises ObjectDoesNotExist for an unknown campaign and ValueError, naming every wrong field.
    """
    row, _ = leads.ingest_lead(models.Campaign.objects.get(pk=campaign_id), lead, by=by, run_id=run_id)
    return row.as_dto()


def import_leads(
    *,
    campaign_id: UUID,
    file_name: str,
    content: bytes,
    mapping: dict[str, int] | None = None,
    by: UUID | None = None,
) -> ImportResult:
    """Take in the leads of a CSV or XLSX file; the same file again returns what became of it.

    `mapping` says which column (from 0) holds which field; without one the columns are known by their names. A long
    file is RUNNING when this returns. Raises ObjectDoesNotExist for an unknown campaign, TableRefused for a file that
    is no table, and ValueError for columns that make no leads.
    """
    campaign = models.Campaign.objects.get(pk=campaign_id)
    kept = imports.keep_file(BytesIO(content))
    chosen = recognise(kept.headers) if mapping is None else mapping
    batch, _ = imports.start_import(campaign, kept, file_name=file_name, mapping=chosen, by=by)
    return queries.import_result(batch)


def list_leads(
    *, campaign_id: UUID, state: LeadState | None = None, after: UUID | None = None, most: int = 100
) -> tuple[Lead, ...]:
    """Return leads of a campaign, newest first, at most 500 at once; `after` is the id of the last one seen."""
    return queries.list_leads(campaign_id, state=state, after=after, most=most)


def qualify_lead(*, lead_id: UUID, at: datetime, by: UUID | None = None) -> Qualification:
    """Enrich, score and qualify a lead by the live rule book; of one that was judged, return what was said then.

    Raises ObjectDoesNotExist for an unknown lead, and TransitionNotAllowed for one who must not be contacted or was
    moved on by hand without ever being scored.
    """
    return queries.qualification_of(ratings.qualify_lead(models.Lead.objects.get(pk=lead_id), at=at, by=by))


def advance_lead(*, lead_id: UUID, verb: str, at: datetime, by: UUID | None = None, reason: str = "") -> Lead:
    """Move a lead on by a verb of its state machine.

    Raises ObjectDoesNotExist for an unknown lead, TransitionNotAllowed where it cannot go that way or must not be
    contacted, KeyError for an unknown verb, and ValueError without a reason that the move asks for.
    """
    row = models.Lead.objects.get(pk=lead_id)
    return leads.advance_lead(row, verb, by=by, reason=reason, at=at).as_dto()


def plan_outreach(*, lead_id: UUID, at: datetime, by: UUID | None = None, run_id: UUID | None = None) -> OutreachPlan:
    """Give a qualified lead its messages, and queue the first one.

    Raises ObjectDoesNotExist for an unknown lead, ValueError where campaign, sequence or what is known of the lead does
    not suffice, and TransitionNotAllowed for a lead that is not qualified or must not be contacted.
    """
    row = models.Lead.objects.get(pk=lead_id)
    _, sequence = outreach.plan_outreach(row, by=by, run_id=run_id, at=at)
    return queries.outreach_plan(row, sequence)


def close_deal(*, deal_id: UUID, at: datetime, by: UUID | None = None, reason: str = "") -> SignedClient:
    """Win a deal and its lead: the client, its onboarding and its deposit's invoice follow by reactions.

    Raises ObjectDoesNotExist for an unknown deal, and ValueError, naming every field, where it is won or lost already,
    a fact is missing without which there is no client, or the lead has no proposal.
    """
    return deals.win_deal(models.Deal.objects.get(pk=deal_id), by=by, at=at, reason=reason).as_signed_client()


def get_signed_client(*, deal_id: UUID) -> SignedClient:
    """Return what a won deal says of the client. Raises ObjectDoesNotExist for a deal that is unknown or not won."""
    return queries.get_signed_client(deal_id)
