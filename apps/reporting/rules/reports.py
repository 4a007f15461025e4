"""What is counted, what it adds up to in a period, and what may be said of it."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from apps.reporting.api.dtos import Findings, Insight, KpiResult, MetricPoint, MetricResult, SourceRow
from apps.reporting.rules.advice import advise, said_of
from apps.reporting.rules.comparing import change_pct
from apps.reporting.rules.kpis import adds_up, is_ceiling, measures
from apps.reporting.rules.names import METRICS, OURS, Metric
from apps.strategy.api.dtos import Kpi

Result = TypeVar("Result", MetricResult, KpiResult)

LONGEST_PERIOD = timedelta(days=366)
FIRST_DAY = date(2000, 1, 1)
"""A day before this is a slip of the pen, and the time before it may lie before all time."""
CERTAIN = Decimal(1)
"""The confidence of what is counted from rows rather than inferred."""


class ReportRefused(Exception):
    """No report can be made of this period; `field` is what is wrong."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field, self.problem = field, problem


INSIGHTS = {
    "delivered": "Delivered in this period: %(count)s. From brief to delivery: %(days)s days on average.",
    "decisions": "Decisions in reviews: %(decided)s, of them approvals: %(approved)s.",
    "change": "%(name)s: %(value)s, after %(before)s in the time before (%(change_pct)s %%).",
    "unmeasured": "Not measured in this period: %(names)s.",
    "ceiling": "%(name)s: %(value)s %(unit)s, where the limit is %(due)s.",
    "kpi": "%(name)s: %(value)s. The target of %(target)s %(unit)s in %(days)s days comes to %(due)s in this period.",
}
"""What can be said of numbers. A report keeps the sentence, and the numbers for it to be said in another language."""


def check_period(start: date, end: date, *, today: date) -> None:
    """Refuse a period that ends before it begins, is not over yet, begins in another age or is longer than a year."""
    if end < start:
        raise ReportRefused("end_date", "it is before the first day; swap them.")
    if end >= today:
        raise ReportRefused("end_date", f"a report is made of days that are over; choose one before {today}.")
    if start < FIRST_DAY:
        raise ReportRefused("start_date", f"nothing was measured before {FIRST_DAY}; begin later.")
    if end - start >= LONGEST_PERIOD:
        raise ReportRefused("start_date", f"a report is of {LONGEST_PERIOD.days} days at most; begin later.")


def moments_of(start: date, end: date, zone: str) -> tuple[datetime, datetime]:
    """Return when a period begins and when it is over, its days being those of a time zone."""
    first, after = (datetime.combine(day, time(), ZoneInfo(zone)) for day in (start, end + timedelta(days=1)))
    return first, after


def findings_of(
    points: Sequence[MetricPoint], kpis: Iterable[Kpi], *, days: int, before: Sequence[MetricPoint] = ()
) -> Findings:
    """Return what the points of a period of some days show, beside those of the time before.

    What has no point has no value, and is compared with nothing. Points that were taken back are left out already.
    """
    metrics = tuple(_compared(_metric(each, points), _metric(each, before)) for each in METRICS)
    results = tuple(_compared(_kpi(kpi, points, days), _kpi(kpi, before, days)) for kpi in kpis)
    named = {metric.name: metric for metric in metrics}
    return Findings(
        metrics=metrics,
        kpis=results,
        insights=tuple(_insights(named, results)),
        recommendations=tuple(advise(named, results)),
    )


def _compared(now: Result, before: Result) -> Result:
    changed = change_pct(now.value, before.value)
    return now.model_copy(update={"before": before.value, "change_pct": changed})


def seen_with(content: dict[str, Any], scopes: Iterable[str]) -> dict[str, Any]:
    """Return what somebody with these scopes may see of findings, which are given as a report keeps them."""
    held = set(scopes)
    hidden = {each["name"] for each in content["metrics"] if each["scope"] not in held}
    metrics = [each for each in content["metrics"] if each["name"] not in hidden]
    kept = {
        name: [each for each in content.get(name, ()) if not hidden & set(each["metrics"])]
        for name in ("insights", "recommendations")
    }
    return {**content, "metrics": metrics, **kept}


