"""What a report advises …"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.reporting import rules
from apps.reporting.api.dtos import Findings, Recommendation
from apps.reporting.rules.advice import ADVICE
from apps.reporting.rules.comparing import change_pct, period_before
from apps.reporting.services import wording
from apps.reporting.tests.factories import kpi, point


def findings(*points: Any, before: Any = (), kpis: Any = ()) -> Findings:
    return rules.findings_of(points, kpis, days=90, before=before)


def advised(*points: Any, **known: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.code, each.metrics) for each in findings(*points, **known).recommendations]


def enquiries(value: Any) -> Any:
    return point("Enquiries", value, unit="enquiries", source="desk:phone")


@pytest.mark.parametrize(
    ("value", "code"), [("31.9", "behind"), ("32", None), ("47.9", None), ("48", "ahead"), ("0", "behind")]
)
def test_follows_from_how_much_of_a_target_was_reached(value: str, code: str | None) -> None:
    assert advised(enquiries(value), kpis=[kpi()]) == ([(code, ("Enquiries",))] if code else [])


def test_is_to_measure_what_has_a_target_and_nothing_where_there_is_none() -> None:
    assert advised(kpis=[kpi()]) == [("measure", ("Enquiries",))]
    assert advised(kpis=[kpi(target=None)]) == []
    assert advised() == []


@pytest.mark.parametrize(("approved", "changes", "is_said"), [(1, 1, False), (1, 2, True), (0, 1, True), (3, 2, False)])
def test_is_to_agree_on_what_is_good_where_more_was_sent_back_than_approved(
    approved: int, changes: int, is_said: bool
) -> None:
    points = [point("drafts_approved") for _ in range(approved)] + [point("changes_requested") for _ in range(changes)]
    assert advised(*points) == ([("rounds", ("changes_requested", "drafts_approved"))] if is_said else [])


@pytest.mark.parametrize(("now", "is_said"), [("4.9", False), ("5", True)])
def test_is_to_look_after_deliveries_that_became_a_quarter_slower(now: str, is_said: bool) -> None:
    before = [point("days_to_delivery", 4, unit="days")]
    said = advised(point("days_to_delivery", now, unit="days"), before=before)
    assert said == ([("slower", ("days_to_delivery",))] if is_said else [])


def test_says_its_numbers_and_the_rows_behind_them() -> None:
    (said,) = findings(enquiries(10), enquiries(6), kpis=[kpi()]).recommendations
    assert said.action == "Decide what to change for Enquiries"
    assert said.rationale == "It reached 16 of the 40 enquiries that were due: 40 %."
    assert said.expected_effect == "24 enquiries more would have reached the target."
    assert [source.value for source in said.sources] == [10, 6]


def test_can_all_be_said_in_the_reader_s_language() -> None:
    known = {code: (each.action, each.rationale, each.effect) for code, each in ADVICE.items()}
    assert known == wording.ADVICE
    assert rules.INSIGHTS == wording.INSIGHTS
    assert [each.name for each in rules.METRICS] == list(wording.METRICS)


def test_of_a_later_version_is_read_in_english() -> None:
    told = {"action": "Rest", "rationale": "All is well.", "expected_effect": "Sleep.", "effort": "LOW"}
    said = wording.advice(Recommendation(code="rest", numbers={}, metrics=(), **told))
    assert (said.action, said.rationale, said.expected_effect, said.effort) == (
        *("Rest", "All is well.", "Sleep."),
        "little effort",
    )


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        (("2028-03-01", "2028-03-31"), ("2028-02-01", "2028-02-29")),
        (("2026-01-01", "2026-03-31"), ("2025-10-01", "2025-12-31")),
        (("2026-01-01", "2026-12-31"), ("2025-01-01", "2025-12-31")),
        (("2026-03-02", "2026-03-31"), ("2026-01-31", "2026-03-01")),
        (("2026-03-01", "2026-03-30"), ("2026-01-30", "2026-02-28")),
        (("2026-03-05", "2026-03-05"), ("2026-03-04", "2026-03-04")),
    ],
)
def test_compares_whole_months_with_months_and_days_with_days(period: Any, before: Any) -> None:
    days = [tuple(map(date.fromisoformat, each)) for each in (period, before)]
    assert period_before(*days[0]) == days[1]


@pytest.mark.parametrize(
    ("value", "before", "change"), [(3, 2, "50.0"), (1, 3, "-66.7"), (0, 5, "-100.0"), (5, 0, None), (5, None, None)]
)
def test_compares_with_nothing_but_numbers(value: Any, before: Any, change: str | None) -> None:
    known = None if before is None else Decimal(before)
    assert change_pct(Decimal(value), known) == (change and Decimal(change))
