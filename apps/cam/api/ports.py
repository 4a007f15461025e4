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
    Qualification,
    RawLead,
)
from apps.cam.rules.columns import recognise
from apps.cam.services import campaigns, imports, leads, ratings


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
