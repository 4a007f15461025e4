"""The arithmetic of money and what an invoice must say: no database, no clock."""

import json
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any, Protocol
from unicodedata import normalize
from uuid import UUID

from babel import Locale
from babel.numbers import get_currency_precision, list_currencies

from apps.billing.api.dtos import LineItem, MonthlyOffer, Offer

NOUGHT = Decimal(0)
MOST_LINES = 200
MOST_MONTHS = 120
MOST_QUANTITY = Decimal(10) ** 6
MOST_MONEY = Decimal(10) ** 9
"""Of one price or amount. With the places that the columns keep, no product needs more digits than Decimal's 28."""
PLACES_OF_QUANTITY = 4
PLACES_OF_PRICE = 6
LONGEST_DESCRIPTION = 1000
LONGEST_DESCRIPTION_OF_RETAINER = LONGEST_DESCRIPTION - 100
"""The period stands behind it on each invoice."""
LONGEST_TERMS = 20_000
LONGEST_NAME = 200
LONGEST_REASON = 10_000

_REGIONS = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
_PREFIXES = {"INVOICE": "INV", "CREDIT_NOTE": "CN", "QUOTE": "QUO"}


class BillingRefused(ValueError):
    """Billing says no: `field` is what is wrong, `problem` what is wrong with it and what to do."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class PricedLine(Protocol):
    """A line as far as the rules look at it."""

    position: int
    quantity: Decimal
    unit_price: Decimal | None
    tax_percent: Decimal | None
    tax_category: str
    net: Decimal
    tax: Decimal


@dataclass(frozen=True)
class TaxShare:
    """What of an invoice is taxed at one rate, and the tax on it."""

    category: str
    percent: Decimal | None
    net: Decimal
    tax: Decimal


# --- amounts ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def require_currency(code: str) -> None:
    """Refuse what is no currency of ISO 4217."""
    if code not in _currencies():
        raise BillingRefused("currency", f"{code[:20]!r} is no currency; use three letters such as EUR.")


def is_country(code: str) -> bool:
    """Tell whether two letters are a country of ISO 3166-1; the names that others have for regions are none."""
    return len(code) == 2 and code.isalpha() and code not in _REGIONS and code in Locale("en").territories


def countries(language: str) -> list[tuple[str, str]]:
    """Return the countries of ISO 3166-1 with their names, in the order of the names."""
    found = ((code, name) for code, name in Locale(language).territories.items() if is_country(code))
    return sorted(found, key=lambda each: normalize("NFD", each[1]))


def digits_of(currency: str) -> int:
    """Return how many decimals a currency has: 2 of EUR, 0 of JPY, 3 of KWD."""
    return get_currency_precision(currency)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return an amount in whole units of the currency's smallest coin, rounded half to even."""
    return amount.quantize(Decimal(1).scaleb(-digits_of(currency)), rounding=ROUND_HALF_EVEN)


def say(amount: Decimal, currency: str) -> str:
    """Return an amount as people read it, with its currency: `1,200.50 EUR`, `1,200 JPY`."""
    return f"{amount:,.{digits_of(currency)}f} {currency}"


def require_amount(field: str, amount: Decimal, currency: str) -> None:
    """Refuse an amount that nobody can pay: nought, less, too much, or a part of the smallest coin."""
    if not amount.is_finite() or amount <= 0:
        raise BillingRefused(field, f"{_brief(amount)} is not more than nought; give what was paid or is credited.")
    if amount > MOST_MONEY:
        raise BillingRefused(field, f"{_brief(amount)} is more than {MOST_MONEY:,f}; look at the decimal point.")
    if amount != rounded(amount, currency):
        raise BillingRefused(field, f"{_brief(amount)} has more decimals than {currency}: {digits_of(currency)}.")


def _brief(number: Decimal) -> str:
    """Return a number as it was given, but no million digits: 1e999999 is one too."""
    return str(number)[:40]


# --- lines ------------------------------------------------------------------------------------------------------------


def line_amounts(
    quantity: Decimal, price: Decimal | None, percent: Decimal | None, currency: str
) -> tuple[Decimal, Decimal]:
    """Return a line's net and tax, each rounded half to even; nought as long as price or rate are open."""
    net = NOUGHT if price is None else rounded(quantity * price, currency)
    tax = NOUGHT if percent is None else rounded((net * percent).scaleb(-2), currency)
    return net, tax


