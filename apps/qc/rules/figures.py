"""Numbers in text: what they are worth, what kind they are, and which belong to the calendar rather than to a claim."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from apps.qc.rules.phrases import word_set

SYMBOLS = {
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP"}),
    "$": frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"}),
    "₹": frozenset({"INR"}),
    "¥": frozenset({"JPY", "CNY"}),
    "zł": frozenset({"PLN"}),
    "kr": frozenset({"SEK", "NOK", "DKK"}),
}
CODES = word_set(
    "EUR USD GBP CHF INR JPY CNY AUD CAD NZD SGD HKD SEK NOK DKK PLN CZK HUF RON BRL MXN ZAR AED SAR TRY ILS KRW"
)
MONTHS = list(calendar.month_name)[1:]

_CURRENCY = "|".join([*map(re.escape, SYMBOLS), *sorted(CODES)])
_NUMBER = re.compile(
    rf"(?P<before>(?<!\w)(?:{_CURRENCY})\s?)?"
    r"(?<![\w.,:/×#§])(?<![^\W\d]-)(?P<digits>\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?)"
    r"(?P<scale>\s?(?:[kK]|million)\b)?"
    rf"(?P<after>\s?(?:%|percent\b|per cent\b|(?:{_CURRENCY})(?!\w)))?"
    r"(?P<times>\s?[x×](?=\s[a-z]))?"
    r"(?![\w:/×]\d|\w)"
)
_HAS_DIGIT = re.compile(r"\d")
_MONTH = "(?:" + "|".join(f"{name}|{name[:3]}" for name in MONTHS) + ")"
_DATE = re.compile(
    r"(?P<iso>\b\d{4}-\d\d-\d\d\b)"
    rf"|(?P<day>\b\d{{1,2}})(?:st|nd|rd|th)?\.? (?P<month>{_MONTH})\b\.?(?:,? (?P<year>\d{{4}})\b)?"
    rf"|\b(?P<month2>{_MONTH})\.? (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year2>\d{{4}})\b)?"
)
_NO_FIGURE = re.compile(
    r"\b\d{1,2}[:.]\d\d\s?(?:am|pm|h)\b|\b\d{1,2}:\d\d\b"  # times of day
    r"|\b\d+(?:\.\d+)?\s?[:×x/]\s?\d+\b(?!\s?%)"  # ratios, sizes, "24/7"
    r"|\b(?:weeks?|days?|phases?|months?|steps?|rounds?|versions?|parts?|quarters?|Q|KW|H|level|tier|no\.|#)"
    r"\s?\d+(?:\s?(?:-|–|to|and|/)\s?\d+)?\b"  # ordinals
    r"|\b\d+(?:st|nd|rd|th)\b|§+\s?\d+\w*|https?://\S+|\b[\w.]+@\S+|#\w+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Figure:
    """A number in a text, however its language separates thousands and decimals."""

    start: int
    end: int
    value: Decimal
    kind: Literal["money", "percent", "times", "plain"]
    currencies: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def figures_in(text: str) -> tuple[Figure, ...]:
    """Return the numbers of a text, in order; dates, times, ratios and ordinals are left out."""
    if not _HAS_DIGIT.search(text):
        return ()
    masked = _NO_FIGURE.sub(_blank, _DATE.sub(_blank, text))
    return tuple(_figure(match) for match in _NUMBER.finditer(masked))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _figure(match: re.Match[str]) -> Figure:
    scale = {"k": 1000, "million": 1_000_000}.get((match["scale"] or "").strip().lower(), 1)
    value = _value(match["digits"]) * scale
    before, after = (match["before"] or "").strip(), (match["after"] or "").strip()
    sign = before or after
    if sign and sign[0] not in "%p":
        currencies = SYMBOLS.get(sign, frozenset({sign}))
        return Figure(match.start(), match.end(), value, "money", currencies)
    kind = "percent" if after else "times" if match["times"] else "plain"
    return Figure(match.start(), match.end(), value, kind)


def _value(digits: str) -> Decimal:
    """Return what digits are worth. The last separator is a decimal one unless exactly three digits follow it, as they
    do in "2,900" and "45.000", and it has not stood for something else before, as in "1.234,567"."""
    compact = digits.replace(" ", "").replace("'", "")
    whole, separator, fraction = compact.replace(",", ".").rpartition(".")
    mixed = len(set(re.findall(r"[.,]", compact))) == 2
    if not separator or (len(fraction) == 3 and whole != "0" and not mixed):
        return Decimal(re.sub(r"[.,]", "", compact))
    return Decimal(f"{whole.replace('.', '')}.{fraction}")


def dates_in(text: str, *, year: int) -> Iterator[tuple[re.Match[str], date]]:
    """Yield the dates written in a text; one without a year is taken to lie in `year`."""
    for match in _DATE.finditer(text) if _HAS_DIGIT.search(text) else ():
        try:
            yield match, _date_of(match, year)
        except ValueError:  # "30 February"
            continue


def _date_of(match: re.Match[str], year: int) -> date:
    if match["iso"]:
        return date.fromisoformat(match["iso"])
    name = match["month"] or match["month2"]
    month = next(number for number, full in enumerate(MONTHS, 1) if full.startswith(name[:3]))
    return date(int(match["year"] or match["year2"] or year), month, int(match["day"] or match["day2"]))