def digest_of(content: dict[str, Any], strategy_id: object) -> str:
    """Return the SHA-256 of what a report says and of which strategy it speaks, in one order of keys."""
    told = json.dumps([str(strategy_id), content], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def _metric(metric: Metric, points: Sequence[MetricPoint]) -> MetricResult:
    points = [point for point in points if point.name == metric.name]
    return MetricResult(
        name=metric.name,
        unit=metric.unit,
        value=_reckoned(metric.how, points),
        scope=metric.scope,
        sources=_sources(points),
    )


def _kpi(kpi: Kpi, points: Sequence[MetricPoint], days: int) -> KpiResult:
    measured = [point for point in points if measures(point.name, point.unit, kpi)]
    if adds_up(kpi.name, kpi.unit):
        how, due = "SUM", None if kpi.target is None else kpi.target * days / max(kpi.days, 1)
    else:  # the newest holds, against the whole target
        how, due, measured = "LAST", kpi.target, _newest(measured)
    value = _reckoned(how, measured)
    return KpiResult(
        name=kpi.name,
        unit=kpi.unit,
        days=kpi.days,
        value=value,
        target=kpi.target,
        due=None if due is None else _plain(due.quantize(Decimal("0.01"))),
        attainment_pct=_attainment(value, due, is_ceiling=is_ceiling(kpi.name)),
        sources=_sources(measured),
    )


def _attainment(value: Decimal | None, due: Decimal | None, *, is_ceiling: bool) -> Decimal | None:
    """Return the percent that was reached; what is to stay below its target has reached all of it just there."""
    part, whole = (due, value) if is_ceiling else (value, due)
    return None if part is None or not whole else _plain((part * 100 / whole).quantize(Decimal("0.1")))


def _newest(points: Sequence[MetricPoint]) -> list[MetricPoint]:
    """Return the points of the newest moment: none where they differ, as shares of parts tell nothing of the whole."""
    newest = max((each.at for each in points), default=None)
    found = [each for each in points if each.at == newest]
    return found if len({each.value for each in found}) == 1 else []


def _reckoned(how: str, points: Sequence[MetricPoint]) -> Decimal | None:
    if not points:
        return None
    if how == "LAST":
        return _plain(max(points, key=lambda point: point.at).value)
    total = sum((point.value for point in points), Decimal(0))
    return _plain((total / len(points)).quantize(Decimal("0.01")) if how == "MEAN" else total)


def _sources(points: Iterable[MetricPoint]) -> tuple[SourceRow, ...]:
    parted = ((point, *point.source.partition(":")[::2]) for point in points)
    return tuple(SourceRow(kind=kind, id=key, value=_plain(point.value), at=point.at) for point, kind, key in parted)


def _insights(metrics: dict[str, MetricResult], kpis: Sequence[KpiResult]) -> Iterable[Insight]:
    delivered, days = metrics["packages_delivered"], metrics["days_to_delivery"]
    if delivered.value and days.value is not None:
        yield _insight("delivered", (delivered, days), count=delivered.value, days=days.value)
    decisions = tuple(metrics[name] for name in ("drafts_approved", "changes_requested", "drafts_rejected"))
    if decided := sum((each.value or 0 for each in decisions), Decimal(0)):
        yield _insight("decisions", decisions, decided=decided, approved=decisions[0].value or Decimal(0))
    for kpi in kpis:
        if kpi.value is not None and kpi.due:
            told = {name: getattr(kpi, name) for name in ("name", "value", "target", "unit", "days", "due")}
            yield _insight("ceiling" if is_ceiling(kpi.name) else "kpi", (kpi,), **told)
    yield from _changes([*metrics.values(), *kpis])
    if unmeasured := [kpi for kpi in kpis if kpi.value is None]:
        yield _insight("unmeasured", unmeasured, names=", ".join(kpi.name for kpi in unmeasured))


def _changes(results: Sequence[Result]) -> Iterable[Insight]:
    """Give what changed most, up and down; what anybody may see is not kept back for what some may not."""
    changed = [each for each in results if each.change_pct and getattr(each, "scope", "read") == "read"]
    told = ("name", "value", "before", "change_pct")
    for most, is_right in ((max, lambda change: change > 0), (min, lambda change: change < 0)):
        found = most(changed, key=lambda each: each.change_pct, default=None)
        if found is not None and is_right(found.change_pct):
            yield _insight("change", (found,), **{name: getattr(found, name) for name in told})


def _insight(code: str, about: Sequence[MetricResult | KpiResult], **numbers: object) -> Insight:
    said = said_of(numbers)
    return Insight(
        code=code,
        text=INSIGHTS[code] % (said | readable_name(said)),
        numbers=said,
        confidence=CERTAIN,
        metrics=tuple(each.name for each in about),
        sources=tuple(source for each in about for source in each.sources),
    )


def readable_name(said: dict[str, str]) -> dict[str, str]:
    """Return the name among what is said as people read it: ours are written for machines."""
    return {"name": said["name"].replace("_", " ")} if said.get("name") in OURS else {}


def _plain(number: Decimal) -> Decimal:
    """Return a number without the zeros that its column adds: 2 packages, not 2.0000."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
