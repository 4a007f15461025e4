"""How likely a client is to leave, when a renewal is due, and what an answer to a survey means.

The score is a risk: 0 (will stay) to 1 (will leave). It is the weighted mean of the factors that were measured. Each
factor reads a risk from 0 to 1 off its value: 0 up to `safe`, 1 from `bad` on, in a straight line between the two. A
factor that was never measured counts for nothing, and its weight for nothing: it is shown, not guessed. Where less than
LEAST_MEASURED of the weight was measured the level is UNMEASURED, whatever the score says.

A formula that was used is never changed: it gets a next version beside it, so that what the old one froze can be
computed again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import takewhile
from uuid import UUID

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


def day_of(at: datetime) -> date:
    """Return the day, in UTC, by which weeks and the ends of contracts count."""
    return at.astimezone(UTC).date()


def week_of(at: datetime) -> date:
    """Return the Monday of the ISO week to which a moment belongs."""
    return day_of(at) - timedelta(days=day_of(at).weekday())


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


# --- opportunities ----------------------------------------------------------------------------------------------------

PROMOTER_FROM = 9
SUGGESTED_AGAIN_AFTER = timedelta(days=180)
"""What a person decided on is not brought up again sooner, and never from what was seen before."""


@dataclass(frozen=True)
class Known:
    """One kind of opportunity: what to do, what must be seen for it, and how often."""

    title: str
    says: str
    needed: int


OPPORTUNITIES = {
    "RETAINER": Known("Offer a retainer", "{} deliveries in 90 days, and no contract.", 3),
    "MORE_ROUNDS": Known("Sell more revision rounds", "{} rounds over the agreed number in 90 days.", 2),
    "MORE_SCOPE": Known("Offer more", "The last {} reports reached every target.", 2),
    "REFERRAL": Known("Ask for a recommendation to others", "{} answers of 9 or 10 within 90 days.", 1),
}


SEEN = ("DELIVERED", "ROUND_PLANNED", "REPORT_PUBLISHED", "SURVEY_ANSWERED", "INVOICE_ISSUED")
"""The signals that opportunities are read from."""


@dataclass(frozen=True)
class Seen:
    """A signal, as the rules of opportunities read it."""

    id: UUID
    kind: str
    value: Decimal | None
    currency: str
    at: datetime


@dataclass(frozen=True)
class Suggestion:
    """An opportunity that was found; `value` is what was invoiced in the 90 days where that says what it brings."""

    kind: str
    evidence: tuple[UUID, ...]
    why: str
    confidence: Decimal
    value: Decimal | None
    newest_at: datetime


def suggest(seen: Sequence[Seen], *, has_contract: bool, currency: str, at: datetime) -> list[Suggestion]:
    """Return what more a client could buy, from signals of which none was taken back, the newest first.

    The confidence is n / (n + needed): one half where just as much was seen as the kind needs, towards one with more.
    """
    lately = [each for each in seen if each.at > at - WINDOW]
    found = {
        "RETAINER": [] if has_contract else [each for each in lately if each.kind == "DELIVERED"],
        "MORE_ROUNDS": [each for each in lately if each.kind == "ROUND_PLANNED" and each.value],
        "MORE_SCOPE": _reached_every_target(seen),
        "REFERRAL": _promoters(lately),
    }
    billed = [each for each in lately if each.kind == "INVOICE_ISSUED"]
    # One in another currency, or of before amounts were noted, would make the sum too low.
    is_known = billed and all(each.value is not None and each.currency == currency for each in billed)
    quarter = sum((each.value for each in billed), Decimal(0)) if is_known else None
    return [
        Suggestion(
            kind=kind,
            evidence=tuple(each.id for each in rows),
            why=OPPORTUNITIES[kind].says.format(len(rows)),
            confidence=_share(len(rows), OPPORTUNITIES[kind].needed),
            value=quarter if kind == "RETAINER" else None,
            newest_at=rows[0].at,
        )
        for kind, rows in found.items()
        if len(rows) >= OPPORTUNITIES[kind].needed
    ]


def _reached_every_target(seen: Sequence[Seen]) -> list[Seen]:
    """Return the newest reports, as far as one after the other reached all targets that it measured."""
    reports = [each for each in seen if each.kind == "REPORT_PUBLISHED" and each.value is not None]
    return list(takewhile(lambda each: each.value >= 100, reports))


def _promoters(lately: Sequence[Seen]) -> list[Seen]:
    """Return the answers of promoters; none where somebody else answered lately that they would warn of us."""
    answers = [each for each in lately if each.kind == "SURVEY_ANSWERED" and each.value is not None]
    if any(is_detractor(int(each.value)) for each in answers):
        return []
    return [each for each in answers if each.value >= PROMOTER_FROM]


def _share(count: int, needed: int) -> Decimal:
    return (Decimal(count) / (count + needed)).quantize(Decimal("0.001"))


# --- playbooks --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Playbook:
    """What to do for a client in a certain danger: tasks, each to be done so many days after the start.

    `answers` are the factors of the score that it is meant for.
    """

    title: str
    answers: frozenset[str]
    tasks: tuple[tuple[int, str], ...]


PLAYBOOKS = {
    "WIN_BACK_ATTENTION": Playbook(
        "Win back their attention",
        frozenset({"DAYS_SINCE_ENGAGEMENT"}),
        (
            (0, "Find out who else of theirs cares about the work, and who our contact reports to"),
            (2, "Call the contact: what has changed, and what would be worth their time"),
            (7, "Show one result of the last weeks in a quarter of an hour"),
            (21, "Look whether they decide and comment again"),
        ),
    ),
    "MEND_QUALITY": Playbook(
        "Mend the quality",
        frozenset({"QC_FAILS", "ROUNDS_BEYOND_INCLUDED"}),
        (
            (0, "Read the failed checks and the last rounds: what comes up again and again"),
            (3, "Agree with the client on what good looks like, in writing, and add it to the brief"),
            (5, "Brief the team, and name one person who reads every draft before it goes out"),
            (30, "Compare the checks and rounds since with those before"),
        ),
    ),
    "CLEAR_THE_ACCOUNT": Playbook(
        "Clear the account",
        frozenset({"OVERDUE_INVOICES"}),
        (
            (0, "Ask finance what is open, and since when"),
            (1, "Call the contact: is it a mistake, a matter of money, or are they not content"),
            (3, "Agree on days of payment, and tell finance"),
            (14, "Look whether they were kept"),
        ),
    ),
    "PROVE_THE_VALUE": Playbook(
        "Prove the value",
        frozenset({"KPI_ATTAINMENT", "NPS", "DAYS_TO_CONTRACT_END"}),
        (
            (0, "Collect what was reached of the targets, and why the rest was not"),
            (5, "Talk to who answered the last survey"),
            (7, "Present what was learnt and a plan for the next quarter"),
            (30, "Ask again whether they would recommend us"),
        ),
    ),
}


def advised(worst: Iterable[str]) -> list[str]:
    """Return the playbooks that answer some factors of a score, in the order of the factors, each once."""
    return list(dict.fromkeys(name for factor in worst for name, book in PLAYBOOKS.items() if factor in book.answers))


def tasks_from(playbook: str, start: date) -> list[tuple[str, date]]:
    """Return what is to be done in a playbook that starts on a day, and by when."""
    return [(title, start + timedelta(days=days)) for days, title in PLAYBOOKS[playbook].tasks]
