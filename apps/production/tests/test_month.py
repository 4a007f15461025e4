"""The calendar by months …"""

from datetime import date, timedelta

from apps.production.api.dtos import CalendarItem
from apps.production.rules.month import lay_out


def post(day: date, platform: str = "LinkedIn") -> CalendarItem:
    words = {"theme": "Prices", "format": "Post", "hook": "What is it?", "caption": "This.", "call_to_action": "Ask."}
    return CalendarItem(date=day, platform=platform, **words)


def test_has_nothing_to_show_for_an_empty_calendar() -> None:
    assert lay_out(()) == ()


def test_shows_each_post_once_across_a_months_border() -> None:
    days = [date(2026, 3, 9) + timedelta(days=n) for n in range(30)]
    months = lay_out([post(day) for day in days])
    assert [month.first for month in months] == [date(2026, 3, 1), date(2026, 4, 1)]
    shown = [item.date for month in months for week in month.weeks for day in week for item in day.posts]
    assert shown == days


def test_begins_each_week_on_monday() -> None:
    (month,) = lay_out([post(date(2026, 3, 11))])
    ((monday, *_, sunday),) = month.weeks
    assert (monday.date, sunday.date) == (date(2026, 3, 9), date(2026, 3, 15))


def test_leaves_days_of_the_next_month_empty_in_a_shared_week() -> None:
    march, april = lay_out([post(date(2026, 3, 31)), post(date(2026, 4, 1))])
    assert march.weeks[-1][2].date == april.weeks[0][2].date == date(2026, 4, 1)
    assert (march.weeks[-1][2].is_outside, march.weeks[-1][2].posts) == (True, ())
    assert not april.weeks[0][2].is_outside


def test_keeps_an_idle_week_between_busy_ones() -> None:
    (month,) = lay_out([post(date(2026, 3, 2)), post(date(2026, 3, 17))])
    assert [any(day.posts for day in week) for week in month.weeks] == [True, False, True]


def test_crosses_the_turn_of_the_year_with_a_leap_february() -> None:
    months = lay_out([post(date(2027, 12, 31)), post(date(2028, 2, 29))])
    assert [month.first for month in months] == [date(2027, 12, 1), date(2028, 2, 1)]


def test_keeps_several_posts_of_a_day_together() -> None:
    (month,) = lay_out([post(date(2026, 3, 4), "LinkedIn"), post(date(2026, 3, 4), "E-mail")])
    assert [item.platform for item in month.weeks[0][2].posts] == ["LinkedIn", "E-mail"]
