"""Reports and the values behind them, as others see them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.reporting import models, rules
from apps.reporting.api import dtos


def get_report(report_id: UUID) -> dtos.Report:
    """Return a report as others see it. Raises models.Report.DoesNotExist."""
    return to_dto(models.Report.objects.get(pk=report_id))


def to_dto(row: models.Report) -> dtos.Report:
    """Return a report that was loaded as others see it."""
    names = set(dtos.Report.model_fields) - {"findings"}
    return dtos.Report(findings=findings_of(row), **{name: getattr(row, name) for name in names})


def findings_of(row: models.Report) -> dtos.Findings:
    """Return what a report says."""
    return dtos.Findings.model_validate(row.content)


def shown_content(row: models.Report, scopes: Iterable[str]) -> dict[str, Any]:
    """Return what somebody of the client with these scopes may see of a report, as it was frozen."""
    return rules.seen_with(row.content, scopes)


def points_between(client_id: UUID, start: datetime, before: datetime) -> list[dtos.MetricPoint]:
    """Return what was measured of a client in a time, in order, but for what was taken back at any time."""
    of_client = models.MetricPoint.objects.filter(client_id=client_id)
    gone = of_client.filter(name=rules.TAKEN_BACK).values("source")
    found = of_client.filter(at__gte=start, at__lt=before).exclude(source__in=gone).order_by("at", "pk")
    return [point_of(row) for row in found]


def point_of(row: models.MetricPoint) -> dtos.MetricPoint:
    """Return a measured value as others see it."""
    return dtos.MetricPoint(**{name: getattr(row, name) for name in dtos.MetricPoint.model_fields})


def find_latest(client_id: UUID, **period: object) -> models.Report | None:
    """Return the newest version of a client's report on a period, locked."""
    rows = models.Report.objects.filter(client_id=client_id, **period).select_for_update()
    return rows.order_by("-version").first()
