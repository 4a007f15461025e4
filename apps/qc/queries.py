"""Reads of quality control."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from apps.identity.models import Client
from apps.qc.api import dtos
from apps.qc.models import QcReport
from apps.shared.models import created_since


def next_sequence(draft_id: UUID) -> int:
    """Return the number the next evaluation of a draft gets, 1 for the first."""
    return (QcReport.objects.filter(draft_id=draft_id).aggregate(last=Max("sequence"))["last"] or 0) + 1


def is_strict(client_id: UUID) -> bool:
    """Tell whether a warning stops the work for a client. Raises ObjectDoesNotExist for an unknown id."""
    return Client.objects.values_list("strict_qc", flat=True).get(pk=client_id)


def get_report(draft_id: UUID) -> dtos.QcReport:
    """Return the latest evaluation of a draft. Raises ObjectDoesNotExist when there is none."""
    return to_dto(_of_draft(draft_id).latest("sequence"))


def list_reports(draft_id: UUID) -> tuple[dtos.QcReport, ...]:
    """Return all evaluations of a draft, oldest first; empty for a draft without any."""
    return tuple(to_dto(report) for report in _of_draft(draft_id).order_by("sequence"))


def find_report_before(report: QcReport) -> QcReport | None:
    """Return the evaluation before this one: of the same draft, else of an earlier draft of the same run.

    A refused draft of an earlier round left no row: what stood there is then unknown here.
    """
    reports = QcReport.objects.exclude(pk=report.pk).prefetch_related("findings")
    of_draft = reports.filter(draft_id=report.draft_id, sequence__lt=report.sequence).order_by("-sequence").first()
    if of_draft is not None or report.run_id is None:
        return of_draft
    earlier = reports.filter(run_id=report.run_id, evaluated_at__lt=report.evaluated_at)
    return earlier.order_by("-evaluated_at").first()


def _of_draft(draft_id: UUID) -> QuerySet[QcReport]:
    return QcReport.objects.filter(draft_id=draft_id).prefetch_related("findings")


def count_by_score(reports: QuerySet[QcReport], since: datetime) -> dict[tuple[int, str], int]:
    """Count the reports made since then by their score and their verdict."""
    counted = reports.filter(created_since(since)).order_by().values_list("score", "verdict")
    return {(score, verdict): count for score, verdict, count in counted.annotate(count=Count("pk"))}


def to_dto(report: QcReport) -> dtos.QcReport:
    """Return a report as other modules see it; its findings should be prefetched."""
    return dtos.QcReport(
        id=report.pk,
        draft_id=report.draft_id,
        client_id=report.client_id,
        sequence=report.sequence,
        score=report.score,
        verdict=report.verdict,
        rules_checked=report.rules_checked,
        passed=report.passed,
        findings=tuple(
            dtos.QcFinding(**{name: getattr(finding, name) for name in dtos.QcFinding.model_fields})
            for finding in report.findings.all()
        ),
    )
