"""The numbers a strategy is held to: the client's, what follows from them, and what must be measured first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal

from apps.onboarding.api.dtos import Objective
from apps.strategy.api.dtos import Kpi
from apps.strategy.rules.apportion import CENT
from apps.strategy.rules.presets import Preset
from apps.strategy.rules.reading import Reading
from apps.strategy.rules.wording import capitalised, in_sentence, quote, shorten, tidy

_DAYS_A_MONTH = 30
_WEEKS_A_YEAR = 52
_MONTHS_A_YEAR = 12
_MOST_OBJECTIVES = 3
_LARGEST = Decimal(10) ** 15

_CEILING = re.compile(
    r"\b(?P<what>CAC|CPA|CPL|cost per \w+)\s+(?:is |to be |stays |of )?(?:under|below|at most|max\.?|up to|<)\s*"
    r"(?:€|\$|£|[A-Z]{3})?\s*(?P<amount>\d[\d.,]*\d|\d)(?:\s?(?:€|\$|£|EUR|USD|GBP)(?!\w))?",
    re.IGNORECASE,
)


def plan_kpis(reading: Reading, preset: Preset) -> tuple[Kpi, ...]:
    """List the objectives as the brief has them, what follows from them, and the preset's funnel without targets."""
    return (
        *(_objective(reading, objective, n) for n, objective in enumerate(_objectives(reading), 1)),
        *_derived(reading),
        *_funnel(reading, preset),
    )


def _objectives(reading: Reading) -> tuple[Objective, ...]:
    return reading.brief.objectives[:_MOST_OBJECTIVES]


def _objective(reading: Reading, objective: Objective, number: int) -> Kpi:
    target = _number(objective.target)
    source = "brief: objective" if number == 1 else f"brief: objective {number}"
    if target is None:
        source += f"; it names no number, so measure first and agree one with {reading.client} at the first review"
    return Kpi(
        name=capitalised(shorten(tidy(objective.metric or objective.text), 120)) or "Objective",
        stage="CONVERSION",
        target=target,
        baseline=_number(objective.baseline),
        unit=shorten(tidy(objective.unit), 60) or f"in {reading.blanks['weeks']}",
        days=days_of(objective.unit, reading.weeks),
        source=source,
    )


def days_of(unit: str, weeks: int) -> int:
    """Return over how many days a unit counts: "per month" 30, "in 90 days" 90; the whole plan where it is silent."""
    said = unit.lower()
    counted = re.search(r"\b(\d{1,3})\s*(day|week|month)s?\b", said)
    if counted:
        return max(1, int(counted[1])) * {"day": 1, "week": 7, "month": _DAYS_A_MONTH}[counted[2]]
    for word, days in (("day", 1), ("week", 7), ("month", _DAYS_A_MONTH), ("quarter", 91), ("year", 365)):
        if word in said:
            return days
    return weeks * 7


@dataclass(frozen=True)
class Ceiling:
    """What one result may cost, and how that was worked out."""

    amount: Decimal
    source: str


def cost_ceiling(reading: Reading) -> Ceiling | None:
    """Divide the budget by the target where both are counted over the same time; None otherwise."""
    budget, target = reading.budget, _number(reading.objective.target)
    if budget is None or not target or target < 0 or reading.metric is None:
        return None
    days = days_of(reading.objective.unit, reading.weeks)
    is_monthly = reading.budget_period == "a month"
    if is_monthly != (days == _DAYS_A_MONTH) or (not is_monthly and days > reading.weeks * 7 + 7):
        return None
    amount = (budget.amount / target).quantize(CENT, ROUND_DOWN)
    goal = f"{_show(target)} {in_sentence(reading.metric)}"
    rounded = "" if amount * target == budget.amount else ", rounded down"
    shown = f"{budget} {reading.budget_period} / {goal} = {_show(amount)} {budget.currency}{rounded}"
    return Ceiling(amount=plain(amount), source=shown)


