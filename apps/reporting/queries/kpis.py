"""Which numbers of a client's strategy anything measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.identity.models import Client
from apps.reporting.models import MetricPoint
from apps.reporting.rules import OURS, TAKEN_BACK
from apps.strategy.api import ports as strategy
from apps.strategy.api.dtos import Kpi

SINCE = timedelta(days=400)
"""How far back is looked for values: a year, and the month that a report on it is made in."""
MOST_OTHERS = 50


@dataclass(frozen=True)
class Measuring:
    """A KPI and the last value that measures it; None where nothing does."""

    kpi: Kpi
    last: MetricPoint | None


def measured_kpis(client: Client, *, at: datetime) -> tuple[list[Measuring], list[MetricPoint]]:
    """Return the KPIs of a client's approved strategy with the last value of each, and what measures none of them."""
    plan = strategy.find_approved_strategy(client_id=client.pk, before=at)
    newest = _newest(client, at - SINCE)
    found: dict[tuple[str, str], MetricPoint] = {}
    for point in newest:
        known = found.setdefault(_key(point.name, point.unit), point)
        if known.at < point.at:
            found[_key(point.name, point.unit)] = point
    kpis = [Measuring(kpi, found.get(_key(kpi.name, kpi.unit))) for kpi in (plan.kpis if plan else ())]
    wanted = {_key(each.kpi.name, each.kpi.unit) for each in kpis}
    others = [point for key, point in found.items() if key not in wanted]
    return kpis, others[:MOST_OTHERS]


def _newest(client: Client, since: datetime) -> Sequence[MetricPoint]:
    """Return the last value of each metric from outside, by the spelling of name and unit."""
    of_client = MetricPoint.objects.filter(client=client)
    gone = of_client.filter(name=TAKEN_BACK).values("source")
    points = of_client.filter(at__gte=since).exclude(name__in=OURS).exclude(source__in=gone)
    return list(points.order_by("name", "unit", "-at").distinct("name", "unit"))


def _key(name: str, unit: str) -> tuple[str, str]:
    return name.casefold(), unit.casefold()
