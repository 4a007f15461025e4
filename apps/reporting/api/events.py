"""Facts of reporting."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from apps.shared.events import Event


class MetricsCollected(Event):
    """Values of a client came in that were not known yet; `aggregate_id` is the first of them."""

    aggregate: ClassVar[str] = "reporting.metricpoint"
    point_count: int
    start_date: date
    end_date: date


class MetricsTakenBack(Event):
    """Sources of a client's values count no more; `aggregate_id` is a value of the first of them."""

    aggregate: ClassVar[str] = "reporting.metricpoint"
    source_count: int


class MappingKept(Event):
    """How a client's tables from one origin are read was confirmed by a person, and is kept for the next."""

    aggregate: ClassVar[str] = "reporting.columnmapping"
    mapping: str


class MetricImportStarted(Event):
    """A file of a client's measured values was confirmed; it is read from here on."""

    aggregate: ClassVar[str] = "reporting.metricimport"
    rows: int


class MetricImportResumed(Event):
    """A file that could not be read on is read on."""

    aggregate: ClassVar[str] = "reporting.metricimport"


class MetricImportFailed(Event):
    """A file cannot be read on; what came in stays."""

    aggregate: ClassVar[str] = "reporting.metricimport"
    error: str


class MetricFileImported(Event):
    """A file of measured values was read to its end: how many were new, known, left as known, and replaced."""

    aggregate: ClassVar[str] = "reporting.metricimport"
    created: int
    known: int
    differing: int
    replaced: int
    refused: int


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


class ReportDropped(Event):
    """The draft of a report was taken back with the run that made it."""

    aggregate: ClassVar[str] = "reporting.report"
    start_date: date
    end_date: date
    version: int


class ReportMailed(Event):
    """Somebody of a client's was mailed that a report is there; or nobody knows, or the server refused."""

    aggregate: ClassVar[str] = "reporting.report"
    outcome: Literal["SENT", "PROOF", "UNKNOWN", "REFUSED"]
