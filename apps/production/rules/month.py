"""A content calendar laid out by months, in weeks from Monday to Sunday."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from apps.production.api.dtos import CalendarItem

_WEEKS = Calendar()


@dataclass(frozen=True)
class Day:
    """One square of the grid; a day that belongs to the month before or after is shown there, with its posts."""

    date: date
    is_outside: bool
    posts: tuple[CalendarItem, ...]


@dataclass(frozen=True)
class Month:
    """The weeks of a month from its first post to its last, seven days each."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]


def lay_out(posts: Iterable[CalendarItem]) -> tuple[Month, ...]:
    """Return the months that have posts, in order; none for an empty calendar."""
    by_day: dict[date, list[CalendarItem]] = defaultdict(list)
    for post in posts:
        by_day[post.date].append(post)
    return tuple(_month(first, by_day) for first in sorted({day.replace(day=1) for day in by_day}))


def _month(first: date, by_day: Mapping[date, list[CalendarItem]]) -> Month:
    weeks = [
        tuple(_day(day, first, by_day) for day in week) for week in _WEEKS.monthdatescalendar(first.year, first.month)
    ]
    busy = [place for place, week in enumerate(weeks) if any(day.posts for day in week)]
    return Month(first, tuple(weeks[busy[0] : busy[-1] + 1]))


def _day(day: date, first: date, by_day: Mapping[date, list[CalendarItem]]) -> Day:
    is_outside = (day.year, day.month) != (first.year, first.month)
    return Day(day, is_outside, () if is_outside else tuple(by_day.get(day, ())))
