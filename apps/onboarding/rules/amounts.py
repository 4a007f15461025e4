"""Amounts of money in running text.

`price-parser` finds one price and neither where it stands, nor multipliers, nor ranges; Babel reads a number when its
locale is known, and a client's is not. Hence the expressions below.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.numbers import list_currencies

MOST_MONEY = Decimal(10) ** 12
"""Amounts from here on are taken for typing errors."""

# Codes that are also words people write in capitals before or after a number.
_WORDS_NOT_CODES = {"ALL", "TOP", "TRY", "MAX", "ANG", "BAD", "SIT", "XXX"}
_CODES = sorted(set(list_currencies()) - _WORDS_NOT_CODES)
_LOWER_CODES = [
    "eur",
    "usd",
    "gbp",
    "chf",
    "pln",
    "sek",
    "nok",
    "dkk",
    "czk",
    "huf",
    "ron",
    "aud",
    "cad",
    "nzd",
    "inr",
    "zar",
    "brl",
    "mxn",
    "jpy",
    "aed",
    "sgd",
    "hkd",
]
_SIGNS = {
    "€": "EUR", "£": "GBP", "₹": "INR", "zł": "PLN", "zl": "PLN", "kč": "CZK", "₺": "TRY", "₪": "ILS", "₽": "RUB",
    "₴": "UAH", "₩": "KRW", "฿": "THB", "₦": "NGN", "₱": "PHP", "₫": "VND", "us$": "USD", "a$": "AUD", "au$": "AUD",
    "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "r$": "BRL", "mx$": "MXN", "sfr.": "CHF",
    "fr.": "CHF", "$": "", "¥": "", "kr.": "", "kr": "", "lei": "RON", "ft": "HUF",
}  # fmt: skip
_WORDS = {
    r"euros?": "EUR", r"pounds?(?: sterling)?": "GBP", r"quid": "GBP", r"franken": "CHF", r"francs suisses": "CHF",
    r"złotych|złote|złoty|zloty": "PLN", r"reais": "BRL", r"rupees?": "INR", r"rand": "ZAR", r"yen": "JPY",
    r"dollars?": "", r"kroner|kronor|kronen": "",
}  # fmt: skip
# A sign that several currencies share means the client's own where that is one of them, else the first.
_SHARED = {
    "$": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "CLP", "COP", "ARS", "TWD"),
    "¥": ("JPY", "CNY"),
    "kr": ("", "SEK", "NOK", "DKK", "ISK"),
}
_MULTIPLIERS = {
    "k": 10**3, "tsd": 10**3, "tsd.": 10**3, "thousand": 10**3, "tausend": 10**3, "mil": 10**3, "mille": 10**3,
    "tys": 10**3, "tys.": 10**3, "grand": 10**3, "m": 10**6, "mn": 10**6, "mio": 10**6, "mio.": 10**6, "mln": 10**6,
    "million": 10**6, "millions": 10**6, "millionen": 10**6, "millones": 10**6, "lakh": 10**5, "lakhs": 10**5,
    "lac": 10**5, "crore": 10**7,
}  # fmt: skip

NUMBER = r"\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d{1,15}(?:[.,]\d{1,15})?"


def _either(choices: list[str]) -> str:
    return "|".join(sorted(map(re.escape, choices), key=len, reverse=True))


_SIGN = rf"(?i:{_either(list(_SIGNS))})"
_CODE = rf"(?:{_either(_CODES)}|(?i:{_either(_LOWER_CODES)}))"
_WORD = rf"(?i:{'|'.join(_WORDS)})"
_AMOUNT = re.compile(
    rf"(?:(?P<before>{_SIGN}|(?<![^\W\d_]){_CODE}|(?<![^\W\d_])R(?=\s?\d))\s?)?"
    rf"(?<![\d.,])(?P<number>{NUMBER})(?:,-|,–|,—|\.-|\.–)?"
    rf"(?:\s?(?P<multiplier>(?i:{_either(list(_MULTIPLIERS))}))(?![^\W\d_]))?"
    rf"(?:\s?(?P<after>(?:{_SIGN}|{_CODE}|{_WORD})(?![^\W\d_])))?"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a text that may be money.

    `currency` is None where none is named, or only by a `sign` of several ("kr").
    """

    start: int
    end: int
    value: Decimal
    currency: str | None
    multiplier: int
    sign: str = ""

    @property
    def is_money(self) -> bool:
        return self.currency is not None


def read_number(digits: str, *, is_multiplied: bool = False) -> Decimal:
    """Return the number that digits with separators mean, in whichever country's way.

    Of two kinds of separator the last is the decimal one. One kind with three digits behind it groups thousands
    ("1.900", "1,900", "12'500", "10 000") unless a multiplier follows ("1.250m") or it starts with zero ("0.350").
    """
    bare = re.sub(r"['’\s]", "", digits)
    separators = re.findall(r"[.,]", bare)
    if len(set(separators)) == 2:
        grouping, point = separators[0], separators[-1]
        return Decimal(bare.replace(grouping, "").replace(point, "."))
    groups = re.split(r"[.,]", bare)
    one_group = len(groups) == 2 and (len(groups[1]) != 3 or is_multiplied or groups[0] == "0" or bare != digits)
    return Decimal(".".join(groups) if one_group else "".join(groups))


def amounts(text: str, own_currency: str) -> Iterator[Amount]:
    """Find the numbers in a text that may be money, in order; "$" and "kr" mean the client's own where they can."""
    for found in _AMOUNT.finditer(text):
        multiplier = _MULTIPLIERS[found["multiplier"].casefold()] if found["multiplier"] else 1
        sign = found["before"] or found["after"]
        value = read_number(found["number"], is_multiplied=multiplier > 1) * multiplier
        currency = currency_of(sign, own_currency) if sign else None
        yield Amount(found.start(), found.end(), value, currency, multiplier, sign or "")


@lru_cache(maxsize=512)
def currency_of(sign: str, own_currency: str) -> str | None:
    """Return the ISO 4217 code that a sign, code or word stands for; None where it is unclear."""
    if sign == "R":
        return "ZAR"
    folded = sign.casefold()
    if sign.upper() in _CODES:
        return sign.upper()
    code = _SIGNS.get(folded) or next((code for word, code in _WORDS.items() if re.fullmatch(word, folded)), "")
    if code:
        return code
    shared = _SHARED["kr" if folded.startswith("kr") else "$" if folded.startswith("dollar") else folded]
    return own_currency if own_currency in shared else (shared[0] or None)
