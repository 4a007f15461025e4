"""What a cell of a table says: a number, a day, a name; or that it says none, and what to do about it."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from apps.reporting.rules.names import OURS

PLACES, DIGITS = 4, 16
"""Of a value: how many decimals its column has, and how many digits stand before them."""
LONGEST_NAME, LONGEST_UNIT = 200, 120
FIRST_YEAR = 2000

DecimalMark = Literal[".", ","]
DayOrder = Literal["DMY", "MDY"]

_NOTHING = {"", "-", "--", "–", "—", "n/a", "na", "n. a.", "null", "none", "(not set)", "k. a."}
_SIGNS = {"\N{MINUS SIGN}": "-", "\N{FIGURE DASH}": "-", "\N{RIGHT SINGLE QUOTATION MARK}": "'"}
_CURRENCY = r"(?:[A-Z]{3}|[A-Z]{0,2}[$€£¥₹₽₺₩₪₫₴₦]|Kč|kr\.?|zł|Ft|lei)"
_NUMBER = re.compile(
    rf"(?P<bracket>\()?\s*(?P<sign>[-+]?)\s*(?:{_CURRENCY}\s*)?(?P<inner>[-+]?)\s*"
    r"(?P<digits>[0-9][0-9 .,']*|[.,][0-9]+)"
    rf"\s*(?P<share>%)?\s*(?:{_CURRENCY})?\s*(?P<close>\))?"
)
_EXPONENT = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?[eE][-+]?[0-9]{1,2}")
_ISO = re.compile(r"([0-9]{4})[-/]?([0-9]{2})[-/]?([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_PARTED = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\.? ([^\W\d_]+)\.?,? ([0-9]{4})")
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.? ([0-9]{1,2}),? ([0-9]{4})")
_WEEKDAY = re.compile(r"[^\W\d_]{2,10}\.?, ")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*")
_MONTHS = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "oct": 10,
    "nov": 11,
}
_MONTHS |= {"dec": 12, "mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12}


class CellRefused(ValueError):
    """A cell does not say what its column is for; the message continues the column's name."""


@dataclass(frozen=True)
class Number:
    """A number as it stands in a cell, and whether it stands there in percent."""

    value: Decimal
    is_share: bool = False


def plain_text(text: str) -> str:
    """Return a text without what cannot be seen, and with single spaces."""
    seen = "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Cc") or each in "\t\n\r")
    return " ".join(seen.split())


def read_number(text: str, mark: DecimalMark) -> Number | None:
    """Return the number in a cell whose decimals stand behind a mark; None where it says that there is none.

    Raises CellRefused for what is no number, and for one whose separators do not fit the mark.
    """
    said = plain_text(unicodedata.normalize("NFKC", text).translate(str.maketrans(_SIGNS)))
    if said.casefold() in _NOTHING:
        return None
    if _EXPONENT.fullmatch(said):
        return Number(Decimal(said))
    found = _NUMBER.fullmatch(said)
    if found is None or bool(found["bracket"]) != bool(found["close"]) or (found["sign"] and found["inner"]):
        raise CellRefused(f"says “{said[:40]}”, which is no number; write digits alone, or leave it empty")
    value = _digits(found["digits"].strip(), mark)
    is_negative = bool(found["bracket"]) or "-" in (found["sign"], found["inner"])
    return Number(-value if is_negative else value, is_share=bool(found["share"]))


def _digits(text: str, mark: DecimalMark) -> Decimal:
    whole, has_mark, fraction = text.partition(mark)
    group = r"[ .,']".replace(mark, "")
    grouped = re.fullmatch(rf"[0-9]{{1,3}}(?:({group})[0-9]{{3}}(?:\1[0-9]{{3}})*)?|[0-9]*", whole)
    if grouped is None or (has_mark and not re.fullmatch("[0-9]+", fraction)):
        other = "comma" if mark == "." else "point"
        raise CellRefused(
            f"says “{text[:40]}”, where the separators stand in no order; see whether its decimals stand behind "
            f"a {other}"
        )
    return Decimal(f"{re.sub('[^0-9]', '', whole) or 0}.{fraction or 0}")


