"""What the client sells, and at what price."""

import re
from collections.abc import Iterable

from apps.onboarding.api.dtos import Offer
from apps.onboarding.rules import lists, periods
from apps.onboarding.rules.amounts import MOST_MONEY, Amount, amounts
from apps.shared.dtos import Money

MOST_NAME_WORDS, MOST_CHARACTERS = 12, 300
_FROM = re.compile(
    r"(?:\bfrom|\bstarting(?:\s+(?:at|from))?|\bstarts?\s+at|\bab|\bà\s+partir\s+de|\bdès|\bdesde|\ba\s+partir\s+de"
    r"|\ba\s+partire\s+da|\bod|\bvanaf|\bfra|\bfrån|\bda)\s*$",
    re.IGNORECASE,
)
_AND_UP = re.compile(r"\s*(?:\+(?=\s*(?:$|[,;.)]))|and up\b|upwards\b|or more\b|et plus\b|aufwärts\b)", re.IGNORECASE)
_LEAD_IN = re.compile(
    r"[\s,;:–—=|(\[{~≈-]*(?:\b(?:for|at|from|only|just|about|approx\.?|around|costs?|priced(?:\s+at)?|price|für"
    r"|nur|ab|zu|ca\."
    r"|kostet|pour|por|per|starting(?:\s+at)?|starts?\s+at|od|za|dès|desde|vanaf|fra|från|à\s+partir\s+de"
    r"|a\s+partir\s+de)[\s,;:–—(-]*)*$",
    re.IGNORECASE,
)
# A piece of this kind says more about the offer before it and names no other.
_MORE_OF_THE_SAME = re.compile(
    r"\s*(?:average|avg\.?|typical(?:ly)?|usually|plus|\+|minimum|min\.|incl\.?|including|excl\.?|excluding|from"
    r"|starting"
    r"|contracts?\b|set-?up|deposit|discount|price[sd]?|pricing|starts?|no\s+set-?up|ab\s|zzgl|inkl|durchschnitt"
    r"|à\s+partir"
    r"|desde|od\s|dès)",
    re.IGNORECASE,
)
_KIND_AT_THE_END = re.compile(
    r"(?<=\w)[\s,–-]+(?:for a |at a )?(?:fixed|flat)[\s-](?:fee|price|rate)\s*$", re.IGNORECASE
)
_KIND_OF_PRICE = re.compile(
    r"(?:base|basic|set-?up|flat|once|one-off|min|minimum|deposit|extra|each|incl|inkl|excl|exkl|plus|fee|net|netto|gross|brutto"
    r"|vat|mwst|ttc|ht|all[- ]in)\b|\+",
    re.IGNORECASE,
)
# A price that opens a piece ("; €490/month base"), not one that is talked about ("; average order £14k").
_LATER_PRICE = re.compile(r"[;,\n]\s*(?:(?:from|ab|for|at|only)\s+)?(?=[^\w\s]?\s?\d|[A-Z]{3}\s?\d)", re.IGNORECASE)
_PER_PIECE = re.compile(
    r"\s*(?:/|\bper\b|\bpro\b|\bje\b|\bpar\b|\bpor\b|\bza\b|\ba\b(?=\s+(?:head|person|seat|visit|session|class"
    r"|night)))\s*"
    r"([^\W\d_][\w-]{1,24})",
    re.IGNORECASE,
)
_EACH = re.compile(r"\s*(?:each|apiece|a piece|das stück|pièce|cada uno)\b", re.IGNORECASE)


def read_offers(texts: Iterable[str], *, currency: str) -> tuple[Offer, ...]:
    """Return the offers in the texts, each in the client's wording, with its first price where a currency is named."""
    offers: list[Offer] = []
    for text in texts:
        pieces = (piece for piece in lists.phrases(text) if re.search(r"\w", piece))
        whole = lists.with_what_belongs(text, pieces, lambda piece: _is_about_the_price(piece, currency))
        read = [_offer(" ".join(head.split()), " ".join(all_of_it.split()), currency) for head, all_of_it in whole]
        if offers and offers[-1].price is None and len(read) == 1 and _is_about_the_price(text, currency):
            # {"name": "Will writing", "price": "from £240"}: the second text prices what the first names.
            priced = {name: getattr(read[0], name) for name in ("price", "unit", "is_price_from")}
            offers[-1] = offers[-1].model_copy(update=priced)
        else:
            offers += read
    named = {offer.text.casefold(): offer for offer in reversed(offers) if offer.name}
    return tuple(reversed(named.values()))


def _is_about_the_price(piece: str, currency: str) -> bool:
    """Tell whether a piece is a price, or talk about one, and so belongs to the offer before it."""
    price = _first_price(piece, currency)
    if price is not None and not re.search(r"[^\W\d_]", _LEAD_IN.sub("", piece[: price.start])):
        rest = _after_price(piece, price)
        return not re.search(r"\w", rest) or bool(_KIND_OF_PRICE.match(rest))
    return bool(_MORE_OF_THE_SAME.match(piece)) and (price is not None or len(piece.split()) <= 4)


def _offer(head: str, text: str, currency: str) -> Offer:
    """Return the offer that `head` names; where that has no price, one that opens a later piece counts."""
    price = _first_price(head, currency)
    if price is None:
        later = _LATER_PRICE.search(text, len(head))
        price = _first_price(text, currency, later.start()) if later else None
        name = head
    else:
        before = _LEAD_IN.sub("", text[: price.start][-MOST_CHARACTERS:])
        name = _closed(before) if re.search(r"[^\W\d_]", before) else _after_price(head, price)
    if price is None:
        return Offer(name=_short(name), text=text)
    return Offer(
        name=_short(_KIND_AT_THE_END.sub("", name)) or _short(text),
        text=text,
        price=Money(amount=price.value, currency=price.currency or currency),
        unit=_unit(text, price),
        is_price_from=bool(_FROM.search(text, max(0, price.start - 30), price.start) or _AND_UP.match(text, price.end)),
    )


def _first_price(text: str, currency: str, start: int = 0) -> Amount | None:
    found = (amount for amount in amounts(text, currency) if amount.start >= start)
    return next((amount for amount in found if amount.is_money and 0 < amount.value < MOST_MONEY), None)


def _unit(text: str, price: Amount) -> str:
    period = periods.find_period(text[price.end : price.end + 24])
    if period and not re.search(r"\w", text[price.end : price.end + period[1]]):
        return period[0]
    if piece := _PER_PIECE.match(text, price.end):
        return f"per {piece[1]}"
    return "each" if _EACH.match(text, price.end) else ""


def _after_price(text: str, price: Amount) -> str:
    rest = text[price.end :]
    period, piece = periods.find_period(rest[:24]), _PER_PIECE.match(rest)
    if period and not re.search(r"\w", rest[: period[1]]):
        rest = rest[period[2] :]
    elif piece:
        rest = rest[piece.end() :]
    return re.sub(r"^[\s:–—,;)\]-]+(?:for\b|für\b|pour\b)?\s*", "", rest).strip(" .,;:–—-")


def _closed(name: str) -> str:
    """Return a name without a bracket that its price closed."""
    opened = max(name.rfind("("), name.rfind("["))
    return name[:opened] if opened > max(name.rfind(")"), name.rfind("]")) else name


def _short(name: str) -> str:
    words = name.split()
    return " ".join(words[:MOST_NAME_WORDS]).strip(" ,;:–—-(")[:120].strip()
