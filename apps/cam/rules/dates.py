"""When somebody says they are back: a date in words, taken relative to the day of the mail."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import get_day_names, get_month_names

from apps.cam.rules.languages import LANGUAGES, folded, phrases

MOST_CHARACTERS = 4_000
MOST_DAYS_AHEAD = 400
MOST_DAYS_PAST = 60
BEFORE, AFTER = 45, 32
"""How many characters around a date a word may stand that tells what the date means."""
NAMES_A_DATE = 8
"""So near behind it, a weekday has its date: “Monday, the 16th of March”."""


def _names(function: object, *, shift: int) -> dict[str, int]:
    """Return the names of months or days, long and short, of all languages."""
    names: dict[str, int] = {}
    for language in LANGUAGES:
        for width in ("abbreviated", "wide"):
            for context in ("format", "stand-alone"):
                for number, name in function(width, context, language.locale).items():  # type: ignore[operator]
                    names[folded(str(name)).strip(".")] = number + shift
    return {name: number for name, number in names.items() if len(name) > 2}


_MONTHS = _names(get_month_names, shift=0) | {"sept": 9, "fev": 2, "mrz": 3, "maerz": 3, "marz": 3}
_DAYS = {
    name.removesuffix("-feira"): number
    for name, number in _names(get_day_names, shift=0).items()
    if name not in ("mar", "dom", "sab", "die")
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = "|".join(sorted(_DAYS, key=len, reverse=True))
_NTH = r"(?:st|nd|rd|th|er|o|a|\.)?"
_OF = r"(?: of| de| d'| do)?"
_YEAR = r"(?:(?:,| de| of)? ?(20\d\d)\b)?"


_BACK, _UNTIL, _INCLUSIVE = phrases("back"), phrases("until"), phrases("inclusive")
_TOMORROW, _NEXT_WEEK = phrases("tomorrow"), phrases("next_week")
_ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
_NUMBERS = re.compile(
    r"(?<![\d.,/:-])(\d{1,2})([./])(\d{1,2})(?:\2((?:20)?\d\d)(?!\d))?(?![\d/]|[.,]\d)(?:(?<=\d)\.(?=\s))?"
)
_SHARED = re.compile(
    rf"\b(\d{{1,2}}){_NTH} ?(?:-|–|—|to|bis|au|al|a|ate|until|and|und|y|e|et) ?"
    rf"(\d{{1,2}}){_NTH}{_OF} ?({_MONTH})\b\.?{_YEAR}"
)
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}}){_NTH}{_OF} ?({_MONTH})\b\.?{_YEAR}")
_MONTH_DAY = re.compile(rf"\b({_MONTH})\b\.? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?\b(?! ?[:h]\d){_YEAR}")
_DAY_ALONE = re.compile(
    rf"\bthe (\d{{1,2}})(?:st|nd|rd|th)\b"
    rf"|\b(?:(?:le|el|dia|am|zum|dem|den|au)(?: (?:{_DAY}),?)?|(?:{_DAY}),?) (\d{{1,2}})\b(?!\.\d| ?[:h€%]|\d)"
)
_WEEKDAY = re.compile(rf"\b({_DAY})(?:-feira)?\b")
_RANGE = re.compile(
    r"^[ ,]{0,2}(?:-|–|—|to|bis(?: zum| einschliesslich)?|au|al?|ate|through|thru|and|und|hasta(?: el)?"
    r"|jusqu'au|inclusive)[ ,]{0,2}$"
)
_SENTENCE = re.compile(r"[!?\n]|\.(?=\s+[a-z]{2})(?<!\d\.)")


@dataclass(frozen=True)
class _Found:
    day: date
    start: int
    end: int
    is_range: bool = False
    is_weekday: bool = False


def find_return_date(text: str, written: date) -> date | None:
    """Return the first day on which somebody is back, as far as a text says so.

    “Back on …” is that day. “Until …” is the day named, or the next where the text counts it in (“through”,
    “einschließlich”) or names a span, whose last day is away. Dates more than a year off are none.
    """
    plain = " ".join(folded(text[:MOST_CHARACTERS]).replace("\n", " \n ").split(" "))
    dates = sorted(_dates(plain, written), key=lambda found: found.start)
    back, until, back_behind, spans = [], [], [], []
    for index, found in enumerate(dates):
        before = plain[max(dates[index - 1].end if index else 0, found.start - BEFORE) : found.start]
        after = plain[
            found.end : min(dates[index + 1].start if index + 1 < len(dates) else len(plain), found.end + AFTER)
        ]
        before, after = _SENTENCE.split(before)[-1], _SENTENCE.split(after)[0]
        is_counted_in = bool(_INCLUSIVE.search(before[-25:]) or _INCLUSIVE.search(after[:16]))
        if found.is_range or (index and _RANGE.match(plain[dates[index - 1].end : found.start])):
            spans.append(found.day + timedelta(days=1))
        elif _UNTIL.search(before[-22:]) and not re.search(r"\bto (?:the )?office\b", before):
            until.append(found.day + timedelta(days=is_counted_in))
        elif _BACK.search(before):
            back.append(found.day)
        elif _BACK.search(after):
            back_behind.append(found.day)
    told = [
        day
        for days in (back, until, back_behind, spans)
        for day in days
        if written <= day <= written + timedelta(days=MOST_DAYS_AHEAD)
    ]
    return told[0] if told else None


def _dates(plain: str, written: date) -> Iterator[_Found]:
    """Yield the dates of a text, each once: the fuller reading of a place first."""
    taken: list[tuple[int, int]] = []
    for found in (*_calendar_dates(plain, written), *_spoken_dates(plain, written)):
        reach = found.end + (NAMES_A_DATE if found.is_weekday else 0)
        if not any(found.start < end and start < reach for start, end in taken):
            taken.append((found.start, found.end))
            yield found


def _calendar_dates(plain: str, written: date) -> Iterator[_Found]:
    for match in _ISO.finditer(plain):
        yield from _found(match, written, int(match[3]), int(match[2]), match[1])
    for match in _SHARED.finditer(plain):
        yield from _found(match, written, int(match[2]), _MONTHS[match[3]], match[4], is_range=True)
    for match in _DAY_MONTH.finditer(plain):
        yield from _found(match, written, int(match[1]), _MONTHS[match[2]], match[3])
    for match in _MONTH_DAY.finditer(plain):
        yield from _found(match, written, int(match[2]), _MONTHS[match[1]], match[3])
    numbers = list(_NUMBERS.finditer(plain))
    month_first = any(match[2] == "/" and int(match[3]) > 12 for match in numbers)
    for match in numbers:
        day, month = (match[3], match[1]) if month_first and match[2] == "/" else (match[1], match[3])
        if match[0] != "24/7":
            yield from _found(match, written, int(day), int(month), match[4])


def _spoken_dates(plain: str, written: date) -> Iterator[_Found]:
    for match in _TOMORROW.finditer(plain):
        yield _Found(written + timedelta(days=1), *match.span())
    for match in _WEEKDAY.finditer(plain):
        ahead = (_DAYS[match[1]] - written.weekday() - 1) % 7 + 1
        yield _Found(written + timedelta(days=ahead), *match.span(), is_weekday=True)
    for match in _NEXT_WEEK.finditer(plain):
        yield _Found(written + timedelta(days=7 - written.weekday()), *match.span())
    for match in _DAY_ALONE.finditer(plain):
        number = int(match[1] or match[2])
        following = (written + timedelta(days=ahead) for ahead in range(62))
        if day := next((day for day in following if day.day == number), None):
            yield _Found(day, *match.span())


def _found(
    match: re.Match[str], written: date, day: int, month: int, year: str | None, *, is_range: bool = False
) -> Iterator[_Found]:
    """Yield the date of a match if there is one; without a year, the one that is nearest ahead."""
    try:
        if year:
            yield _Found(date(int(year) % 100 + 2000, month, day), *match.span(), is_range)
            return
        said = date(written.year, month, day)
        if said < written - timedelta(days=MOST_DAYS_PAST):
            said = date(written.year + 1, month, day)
        yield _Found(said, *match.span(), is_range)
    except ValueError:
        return
