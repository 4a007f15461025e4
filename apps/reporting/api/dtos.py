"""Nouns of reporting."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from apps.shared.dtos import Dto

CONTRACT_VERSION = "3.0"


class MetricPoint(Dto):
    """One measured value; client, name, source and time make it one.

    `source` names the row behind it: `packages:<id>`, `reviews:<id>`, `invoices:<id>`; of values from outside it begins
    with `files:` or `push:`.
    """

    name: str
    value: Decimal
    unit: str
    source: str
    at: datetime


class Snapshot(Dto):
    """The values that were new when a client's were collected, and the days of them, both included, in UTC."""

    client_id: UUID
    start_date: date | None
    end_date: date | None
    points: tuple[MetricPoint, ...]


class SourceRow(Dto):
    """A row that a number stands on: what it is, its id, what it adds, and when."""

    kind: str
    id: str
    value: Decimal
    at: datetime


class MetricResult(Dto):
    """What a metric came to; `value` is None where nothing was recorded. `scope` says who of a client may see it.

    `before` is what it came to in the time before, `change_pct` by how many percent it differs from that.
    """

    name: str
    unit: str
    value: Decimal | None
    scope: Literal["read", "billing"] = "read"
    before: Decimal | None = None
    change_pct: Decimal | None = None
    sources: tuple[SourceRow, ...] = ()


class KpiResult(Dto):
    """What a number of the strategy came to in the period, against its target, which is counted over `days`.

    `due` is what the target comes to in the period, `attainment_pct` what was reached of that. `value` is None where it
    was not measured, `due` where the strategy set no target, `attainment_pct` in both cases. `before` is what it
    came to in the time before, `change_pct` by how many percent it differs from that.
    """

    name: str
    unit: str
    days: int
    value: Decimal | None
    target: Decimal | None
    due: Decimal | None
    attainment_pct: Decimal | None
    before: Decimal | None = None
    change_pct: Decimal | None = None
    sources: tuple[SourceRow, ...] = ()


class Insight(Dto):
    """Something the numbers show; `confidence` is 0 to 1, `metrics` and `sources` name what it rests on.

    `code` and `numbers` say the same as `text`, for it to be said in another language.
    """

    code: str
    text: str
    numbers: dict[str, str]
    confidence: Decimal
    metrics: tuple[str, ...]
    sources: tuple[SourceRow, ...]


class Recommendation(Dto):
    """What to do next, why, and what it should bring; `metrics` and `sources` name what it rests on.

    `code` and `numbers` say the same as the sentences, for them to be said in another language.
    """

    code: str
    action: str
    rationale: str
    expected_effect: str
    effort: Literal["LOW", "MEDIUM", "HIGH"]
    numbers: dict[str, str]
    metrics: tuple[str, ...]
    sources: tuple[SourceRow, ...] = ()


class Findings(Dto):
    """What a report says: the frozen part of it."""

    metrics: tuple[MetricResult, ...]
    kpis: tuple[KpiResult, ...]
    insights: tuple[Insight, ...]
    recommendations: tuple[Recommendation, ...] = ()


class ReportPeriod(Dto):
    """Whose report is to be made, and of which days, both included."""

    client_id: UUID
    start_date: date
    end_date: date


class Report(Dto):
    """One version of the report of a period, both days included.

    `sha256` is that of its findings, `note` what a person adds to them.
    """

    id: UUID
    client_id: UUID
    strategy_id: UUID | None
    start_date: date
    end_date: date
    version: int
    state: Literal["DRAFT", "PUBLISHED"]
    findings: Findings
    note: str = ""
    sha256: str
    generated_at: datetime
    published_at: datetime | None
