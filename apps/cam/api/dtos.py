"""Nouns of client acquisition."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from apps.shared.dtos import CountryCode, Dto, Money

CONTRACT_VERSION = "2.3"

CampaignState = Literal["DRAFT", "ACTIVE", "PAUSED", "COMPLETED"]
LeadState = Literal[
    "NEW",
    "ENRICHED",
    "SCORED",
    "QUALIFIED",
    "MANUAL_REVIEW",
    "DISQUALIFIED",
    "ROUTED",
    "CONTACTED",
    "REPLIED",
    "MEETING",
    "PROPOSAL",
    "WON",
    "LOST",
]
Contactability = Literal["OK", "UNSUBSCRIBED", "SUPPRESSED", "BOUNCED", "DO_NOT_CONTACT"]
Grade = Literal["A", "B", "C", "D", "E", "F"]
ReplyClass = Literal["POSITIVE", "NEGATIVE", "OUT_OF_OFFICE", "BOUNCE", "UNSUBSCRIBE", "NEUTRAL"]


class CampaignPlan(Dto):
    """A campaign to be created. In PROOF mode everything happens but the sending.

    The window is in the lead's time zone, in `time_zone` where that is unknown. Without a mailbox nothing is planned.
    """

    name: str
    niche: str
    goal: str
    mode: Literal["LIVE", "PROOF"]
    daily_cap: int
    window_opens: time
    window_closes: time
    time_zone: str
    on_weekends: bool = False
    hourly_cap: int = 500
    cool_down_hours: int = 24
    mailbox_id: UUID | None = None


class Campaign(CampaignPlan):
    """A stored campaign."""

    id: UUID
    state: CampaignState
    pause_reason: str = ""


class CampaignStatus(Dto):
    """Where a campaign stands: counts so far, each of rows. What was sent is not kept yet, and so not counted."""

    campaign_id: UUID
    state: CampaignState
    leads: int
    leads_by_state: dict[LeadState, int]
    replies: int
    positive_replies: int
    bounces: int
    unsubscribes: int
    as_of: datetime


class RawLead(Dto):
    """A lead as a source gives it; `raw` keeps what no field has a place for.

    What is said of the company is text as the source has it (`51-200`, `5 million EUR`): read where it is plain, else
    kept with the rest.
    """

    email: str
    full_name: str = ""
    company: str = ""
    title: str = ""
    phone: str = ""
    linkedin_url: str = ""
    country: CountryCode | None = None
    industry: str = ""
    employees: str = ""
    revenue: str = ""
    city: str = ""
    region: str = ""
    website: str = ""
    seniority: str = ""
    signals: tuple[str, ...] = ()
    source: Literal["CSV", "DISCOVERY", "MANUAL", "REFERRAL", "FORM", "API", "OTHER"]
    raw: dict[str, Any] = Field(default_factory=dict)


class Lead(Dto):
    """A stored lead. `score` is 0 to 1; `contactability` overrules every state."""

    id: UUID
    campaign_id: UUID
    email: str
    full_name: str
    company: str
    title: str
    country: CountryCode | None
    source: str
    state: LeadState
    contactability: Contactability
    score: Decimal | None
    grade: Grade | None
    next_action_at: datetime | None
    created_at: datetime


class Qualification(Dto):
    """What scoring and qualifying said about a lead, and why."""

    lead_id: UUID
    score: Decimal
    grade: Grade
    verdict: Literal["QUALIFIED", "MANUAL_REVIEW", "DISQUALIFIED"]
    reasons: tuple[str, ...]


class RowError(Dto):
    """A row of an import that was not taken; `row` counts from 1 without the heading."""

    row: int
    field: str
    message: str


class ImportResult(Dto):
    """What became of an imported file, known by its SHA-256: the same file twice is one import.

    `rows` is how many were read: while the state is RUNNING there are more. `errors` are the first of the `refused`.
    """

    id: UUID
    campaign_id: UUID
    sha256: str
    rows: int
    created: int
    duplicates: int
    refused: int
    state: Literal["RUNNING", "COMPLETED", "FAILED"]
    errors: tuple[RowError, ...] = ()


class OutreachMessage(Dto):
    """One message of a plan, due `day` days after the sequence starts."""

    step: int
    day: int
    channel: Literal["EMAIL", "LINKEDIN", "CONTACT_FORM"]
    subject: str
    text: str


class OutreachPlan(Dto):
    """The messages a lead is to get; they end with its first reply."""

    lead_id: UUID
    sequence: str
    messages: tuple[OutreachMessage, ...]


class DealTerms(Dto):
    """What is being agreed on with a lead, and with whom; what nobody knows yet is empty.

    The deposit is a share of the value in percent, or an amount, or none: what the client pays before the work begins.
    `language` is in which we write to the contact.
    """

    value: Money
    probability: int | None = None
    expected_close_date: date | None = None
    deposit_percent: Decimal | None = None
    deposit_amount: Decimal | None = None
    included_revision_rounds: int = 2
    contract_start_date: date | None = None
    contract_end_date: date | None = None
    company: str = ""
    contact_name: str = ""
    contact_email: str = ""
    country: str = ""
    time_zone: str = ""
    language: str = "en"


class SignedClient(Dto):
    """A lead that signed. `deal_id` is what every follow-up is idempotent on.

    `deposit` is what the client pays before the work begins, None for nothing; `deposit_percent` is how it was agreed,
    None for an amount.
    """

    deal_id: UUID
    lead_id: UUID
    company: str
    contact_name: str
    contact_email: str
    country: CountryCode
    time_zone: str
    value: Money
    signed_at: datetime
    signed_by: UUID | None = None
    language: str = "en"
    deposit: Money | None = None
    deposit_percent: Decimal | None = None
    included_revision_rounds: int = 2
    contract_start_date: date | None = None
    contract_end_date: date | None = None


class StepReport(Dto):
    """What a step of a cycle did: how many rows it handled, how many of what, and what people should know of it."""

    items: int
    counts: dict[str, int] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()


class CycleStep(Dto):
    """One step of a cycle that ended, from 0 on; the error says why it failed, or was skipped."""

    position: int
    name: str
    outcome: Literal["OK", "FAILED", "SKIPPED"]
    items: int = 0
    counts: dict[str, int] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()
    error: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None


class Cycle(Dto):
    """A cycle of client acquisition that ended; its id is that of its run."""

    id: UUID
    started_at: datetime
    finished_at: datetime
    steps: tuple[CycleStep, ...]


class LeadOfPerson(Dto):
    """One lead that is a person: its id, and what the person is called there."""

    id: UUID
    email: str
    full_name: str