def fitting(value: Decimal, *, rounds: bool) -> Decimal:
    """Return a value as its column holds it. Raises CellRefused for one with more digits than that."""
    if not value.is_finite():
        raise CellRefused("is no number")
    kept = value.quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_EVEN) if abs(value) < 10**DIGITS else None
    if kept is None or abs(kept) >= 10**DIGITS:
        raise CellRefused(f"has more than {DIGITS} digits before its decimals; see whether it is a number at all")
    if kept != value and not rounds:
        raise CellRefused(f"has more than {PLACES} decimals; round it, or choose to have numbers rounded")
    return kept


def guess_mark(cells: Iterable[str]) -> DecimalMark:
    """Return behind which mark the decimals of some numbers stand, as far as they tell."""
    votes = {".": 0, ",": 0}
    for cell in cells:
        said = "".join(each for each in cell if each in "0123456789.,")
        marks = [each for each in said if each in votes]
        if len(set(marks)) == 2:
            votes[marks[-1]] += 1
        elif len(marks) > 1:
            votes[{".": ",", ",": "."}[marks[0]]] += 1
        elif marks and len(said.rpartition(marks[0])[2]) != 3:
            votes[marks[0]] += 1
    return "," if votes[","] > votes["."] else "."


def read_moment(text: str, *, zone: ZoneInfo, order: DayOrder, at: datetime) -> datetime:
    """Return the moment, in UTC, that a cell names: a day or a month is where it begins in a time zone.

    Raises CellRefused for what is no day, and for one that is yet to come at the moment `at`.
    """
    said = plain_text(unicodedata.normalize("NFKC", text))
    try:
        moment = _moment(said, zone, order).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        example = "2026-03-31"
        raise CellRefused(f"says “{said[:40]}”, which is no day that exists; write {example}") from error
    if (year := moment.astimezone(zone).year) < FIRST_YEAR:
        raise CellRefused(f"names the year {year}; values are taken from {FIRST_YEAR} on")
    if moment > at:
        raise CellRefused(f"says “{said[:40]}”, which is yet to come; only what was measured is taken")
    return moment


def _moment(said: str, zone: ZoneInfo, order: DayOrder) -> datetime:
    if _MOMENT.fullmatch(said):
        moment = datetime.fromisoformat(said)
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return datetime.combine(_day(said, order), time(), zone)


def _day(said: str, order: DayOrder) -> date:
    if found := _ISO.fullmatch(said):
        return date(*map(int, found.groups()))
    if found := _MONTH.fullmatch(said):
        return date(int(found[1]), int(found[2]), 1)
    if found := _PARTED.fullmatch(said):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        is_day_first = order == "DMY" or found[2] == "."
        return date(year, second, first) if is_day_first else date(year, first, second)
    said = _WEEKDAY.sub("", said, count=1) if _WEEKDAY.match(said) else said
    if found := _DAY_FIRST.fullmatch(said):
        return date(int(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_FIRST.fullmatch(said):
        return date(int(found[3]), _month(found[1]), int(found[2]))
    raise ValueError(said)


def _month(name: str) -> int:
    number = _MONTHS.get(name.casefold()[:3])
    if number is None:
        raise ValueError(name)
    return number


def guess_order(cells: Iterable[str]) -> DayOrder:
    """Return whether day or month stands first in some days, as far as they tell."""
    found = [each for each in (_PARTED.fullmatch(plain_text(cell)) for cell in cells) if each and each[2] != "."]
    return "MDY" if any(int(each[3]) > 12 for each in found) else "DMY"


def read_name(text: str) -> str:
    """Return what a metric is called. Raises CellRefused for none, for too much, and for names that are the house's."""
    name = plain_text(text)
    if not name:
        raise CellRefused("is empty; name what was measured")
    if len(name) > LONGEST_NAME:
        raise CellRefused(f"has more than {LONGEST_NAME} characters; shorten it")
    if is_ours(name):
        raise CellRefused(f"says “{name}”, which we count ourselves; give it another name")
    return name


def read_unit(text: str) -> str:
    """Return what a metric is counted in; "" where nothing is said. Raises CellRefused for too much."""
    unit = plain_text(text)
    if len(unit) > LONGEST_UNIT:
        raise CellRefused(f"has more than {LONGEST_UNIT} characters; shorten it")
    return unit


def is_ours(name: str) -> bool:
    """Tell whether a name is, or looks like, that of a metric which the platform counts itself."""
    folded = re.sub(r"[\W_]+", "_", unicodedata.normalize("NFKC", plain_text(name)).casefold()).strip("_")
    return folded in OURS
