"""Facts of reporting."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from apps.shared.events import Event


class MetricsCollected(Event):
    """Values of a client were collected."""

    aggregate: ClassVar[str] = "reporting.snapshot"
    point_count: int
    start_date: date
    end_date: date


class ReportGenerated(Event):
    """A client's report was made."""

    aggregate: ClassVar[str] = "reporting.report"
    start_date: date
    end_date: date
    strategy_id: UUID | None
