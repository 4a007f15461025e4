"""Days that clients name: "1. April 2026", "end of Q2", "Ende Juni".

Month names come from Babel; `dateparser` would know more, but takes milliseconds a text and reads any number as a day.
"""

import calendar
import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from babel import Locale

_LOCALES = [
    "en",
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "nl",
    "pl",
    "cs",
    "sk",
    "sl",
    "hr",
    "da",
    "sv",
    "nb",
    "fi",
    "ro",
    "hu",
    "et",
    "lv",
    "lt",
    "ga",
    "tr",
]
_MONTH_FIRST = frozenset({"US", "PH", "PR", "GU", "FM", "MH", "PW"})
_END = (
    r"(?:the\s+)?(?:end|close)\s+of|ende|fin(?:ales)?\s+de|(?:o\s+)?fi(?:m|nal)\s+d[eo]|fine(?:\s+di)?|końca"
    r"|koniec|eind|slutet\s+av|slutten\s+av"
)
_START = (
    r"(?:the\s+)?(?:beginning|start)\s+of|early|anfang|début|principios\s+de|início\s+de|inizio(?:\s+di)?|początek"
    r"|begin"
)
_MIDDLE = r"mid[- ]|(?:the\s+)?middle\s+of|mitte|mi-|mediados\s+de|meados\s+de|metà(?:\s+di)?|połowa"

Edge = Literal["first", "last"]


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    months: dict[str, int] = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9}
    months |= {"sept": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12}
    for code in _LOCALES:
        for form in ("format", "stand-alone"):
            for number, name in Locale(code).months[form]["wide"].items():
                months.setdefault(name.casefold(), number)
    return months


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    month = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    year = r"(?:,?\s*(?:de\s+|del\s+)?(?P<year>20\d\d))?"
    edge = (
        rf"(?:(?P<end>{_END})\s+|(?P<start>{_START})\s+|(?P<middle>{_MIDDLE})\s*)?(?:the\s+|of\s+|de\s+|des\s+|do\s+)?"
    )
    found = {
        "iso": r"(?P<year>20\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
        "numbers": r"(?P<day>\d{1,2})(?P<separator>[./-])\s?(?P<month>\d{1,2})(?:(?P=separator)\s?(?P<year>20\d\d"
        r"|\d\d)?)?",
        "day_month": rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?\s+(?:of\s+|de\s+|d')?(?P<name>{month})\.?{year}",
        "month_day": rf"(?P<name>{month})\.?\s+(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d){year}",
        "month": rf"(?<![\d.]\s){edge}(?P<name>{month})\.?{year}",
        "quarter": rf"{edge}(?:q(?P<quarter>[1-4])|(?P<ordinal>[1-4])\.?\s*(?:quartal|quarter"
        rf"|trimestre))\.?(?:\s*/?\s*(?P<year>20\d\d))?",
        "year_end": rf"(?P<end>{_END})\s+(?:the\s+|this\s+|des\s+|d[eo]\s+)?(?:year|jahres?|l'année|année|año|ano"
        rf"|anno|roku|jaar)",
    }
    return {kind: re.compile(rf"(?<![\w]){pattern}(?!\w)", re.IGNORECASE) for kind, pattern in found.items()}


def find_day(text: str, *, after: date, country: str, edge: Edge) -> tuple[date, int, int] | None:
    """Find the first day a text names, as (day, start, end).

    A day without a year is the next one from `after` on. `edge` says which day of a month or a quarter is meant where
    the text does not. "3/4/2026" is 4 March in the countries that put the month first, elsewhere 3 April.
    """
    hits = []
    for order, (kind, pattern) in enumerate(_patterns().items()):
        for found in pattern.finditer(text):
            day = _day(kind, found, after, country, edge)
            if day:
                hits.append((found.start(), order, day, found.end()))
                break
    if not hits:
        return None
    start, _, day, end = min(hits)
    return day, start, end


def day_span(text: str) -> tuple[int, int] | None:
    """Return where the first words are that name a day, a month, a quarter or the end of the year."""
    spans = [found.span() for pattern in _patterns().values() if (found := pattern.search(text))]
    return min(spans, key=lambda span: (span[0], -span[1])) if spans else None


def _day(kind: str, found: re.Match[str], after: date, country: str, edge: Edge) -> date | None:
    parts = found.groupdict()
    if kind == "year_end":
        return date(after.year, 12, 31)
    month_count = 3 if kind == "quarter" else 1
    month = _month(kind, parts)
    day = int(parts["day"]) if parts.get("day") else None
    if kind == "numbers" and parts["separator"] != "." and day is not None and country in _MONTH_FIRST:
        day, month = month, day
    if not 1 <= month <= 12 or (kind == "numbers" and parts["separator"] != "." and not parts["year"]):
        return None
    year = int(parts["year"]) if parts.get("year") else None
    if day is None:
        return _edge_day(parts, after, year, month, month_count, edge)
    return _next(after, year + 2000 if year is not None and year < 100 else year, month, day)


def _month(kind: str, parts: dict[str, str | None]) -> int:
    if kind == "quarter":
        return int(parts["quarter"] or parts["ordinal"] or 1) * 3 - 2
    return int(parts["month"]) if parts.get("month") else _months()[(parts["name"] or "").casefold()]  # type: ignore[arg-type]


def _edge_day(
    parts: dict[str, str | None], after: date, year: int | None, month: int, months: int, edge: Edge
) -> date | None:
    last = parts.get("end") or (edge == "last" and not parts.get("start") and not parts.get("middle"))
    if parts.get("middle"):
        return _next(after, year, month + months // 2, 15)
    if not last:
        return _next(after, year, month, 1)
    month += months - 1
    last_day = _next(after, year, month, 28)
    return last_day and last_day.replace(day=calendar.monthrange(last_day.year, month)[1])


def _next(after: date, year: int | None, month: int, day: int) -> date | None:
    for candidate in (year,) if year else (after.year, after.year + 1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            return None
        if year or found >= after:
            return found
    return found


def monday_after(day: date) -> date:
    """Return the first Monday after a day; from a Monday, the next one."""
    return day + timedelta(days=7 - day.weekday())
