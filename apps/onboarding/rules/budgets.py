"""What may be spent, and how often."""

import re
from decimal import Decimal
from itertools import pairwise
from typing import Literal, NamedTuple

from apps.onboarding.api.dtos import BriefWarning, Budget
from apps.onboarding.rules import periods
from apps.onboarding.rules.amounts import MOST_MONEY, Amount, amounts
from apps.shared.dtos import Money

Cadence = Literal["MONTHLY", "TOTAL"]

_TOTAL = re.compile(
    r"\b(?:total|totally|overall|altogether|in all|one[- ]off|once|lump sum|fixed|whole|entire|insgesamt|gesamt\w*"
    r"|einmalig"
    r"|pauschal|au total|en tout|totale?|totalt|razem|łącznie|totaal|flat)\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:\bmaybe|\bperhaps|\bpossibly|\bup to|\bmax\.?|\bmaximum|\bat most|\bvielleicht|\bbis zu|\bhöchstens"
    r"|\bpeut-être"
    r"|\bjusqu'à|\bhasta|\baté|\bfino a|\bmaks\.?)(?:\s+(?:up to|bis zu))?\s*$",
    re.IGNORECASE,
)
_TO = re.compile(r"\s*(?:-|–|—|−|\bto\b|\bbis\b|\bà\b|\ba\b|\bdo\b|\btot\b)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|zwischen|entre|tra|fra|między|tussen|mellom|mellan)\s*$", re.IGNORECASE)
_AND = re.compile(r"\s*(?:and|und|et|y|e|i|en|och|og|a)\s*", re.IGNORECASE)
_NOT_MONEY = re.compile(rf"\s*(?:%|percent\b|prozent\b|-?\s*(?:{periods.UNIT})(?![^\W\d_]))", re.IGNORECASE)
_YEAR = re.compile(r"20[2-4]\d")
_MONTHS = re.compile(
    r"(?<![\w.,])(\d{1,3})\s*-?\s*(?:months?|mos?|mths?|monate?n?|mois|mes(?:es)?|mes[ei]|miesiąc[eau]?|miesięcy"
    r"|maand(?:en)?"
    r"|måned(?:er)?|månad(?:er)?)\b",
    re.IGNORECASE,
)
_ADS = (
    r"(?:paid|ads?|ad\s?spend|advertising|media\w*|mediabudget|werbung|werbebudget|anzeigen|publicité|pub|anuncios"
    r"|publicidad|reklam\w*|ppc)"
)
_PAID_SHARE = re.compile(
    rf"(\d{{1,3}}(?:[.,]\d{{1,2}})?)\s*(?:%|percent|prozent)\s*(?:\w+\s+){{0,2}}?{_ADS}\b", re.IGNORECASE
)
_WITH_ADS = re.compile(
    rf"\b(?:incl\.?|including|includes|inclusive(?:\s+of)?|with|inkl\.?|inklusive|einschließlich|mit|avec"
    rf"|incluid[oa]s?|con"
    rf"|com|compris|z)\s+(?:\w+\s+)?{_ADS}\b|\b{_ADS}\s+(?:included|inklusive|inkl\.?|comprise?|incluid[oa]s?)"
    rf"|\ball[- ]in\b"
    rf"|\ball[- ]inclusive\b|\beverything included\b|\balles inklusive\b|\btout compris\b|\btodo incluido\b",
    re.IGNORECASE,
)
_WITHOUT_ADS = re.compile(
    rf"(?:\+|\b(?:excl\.?|excluding|exclusive of|without|w/o|not including|plus|exkl\.?|exklusive|ohne|zzgl\.?"
    rf"|zuzüglich|sans|hors|sin|sem|bez))\s+(?:\w+\s+)?{_ADS}\b"
    rf"|\b{_ADS}\s+(?:on top|extra|excluded|separate(?:ly)?|not included|kommt dazu"
    rf"|en sus)",
    re.IGNORECASE,
)
_PER_MONTH = {
    "per day": Decimal(365) / 12,
    "per week": Decimal(52) / 12,
    "per month": Decimal(1),
    "per quarter": Decimal(1) / 3,
}
_CENT = Decimal("0.01")


class Reading(NamedTuple):
    """What a text says about money, and what it leaves open."""

    budget: Budget | None
    warnings: tuple[BriefWarning, ...]


