"""Nouns of onboarding: what a client sent, and what we understood."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from apps.identity.api.dtos import ClientDetails
from apps.shared.dtos import CountryCode, CurrencyCode, Dto, Money

CONTRACT_VERSION = "1.5"


class DiscoveryNote(Dto):
    """One call with the client: free notes, and answers it corrected."""

    call_date: datetime
    notes: str = ""
    clarifications: dict[str, Any] = {}  # noqa: RUF012  (pydantic copies a default)


class IntakeForm(Dto):
    """An intake as it arrives, before it is stored: answers keyed by form field, in the client's own words."""

    form_version: str
    answers: dict[str, Any]
    discovery_notes: tuple[DiscoveryNote, ...] = ()


class Submission(Dto):
    """An intake and whom it is from, as a file or an interface brings them."""

    client: ClientDetails
    form: IntakeForm


class IntakeColumn(Dto):
    """A column of a table of intakes; the hint says what belongs there."""

    name: str
    hint: str = ""


class Intake(Dto):
    """A captured intake."""

    id: UUID
    client_id: UUID
    client_name: str
    country: CountryCode
    currency: CurrencyCode
    time_zone: str
    form_version: str
    source: Literal["PORTAL", "STAFF", "IMPORT"]
    submitted_at: datetime
    answers: dict[str, Any]
    discovery_notes: tuple[DiscoveryNote, ...] = ()


class IntakeAttachment(Dto):
    """A file a client sent along, with what could be read of it (at most 200 kB); `note` says what could not."""

    id: UUID
    intake_id: UUID
    name: str  # as the client called it; not a path
    media_type: str
    bytes: int  # as it is kept
    sha256: str  # of the file as it was sent
    extracted_text: str = ""
    note: str = ""
    attached_at: datetime


class BriefWarning(Dto):
    """Something missing or unclear, which we did not invent."""

    field: str
    message: str


class Offer(Dto):
    """Something the client sells. `price` is None where the client named none; `text` is the client's wording."""

    name: str
    text: str
    price: Money | None = None
    unit: str = ""  # "per visit", "per month", "" = once
    is_price_from: bool = False  # "from EUR 2,900"


class Objective(Dto):
    """What the client wants to reach: its wording, and the numbers found in it."""

    text: str
    metric: str = ""  # "booked consultations", "qualified demos"
    target: Decimal | None = None
    baseline: Decimal | None = None
    unit: str = ""  # "per month", "in 90 days"
    deadline: str = ""  # "by the end of Q2", as the client said it


class Audience(Dto):
    """A group of people to reach; the first of a brief is the primary one."""

    text: str
    name: str  # short: "adults 25-45 with an office job"


class Budget(Dto):
    """What may be spent. `amount_max` where the client gave a range."""

    amount: Money
    cadence: Literal["MONTHLY", "TOTAL"]
    amount_max: Money | None = None
    months: int | None = None  # how many months a monthly budget runs, where said
    paid_share_pct: Decimal | None = None  # of the whole for paid media, where said
    includes_ads: bool | None = None
    text: str = ""  # the client's wording


class Scope(Dto):
    """What is to be delivered and what is not; the time it may take in weeks."""

    deliverables: tuple[str, ...]
    exclusions: tuple[str, ...] = ()
    timeline_weeks_min: int
    timeline_weeks_max: int


class BrandGuidelines(Dto):
    """How the client sounds and looks."""

    tone: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("English",)
    brand_kit: str = ""
    extra_languages: tuple[str, ...] = ()  # wanted for parts only, in the client's words


class BriefContent(Dto):
    """What a brief says, worked out but not stored yet."""

    intake_id: UUID
    client_id: UUID
    client_name: str
    country: CountryCode
    currency: CurrencyCode
    time_zone: str
    website: str | None
    industry: str
    geography: str
    offers: tuple[Offer, ...]
    objectives: tuple[Objective, ...]
    audiences: tuple[Audience, ...]
    pain_points: tuple[str, ...] = ()
    desired_outcomes: tuple[str, ...] = ()
    objections: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()
    scope: Scope
    budget: Budget | None
    brand: BrandGuidelines
    banned_words: tuple[str, ...] = ()
    forbidden_claims: tuple[str, ...] = ()
    disclaimers: tuple[str, ...] = ()
    compliance_requirements: tuple[str, ...] = ()
    channels_excluded: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    tracking_status: str = ""
    selling_points: tuple[str, ...] = ()  # what sets the client apart, by its own account
    pricing: str = ""  # how the client prices, where asked apart from the offers
    success: str = ""  # what the client would call a success
    facts: tuple[str, ...] = ()  # sentences from discovery notes that plans should heed
    start_date: date
    warnings: tuple[BriefWarning, ...] = ()


class Brief(BriefContent):
    """A normalised brief: only what the client said, in one shape; what is missing stands in `warnings`."""

    id: UUID


class Workspace(Dto):
    """How far a client's onboarding is, and where the work with it happens."""

    id: UUID
    client_id: UUID
    slug: str
    url: str
    state: Literal["INTAKE", "DISCOVERY", "BRIEF_REVIEW", "WORKSPACE_SETUP", "COMPLETE"]
