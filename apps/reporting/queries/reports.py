"""Reports and the values behind them, as others see them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Func, Max, Q, QuerySet, Sum, Value
from django.db.models.functions import TruncDate

from apps.reporting import models, rules
from apps.reporting.api import dtos
from apps.strategy.api.dtos import Kpi

MOST_CITED = 100
"""Rows that a number cites each by itself."""


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


def points_between(
    client_id: UUID, start: datetime, before: datetime, *, kpis: Sequence[Kpi] = ()
) -> list[dtos.MetricPoint]:
    """Return what was measured of a client in a time and is counted or a KPI, but for what was taken back at any time.

    A table by campaign and day has hundreds of thousands of rows a month: where more than `MOST_CITED` measure a KPI,
    they come added up by origin and day, which a report can hold and a person can read.
    """
    of_client = models.MetricPoint.objects.filter(client_id=client_id)
    gone = of_client.filter(name=rules.TAKEN_BACK).values("source")
    points = of_client.filter(at__gte=start, at__lt=before).exclude(source__in=gone)
    few, many = Q(name__in=rules.OURS), []
    for name, unit, count in points.order_by().values_list("name", "unit").annotate(Count("pk")):
        if not any(rules.measures(name, unit, kpi) for kpi in kpis):
            continue
        if count > MOST_CITED:
            many.append((name, unit))
        else:
            few |= Q(name=name, unit=unit)
    listed = [point_of(row) for row in points.filter(few).order_by("at", "pk")]
    return listed + [point for kind in many for point in _added_up(points, *kind, zone=start.tzinfo)]


def _added_up(points: QuerySet, name: str, unit: str, *, zone: tzinfo | None) -> Iterator[dtos.MetricPoint]:
    of_kind = points.filter(name=name, unit=unit)
    if not rules.adds_up(name, unit):  # of these the newest holds, and what is older is not counted
        newest = of_kind.filter(at=of_kind.aggregate(at=Max("at"))["at"]).order_by("value", "pk")
        yield from map(point_of, {row.pk: row for row in (newest[0], newest.reverse()[0])}.values())
        return
    beginning = Func(F("source"), Value("^(files:[^/]*|push)?.*$"), Value(r"\1"), function="regexp_replace")
    by_day = of_kind.annotate(of=beginning, day=TruncDate("at", tzinfo=zone)).order_by("day", "of").values("day", "of")
    for each in by_day.annotate(total=Sum("value"), last=Max("at")):
        kind, _, origin = each["of"].partition(":")
        source = f"{kind or 'others'}{rules.BY_DAY}:{'/'.join(filter(None, (origin, each['day'].isoformat())))}"
        yield dtos.MetricPoint(name=name, value=each["total"], unit=unit, source=source, at=each["last"])


def point_of(row: models.MetricPoint) -> dtos.MetricPoint:
    """Return a measured value as others see it."""
    return dtos.MetricPoint(**{name: getattr(row, name) for name in dtos.MetricPoint.model_fields})


def find_latest(client_id: UUID, **period: object) -> models.Report | None:
    """Return the newest version of a client's report on a period, locked."""
    rows = models.Report.objects.filter(client_id=client_id, **period).select_for_update()
    return rows.order_by("-version").first()
