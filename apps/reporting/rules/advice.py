"""What follows from the numbers of a report: each piece of advice names those that it rests on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from apps.reporting.api.dtos import KpiResult, MetricResult, Recommendation
from apps.reporting.rules.kpis import is_ceiling

BEHIND_BELOW, AHEAD_FROM = Decimal(80), Decimal(120)
"""Percent of what was due: between the two a target is about right, and nothing follows."""
SLOWER_FROM = Decimal(25)
"""Percent by which deliveries have to become slower before somebody should look: less may be chance."""


@dataclass(frozen=True)
class Advice:
    """What to do, why, and what it should bring, with the places of the numbers."""

    action: str
    rationale: str
    effect: str
    effort: Literal["LOW", "MEDIUM", "HIGH"]


ADVICE: Mapping[str, Advice] = {
    "behind": Advice(
        "Decide what to change for %(name)s",
        "It reached %(value)s of the %(due)s %(unit)s that were due: %(attainment_pct)s %%.",
        "%(missing)s %(unit)s more would have reached the target.",
        "MEDIUM",
    ),
    "ahead": Advice(
        "Set a higher target for %(name)s",
        "It reached %(value)s where %(due)s %(unit)s were due: %(attainment_pct)s %%.",
        "A target that says again whether the work pays.",
        "LOW",
    ),
    "above": Advice(
        "Decide how to bring “%(name)s” down",
        "It was %(value)s %(unit)s where the limit is %(due)s.",
        "%(missing)s %(unit)s less would be within the limit.",
        "MEDIUM",
    ),
    "measure": Advice(
        "Measure %(name)s",
        "The strategy sets a target of %(target)s %(unit)s in %(days)s days, and nothing was measured now.",
        "The next report says how much of the target was reached.",
        "LOW",
    ),
    "rounds": Advice(
        "Agree on what good looks like before the next draft",
        "Changes were asked for %(changes)s times; %(approved)s drafts were approved.",
        "Fewer rounds until a draft is approved.",
        "LOW",
    ),
    "slower": Advice(
        "Find out what holds deliveries up",
        "From brief to delivery it took %(value)s days on average, and %(before)s in the time before.",
        "%(missing)s days less would be as fast as before.",
        "MEDIUM",
    ),
}
"""What can be advised. A report keeps the sentences, and the numbers for them to be said in another language."""


def advise(metrics: Mapping[str, MetricResult], kpis: Sequence[KpiResult]) -> Iterable[Recommendation]:
    """Give what follows from the numbers of a report: targets first, then how the work went."""
    for kpi in kpis:
        yield from _for_kpi(kpi)
    changes, approved = metrics["changes_requested"], metrics["drafts_approved"]
    if changes.value and changes.value > (approved.value or 0):
        yield _advice("rounds", (changes, approved), changes=changes.value, approved=approved.value or Decimal(0))
    days = metrics["days_to_delivery"]
    if days.change_pct is not None and days.change_pct >= SLOWER_FROM:
        yield _advice("slower", (days,), value=days.value, before=days.before, missing=days.value - days.before)


def _for_kpi(kpi: KpiResult) -> Iterable[Recommendation]:
    if not kpi.due:
        return
    told = {name: getattr(kpi, name) for name in ("name", "unit", "target", "days", "value", "due", "attainment_pct")}
    if kpi.value is None:
        yield _advice("measure", (kpi,), **told)
    elif is_ceiling(kpi.name):
        if kpi.value > kpi.due:
            yield _advice("above", (kpi,), **told, missing=kpi.value - kpi.due)
    elif kpi.attainment_pct < BEHIND_BELOW:
        yield _advice("behind", (kpi,), **told, missing=kpi.due - kpi.value)
    elif kpi.attainment_pct >= AHEAD_FROM:
        yield _advice("ahead", (kpi,), **told)


def _advice(code: str, about: Sequence[MetricResult | KpiResult], **numbers: Any) -> Recommendation:
    said = said_of(numbers)
    known = ADVICE[code]
    return Recommendation(
        code=code,
        action=known.action % said,
        rationale=known.rationale % said,
        expected_effect=known.effect % said,
        effort=known.effort,
        numbers=said,
        metrics=tuple(each.name for each in about),
        sources=tuple(source for each in about for source in each.sources),
    )


def said_of(numbers: Mapping[str, Any]) -> dict[str, str]:
    """Return numbers as a report keeps them beside its sentences; what is not known has no place in any."""
    return {
        name: f"{each:f}" if isinstance(each, Decimal) else str(each)
        for name, each in numbers.items()
        if each is not None
    }
