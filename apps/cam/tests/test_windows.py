"""A window by the lead's clock …"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from apps.cam.rules.windows import Window, next_opening, start_of_day, why_closed, zone_of

SECOND = timedelta(seconds=1)

ZONES = {
    # zone: (country, the days on which its clocks change in 2026, hours from UTC before and after each)
    "Europe/Dublin": ("", ((date(2026, 3, 29), 0, 1), (date(2026, 10, 25), 1, 0))),
    "Europe/Berlin": ("", ((date(2026, 3, 29), 1, 2), (date(2026, 10, 25), 2, 1))),
    "Europe/Athens": ("", ((date(2026, 3, 29), 2, 3), (date(2026, 10, 25), 3, 2))),
    "America/New_York": ("", ((date(2026, 3, 8), -5, -4), (date(2026, 11, 1), -4, -5))),
    "America/Los_Angeles": ("", ((date(2026, 3, 8), -8, -7), (date(2026, 11, 1), -7, -8))),
    "America/St_Johns": ("", ((date(2026, 3, 8), -3.5, -2.5), (date(2026, 11, 1), -2.5, -3.5))),
    "America/Santiago": ("", ((date(2026, 4, 5), -3, -4), (date(2026, 9, 6), -4, -3))),
    "Australia/Sydney": ("", ((date(2026, 4, 5), 11, 10), (date(2026, 10, 4), 10, 11))),
    "Australia/Lord_Howe": ("", ((date(2026, 4, 5), 11, 10.5), (date(2026, 10, 4), 10.5, 11))),
    "Pacific/Auckland": ("", ((date(2026, 4, 5), 13, 12), (date(2026, 9, 27), 12, 13))),
    "Asia/Kolkata": ("", ((date(2026, 3, 29), 5.5, 5.5), (date(2026, 10, 25), 5.5, 5.5))),
    "Asia/Tokyo": ("", ((date(2026, 3, 29), 9, 9), (date(2026, 10, 25), 9, 9))),
}
EDGES = [
    (zone, day + timedelta(days=away), before if away < 0 else after)
    for zone, (_, changes) in ZONES.items()
    for day, before, after in changes
    for away in (-1, 0, 1)
]


def utc(day: date, clock: time, hours: float) -> datetime:
    """Return when a clock so many hours from UTC shows a time."""
    return datetime.combine(day, clock, timezone(timedelta(hours=hours))).astimezone(UTC)


@pytest.mark.parametrize(("zone", "day", "hours"), EDGES, ids=lambda each: str(each))
def test_opens_and_closes_to_the_second_around_both_changes_of_the_clocks(zone: str, day: date, hours: float) -> None:
    window = Window(time(9), time(17), ZoneInfo(zone), on_weekends=True)
    opens, closes = utc(day, time(9), hours), utc(day, time(17), hours)
    said = [bool(why_closed(window, at)) for at in (opens - SECOND, opens, opens + SECOND)]
    said += [bool(why_closed(window, at)) for at in (closes - SECOND, closes, closes + SECOND)]
    assert said == [True, False, False, False, True, True]
    assert next_opening(window, opens - SECOND) == opens
    assert next_opening(window, opens) == opens
    following = next_opening(window, closes)
    assert following.astimezone(window.zone).time() == time(9)
    assert following.astimezone(window.zone).date() == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "day", "opens", "expected"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, tzinfo=UTC)),  # leaps 2 to 3
        ("America/New_York", date(2026, 3, 8), time(2, 15), datetime(2026, 3, 8, 7, tzinfo=UTC)),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ],
)
def test_that_opens_at_a_time_the_clock_leaps_over_opens_when_it_has_leapt(
    zone: str, day: date, opens: time, expected: datetime
) -> None:
    window = Window(opens, time(17), ZoneInfo(zone), on_weekends=True)
    assert next_opening(window, expected - timedelta(hours=1)) == expected
    assert why_closed(window, expected - SECOND)
    assert not why_closed(window, expected)


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (date(2026, 3, 14), "weekend"),
        (date(2026, 3, 15), "weekend"),
        (date(2026, 3, 17), "Saint Patrick's Day"),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 3, 18), ""),
    ],
)
def test_is_shut_when_nobody_works_there(day: date, says: str) -> None:
    window = Window(time(9), time(17), ZoneInfo("Europe/Dublin"), country="IE")
    why = why_closed(window, utc(day, time(12), 0))
    assert (says in why) if says else why == ""


def test_of_a_campaign_that_writes_on_weekends_is_open_then() -> None:
    window = Window(time(9), time(17), ZoneInfo("Europe/Dublin"), on_weekends=True, country="IE")
    assert why_closed(window, datetime(2026, 3, 14, 12, tzinfo=UTC)) == ""


def test_opens_after_a_long_weekend() -> None:
    window = Window(time(9), time(17), ZoneInfo("Europe/Berlin"), country="DE")
    before_easter = datetime(2026, 4, 2, 16, tzinfo=UTC)  # a Thursday evening; Friday and Monday are holidays
    assert next_opening(window, before_easter) == datetime(2026, 4, 7, 7, tzinfo=UTC)


def test_of_a_country_without_known_holidays_goes_by_weekdays_alone() -> None:
    window = Window(time(9), time(17), ZoneInfo("UTC"), country="XX")
    assert why_closed(window, datetime(2026, 12, 25, 12, tzinfo=UTC)) == ""


@pytest.mark.parametrize(
    ("lead_zone", "country", "expected"),
    [
        ("Asia/Tokyo", "IE", "Asia/Tokyo"),
        ("", "IE", "Europe/Dublin"),
        ("", "DE", "Europe/Berlin"),  # Büsingen has the same time
        ("", "US", "Europe/Lisbon"),
        ("", "", "Europe/Lisbon"),
        ("Mars/Olympus", "JP", "Asia/Tokyo"),
        ("", "XX", "Europe/Lisbon"),
    ],
)
def test_goes_by_the_lead_s_zone_else_its_country_s_else_the_campaign_s(
    lead_zone: str, country: str, expected: str
) -> None:
    at = datetime(2026, 3, 3, 12, tzinfo=UTC)
    assert str(zone_of(lead_zone, country, "Europe/Lisbon", at=at)) == expected


@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 12, tzinfo=UTC), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 29, 22, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        ("America/Santiago", datetime(2026, 9, 6, 12, tzinfo=UTC), datetime(2026, 9, 6, 4, tzinfo=UTC)),  # no midnight
    ],
)
def test_begins_a_day_where_the_campaign_is(zone: str, at: datetime, expected: datetime) -> None:
    assert start_of_day(at, ZoneInfo(zone)) == expected
