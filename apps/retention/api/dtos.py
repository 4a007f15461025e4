"""Nouns of retention."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from apps.shared.dtos import Dto, Money

CONTRACT_VERSION = "1.0"


class HealthFactor(Dto):
    """One input of a health score: the value it saw, the risk read from it (0 to 1), and its weight in the sum."""

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
    risk: Decimal
    weight: Decimal
    explanation: str


class HealthScore(Dto):
    """How likely a client is to leave: 0 (will stay) to 1; below 0.35 LOW, below 0.65 MEDIUM, else HIGH."""

    id: UUID
    client_id: UUID
    score: Decimal
    level: Literal["LOW", "MEDIUM", "HIGH"]
    factors: tuple[HealthFactor, ...]
    assessed_at: datetime


class Renewal(Dto):
    """A contract that ends; due 90, 60 and 30 days before."""

    id: UUID
    client_id: UUID
    contract_end_date: date
    days_left: int


class Opportunity(Dto):
    """Something more a client could buy. `confidence` is 0 to 1, `evidence` the facts it was read from."""

    id: UUID
    client_id: UUID
    kind: str
    value: Money
    confidence: Decimal
    evidence: tuple[str, ...]


class SurveyAnswer(Dto):
    """A client's answer to "would you recommend us": 0 to 10."""

    client_id: UUID
    score: int
    comment: str
    answered_at: datetime


class Lifecycle(Dto):
    """Where a client stands with us."""

    client_id: UUID
    stage: Literal["ONBOARDING", "ACTIVE", "AT_RISK", "RENEWED", "CHURNED"]
    contract_end_date: date | None
    last_engagement_at: datetime | None
