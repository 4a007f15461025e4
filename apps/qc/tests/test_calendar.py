"""The calendar and its hashtags."""

from datetime import timedelta

import pytest

from apps.qc.tests.factories import MONDAY, findings

B2B = {"industry": "B2B software"}
SAME = {"hook": "One question, answered."}
TAGS = "### {} hashtags\n\n- #{}Galway #{}Smile{}\n\n"


def hashtags(third: str) -> str:
    return "".join(TAGS.format(kind, kind, kind, third) for kind in ("Brand", "Industry", "Campaign"))


SEEDS = [
    ("CALENDAR_DAYS", {"days": 29}, {"calendar": {}}),
    ("CALENDAR_GAP", {"calendar": {29: {"date": MONDAY + timedelta(days=40)}}}, {"calendar": {}}),
    ("CALENDAR_DATE_TWICE", {"calendar": {29: {"date": MONDAY}}}, {"calendar": {}}),
    (
        "CALENDAR_DUPLICATE_HOOK",
        {"calendar": {3: SAME, 9: {"hook": "One question – answered!"}}},
        {"calendar": {3: SAME}},
    ),
    (
        "CALENDAR_WEEK_1_AWARENESS",
        {"calendar": {day: {"theme": "Conversion"} for day in range(3)}},
        {"calendar": {day: {"theme": "Conversion"} for day in range(2)}},
    ),
    (
        "CALENDAR_WEEKEND",
        {"calendar": {}, "brief": B2B},
        {"calendar": {day: {"format": "Engagement"} for day in range(30) if day % 7 > 4}, "brief": B2B},
    ),
    ("CALENDAR_PLATFORM", {"calendar": {3: {"platform": "Mastodon"}}}, {"calendar": {}}),
    (
        "CALENDAR_INCOMPLETE",
        {"calendar": {3: {"caption": "Too short"}}},
        {"calendar": {3: {"caption": "Just about long enough"}}},
    ),
    ("HASHTAG_GENERIC", {"text": "#InstaGood"}, {"text": "#FunDentistry"}),
    ("HASHTAG_TOO_SHORT", {"text": "#abc"}, {"text": "#abcd and room #12"}),
    (
        "HASHTAG_TOO_FEW",
        {"text": hashtags(""), "key": "hashtag_strategy"},
        {"text": hashtags(" #EveningSlots"), "key": "hashtag_strategy"},
    ),
]


@pytest.mark.parametrize(("code", "broken"), [(code, broken) for code, broken, _ in SEEDS])
def test_a_fault_is_found(code, broken):
    assert code in findings(**broken)


@pytest.mark.parametrize(("code", "near_miss"), [(code, near_miss) for code, _, near_miss in SEEDS])
def test_a_near_miss_is_left_alone(code, near_miss):
    assert code not in findings(**near_miss)


def test_weekend_posts_for_consumers_are_fine():
    assert "CALENDAR_WEEKEND" not in findings(calendar={})


@pytest.mark.parametrize(("repeated", "status"), [(3, "WARN"), (12, "FAIL")])
def test_repeated_hooks_fail_from_three_in_ten_on(repeated, status):
    calendar = dict.fromkeys(range(repeated), SAME)
    assert findings(calendar=calendar)["CALENDAR_DUPLICATE_HOOK"].status == status


def test_a_faultless_calendar_has_no_findings():
    assert findings(calendar={}) == {}
