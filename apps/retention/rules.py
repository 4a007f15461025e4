"""How likely a client is to leave, when a renewal is due, and what an answer to a survey means.

The score is a risk: 0 (will stay) to 1 (will leave). It is the weighted mean of the factors that were measured. Each
factor reads a risk from 0 to 1 off its value: 0 up to `safe`, 1 from `bad` on, in a straight line between the two. A
factor that was never measured counts for nothing, and its weight for nothing: it is shown, not guessed. Where less than
LEAST_MEASURED of the weight was measured the level is UNMEASURED, whatever the score says.

A formula that was used is never changed: it gets a next version beside it, so that what the old one froze can be
computed again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from apps.retention.api.dtos import HealthFactor, Level

LOW_BELOW, MEDIUM_BELOW = Decimal("0.35"), Decimal("0.65")
LEAST_MEASURED = Decimal("0.30")
"""One factor alone, such as a contract that ends soon, says too little to call somebody about."""
WINDOW = timedelta(days=90)
"""How far back checks and rounds count: a quarter, over which work is planned and talked about."""
ANSWERS_COUNT_FOR = timedelta(days=365)
LOOKED_BACK = timedelta(weeks=26)
"""How long before a decision a warning could still have been acted on."""
RANK: dict[str, int] = {"LOW": 0, "MEDIUM": 1, "HIGH": 2}
_PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Factor:
    """One line of a formula: its weight, the values at which nothing and everything is wrong, and its words."""

    weight: Decimal
    safe: Decimal
    bad: Decimal
    says: str
    unmeasured: str

    def risk_of(self, value: Decimal) -> Decimal:
        """Return the risk that a value stands for."""
        share = (value - self.safe) / (self.bad - self.safe)
        return min(max(share, Decimal(0)), Decimal(1)).quantize(_PLACES)


def _factor(weight: str, safe: int, bad: int, says: str, unmeasured: str) -> Factor:
    return Factor(Decimal(weight), Decimal(safe), Decimal(bad), says, unmeasured)


FORMULAS: dict[int, dict[str, Factor]] = {
    1: {
        "DAYS_SINCE_ENGAGEMENT": _factor(
            "0.20",
            14,
            60,
            "The client last answered, decided or commented {} days ago",
            "The client has not answered, decided or commented yet",
        ),
        "QC_FAILS": _factor(
            "0.10",
            0,
            5,
            "{} checks of drafts failed in 90 days",
            "No draft was checked in 90 days",
        ),
        "ROUNDS_BEYOND_INCLUDED": _factor(
            "0.10",
            0,
            3,
            "{} revision rounds over the agreed number in 90 days",
            "The client decided no review in 90 days",
        ),
        "OVERDUE_INVOICES": _factor("0.20", 0, 2, "{} invoices are overdue", "No invoice was issued yet"),
        "KPI_ATTAINMENT": _factor(
            "0.15",
            100,
            50,
            "The last published report reached {} % of what was due",
            "No report was published yet, or the last one measured no target",
        ),
        "NPS": _factor(
            "0.15",
            9,
            3,
            "Asked whether they recommend us, they last said {} of 10",
            "Nobody answered a survey within a year",
        ),
        "DAYS_TO_CONTRACT_END": _factor("0.10", 90, 0, "The contract ends in {} days", "No end of contract is known"),
    },
}
NEWEST = max(FORMULAS)


@dataclass(frozen=True)
class Assessment:
    """What a formula says of a client's inputs; `score` is None where nothing at all was measured."""

    score: Decimal | None
    level: Level
    measured_weight: Decimal
    factors: tuple[HealthFactor, ...]


def weights_of(version: int = NEWEST) -> dict[str, Decimal]:
    """Return the weights of a formula by the names of its factors; they sum to 1."""
    return {name: factor.weight for name, factor in FORMULAS[version].items()}


def assess(inputs: Mapping[str, Decimal | None], weights: Mapping[str, Decimal], version: int = NEWEST) -> Assessment:
    """Compute the risk of a client from what was measured. Raises KeyError for an input or a weight that is missing."""
    formula = FORMULAS[version]
    measured = sum((weights[name] for name in formula if inputs[name] is not None), Decimal(0))
    factors = tuple(_shown(name, inputs[name], weights[name], measured, formula[name]) for name in formula)
    risks = [(each.weight, each.risk) for each in factors if each.risk is not None]
    score = (sum(weight * risk for weight, risk in risks) / measured).quantize(_PLACES) if measured else None
    level = level_of(score) if score is not None and measured >= LEAST_MEASURED else "UNMEASURED"
    return Assessment(score, level, measured, factors)


def _shown(name: str, value: Decimal | None, weight: Decimal, measured: Decimal, factor: Factor) -> HealthFactor:
    risk = None if value is None else factor.risk_of(value)
    said = factor.unmeasured if value is None else factor.says.format(f"{value.normalize():f}")
    part = Decimal(0) if risk is None or not measured else (weight * risk / measured).quantize(_PLACES)
    return HealthFactor(name=name, value=value, risk=risk, weight=weight, contribution=part, explanation=f"{said}.")


def level_of(score: Decimal) -> Level:
    """Return the level of a score."""
    if score < LOW_BELOW:
        return "LOW"
    return "MEDIUM" if score < MEDIUM_BELOW else "HIGH"


def rises(level: str, before: str | None) -> bool:
    """Tell whether a level is above the one known before; a client of whom none was known counts as LOW before."""
    return level in RANK and RANK[level] > RANK[before or "LOW"]


def week_of(at: datetime) -> date:
    """Return the Monday of the ISO week, in UTC, to which a moment belongs."""
    day = at.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


# --- renewals ---------------------------------------------------------------------------------------------------------

MARKS = (90, 60, 30)
"""Days before the end of a contract."""
TASKS = {
    90: "Look at the year with the client: what it brought, and what they want next",
    60: "Send the offer for the next contract",
    30: "Get the decision, or find out what is in its way",
}
STILL_OPENED = timedelta(days=30)
"""A contract that ended within these days is looked after although nobody was awake to say so before it did."""


def marks_passed(days_left: int) -> tuple[int, ...]:
    """Return the marks that a contract with so many days left has passed, the earliest first."""
    return tuple(mark for mark in MARKS if days_left <= mark)


# --- surveys ----------------------------------------------------------------------------------------------------------

DETRACTOR_UP_TO = 6
SURVEY_OPEN_FOR = timedelta(days=30)
ASKED_AGAIN_AFTER = timedelta(days=90)


def is_detractor(score: int) -> bool:
    """Tell whether somebody who answers this would rather warn of us: 0 to 6, as the Net Promoter Score counts."""
    return score <= DETRACTOR_UP_TO