def _derived(reading: Reading) -> Iterator[Kpi]:
    if reading.metric is None:
        return
    metric, objective = in_sentence(reading.metric), reading.objective
    target, baseline = _number(objective.target), _number(objective.baseline)
    days = days_of(objective.unit, reading.weeks)
    if target is not None and baseline is not None and target > baseline:
        source = f"brief: {_show(target)} wanted - {_show(baseline)} today = {_show(target - baseline)} more"
        yield _kpi(f"Additional {metric}", target - baseline, objective.unit, days, source)
    if target and days > 7:
        yield _weekly_pace(metric, target, days)
    ceiling = cost_ceiling(reading)
    if ceiling and reading.budget:
        name = f"Cost per {reading.blanks['one']}, at most"
        yield _kpi(name, ceiling.amount, reading.budget.currency, days, ceiling.source)
    yield from _named_ceiling(reading)


def _weekly_pace(metric: str, target: Decimal, days: int) -> Kpi:
    if days == _DAYS_A_MONTH:
        pace, sum_shown = target * _MONTHS_A_YEAR / _WEEKS_A_YEAR, f"{_show(target)} x 12 months / 52 weeks"
    else:
        pace, sum_shown = target * 7 / days, f"{_show(target)} x 7 / {days} days"
    pace = pace.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return _kpi(f"Weekly pace of {metric}", pace, "per week", 7, f"brief: {sum_shown} = {_show(pace)}")


def _named_ceiling(reading: Reading) -> Iterator[Kpi]:
    """Read a cost the client itself capped, as in "CAC under 1.900 €"."""
    said = _CEILING.search(tidy(reading.objective.text))
    if said and (amount := _amount(said["amount"])) is not None:
        currency = reading.budget.currency if reading.budget else reading.brief.currency
        source = f"brief: {quote(said[0])}, in the words of the objective"
        yield _kpi(f"{capitalised(said['what'])}, at most", amount, currency, reading.weeks * 7, source)
        yield from _customers_needed(reading, said["what"], amount)


def _customers_needed(reading: Reading, what: str, ceiling: Decimal) -> Iterator[Kpi]:
    """Divide the whole budget by the cost a customer may have: fewer customers would break the ceiling."""
    budget = reading.budget
    if what.upper() == "CAC" and budget and reading.budget_period == "in total" and ceiling > 0:
        needed = (budget.amount / ceiling).to_integral_value(ROUND_CEILING)
        source = f"brief: {budget} in total / {_show(ceiling)} {budget.currency} = {needed:,f}, rounded up"
        yield _kpi("New customers, once the whole budget is spent", needed, "customers", reading.weeks * 7, source)


def _amount(text: str) -> Decimal | None:
    # "1.900" and "1,900" are both nineteen hundred; "1.90" is not.
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text):
        return Decimal(re.sub(r"[.,]", "", text))
    if re.fullmatch(r"\d+(?:[.,]\d{1,2})?", text):
        return Decimal(text.replace(",", "."))
    return None


def _funnel(reading: Reading, preset: Preset) -> Iterator[Kpi]:
    first = "week 1" if reading.weeks == 1 else "weeks 1-2"
    for idea in preset.kpis:
        yield Kpi(
            name=idea.name,
            stage=idea.stage,
            target=None,
            unit=idea.unit,
            days=_DAYS_A_MONTH,
            source=f"measure first in {first}: {idea.how}; the brief gives no number for it",
        )


def _kpi(name: str, target: Decimal, unit: str, days: int, source: str) -> Kpi:
    return Kpi(
        name=shorten(name, 180),
        stage="CONVERSION",
        target=target,
        unit=shorten(tidy(unit), 60),
        days=days,
        source=source,
    )


def _number(value: Decimal | None) -> Decimal | None:
    if value is None or not value.is_finite() or abs(value) >= _LARGEST:
        return None
    return plain(value)


def plain(value: Decimal) -> Decimal:
    """Return a number to two places, without the zeros nobody says: 40, 9.2, 0.35."""
    rounded = value.quantize(CENT, ROUND_HALF_UP)
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded.normalize()


def _show(value: Decimal) -> str:
    return f"{plain(value):,f}"