def check_line(line: LineItem, currency: str) -> None:
    """Refuse a line that cannot be billed, naming the field.

    A discount is a lower price, and what is given back a credit note: neither a price nor a quantity is ever negative.
    """
    if not line.description:
        raise BillingRefused("description", "is empty; say what is billed.")
    if len(line.description) > LONGEST_DESCRIPTION:
        raise BillingRefused("description", f"is longer than {LONGEST_DESCRIPTION} characters; shorten it.")
    _check_number("quantity", line.quantity, most=MOST_QUANTITY, places=PLACES_OF_QUANTITY)
    if line.quantity == 0:
        raise BillingRefused("quantity", "is nought; give how many, or remove the line.")
    if line.unit_price is not None:
        if line.unit_price.currency != currency:
            raise BillingRefused("unit_price", f"is in {line.unit_price.currency}, the invoice in {currency}.")
        _check_number("unit_price", line.unit_price.amount, most=MOST_MONEY, places=PLACES_OF_PRICE)
        if line.quantity * line.unit_price.amount > MOST_MONEY:
            raise BillingRefused("unit_price", f"times the quantity is more than {MOST_MONEY:,f}.")


def _check_number(field: str, number: Decimal, *, most: Decimal, places: int) -> None:
    if not number.is_finite() or number < 0:
        raise BillingRefused(field, f"{_brief(number)} is negative or no number; what is given back is a credit note.")
    if number > most:
        raise BillingRefused(field, f"{_brief(number)} is more than {most:,f}; look at the decimal point.")
    if number != round(number, places):
        raise BillingRefused(field, f"{_brief(number)} has more than {places} decimals; round it.")


def open_questions(lines: Iterable[PricedLine]) -> list[str]:
    """Name what finance must still decide about a draft's lines before it can be issued."""
    found = []
    for line in lines:
        missing = [
            name for name, value in (("price", line.unit_price), ("tax rate", line.tax_percent)) if value is None
        ]
        if missing:
            found.append(f"line {line.position} has no {' and no '.join(missing)}")
    return found


def tax_table(lines: Iterable[PricedLine]) -> list[TaxShare]:
    """Return what of an invoice is taxed at which rate, the highest first; what has no rate yet comes last."""
    shares: dict[tuple[str, Decimal | None], tuple[Decimal, Decimal]] = {}
    for line in lines:
        key = (line.tax_category, line.tax_percent)
        net, tax = shares.get(key, (NOUGHT, NOUGHT))
        shares[key] = (net + line.net, tax + line.tax)
    by_rate = sorted(shares.items(), key=lambda item: (item[0][1] is None, -(item[0][1] or 0), item[0][0]))
    return [TaxShare(category, percent, net, tax) for (category, percent), (net, tax) in by_rate]


# --- quotes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """What of a quote is billed at one tax rate."""

    tax_rate_id: UUID
    percent: Decimal
    net: Decimal
    tax: Decimal


class RatedLine(Protocol):
    """A line whose rate is known, as far as parts are made of it."""

    tax_rate_id: UUID | None
    tax_percent: Decimal | None
    net: Decimal
    tax: Decimal


def parts_of(lines: Iterable[RatedLine]) -> list[Part]:
    """Return what of priced lines falls under which tax rate, in the order in which they first come."""
    sums: dict[UUID, Part] = {}
    for line in lines:
        if line.tax_rate_id is None or line.tax_percent is None:
            raise ValueError("A line without a rate has no part.")
        before = sums.get(line.tax_rate_id, Part(line.tax_rate_id, line.tax_percent, NOUGHT, NOUGHT))
        sums[line.tax_rate_id] = replace(before, net=before.net + line.net, tax=before.tax + line.tax)
    return list(sums.values())


def share_of(parts: Iterable[Part], amount: Decimal, currency: str) -> list[Part]:
    """Return an amount before tax as parts in proportion; none is more than its whole, and nought is left out.

    Each ends where the running sum of the wholes comes to, rounded: so they sum to the amount, to the last coin. The
    tax follows the net of its part, so that what is left over has the rest of it, and never less than nought.
    """
    wholes = list(parts)
    total, run, given, found = sum((whole.net for whole in wholes), NOUGHT), NOUGHT, NOUGHT, []
    for whole in wholes:
        run += whole.net
        net = rounded(amount * run / total, currency) - given
        given += net
        if net:
            found.append(replace(whole, net=net, tax=rounded(whole.tax * net / whole.net, currency)))
    return found


def less(wholes: Iterable[Part], taken: Iterable[Part]) -> list[Part] | None:
    """Return what is left of parts after others were taken; None where more was taken of one than there is."""
    left = {whole.tax_rate_id: whole for whole in wholes}
    for part in taken:
        whole = left.get(part.tax_rate_id)
        if whole is None or part.net > whole.net or part.tax > whole.tax:
            return None
        left[part.tax_rate_id] = replace(whole, net=whole.net - part.net, tax=whole.tax - part.tax)
    if any(part.tax and not part.net for part in left.values()):
        return None
    return [part for part in left.values() if part.net]


