"""How much may go out: of a mailbox that warms up, of a campaign, and to one person."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Used:
    """How many mails went out today and in the last hour, those that may have gone out included."""

    today: int
    this_hour: int


def day_cap(daily_cap: int, warm_up_from: date | None, start: int, step: int, day: date) -> int:
    """Return how many mails a mailbox may send on a day: a few on its first one, more on each day after it.

    Mail systems distrust an address that writes to hundreds of strangers on its first day.
    """
    if warm_up_from is None:
        return daily_cap
    days = (day - warm_up_from).days
    return 0 if days < 0 else min(daily_cap, start + step * days)


def why_full(who: str, used: Used, *, a_day: int, an_hour: int) -> str:
    """Return why nothing more goes out for now, empty where something may."""
    if used.today >= a_day:
        return f"{who} has sent its {a_day} for today."
    if used.this_hour >= an_hour:
        return f"{who} has sent its {an_hour} for this hour."
    return ""


def cool_until(last: datetime | None, hours: int) -> datetime | None:
    """Return until when a person is left alone after their last mail."""
    return None if last is None else last + timedelta(hours=hours)
