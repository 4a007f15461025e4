"""How the time of a report went, in a few figures: what its first page says in one look, on paper and in the portal."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from apps.reporting.api.dtos import Findings, KpiResult
from apps.reporting.services import wording
from apps.shared.text import one_line

MOST_TILES, MOST_TARGETS = 4, 2
"""Figures that stand beside each other, and how many of them single targets may be."""
LONGEST_NAME, LONGEST_UNIT = 48, 20
_ALL = Decimal(100)


@dataclass(frozen=True)
class Tile:
    """One figure with its name, and what it is to be held against."""

    name: str
    figure: str
    beside: str


def glance_of(findings: Findings) -> list[Tile]:
    """Return the targets together, then what was reached of the first, then what was done; what has no number is none.

    In the reader's language. Findings are what the reader may see of them.
    """
    done = [
        Tile(wording.metric(each.name), wording.number(each.value), wording.change(each.change_pct))
        for each in findings.metrics
        if each.value is not None
    ]
    return [*_targets(findings.kpis), *done][:MOST_TILES]


def _targets(kpis: Sequence[KpiResult]) -> list[Tile]:
    aimed = [each for each in kpis if each.due]
    measured = [each for each in aimed if each.attainment_pct is not None]
    if not measured:
        return []
    reached, left = sum(each.attainment_pct >= _ALL for each in measured), len(aimed) - len(measured)
    together = Tile(
        name=_("Targets reached"),
        figure=_("%(reached)s of %(measured)s") % {"reached": reached, "measured": len(measured)},
        beside=_("%(count)s not measured") % {"count": left} if left else "",
    )
    return [together, *map(_of_one, measured[:MOST_TARGETS])]


def _of_one(kpi: KpiResult) -> Tile:
    unit = Truncator(one_line(kpi.unit)).chars(LONGEST_UNIT)
    beside = " · ".join(filter(None, (unit, f"{_('reached:')} {wording.percent(kpi.attainment_pct)}")))
    return Tile(Truncator(one_line(kpi.name)).chars(LONGEST_NAME), wording.number(kpi.value), beside)