def deposit_of(percent: Decimal | None, amount: Decimal | None, subtotal: Decimal, currency: str) -> Decimal:
    """Return what is to be paid before the work begins, before tax."""
    if percent is not None:
        return rounded((subtotal * percent).scaleb(-2), currency)
    return amount or NOUGHT


def check_offer(offer: Offer, currency: str) -> None:
    """Refuse an offer that cannot be stored, naming the field; its lines are checked one by one."""
    least = 0 if offer.monthly else 1
    if not least <= len(offer.lines) <= MOST_LINES:
        raise BillingRefused("lines", f"there are {len(offer.lines)}; a quote has {least} to {MOST_LINES}.")
    if offer.monthly:
        _check_monthly(offer.monthly, currency)
    if len(offer.terms) > LONGEST_TERMS:
        raise BillingRefused("terms", f"are longer than {LONGEST_TERMS} characters; shorten them.")
    if offer.deposit_percent is not None and offer.deposit_amount is not None:
        raise BillingRefused("deposit_amount", "stands beside a share in percent; give one of the two.")
    if offer.deposit_percent is not None:
        _check_number("deposit_percent", offer.deposit_percent, most=Decimal(100), places=2)
        if offer.deposit_percent == 0:
            raise BillingRefused("deposit_percent", "is nought; leave it empty where no deposit is asked for.")
    if offer.deposit_amount is not None:
        require_amount("deposit_amount", offer.deposit_amount, currency)


def _check_monthly(offer: MonthlyOffer, currency: str) -> None:
    if not 1 <= len(offer.description) <= LONGEST_DESCRIPTION_OF_RETAINER:
        raise BillingRefused("monthly_description", f"is to have 1 to {LONGEST_DESCRIPTION_OF_RETAINER} characters.")
    require_amount("monthly_price", offer.price, currency)
    if offer.months is not None and not 1 <= offer.months <= MOST_MONTHS:
        raise BillingRefused("monthly_months", f"is to be 1 to {MOST_MONTHS}, or empty: until notice.")


def last_month(start: date, months: int | None) -> date | None:
    """Return when the last of so many months begins; None until notice."""
    return None if months is None else day_of_month(start, months - 1, start.day)


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a quote says, however its parts are ordered."""
    said = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(said.encode()).hexdigest()


# --- after it is issued -----------------------------------------------------------------------------------------------


def number_of(kind: str, year: int, sequence: int) -> str:
    """Return a number as it is printed: `INV-2026-0007`, `CN-2026-0001`, `QUO-2026-0003`."""
    return f"{_PREFIXES[kind]}-{year}-{sequence:04d}"


def credited_tax(line: PricedLine, already: tuple[Decimal, Decimal], net: Decimal, currency: str) -> Decimal:
    """Return the tax that goes back with `net` of a line of which net and tax went back `already`.

    It is what the tax on all that is credited then comes to, less what was: in however many parts a line is credited,
    its tax goes back once, to the last coin.
    """
    before_net, before_tax = already
    if line.net == 0:
        return NOUGHT
    return rounded(line.tax * (before_net + net) / line.net, currency) - before_tax


def check_credit(line: PricedLine, already: Decimal, net: Decimal, currency: str) -> None:
    """Refuse to credit more of a line than is left of it."""
    require_amount(f"line {line.position}", net, currency)
    left = line.net - already
    if net > left:
        raise BillingRefused(
            f"line {line.position}", f"of it {say(left, currency)} is left to be credited, not {say(net, currency)}."
        )


# --- what comes again and again ---------------------------------------------------------------------------------------


REMINDED_AFTER = (3, 10, 21)
"""Days after its due day on which a client is reminded of an invoice."""


def next_reminder(due: date, last: tuple[int, date] | None) -> tuple[int, date] | None:
    """Return the next reminder of an invoice, as its level and the day from which on it is due; None after the third.

    `last` are those of the one before. One that came late moves those after it: nobody is written to more firmly
    before having had the time that the friendlier letter gave.
    """
    if last is None:
        return 1, due + timedelta(days=REMINDED_AFTER[0])
    level, day = last
    if level == len(REMINDED_AFTER):
        return None
    earlier, later = REMINDED_AFTER[level - 1 : level + 1]
    return level + 1, max(due + timedelta(days=later), day + timedelta(days=later - earlier))


def first_period(start: date, day: int) -> date:
    """Return when the first period begins: on the first such day of a month, on or after the start."""
    this_month = day_of_month(start, 0, day)
    return this_month if this_month >= start else day_of_month(start, 1, day)


def next_period(begins: date, every_months: int, day: int) -> date:
    """Return when the period after the one that begins on this day does."""
    return day_of_month(begins, every_months, day)


def day_of_month(since: date, months: int, day: int) -> date:
    """Return the day of the month that is so many months later; the month's last day where it is shorter."""
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))
