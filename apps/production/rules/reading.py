"""What facts mean for a plan: the kind of business, what a worry is about, what the discovery notes change."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from apps.production.rules.facts import ChannelFact, Facts
from apps.production.rules.writing import number, possessive, prose_list

Trade = Literal["local", "business", "shop", "coaching", "general"]
"""How a client earns its money, as far as plans differ: the industry presets of the strategy, seen from the copy."""

_TRADES: tuple[tuple[Trade, str], ...] = (
    ("coaching", r"coach|mentor|\bcourses?\b|academy|tutor|training program|masterclass|workshops?\b"),
    ("shop", r"e-?commerce|\bd2c\b|\bdtc\b|direct.to.consumer|online (?:shop|store|retail)|web ?shop|skincare|cosmetics"
             r"|apparel|fashion|jewell?ery|subscription box"),
    ("business", r"\bb2b\b|\bsaas\b|software|wholesale|industrial|logistics"),
    ("local", r"clinic|dent(?:al|ist)|salon|restaurant|caf[eé]|bak(?:er|ing)|\bgym\b|physio|plumb|electrician"
              r"|repair|garage|veterin|hotel|\bspa\b|studio|practice|doctor|barber|florist|garden|local|optician|pharmacy"),
)  # fmt: skip
_SHELF = re.compile(r"shopping ads|product pages", re.IGNORECASE)
_NEARBY = re.compile(
    r"\b\d+ ?km\b|\bmiles\b|\bcity\b|\btown\b|\baround\b|\bneighbou?rhood\b|\bdistrict\b", re.IGNORECASE
)

Topic = Literal[
    "price", "hours", "deadline", "order", "effort", "waste", "fit", "risk", "confidence", "trust", "choice", "growth",
    "other",
]  # fmt: skip

_TOPICS: tuple[tuple[Topic, str], ...] = (
    ("price", r"pric|cost|expensive|\bfees?\b|afford|money|\bpay"),
    ("hours", r"appointment|opening|after \d|evening|weekend|\bwait|available|availability|\bhours\b"),
    ("deadline", r"month-end|deadline|crunch|\brush|late\b|overdue|\bslow|busy|no time|takes too|peak"),
    ("order", r"lost|inbox|chaos|mess|trail|audit|overview|scatter|missing|spreadsheet|track|forgot"),
    ("effort", r"by hand|manual|copying|\bimport|effort|tedious|complicat|difficult|paperwork|hard to"),
    ("waste", r"waste|plastic|environment|packag|sustainab|landfill"),
    ("fit", r"\bfits?\b|siz(?:e|ing)|return|allerg|\bskin\b|ingredient|irritat|sensitive"),
    ("risk", r"erp|security|integrat|contract|lock-?in|switch|commit|migrat|approval|committee|project"),
    ("confidence", r"embarrass|asham|afraid|fear|anxi|nervous|confiden|shy|burn|stress|alone|imposter|doubt"),
    ("trust", r"trust|scam|believ|s[ck]eptic|reliab|promise|fake|quality|disappoint|generic|proof|bad experience"),
    ("choice", r"which|confus|overwhelm|too many|choos|understand|unclear|don't know|where to start|jargon"),
    ("growth", r"stuck|plateau|clients|customers|leads|sales|income|revenue|grow|booked|empty"),
)  # fmt: skip

NoteTopic = Literal["response", "capacity", "list", "voice", "hours", "pictures"]

_NOTES: dict[NoteTopic, str] = {
    "response": r"answer|respon[ds]|repl(?:y|ies)|call(?:s|ed)? back|next morning",
    "capacity": r"at most|capacity|maximum|max\.|can take|\d+ (?:a|per) week each",
    "list": r"\blist\b|contacts|opt-?in|subscribers|newsletter|database|past (?:customers|clients|patients)",
    "voice": r"(?:founder|owner|ceo|director|chef|head)\b.*\b(?:will|writes?|posts?|records?|speaks?|does|do)\b",
    "hours": r"evening|slots|\buntil \d|opening hours|weekends?|\d{1,2}[:.]\d{2}",
    "pictures": r"photo|picture|stock|video|footage|images?\b",
}
_CASE = r"case|→|->|finished|within|days|hours"
_PROOF: dict[Topic, str] = {
    "price": r"\breview|google|rating|stars",
    "hours": r"\breview|google|rating|stars",
    "deadline": _CASE,
    "order": _CASE,
    "effort": _CASE,
    "fit": r"\breview|tested|dermat|\breturn",
    "waste": r"certif|recycl|label|organic",
    "risk": r"certif|\biso\b|audit|t[üu]v|award|accredit",
    "confidence": r"\breview|finished|since|years",
    "trust": r"customers|clients|patients|\breview|since|years",
    "growth": r"case|clients|customers|participants",
}
_FORBIDS = re.compile(r"\b(?:wants? no|no|not|never|without|don't|doesn't|refuses?)\b", re.IGNORECASE)
_EACH = re.compile(r"(\d+) (?:people|persons|reps|staff|colleagues)\D+?(\d+) (\w+) (?:a|per) week each", re.IGNORECASE)
_PAID = re.compile(r"\bads?\b|advert|paid|sponsor|\bppc\b", re.IGNORECASE)
_MAIL = re.compile(r"e-?mail|newsletter|\bcrm\b", re.IGNORECASE)
_AMOUNT = re.compile(r"\d[\d,]*(?:\.\d+)?")


def trade(facts: Facts) -> Trade:
    """Return the kind of business, from the industry first, then from the offers, the channels and the place."""
    for said in (facts.industry, " ".join(offer.name for offer in facts.offers)):
        for name, pattern in _TRADES:
            if re.search(pattern, said, re.IGNORECASE):
                return "business" if name == "local" and facts.is_b2b else name
    if facts.is_b2b:
        return "business"
    if any(_SHELF.search(channel.name) for channel in facts.channels):
        return "shop"
    return "local" if _NEARBY.search(facts.place) else "general"


def topic(text: str) -> Topic:
    """Return what a worry, a wish or an objection is about."""
    return next((name for name, pattern in _TOPICS if re.search(pattern, text, re.IGNORECASE)), "other")


def note(facts: Facts, about: NoteTopic) -> str:
    """Return the first discovery note on a subject, or "". Notes that forbid something are never printed."""
    notes = (text for text in facts.notes if not _FORBIDS.search(text))
    return next((text for text in notes if re.search(_NOTES[about], text, re.IGNORECASE)), "")


def capacity(facts: Facts) -> str:
    """Return the weekly capacity with its arithmetic ("3 × 12 = 36 demos a week"), "" where no note holds it."""
    found = next(filter(None, map(_EACH.search, facts.notes)), None)
    if not found:
        return ""
    people, each, thing = found.groups()
    return f"{people} × {each} = {number(Decimal(people) * Decimal(each))} {thing} a week"


def weekly_pace(facts: Facts) -> str:
    """Return what the goal means per week with its arithmetic, "" where the goal holds no number or no period."""
    days = re.search(r"\b(?:in|within) ([1-9]\d*) days\b", facts.goal)
    if not facts.target:
        return ""
    target = Decimal(facts.target.replace(",", ""))
    if days:
        return f"{facts.target} × 7 ÷ {days[1]} days = about {_tenth(target * 7 / int(days[1]))} a week"
    if re.search(r"\b(?:per|a) month\b", facts.goal):
        return f"{facts.target} × 12 ÷ 52 = about {_tenth(target * 12 / 52)} a week"
    return ""


def gap(facts: Facts) -> str:
    """Return the distance from today to the goal with its arithmetic, "" where one of the two is unknown."""
    if not facts.target or not facts.baseline:
        return ""
    target, baseline = (Decimal(text.replace(",", "")) for text in (facts.target, facts.baseline))
    return f"{facts.target} − {facts.baseline} = {number(target - baseline)}"


def _tenth(value: Decimal) -> str:
    return number(value.quantize(Decimal("0.1"), ROUND_HALF_UP))


def unknown(facts: Facts, *about: str) -> str:
    """Return which of these things the brief does not say, as a list in prose; "" where it says them all."""
    return prose_list([name for name in facts.unknown if name in about])


def worries(facts: Facts) -> tuple[str, ...]:
    """Return what stands between a buyer and the offer: pains first, then objections."""
    return tuple(dict.fromkeys(facts.pains + facts.objections))


def evidence(facts: Facts, index: int) -> str:
    """Return a piece of proof, going round where there are fewer than asked for; "" without any."""
    return facts.proof[index % len(facts.proof)] if facts.proof else ""


def proof_for(facts: Facts, worry: str, index: int = 0) -> str:
    """Return the proof that answers a worry best: a certificate for a risk, a case for a delay; "" without any."""
    wanted = _PROOF.get(topic(worry), "")
    fitting = (text for text in facts.proof if wanted and re.search(wanted, text, re.IGNORECASE))
    return next(fitting, "") or evidence(facts, index)


def spread_proof(facts: Facts, said: Sequence[str]) -> tuple[str, ...]:
    """Return one proof for each worry, none of them twice; "" where the proofs have run out."""
    left, chosen = list(facts.proof), []
    for worry in said:
        best = proof_for(facts, worry)
        best = best if best in left else next(iter(left), "")
        left = [proof for proof in left if proof != best]
        chosen.append(best)
    return tuple(chosen)


def is_paid(channel: ChannelFact) -> bool:
    """Say whether a channel is bought media."""
    return bool(_PAID.search(channel.name))


def mail_channel(facts: Facts) -> ChannelFact | None:
    """Return the channel that sends mail, if the plan has one."""
    return next((channel for channel in facts.channels if _MAIL.search(channel.name)), None)


def amount(text: str) -> Decimal | None:
    """Return the first amount in a printed sum ("€1,750 per month" gives 1750), None without one."""
    found = _AMOUNT.search(text)
    return Decimal(found[0].replace(",", "")) if found else None


def like(value: Decimal, printed: str) -> str:
    """Return a value printed in the currency of another sum: like(Decimal(5), "€1,750") gives "€5"."""
    digits = f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"
    return _AMOUNT.sub(digits, printed, count=1)


def day(value: date) -> str:
    """Return "9 March 2026"."""
    return f"{value.day} {value:%B %Y}"


def weeks(facts: Facts) -> int:
    """Return how many weeks the plan runs, one at least."""
    return max(1, ((facts.end - facts.start).days + 1) // 7)


def middle(facts: Facts) -> date:
    """Return the day in the middle of the plan."""
    return facts.start + timedelta(days=(facts.end - facts.start).days // 2)


def is_whole(text: str) -> bool:
    """Say whether a text came through shortening uncut: no ellipsis at its end, no quotation left open."""
    return bool(text) and not text.endswith("…") and text.count("“") == text.count("”")


def fill(template: str, facts: Facts) -> str:
    """Put a client's noun phrases into a sentence: {client}, {clients}, {offer}, {primary}, {place}, {request}, …"""
    return template.format(
        client=facts.client,
        clients=possessive(facts.client),
        offer=facts.offer.short,
        primary=facts.primary,
        place=facts.place or "the area served",
        request=facts.request,
        metric=facts.metric or "results",
        channel=facts.channel.name,
        goal=facts.goal,
    )


def filled(templates: Sequence[str], facts: Facts) -> tuple[str, ...]:
    """Fill several sentences."""
    return tuple(fill(template, facts) for template in templates)
