"""Sums, shares, dates and weeks."""

from datetime import timedelta

import pytest

from apps.onboarding.tests.factories import dental_brief
from apps.qc.tests.factories import MONDAY, findings
from apps.strategy.tests.factories import strategy_for

CHANNEL = strategy_for(dental_brief()).channels[0]
SHARE = CHANNEL.budget_share_pct


def budget(first: int, second: int, total: int, shares: tuple[int, int] = (60, 40)) -> str:
    return (
        "### Plan\n\n| Line | Budget | Share |\n|---|---|---|\n"
        f"| Search | €{first:,} | {shares[0]}% |\n| Social | €{second:,} | {shares[1]}% |\n"
        f"| Total | €{total:,} | 100% |"
    )


def split(*shares: int) -> str:
    return "### Budget split by channel\n\n" + "\n".join(f"- Line {n}: {share}%" for n, share in enumerate(shares))


SEEDS = [
    ("SUM_MISMATCH", {"text": budget(3000, 1900, 5000)}, {"text": budget(3000, 1999, 5000)}),
    ("SHARES_NOT_100", {"text": budget(3000, 2000, 5000, (60, 45))}, {"text": budget(3000, 2000, 5000)}),
    (
        "SHARE_DIFFERS",
        {"text": f"### Budget\n\n- {CHANNEL.channel}: {SHARE + 5}%"},
        {"text": f"### Budget\n\n- {CHANNEL.channel}: {SHARE}%"},
    ),
    ("DATE_OUT_OF_RANGE", {"text": "We begin on 9 March 2024."}, {"text": "We begin on 9 March, or March 10, 2026."}),
    ("CALENDAR_OUT_OF_RANGE", {"calendar": {0: {"date": MONDAY - timedelta(days=1)}}}, {"calendar": {}}),
    ("WEEK_OUT_OF_RANGE", {"text": "Weeks 40-52: harvest."}, {"text": "Weeks 1-4: sowing."}),
]


@pytest.mark.parametrize(("code", "broken"), [(code, broken) for code, broken, _ in SEEDS])
def test_a_disagreement_is_found(code, broken):
    assert code in findings(**broken)


@pytest.mark.parametrize(("code", "near_miss"), [(code, near_miss) for code, _, near_miss in SEEDS])
def test_a_near_miss_is_left_alone(code, near_miss):
    assert code not in findings(**near_miss)


@pytest.mark.parametrize(("shares", "is_found"), [((60, 30), True), ((60, 40), False), ((35,), False)])
def test_shares_in_a_list_are_summed(shares, is_found):
    assert ("SHARES_NOT_100" in findings(split(*shares))) is is_found


def test_a_date_of_the_brief_may_stand():
    assert "DATE_OUT_OF_RANGE" not in findings("Open since 1 May 2019.", brief={"facts": ("Open since 1 May 2019.",)})


def test_a_date_of_the_brief_may_end_a_sentence():
    brief = {"facts": ("Open by 1 October 2027; then we see",)}
    assert "DATE_OUT_OF_RANGE" not in findings("All of it by 1 October 2027.", brief=brief)


def test_thirty_days_of_posts_may_outlast_a_short_plan():
    end = {"end_date": MONDAY + timedelta(days=6)}
    assert "CALENDAR_OUT_OF_RANGE" not in findings(strategy=end, calendar={})
    assert "CALENDAR_OUT_OF_RANGE" in findings(strategy=end, calendar={29: {"date": MONDAY + timedelta(days=30)}})
