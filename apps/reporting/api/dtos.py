"""Nouns of reporting."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from apps.shared.dtos import Dto

CONTRACT_VERSION = "1.0"


class MetricPoint(Dto):
    """One measured value; client, name, source and time make it one."""

    name: str
    value: Decimal
    unit: str
    source: str
    at: datetime


class Snapshot(Dto):
    """The values collected for a client over a period (both days included)."""

    id: UUID
    client_id: UUID
    start_date: date
    end_date: date
    points: tuple[MetricPoint, ...]
    captured_at: datetime


class KpiResult(Dto):
    """What a metric came to, against its target. `attainment_pct` is None where the strategy set no target."""

    name: str
    unit: str
    value: Decimal
    target: Decimal | None
    attainment_pct: Decimal | None


class Insight(Dto):
    """Something the numbers show; `confidence` is 0 to 1, `metrics` name the numbers it rests on."""

    text: str
    confidence: Decimal
    metrics: tuple[str, ...]


class Recommendation(Dto):
    """What to do next, why, and what it should bring."""

    action: str
    rationale: str
    expected_effect: str
    effort: Literal["LOW", "MEDIUM", "HIGH"]


class Report(Dto):
    """The report of a period. `file_path` is its PDF in the media storage."""

    id: UUID
    client_id: UUID
    strategy_id: UUID | None
    start_date: date
    end_date: date
    kpis: tuple[KpiResult, ...]
    insights: tuple[Insight, ...]
    recommendations: tuple[Recommendation, ...]
    file_path: str
    sha256: str
    generated_at: datetime
