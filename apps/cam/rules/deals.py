"""What a deal must say to be one, and what more before a client can be made of it: no database, no clock."""

from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision, list_currencies

from apps.cam.api.dtos import DealTerms
from apps.cam.rules.addresses import AddressRefused, normalise_address
from apps.cam.rules.rows import country_code
from apps.shared.dtos import Money

MOST_VALUE = Decimal(10) ** 9
MOST_PLACES = 2
"""That the columns keep, here and in the client's profile."""
MOST_ROUNDS = 50
MOST_CHARACTERS = {"company": 200, "contact_name": 150}

NEEDED = {
    "company": "is not known; write how the client is called",
    "contact_email": "is not known; write the address of the person who signs",
    "country": "is not known; write two capital letters such as IE",
    "time_zone": "is not known; use a name such as Europe/Dublin",
}
"""Without these there is no client: nobody would guess them rightly."""


def judge_terms(terms: DealTerms) -> dict[str, str]:
    """Return what is wrong with each field of a deal and how to mend it; what is merely unknown is not wrong."""
    problems = _problems_of_money(terms) | _problems_of_person(terms)
    if terms.probability is not None and not 0 <= terms.probability <= 100:
        problems["probability"] = "must be from 0 to 100"
    if not 0 <= terms.included_revision_rounds <= MOST_ROUNDS:
        problems["included_revision_rounds"] = f"must be from 0 to {MOST_ROUNDS}"
    begins, ends = terms.contract_start_date, terms.contract_end_date
    if begins and ends and ends < begins:
        problems["contract_end_date"] = "must not be before it starts"
    return problems


def missing_facts(terms: DealTerms) -> dict[str, str]:
    """Return what a client cannot be made without and the deal does not say, with how to mend it."""
    return {name: problem for name, problem in NEEDED.items() if not getattr(terms, name)}


def deposit_of(terms: DealTerms) -> Decimal:
    """Return what the client pays before the work begins, in whole coins, rounded half to even; nought for nothing."""
    if terms.deposit_amount is not None:
        return terms.deposit_amount
    share = terms.value.amount * (terms.deposit_percent or Decimal(0)) / 100
    places = min(MOST_PLACES, get_currency_precision(terms.value.currency))
    return share.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)


def say(amount: Decimal, currency: str) -> str:
    """Return an amount as people read it: `12,000 EUR`, `1,200.50 EUR`."""
    return str(Money(amount=amount, currency=currency))


@lru_cache(maxsize=1)
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def _problems_of_money(terms: DealTerms) -> dict[str, str]:
    currency = terms.value.currency
    if currency not in _currencies():
        return {"currency": f"{currency!r} is no currency; use three letters such as EUR"}
    problems = {}
    if not 0 < terms.value.amount <= MOST_VALUE:
        problems["value"] = f"must be more than 0, and at most {MOST_VALUE:,}"
    elif _has_parts_of_coins(terms.value.amount, currency):
        problems["value"] = f"has more decimals than {currency} has"
    return problems | _problems_of_deposit(terms)


def _problems_of_deposit(terms: DealTerms) -> dict[str, str]:
    percent, amount = terms.deposit_percent, terms.deposit_amount
    if percent is not None and amount is not None:
        return {"deposit_amount": "stands beside a percentage; keep one of both"}
    if percent is not None and not 0 <= percent <= 100:
        return {"deposit_percent": "must be from 0 to 100"}
    if percent is not None and round(percent, MOST_PLACES) != percent:
        return {"deposit_percent": f"has more than {MOST_PLACES} decimals"}
    if amount is not None and not 0 <= amount <= terms.value.amount:
        return {"deposit_amount": "must be from 0 to the deal's value"}
    if amount is not None and _has_parts_of_coins(amount, terms.value.currency):
        return {"deposit_amount": f"has more decimals than {terms.value.currency} has"}
    return {}


def _has_parts_of_coins(amount: Decimal, currency: str) -> bool:
    return round(amount, min(MOST_PLACES, get_currency_precision(currency))) != amount


def _problems_of_person(terms: DealTerms) -> dict[str, str]:
    problems = {
        name: f"has more than {most} characters; shorten it"
        for name, most in MOST_CHARACTERS.items()
        if len(getattr(terms, name)) > most
    }
    if terms.contact_email:
        try:
            normalise_address(terms.contact_email)
        except AddressRefused as refusal:
            problems["contact_email"] = str(refusal)
    if terms.country and country_code(terms.country) != terms.country:
        problems["country"] = "is no country; write two capital letters such as IE"
    if terms.time_zone and not _is_time_zone(terms.time_zone):
        problems["time_zone"] = "is no time zone; use a name such as Europe/Dublin"
    return problems


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
