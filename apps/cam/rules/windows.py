"""When a lead may be written to: by the clock on their wall, on working days of their country."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from babel.core import get_global

LOOKS_AHEAD = timedelta(days=21)
"""No country's holidays and weekends last longer."""


@dataclass(frozen=True)
class Window:
    """From when until when, on which days and by whose clock."""

    opens: time
    closes: time
    zone: ZoneInfo
    on_weekends: bool = False
    country: str = ""


@lru_cache
def zones_of(country: str) -> tuple[str, ...]:
    """Return the time zones of a country (ISO 3166)."""
    return tuple(sorted(name for name, territory in get_global("zone_territories").items() if territory == country))


def zone_of(lead_zone: str, country: str, campaign_zone: str, *, at: datetime) -> ZoneInfo:
    """Return by whose clock a lead lives: its own zone, else its country's where all of it has one time, else ours."""
    if lead_zone and (own := _zone(lead_zone)):
        return own
    zones = [zone for name in zones_of(country) if (zone := _zone(name))] if country else []
    if len({at.astimezone(zone).utcoffset() for zone in zones}) == 1:
        return zones[0]
    return ZoneInfo(campaign_zone)


def why_closed(window: Window, at: datetime) -> str:
    """Return why it is no time to write, empty where it is."""
    local = at.astimezone(window.zone)
    if why := why_no_working_day(window, local.date()):
        return why
    if not window.opens <= local.time() < window.closes:
        hours = f"from {window.opens:%H:%M} to {window.closes:%H:%M}"
        return f"It is {local:%H:%M} where they are; the campaign writes {hours}."
    return ""


def why_no_working_day(window: Window, day: date) -> str:
    """Return why nobody is written to on a day, empty where people work."""
    if not window.on_weekends and day.weekday() >= 5:
        return "It is the weekend where they are."
    if name := _holidays(window.country, day.year).get(day, ""):
        return f"It is a holiday where they are: {name}."
    return ""


def next_opening(window: Window, after: datetime) -> datetime:
    """Return the next moment from which on a window is open, in UTC: `after` itself where it is open then."""
    if not why_closed(window, after):
        return after
    today = after.astimezone(window.zone).date()
    for days in range(LOOKS_AHEAD.days):
        day = today + timedelta(days=days)
        opening = _moment(day, window.opens, window.zone)
        if opening > after and not why_no_working_day(window, day) and not why_closed(window, opening):
            return opening
    return after + LOOKS_AHEAD


def start_of_day(at: datetime, zone: ZoneInfo) -> datetime:
    """Return when the day began that a moment lies in."""
    return _moment(at.astimezone(zone).date(), time(), zone)


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return when a clock shows a time; a time that the clock leaps over is when it has leapt."""
    local = datetime.combine(day, clock, zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    before, after = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    return _end_of_leap(moment, zone, abs((before or timedelta()) - (after or timedelta())))


def _end_of_leap(near: datetime, zone: ZoneInfo, width: timedelta) -> datetime:
    """Return the moment of a leap that lies within `width` of another, to the second."""
    low, high = near - width, near + width
    shift = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == shift else (low, middle)
    return high.replace(microsecond=0)


@lru_cache(maxsize=512)
def _holidays(country: str, year: int) -> dict[date, str]:
    if country not in _countries():
        return {}
    return dict(holidays.country_holidays(country, years=year).items())


@lru_cache
def _countries() -> frozenset[str]:
    return frozenset(holidays.list_supported_countries())


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
