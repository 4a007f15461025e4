"""The formula of the score …"""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.retention import rules
from apps.retention.tests.factories import BEST, NOTHING, WORST

FACTORS = rules.FORMULAS[rules.NEWEST]
WEIGHTS = rules.weights_of()
VALUES = st.none() | st.decimals(-1000, 1000, places=2)
INPUTS = st.fixed_dictionaries(dict.fromkeys(FACTORS, VALUES))


def assessed(**seen: Any) -> rules.Assessment:
    """Assess a client of whom nothing else is measured."""
    return rules.assess(NOTHING | {name: Decimal(value) for name, value in seen.items()}, WEIGHTS)


def worse(name: str, value: Decimal, by: Decimal) -> Decimal:
    return value + by if FACTORS[name].bad > FACTORS[name].safe else value - by


def test_shares_out_weights_that_sum_to_one() -> None:
    assert sum(WEIGHTS.values()) == 1


@given(INPUTS)
def test_keeps_within_nought_and_one(inputs: dict[str, Decimal | None]) -> None:
    found = rules.assess(inputs, WEIGHTS)
    is_measured = any(value is not None for value in inputs.values())
    assert (found.score is not None) is is_measured
    assert found.score is None or 0 <= found.score <= 1
    assert all(each.risk is None or 0 <= each.risk <= 1 for each in found.factors)


@given(INPUTS, st.sampled_from(sorted(FACTORS)), st.decimals(0, 100, places=2))
def test_never_falls_when_one_factor_gets_worse(inputs: dict[str, Decimal | None], name: str, by: Decimal) -> None:
    before = inputs | {name: inputs[name] if inputs[name] is not None else Decimal(1)}
    after = before | {name: worse(name, before[name], by)}
    assert rules.assess(after, WEIGHTS).score >= rules.assess(before, WEIGHTS).score


@given(INPUTS)
def test_is_the_sum_of_what_its_factors_add(inputs: dict[str, Decimal | None]) -> None:
    found = rules.assess(inputs, WEIGHTS)
    added = sum(each.contribution for each in found.factors)
    assert abs(added - (found.score or 0)) <= Decimal("0.0001") * len(FACTORS)


@given(INPUTS)
def test_leaves_out_what_was_not_measured_and_says_so(inputs: dict[str, Decimal | None]) -> None:
    found = rules.assess(inputs, WEIGHTS)
    assert [each.name for each in found.factors] == list(FACTORS)
    for each in found.factors:
        unmeasured = f"{FACTORS[each.name].unmeasured}."
        assert (each.explanation == unmeasured) is (each.value is None) is (inputs[each.name] is None)
        assert each.value is not None or (each.risk, each.contribution) == (None, 0)
    measured = {name: value for name, value in inputs.items() if value is not None}
    assert found.measured_weight == sum(WEIGHTS[name] for name in measured)


def test_goes_from_nought_to_one() -> None:
    assert (rules.assess(BEST, WEIGHTS).score, rules.assess(BEST, WEIGHTS).level) == (0, "LOW")
    assert (rules.assess(WORST, WEIGHTS).score, rules.assess(WORST, WEIGHTS).level) == (1, "HIGH")


@pytest.mark.parametrize(
    ("score", "level"),
    [("0.3499", "LOW"), ("0.3500", "MEDIUM"), ("0.6499", "MEDIUM"), ("0.6500", "HIGH")],
)
def test_has_its_levels_at_the_thresholds(score: str, level: str) -> None:
    assert rules.level_of(Decimal(score)) == level


def test_says_no_level_where_too_little_was_measured() -> None:
    assert assessed(DAYS_TO_CONTRACT_END=0).level == "UNMEASURED"
    assert assessed(DAYS_TO_CONTRACT_END=0, OVERDUE_INVOICES=2).level == "HIGH"
    assert (assessed().score, assessed().level, assessed().measured_weight) == (None, "UNMEASURED", 0)


@pytest.mark.parametrize(
    ("name", "value", "risk"),
    [
        ("DAYS_SINCE_ENGAGEMENT", 14, "0"),
        ("DAYS_SINCE_ENGAGEMENT", 37, "0.5"),
        ("QC_FAILS", 2, "0.4"),
        ("OVERDUE_INVOICES", 1, "0.5"),
        ("KPI_ATTAINMENT", 75, "0.5"),
        ("KPI_ATTAINMENT", 140, "0"),
        ("NPS", 6, "0.5"),
        ("DAYS_TO_CONTRACT_END", 45, "0.5"),
        ("DAYS_TO_CONTRACT_END", -5, "1"),
    ],
)
def test_reads_each_risk_in_a_straight_line(name: str, value: int, risk: str) -> None:
    assert FACTORS[name].risk_of(Decimal(value)) == Decimal(risk)


@pytest.mark.parametrize(
    ("level", "before", "rises"),
    [
        *(("HIGH", "MEDIUM", True), ("MEDIUM", "HIGH", False), ("HIGH", "HIGH", False)),
        *(("MEDIUM", "", True), ("LOW", "", False), ("UNMEASURED", "LOW", False)),
    ],
)
def test_knows_a_rise(level: str, before: str, rises: bool) -> None:
    assert rules.rises(level, before) is rises
