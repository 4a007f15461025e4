"""Facts of reporting."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from apps.shared.events import Event


class MetricsCollected(Event):
    """Values of a client came in that were not known yet; `aggregate_id` is the first of them."""

    aggregate: ClassVar[str] = "reporting.metricpoint"
    point_count: int
    start_date: date
    end_date: date


class ReportGenerated(Event):
    """A client's report was made, or a draft of it made anew; the client does not see it yet."""

    aggregate: ClassVar[str] = "reporting.report"
    start_date: date
    end_date: date
    version: int
    strategy_id: UUID | None


class ReportPublished(Event):
    """A client may read a report, which never changes from here on."""

    aggregate: ClassVar[str] = "reporting.report"
    start_date: date
    end_date: date
    version: int
