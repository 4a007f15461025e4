"""What a source says of a lead's company, read where it is plain; what is not plain is left to be kept as it came."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from babel import Locale

from apps.cam.rules.enriching import SENIORITIES, rank_in

MOST_CHARACTERS = {"industry": 120, "city": 100, "region": 100, "website": 200}
MOST_SIGNALS = 50
MOST_SHORT, MOST_READ = 200, {"signals": 5_000}
"""Characters of a text that is taken apart."""
MOST_SIGNAL_CHARACTERS = 100
MOST_PEOPLE = 10_000_000
MOST_REVENUE = Decimal("99999999999999")

_GROUPED = re.compile(r"\d{1,3}(?:([,.'’ \u00a0\u202f])\d{3})(?:\1\d{3})*")
_DECIMAL = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)\.(\d{1,2})|(\d{1,3}(?:\.\d{3})+|\d+),(\d{1,2})")
_COUNT = r"\d[\d,.'’ \u00a0\u202f]*"
_PEOPLE = re.compile(rf"({_COUNT}?)\s*(?:(?:-|–|—|to)\s*({_COUNT})|(\+))?\s*(?:employees|people|staff)?", re.IGNORECASE)
_MONEY = re.compile(r"([^\d\s]{0,4})\s*(\d[\d,.'’ \u00a0\u202f]*)\s*([a-zA-Z]*)\s*([^\d\s]{0,3})")
_TIMES = {"": 1, "k": 10**3, "m": 10**6, "mn": 10**6, "mio": 10**6, "million": 10**6, "b": 10**9, "bn": 10**9}
_SIGNS = {"€": "EUR", "£": "GBP", "US$": "USD"}
"""A bare dollar is many countries': which one is not guessed."""
_LINK = re.compile(r"(https?://)?([^\W_]([\w-]*[^\W_])?\.)+[^\W\d_]{2,}(:\d+)?(/\S*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Firmographics:
    """What is plain, by column, and what is wrong with what is not, by field."""

    columns: dict[str, object] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)


class _NotPlain(ValueError):
    """A text says nothing that is sure; the message says why."""


def read_firmographics(said: Mapping[str, str], headings: Mapping[str, str]) -> Firmographics:
    """Return what some texts by field say. `headings` are their columns' names, where a currency may stand, too."""
    columns: dict[str, object] = {}
    remarks = {}
    for name, read in _READERS.items():
        if text := said.get(name, ""):
            try:
                if len(text) > (most := MOST_READ.get(name, MOST_SHORT)):
                    raise _NotPlain(f"has more than {most} characters")
                columns |= read(text, name)
            except _NotPlain as problem:
                remarks[name] = f"{problem}; kept as it came"
    if "revenue" in columns:
        currency = currency_in(said.get("revenue_currency", "")) or currency_in(said.get("revenue", ""))
        columns["revenue_currency"] = currency or currency_in(headings.get("revenue", ""))
    return Firmographics(columns, remarks)


def currency_in(text: str) -> str:
    """Return the currency that a text names by its code or by a sign that is one country's; else nothing."""
    code = next((word for word in re.findall(r"[A-Za-z]{3,}", text) if word.upper() in _currencies()), "")
    return code.upper() or next((known for sign, known in _SIGNS.items() if sign in text), "")


@lru_cache(maxsize=1)
def _currencies() -> frozenset[str]:
    return frozenset(Locale("en").currencies)


def _short(text: str, name: str) -> dict[str, object]:
    if len(text) > MOST_CHARACTERS[name]:
        raise _NotPlain(f"has more than {MOST_CHARACTERS[name]} characters")
    return {name: text}


def _people(text: str, name: str) -> dict[str, object]:
    """Read `51`, `51-200`, `10,001+`; with a band, `employees` is its least and `employees_most` its most."""
    found = _PEOPLE.fullmatch(text)
    least = found and _whole(found[1])
    if not found or not least:
        raise _NotPlain("is no number of people")
    most = _whole(found[2]) if found[2] else None if found[3] else least
    if (found[2] and (most is None or most < least)) or max(least, most or 0) > MOST_PEOPLE:
        raise _NotPlain("is no number of people")
    return {"employees": least, "employees_most": most}


def _money(text: str, name: str) -> dict[str, object]:
    found = _MONEY.fullmatch(text)
    times = found and _TIMES.get(_unit(found[3]))
    amount = found and _amount(found[2].strip(), is_short=bool(_unit(found[3])))
    if not found or not times or amount is None or amount * times > MOST_REVENUE:
        raise _NotPlain("is no single amount")
    signs = [each for each in (found[1], found[4]) if each]
    if any(each not in ("$", "€", "£", "US$") and not currency_in(each) for each in signs):
        raise _NotPlain("is no single amount")
    return {"revenue": amount * times}


def _unit(text: str) -> str:
    return "" if currency_in(text) else text.lower()


def _amount(text: str, *, is_short: bool) -> Decimal | None:
    """Return the number that a text is. `1.500` is not plain before a word for millions: it could be two numbers."""
    if text.isdigit():
        return Decimal(text)
    if _GROUPED.fullmatch(text) and not (is_short and len(re.findall(r"\D", text)) == 1):
        return Decimal(re.sub(r"\D", "", text))
    if found := _DECIMAL.fullmatch(text):
        whole, cents = (found[1], found[2]) if found[1] else (found[3], found[4])
        return Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{cents}")
    return None


def _whole(text: str) -> int | None:
    number = _amount(text.strip(), is_short=False)
    return int(number) if number is not None and number == int(number) else None


def _website(text: str, name: str) -> dict[str, object]:
    """A link is drawn as one at the desk: what is no web address must not become one."""
    if not _LINK.fullmatch(text):
        raise _NotPlain("is no web address")
    return _short(text, name)


def _seniority(text: str, name: str) -> dict[str, object]:
    if rank := text.upper() if text.upper() in SENIORITIES else rank_in(text):
        return {"seniority": rank}
    raise _NotPlain("is no seniority that is known")


def _signals(text: str, name: str) -> dict[str, object]:
    parts = (" ".join(part.casefold().split()) for part in re.split(r"[;,|]", text))
    signals = list(dict.fromkeys(filter(None, parts)))
    if len(signals) > MOST_SIGNALS or any(len(each) > MOST_SIGNAL_CHARACTERS for each in signals):
        raise _NotPlain(
            f"has more than {MOST_SIGNALS} signals, or one of more than {MOST_SIGNAL_CHARACTERS} characters"
        )
    return {"signals": signals}


def _currency(text: str, name: str) -> dict[str, object]:
    if not currency_in(text):
        raise _NotPlain("is no currency")
    return {}


_READERS = {
    "industry": _short,
    "city": _short,
    "region": _short,
    "employees": _people,
    "revenue": _money,
    "revenue_currency": _currency,
    "website": _website,
    "seniority": _seniority,
    "signals": _signals,
}
