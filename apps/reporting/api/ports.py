"""Verbs of reporting."""

from datetime import date, datetime
from uuid import UUID

from apps.reporting import models, queries, services
from apps.reporting.api.dtos import MetricPoint, Report, ReportPeriod, Snapshot
from apps.reporting.services import documents, letters
from apps.shared.dtos import Document
from apps.shared.rest.access import SCOPES
from apps.shared.workflow import Irreversible, RunContext, step


def collect_metrics(*, client_id: UUID, points: tuple[MetricPoint, ...]) -> Snapshot:
    """Store values of a client and return those that were new: what is known by name, source and time stays as it is.

    Publishes MetricsCollected unless all were known. Raises IntegrityError for a client that does not exist.
    """
    return services.collect_metrics(client_id, points)


def generate_report(
    *, client_id: UUID, start_date: date, end_date: date, at: datetime, by: UUID | None = None
) -> Report:
    """Make the draft of a client's report on a period, both days included, or return the one that says the same.

    A draft that says something else is made anew; a published report stays, and the draft is its next version.
    Raises rules.ReportRefused for a period that is not over, and the model's DoesNotExist for an unknown client.
    """
    return queries.to_dto(services.generate_report(client_id, start_date, end_date, at=at, by=by))


def get_report(*, report_id: UUID) -> Report:
    """Return a report. Raises ObjectDoesNotExist for an unknown id."""
    return queries.get_report(report_id)


def draw_report(*, report_id: UUID, language: str) -> Document:
    """Return a published report as a PDF, with all that is in it.

    Raises ObjectDoesNotExist, and DocumentUnavailable where it cannot be set.
    """
    row = models.Report.objects.published().select_related("client").get(pk=report_id)
    content = documents.report_pdf(row, language=language, scopes=SCOPES)
    return Document(name=f"{row.file_name}.pdf", content=content)


def months_to_report(*, at: datetime) -> tuple[ReportPeriod, ...]:
    """List the months that are over, of which something was measured and no report is made; earlier ones come first."""
    return tuple(queries.months_to_report(at))


def request_letters(*, report_id: UUID) -> None:
    """Have each of a client's people mailed of a published report, once; of another nobody."""
    letters.request_letters(report_id)


def withdraw_report(*, run: RunContext) -> tuple[Irreversible, ...]:
    """Take back the draft that a run made; what is published stays, and a person is told. May be called twice."""
    return services.withdraw_report(run=run)


@step(compensate=withdraw_report)
def make_report(*, period: ReportPeriod, run: RunContext) -> Report:
    """Make the draft of a report, or give the one back that says the same.

    The run takes back a draft that it made; one that was there before, and what is published, stays.
    """
    return queries.to_dto(services.make_report(period, run=run))