def read_budget(text: str, *, currency: str, key: str = "budget") -> Reading:
    """Read a budget; `currency` is the client's own, taken with a warning where the text names none.

    A text without an amount ("depends") gives no budget. A weekly, daily or quarterly amount becomes a monthly one (365
    days, 52 weeks, 4 quarters a year), a yearly one a total over 12 months. `key` is the name of the question: some
    ask for the monthly budget outright.
    """
    found = [amount for amount in amounts(text, currency) if _may_be_money(text, amount)]
    # "about 2 people and €3,000": what has a currency or a multiplier is money for certain.
    first = next((a for a in found if a.is_money or a.multiplier > 1), None) or _range_start(found, text)
    first = _low_end(first, found, text) if first else next((a for a in found if a.value >= 100), None)
    if first is None:
        return Reading(None, (_warn(f"No amount in {_shown(text)}; the plan is made without a budget."),))
    last = _high_end(first, found, text)
    own = next((a.currency for a in (first, last) if a and a.currency), None)
    low, high = _values(first, last)
    if not 0 < low < MOST_MONEY or high >= MOST_MONEY:
        return Reading(None, (_warn(f"The amount in {_shown(text)} cannot be right; name the budget again."),))
    if own is None and first.sign:
        return Reading(None, (_warn(f"“{first.sign}” means several currencies; name one, such as SEK or NOK."),))
    period, warnings = _period(text, first, last, key)
    if own is None:
        warnings.append(_warn(f"No currency named in {_shown(text)}; read as {currency}, the client's own."))
    return Reading(_budget(text, low, high, own or currency, period), tuple(warnings))


def _budget(text: str, low: Decimal, high: Decimal, currency: str, period: str) -> Budget:
    factor = _PER_MONTH.get(period, Decimal(1))
    months = _MONTHS.search(text)
    share = _PAID_SHARE.search(text)
    percent = Decimal(share[1].replace(",", ".")) if share else None
    said_months = int(months[1]) if months else None
    return Budget(
        amount=_money(low * factor, currency),
        amount_max=_money(high * factor, currency) if high > low else None,
        cadence="MONTHLY" if period in _PER_MONTH else "TOTAL",
        months=said_months or (12 if period == "per year" else None),
        paid_share_pct=percent if percent is not None and percent <= 100 else None,
        includes_ads=False if _WITHOUT_ADS.search(text) else True if _WITH_ADS.search(text) else None,
        text=text,
    )


def _money(amount: Decimal, currency: str) -> Money:
    rounded = amount.quantize(_CENT)
    whole = rounded.to_integral_value()
    return Money(amount=whole if rounded == whole else rounded, currency=currency)


def _may_be_money(text: str, amount: Amount) -> bool:
    if text[max(0, amount.start - 1) : amount.start] in ("-", "−") and not text[: amount.start - 1].strip():
        return False
    if amount.is_money:
        return True
    if _NOT_MONEY.match(text, amount.end):
        return False
    return not _YEAR.fullmatch(text[amount.start : amount.end])


def _range_start(found: list[Amount], text: str) -> Amount | None:
    return next((a for a, b in pairwise(found) if _joins(text, a, b) and b.value >= 100), None)


def _low_end(amount: Amount, found: list[Amount], text: str) -> Amount:
    """Return the lower end of the range that an amount closes ("5" of "5-6k"), else the amount."""
    place = found.index(amount)
    before = found[place - 1] if place else None
    return before if before and _joins(text, before, amount) else amount


def _high_end(first: Amount, found: list[Amount], text: str) -> Amount | None:
    for second in found[found.index(first) + 1 :][:1]:
        if _joins(text, first, second) or _MORE.search(text, first.end, second.start):
            return second
    return None


def _joins(text: str, first: Amount, second: Amount) -> bool:
    between = text[first.end : second.start]
    if _TO.fullmatch(between):
        return True
    return bool(_AND.fullmatch(between) and _BETWEEN.search(text, 0, first.start))


def _values(first: Amount, last: Amount | None) -> tuple[Decimal, Decimal]:
    """Return both ends; a multiplier named at one end only holds for both ("5-6k", "5k, maybe 6")."""
    low, high = first.value, last.value if last else first.value
    if last and last.multiplier > first.multiplier == 1 and low < high / last.multiplier * 10:
        low *= last.multiplier
    if last and first.multiplier > last.multiplier == 1 and high < low:
        high *= first.multiplier
    return min(low, high), max(low, high)


def _period(text: str, first: Amount, last: Amount | None, key: str) -> tuple[str, list[BriefWarning]]:
    """Return what the amount is counted by: what stands behind it, else before it, else in the question."""
    for part in (text[(last or first).end :], text[: first.start], text[first.end : last.start] if last else ""):
        found, total = periods.find_period(part), _TOTAL.search(part)
        if found and found[0] != "per hour" and not (total and total.start() < found[1]):
            return found[0], _converted(found[0])
        if total:
            return "total", []
        if re.match(r"\s*(?:month|monat|mois|mes)\b", part, re.IGNORECASE):
            return "per month", []
    if "month" in key:
        return "per month", []
    if "total" in key:
        return "total", []
    return "total", [_warn(f"Monthly or in total? {_shown(text)} does not say; read as the total.")]


def _converted(period: str) -> list[BriefWarning]:
    if period in ("per month", "per year"):
        return []
    return [_warn(f"The amount is given {period}; the brief holds it per month.")]


def _warn(message: str) -> BriefWarning:
    return BriefWarning(field="budget", message=message)


def _shown(text: str) -> str:
    return f"“{text[:80]}{'…' if len(text) > 80 else ''}”"
