"""Nouns of retention."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from apps.shared.dtos import Dto, Money

CONTRACT_VERSION = "3.0"

Level = Literal["UNMEASURED", "LOW", "MEDIUM", "HIGH"]
Stage = Literal["ONBOARDING", "ACTIVE", "AT_RISK", "RENEWED", "CHURNED"]
SignalKind = Literal[
    "DELIVERED",
    "INTAKE_SENT",
    "REVIEW_DECIDED",
    "COMMENTED",
    "SURVEY_ANSWERED",
    "ROUND_PLANNED",
    "QC_PASSED",
    "QC_FAILED",
    "INVOICE_ISSUED",
    "INVOICE_OVERDUE",
    "INVOICE_SETTLED",
    "REPORT_PUBLISHED",
    "TAKEN_BACK",
]


class Signal(Dto):
    """What an event elsewhere tells of a client. `about_id` is the row it is about, `value` its number, if it has one.

    The value of ROUND_PLANNED is by how many rounds the agreement is exceeded, that of REPORT_PUBLISHED the mean
    attainment of the report's targets in percent, that of SURVEY_ANSWERED 0 to 10, that of INVOICE_ISSUED its
    total in `currency`.
    """

    kind: SignalKind
    about_id: UUID
    value: Decimal | None = None
    currency: str = ""
    source_event_id: UUID
    at: datetime


class HealthFactor(Dto):
    """One input of a health score: the value it saw, the risk read from it (0 to 1), and its weight in the sum.

    What was not measured has no value and no risk. `contribution` is what it adds to the score.
    """

    name: Literal[
        "DAYS_SINCE_ENGAGEMENT",
        "QC_FAILS",
        "ROUNDS_BEYOND_INCLUDED",
        "OVERDUE_INVOICES",
        "KPI_ATTAINMENT",
        "NPS",
        "DAYS_TO_CONTRACT_END",
    ]
    value: Decimal | None
    risk: Decimal | None
    weight: Decimal
    contribution: Decimal
    explanation: str


class HealthScore(Dto):
    """How likely a client was to leave in one week: 0 (will stay) to 1; below 0.35 LOW, below 0.65 MEDIUM, else HIGH.

    `score` is None where nothing was measured, the level UNMEASURED where too little was (`measured_weight`, of 1).
    """

    id: UUID
    client_id: UUID
    week_start_date: date
    score: Decimal | None
    level: Level
    measured_weight: Decimal
    formula_version: int
    factors: tuple[HealthFactor, ...]
    assessed_at: datetime


class Renewal(Dto):
    """A contract that ends; due 90, 60 and 30 days before."""

    id: UUID
    client_id: UUID
    contract_end_date: date
    days_left: int


class Opportunity(Dto):
    """Something more a client could buy.

    `confidence` is 0 to 1, `evidence` the signals it was read from, `why` what they say. `value` is what a quarter of
    it would bring, None where no row says.
    """

    id: UUID
    client_id: UUID
    kind: Literal["RETAINER", "MORE_ROUNDS", "MORE_SCOPE", "REFERRAL"]
    value: Money | None
    confidence: Decimal
    evidence: tuple[UUID, ...]
    why: str


class SurveyAnswer(Dto):
    """A client's answer to "would you recommend us": 0 to 10."""

    client_id: UUID
    score: int
    comment: str
    answered_at: datetime


class Lifecycle(Dto):
    """Where a client stands with us."""

    client_id: UUID
    stage: Stage
    contract_end_date: date | None
    last_engagement_at: datetime | None


class AssessedClients(Dto):
    """Of how many clients a score was frozen in a run, and how many of them rose into a higher level."""

    assessed: int
    risen: int


class CheckedRenewals(Dto):
    """How many renewals came due in a run, and how many were dropped: their contract ends on another day now."""

    due: int
    dropped: int


class SuggestedOpportunities(Dto):
    """How many opportunities a run found."""

    found: int
