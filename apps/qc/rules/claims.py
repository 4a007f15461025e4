"""Claims and numbers that nothing stands behind: neither the brief nor the strategy."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from apps.qc.rules.brief_bound import is_copy
from apps.qc.rules.figures import Figure, figures_in
from apps.qc.rules.registry import Family, Hit, Passage, Reading
from apps.qc.rules.wording import is_denied, is_negated, one_of, quote

claims = Family("claims")

SMALL = 31
"""Whole numbers up to a month's days count posts, people in a meeting, steps; in copy that counts customers, not even
those."""

SUPERLATIVE = one_of(
    r"(?:#\s?1|no\.? ?1|number one)(?! (?:priority|goal|reason|question|job|task|rule))",
    r"(?:is|are|we're|as) the (?:very )?best",
    r"the best (?:\w+ ){1,3}(?:in|around|on) (?:the )?(?-i:[A-Z]\w+|world|country|region|town|city|market)",
    r"world-class|award-winning|market[ -]leading|market leaders?|top-rated|second to none",
    r"unrivall?ed|unbeatable|unmatched|unparallell?ed",
    r"leading (?:provider|supplier|company|clinic|brand|firm|practice|specialist|expert)s?",
    r"most (?:trusted|advanced|effective|affordable|experienced|popular|loved)",
    r"fastest|cheapest|safest|finest|highest[ -]quality|lowest prices?",
    after=r"(?! (?:way|route|growing|channel|reply|response|post|cost))",
)
ABSOLUTE = one_of(
    r"guarantee[sd]?|risk[ -]free|(?:no|zero) (?:risk|side effects?)",
    r"(?:clinically|scientifically|medically) (?:proven|tested)",
    r"(?:doctor|expert|dentist)s?[ -](?:recommended|approved)",
    r"proven (?:method|result|system|formula|track record|success|solution|approach)\w*",
    r"always works|never fails|works every time|works for everyone|every(?:body|one) loves",
    r"(?:instant|immediate|permanent|miracle) (?:results?|cure|relief|success)",
    r"the only (?:clinic|company|provider|product|solution|software|practice|brand)",
)
_SHARE_CLAIM = one_of(
    r"more|fewer|less|faster|better|higher|lower|cheaper|quicker|savings?|increase|decrease|rise|drop|growth|off",
    r"discount|success|satisf\w+|effective|safe|natural",
    r"of (?:our |all |the )?(?:\w+ )?(?:patients|customers|clients|users|people|companies|firms|buyers|adults|teams)",
    r"of (?:our |all |the )?(?:\w+ )?(?:businesses|consumers|visitors|members|cases)",
    before=r"^\s*",
)
_BUDGET = one_of(
    r"budgets?|spend\w*|spent|invest\w*|allocat\w*|shares?|split|reserve[ds]?|media|paid|cost per|costs? of|bids?",
    r"caps?|capped|test\w*|always-on|CAC|CPA|CPL|CPC|CPM",
)
_CONDITION = one_of(
    r"if|when|whenever|once|unless|until|should|as soon as|below|above|under|over|at least|at most|no more than",
    r"threshold|limit|falls?|rises?|drops?|deviat\w*|tolerance|margin",
)
_UNIT_OF_PLANNING = one_of(
    r"days?|weeks?|hours?|h|hrs?|minutes?|min|mins|seconds?|secs?|s|months?|years?(?! of (?:experience|practice))",
    r"posts?|entries|items?|words?|characters?|chars|e?-?mails?|slides?|hashtags?|variants?|ads?|pages?|lines?",
    r"px|pixels?|mm|cm|frames?|fps|MB|KB|year-old",
    before=r"^\s?[-–]?\s?(?:to |and )?(?:\d+\s?)?(?:(?:working|business|calendar|full|consecutive) )?",
)
_PLANNING_HEADER = one_of(r"days?|weeks?|when|timing|delay|hours?|minutes?|seconds?|words|posts|length|duration")
_AGE = re.compile(r"\b(?:aged?|ages|years? old|year-olds?|adults?)\b|, \d\d,", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:since|founded(?: in)?|established(?: in)?|est\.|opened in)\s$", re.IGNORECASE)
_COUNTED = one_of(
    r"customers?|clients?|patients?|users?|members?|reviews?|ratings?|stars?|awards?|cases|subscribers|downloads",
    r"dentists|doctors|specialists|locations|countries|years of (?:experience|practice)|companies|firms|businesses",
    before=r"^\+?\s(?:\w+ ){0,2}?",
)


@claims.on_passage(
    "UNPROVEN_SUPERLATIVE",
    "MAJOR",
    "A superlative without proof",
    why="“Best”, “leading” and “#1” need a source, by advertising law in most markets. What the brief itself says may "
    "stand; so may “the best time to post”.",
)
def unproven_superlative(passage: Passage, reading: Reading) -> Iterator[Hit]:
    yield from _unproven(SUPERLATIVE, passage, reading)


@claims.on_passage(
    "UNPROVEN_ABSOLUTE",
    "MAJOR",
    "A promise without limits and without proof",
    why="“Guaranteed”, “proven” and “risk-free” are promises the client must be able to keep in every case.",
)
def unproven_absolute(passage: Passage, reading: Reading) -> Iterator[Hit]:
    yield from _unproven(ABSOLUTE, passage, reading)


def _unproven(claim: re.Pattern[str], passage: Passage, reading: Reading) -> Iterator[Hit]:
    for match in claim.finditer(passage.text):
        if match[0].lower() in _stated(reading) or is_denied(passage.text, match.start()) or is_negated(passage.lead):
            continue
        yield Hit(
            passage.section,
            f"Nothing in the brief proves “{match[0]}”.",
            quote(passage.text, *match.span()),
            "Name the proof from the brief, or say something smaller that is true.",
        )


def _stated(reading: Reading) -> str:
    """What the client says of itself. Bans and rules name the very words they are against, so they prove nothing."""
    brief = reading.brief
    texts = [*brief.proof, *brief.facts, *brief.disclaimers, *(offer.text for offer in brief.offers)]
    return " ".join(texts).lower()


@claims.on_passage(
    "UNPROVEN_PERCENTAGE",
    "MAJOR",
    "A percentage claimed without proof",
    why="“30 % more”, “95 % of patients”: a figure of effect or agreement that stands neither in the brief nor in the "
    "strategy.",
)
def unproven_percentage(passage: Passage, reading: Reading) -> Iterator[Hit]:
    for figure in figures_in(passage.text):
        if _claims_a_share(figure, passage.text) and not _is_known(figure, reading):
            yield _figure_hit(passage, figure, "Nothing in the brief or the strategy proves")


def _claims_a_share(figure: Figure, text: str) -> bool:
    return figure.kind in ("percent", "times") and _SHARE_CLAIM.match(text[figure.end :]) is not None


@claims.on_passage(
    "UNKNOWN_NUMBER",
    "MAJOR",
    "A number from nowhere",
    why="Prices, results and counts that stand neither in the brief nor in the strategy were invented. Dates, weeks, "
    "times, sizes, counts of posts, budget shares and thresholds of decision rules are not claims.",
)
def unknown_number(passage: Passage, reading: Reading) -> Iterator[Hit]:
    for figure in figures_in(passage.text):
        if _claims_a_share(figure, passage.text) or _is_known(figure, reading):
            continue
        if _needs_a_source(figure, passage, reading):
            yield _figure_hit(passage, figure, "Neither the brief nor the strategy knows")


def _figure_hit(passage: Passage, figure: Figure, complaint: str) -> Hit:
    words = passage.text[figure.start : figure.end].strip()
    return Hit(
        passage.section,
        f"{complaint} “{words}”.",
        quote(passage.text, figure.start, figure.end),
        "Use a figure of the brief, or say how and when it will be measured.",
    )


def _needs_a_source(figure: Figure, passage: Passage, reading: Reading) -> bool:
    text, context = passage.text, f"{passage.lead} {passage.text}"
    match figure.kind:
        case "money":
            return not (_BUDGET.search(context) and figure.value <= _most_money(reading))
        case "percent":
            return not (_BUDGET.search(context) or _CONDITION.search(text) or figure.value == 100)
        case "times":
            return False
    counted = _COUNTED.match(text[figure.end :]) is not None and is_copy(passage)
    if figure.value <= SMALL:
        return counted and figure.value > 1
    return counted or not _belongs_to_planning(figure, passage)


def _belongs_to_planning(figure: Figure, passage: Passage) -> bool:
    text = passage.text
    is_whole_cell = re.search(r"(?:^|\| )$", text[: figure.start]) and re.match(r"\s*(?:\||$)", text[figure.end :])
    if passage.kind == "row" and is_whole_cell and _PLANNING_HEADER.search(passage.lead):
        return True
    if text[: figure.start].rstrip().endswith("÷"):  # "× 12 ÷ 52" turns months into weeks
        return True
    if 1900 <= figure.value <= 2100 and figure.end - figure.start == 4:
        return _SINCE.search(text[: figure.start]) is None
    if figure.value < 100 and _AGE.search(text):
        return True
    return _UNIT_OF_PLANNING.match(text[figure.end :]) is not None


def _is_known(figure: Figure, reading: Reading) -> bool:
    return figure.value in _known(reading.brief_text, reading.strategy_text)


@lru_cache(maxsize=64)
def _known(brief_text: str, strategy_text: str) -> frozenset[Decimal]:
    """Return every number the brief and the strategy hold."""
    lines = f"{brief_text}\n{strategy_text}".splitlines()
    return frozenset(figure.value for line in lines for figure in figures_in(line))


def _most_money(reading: Reading) -> Decimal:
    """Return what may be spent at most: the budget, over all its months."""
    budget = reading.brief.budget
    if budget is None:
        return Decimal(0)
    amount = (budget.amount_max or budget.amount).amount
    return amount * (budget.months or 12) if budget.cadence == "MONTHLY" else amount
