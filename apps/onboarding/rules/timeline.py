"""How many weeks the work may take."""

import re
from datetime import date
from typing import NamedTuple

from apps.onboarding.rules import periods
from apps.onboarding.rules.dates import find_day

DEFAULT_WEEKS = 12
"""What a project takes where the client does not say (the intake form shows it, too)."""
MOST_WEEKS = 260

_NUMBER_WORDS = {
    "one": 1, "a": 1, "an": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10,
    "twelve": 12, "half a": 0.5, "half": 0.5, "ein": 1, "eine": 1, "einen": 1, "zwei": 2, "drei": 3, "vier": 4,
    "sechs": 6, "zwölf": 12, "ein halbes": 0.5, "un": 1, "une": 1, "una": 1, "um": 1, "uma": 1, "deux": 2, "trois": 3,
    "dos": 2, "tres": 3, "dois": 2, "duas": 2, "três": 3, "due": 2, "tre": 3, "dwa": 2, "trzy": 3, "twee": 2,
    "drie": 3,
}  # fmt: skip
_COUNT = rf"\d{{1,4}}(?:[.,]\d{{1,2}})?|{'|'.join(sorted(_NUMBER_WORDS, key=len, reverse=True))}"
_TO = r"(?:-|–|—|−|to|or|until|bis(?:\s+zu)?|oder|à|a|ou|o|do|tot|til|till)"
_DURATION = re.compile(
    rf"(?<![\w.,])(?P<low>{_COUNT})(?:\s*(?P<low_unit>{periods.UNIT}))?(?:\s*{_TO}\s*(?:max\.?\s*)?(?P<high>{_COUNT}))?"
    rf"\s*-?\s*(?P<unit>{periods.UNIT})(?![^\W\d_])",
    re.IGNORECASE,
)


class Weeks(NamedTuple):
    """A range of weeks; `is_given` tells whether the client named it."""

    least: int
    most: int
    is_given: bool


def read_weeks(text: str, *, from_day: date, country: str) -> Weeks:
    """Return the weeks a text names: a range, a number of any unit of time, or the time to a day.

    Days, months, quarters and years become whole weeks, rounded ("90 days" are 13, "3 months" 13). A bare number
    counts weeks, because the form asks for them. Without any of these: 12, not given.
    """
    found = _duration(text) or _bare(text) or _until(text, from_day, country)
    if found and min(found) >= 1 and max(found) <= MOST_WEEKS:
        return Weeks(min(found), max(found), is_given=True)
    return Weeks(DEFAULT_WEEKS, DEFAULT_WEEKS, is_given=False)


def _duration(text: str) -> tuple[int, int] | None:
    found = _DURATION.search(text)
    if not found:
        return None
    unit = periods.unit_of(found["unit"])
    low_unit = periods.unit_of(found["low_unit"]) if found["low_unit"] else unit
    return _weeks(found["low"], low_unit), _weeks(found["high"] or found["low"], unit)


def _weeks(count: str, unit: str) -> int:
    number = _NUMBER_WORDS.get(count.casefold())
    return _rounded((float(count.replace(",", ".")) if number is None else number) * periods.DAYS[unit])


def _rounded(days: float) -> int:
    return int(days / 7 + 0.5)


def _bare(text: str) -> tuple[int, int] | None:
    found = re.fullmatch(rf"\s*(\d{{1,3}})(?:\s*{_TO}\s*(\d{{1,3}}))?\s*", text, re.IGNORECASE)
    return (int(found[1]), int(found[2] or found[1])) if found else None


def _until(text: str, from_day: date, country: str) -> tuple[int, int] | None:
    found = find_day(text, after=from_day, country=country, edge="last")
    if not found:
        return None
    weeks = _rounded((found[0] - from_day).days)
    return weeks, weeks
