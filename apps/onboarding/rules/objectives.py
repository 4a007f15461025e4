"""What is to be reached, and the numbers in it."""

import re
from decimal import Decimal
from typing import NamedTuple

from apps.onboarding.api.dtos import Objective
from apps.onboarding.rules import lists, periods
from apps.onboarding.rules.amounts import NUMBER, amounts, read_number
from apps.onboarding.rules.dates import day_span

_LETTER = r"[^\W\d_]"
_COUNT = re.compile(
    rf"(?<![\w.,:/€$£%+-])(?:(?P<low>{NUMBER})\s*(?:-|–|to|bis|à)\s*)?(?P<number>{NUMBER})(?P<k>k\b)?\s*(?P<plus>\+)?(?:\s+(?:more|new|additional|extra|neue"
    rf"|weitere|nouveaux|nuevos)(?=\s))?"
    rf"\s+(?P<metric>{_LETTER}[\w'’&-]*(?:\s+{_LETTER}[\w'’&-]*){{0,3}})",
    re.IGNORECASE,
)
_FROM_TO = re.compile(
    rf"(?:\b(?:from|von|de|desde|da|od|z|van|fra|från)\s+(?:about\s+|around\s+|etwa\s+"
    rf"|ca\.\s+)?)(?P<low>{NUMBER})\s*(?P<percent>%)?"
    rf"(?:\s+[^\W\d_]+)?\s*(?:to|auf|à|a|para|do|na|naar|til|till|zu|→)\s+(?:about\s+|around\s+"
    rf"|at least\s+)?(?P<high>{NUMBER})(?P<percent_high>\s*%)?",
    re.IGNORECASE,
)
_TO_PERCENT = re.compile(
    rf"^(?P<before>[^\n]{{3,200}}?)\s(?:to|of|above|over|at least|auf|über|à|al|para|na|do|>)\s+"
    rf"(?P<number>{NUMBER})\s?%",
    re.IGNORECASE,
)
_NOW_WORDS = (
    r"today|currently|at present|presently|right now|now|so far|until now|at the moment|as of now|baseline|up from"
    r"|heute|aktuell"
    r"|derzeit|momentan|bisher|zurzeit|jetzt|actuellement|aujourd'hui|actualmente|hoy|ahora|hoje|atualmente|agora"
    r"|oggi|attualmente"
    r"|obecnie|teraz|dziś|nu|momenteel|idag|i dag"
)
_ABOUT = (
    r"(?:(?:it is|it's|we are at|we have|we get|is|are|at|about|around|roughly|approx\.?|some|only|just|etwa|rund"
    r"|ca\.?|circa|nur|sind es|environ|unos|cerca de|około|ok\.|:|~)\s*)*"
)
_NOW = re.compile(
    rf"\b(?:{_NOW_WORDS})\b[\s,:=]*{_ABOUT}(?P<after>{NUMBER})(?!\s*%|\.\d)"
    rf"|(?P<before>{NUMBER})[^\d,;.()]{{0,30}}?\s(?:{_NOW_WORDS})\b",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    rf"\b(?:in|within|over|during|innerhalb von|binnen|en|dans|em|w ciągu|binnen|inom"
    rf"|innen)\s+(?:the\s+)?(?:first\s+|next\s+)?(?:den\s+)?"
    rf"(?:ersten\s+|nächsten\s+)?(?P<count>\d{{1,3}})\s+(?P<unit>{periods.UNIT})(?![^\W\d_])",
    re.IGNORECASE,
)
_MONTH_NAMES = (
    r"jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch|s|zo|ço)?|märz|apr(?:il)?|avril|abril|may|mai|mayo|maio|maggio"
    r"|jun[ei]?|juin|junio"
    r"|junho|jul[iy]?|juillet|julio|julho|aug(?:ust)?|août|agosto|sept?(?:ember|embre)?|septiembre|setembro"
    r"|o[ck]t(?:ober|obre|ubro)?"
    r"|nov(?:ember|embre|embro)?|noviembre|de[cz](?:ember|embro)?|décembre|diciembre|christmas|easter|weihnachten"
    r"|ostern|noël"
    r"|spring|summer|autumn|winter|sommer|herbst|frühling"
)
_DEADLINE = re.compile(
    r"\b(?:by|before|until|till|bis(?:\s+zum)?|vor|avant|d'ici|antes\s+de|hasta|até|entro|do|przed|voor|vóór|innan"
    r"|før)\s+"
    r"(?:the\s+|la\s+|el\s+|o\s+)?(?:(?:very\s+)?(?:end|start|beginning|middle)\s+of\s+|mid[- ]?|early\s+|late\s+"
    r"|ende\s+|mitte\s+|anfang\s+"
    r"|fin(?:ales)?\s+(?:de\s+)?|fim\s+d[eo]\s+|końca\s+|eind\s+)?(?:the\s+|of\s+|des\s+|this\s+|next\s+)?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|\.)?\s+)?(?:q[1-4]\b(?:\s*/?\s*20\d\d)?|(?:{_MONTH_NAMES})\b(?:\s+\d{{1,2}}(?:st"
    rf"|nd|rd|th)?\b)?(?:,?\s+20\d\d)?"
    r"|20\d\d-\d\d-\d\d|20\d\d\b|\d{1,2}[./]\d{1,2}[./](?:20)?\d\d|year(?:\s+end)?\b|year-end\b|jahres(?:ende)?\b"
    r"|quarter\b|month\b|season\b)",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"\b(?:by|before|until|till|bis(?:\s+zum)?|vor|avant(?:\s+le)?|d'ici|antes\s+d[eo]|hasta|até|entro|do|przed|voor|vóór|innan"
    r"|innen|før|senast)\s+(?:the\s+|el\s+|den\s+)?",
    re.IGNORECASE,
)
_METRIC_END = re.compile(
    r"(?:^|\s)(?:a|an|per|by|in|on|at|to|from|for|within|until|till|before|after|each|every|with|under|over|during"
    r"|via|through|and"
    r"|or|of|is|are|we|this|next|pro|im|bis|innerhalb|binnen|je|am|mit|und|auf|für|aus|par|d'ici|avant|avec|dans"
    r"|en|et|por|al|para|con|y"
    r"|até|com|e|na|do|w|i|z|dla|voor|met|het|monthly|weekly|daily|yearly|monatlich|wöchentlich|mensuel\w*"
    r"|mensual\w*|miesięcznie"
    r"|today|currently|now|heute|derzeit|more|online)(?=\s|$)",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:under|below|less than|at most|max\.?|maximum|unter|höchstens|moins de|menos de|poniżej|first|top"
    r"|age[ds]?|the|cac|cpa|cpl|cost)"
    r"(?:\s+\w+){0,1}\s*$",
    re.IGNORECASE,
)
_NO_METRIC = re.compile(
    rf"(?:{periods.UNIT}|am|pm|uhr|km|kilometres?|kilometers?|miles?|hours?|hrs?|minutes?|minuten|stunden|percent"
    rf"|prozent|%"
    r"|st|nd|rd|th|and|or|to|x|{})(?!\w)".replace("{}", "times|eur|usd|gbp|chf|pln|euros?|dollars?|pounds?"),
    re.IGNORECASE,
)
_VERB = re.compile(
    r"^(?:(?:we\s+(?:want|need|would like)\s+to|our goal is to|goal:?|please|to)\s+)?(?:increase|grow|raise|lift"
    r"|boost|double|triple|get|reach"
    r"|bring|move|push|improve|drive|scale|expand|steigerung|erhöhung|steigern|erhöhen|augmenter|passer|aumentar"
    r"|subir|pasar|aumentare"
    r"|zwiększyć|zwiększenie|wzrost|reduce|cut|lower|decrease|take)\s+(?:the\s+|our\s+|der\s+|die\s+|von\s+"
    r"|number\s+of\s+|anzahl\s+der\s+"
    r"|le\s+|la\s+|les\s+|el\s+|los\s+|las\s+|nombre\s+de\s+|liczby\s+|liczbę\s+)*",
    re.IGNORECASE,
)
MOST_METRIC_WORDS = 5
MOST_TO_REACH = Decimal(10) ** 12
"""Numbers from here on are taken for typing errors."""


class _Numbers(NamedTuple):
    metric: str = ""
    target: Decimal | None = None
    baseline: Decimal | None = None
    unit: str = ""


def read_objectives(texts: list[str], *, currency: str) -> tuple[Objective, ...]:
    """Return the objectives in the texts, in the client's wording, each with the numbers that stand in it."""
    pieces = texts if len(texts) > 1 else [piece for text in texts for piece in _statements(text)]
    return tuple(read_objective(piece, currency=currency) for piece in lists.distinct(pieces))


def _statements(text: str) -> list[str]:
    """Return the statements of a text; "today it is 6" belongs to the objective before it."""
    return [whole for _, whole in lists.with_what_belongs(text, lists.statements(text), _says_where_we_are)]


def _says_where_we_are(statement: str) -> bool:
    return re.match(rf"\(?(?:{_NOW_WORDS})\b", statement, re.IGNORECASE) is not None


def read_objective(text: str, *, currency: str) -> Objective:
    """Read one objective: "40 booked consultations a month by the end of Q2 (today about 14)"."""
    numbers = _from_to(text) or _count(text) or _percentage(text) or _money(text, currency) or _Numbers()
    if numbers.target is not None and numbers.target >= MOST_TO_REACH:
        numbers = _Numbers()
    return Objective(
        text=text,
        metric=numbers.metric,
        target=numbers.target,
        baseline=_baseline(text, numbers) if numbers.target is not None else None,
        unit=" ".join(part for part in (numbers.unit, _unit(text)) if part) if numbers.target is not None else "",
        deadline=_deadline(text),
    )


def _from_to(text: str) -> _Numbers | None:
    found = _FROM_TO.search(text)
    if not found:
        return None
    following = _metric(text[found.end() :].lstrip(" )"))
    leading = re.split(r"[:;,.(]\s*", text[: found.start()].strip())[-1]
    metric = following or _last_words(_VERB.sub("", leading))
    if not metric:
        return None
    is_percent = bool(found["percent_high"] or found["percent"])
    return _Numbers(metric, read_number(found["high"]), read_number(found["low"]), "%" if is_percent else "")


def _count(text: str) -> _Numbers | None:
    for found in _COUNT.finditer(text):
        metric = _metric(found["metric"])
        is_limit = _LIMIT.search(text, max(0, found.start() - 30), found.start())
        if metric and not is_limit and not _is_now(text, found):
            # Of "80-100 leads" the lower number is what is asked for.
            return _Numbers(metric, read_number(found["low"] or found["number"]) * (1000 if found["k"] else 1))
    return None


def _percentage(text: str) -> _Numbers | None:
    """Read "repeat purchase rate to 35%"; "30% more leads" has no number to reach, only one to grow by."""
    found = _TO_PERCENT.search(text)
    metric = _last_words(_VERB.sub("", re.split(r"[:;,.(]\s*", found["before"])[-1].strip())) if found else ""
    return _Numbers(metric, read_number(found["number"]), None, "%") if found and metric else None


def _is_now(text: str, found: re.Match[str]) -> bool:
    now = _NOW.search(text)
    return bool(now and now.start() <= found.start() < now.end() and now["after"])


def _money(text: str, currency: str) -> _Numbers | None:
    """Read a target in money ("€50k revenue a month", "revenue of £1.2m"); a limit ("CAC under €90") is none."""
    for amount in amounts(text, currency):
        if not amount.is_money or _LIMIT.search(text, max(0, amount.start - 30), amount.start):
            continue
        before = re.split(r"[:;,.(]\s*", text[: amount.start])[-1]
        words = re.sub(r"\s+(?:of|to|at|from|by|von|auf|de|à|a|na|do)\s*$", "", _VERB.sub("", before.strip()))
        metric = _metric(text[amount.end :].lstrip()) or _last_words(words)
        if metric:
            return _Numbers(metric, amount.value, None, amount.currency or "")
    return None


def _metric(words: str) -> str:
    if _NO_METRIC.match(words):
        return ""
    head = re.match(rf"{_LETTER}[\w'’& -]*", words)
    if not head:
        return ""
    end = _METRIC_END.search(head[0])
    return _first_words(head[0][: end.start()] if end else head[0])


def _first_words(text: str) -> str:
    words = list(re.finditer(r"\S+", text))[:MOST_METRIC_WORDS]
    return text[: words[-1].end()].strip(" -/&") if words else ""


def _last_words(text: str) -> str:
    words = list(re.finditer(r"\S+", text))[-MOST_METRIC_WORDS:]
    metric = text[words[0].start() :].strip(" -/&:") if words else ""
    return metric if re.search(_LETTER, metric) else ""


def _deadline(text: str) -> str:
    found = _DEADLINE.search(text)
    if found:
        return found[0]
    for before in _UNTIL.finditer(text):
        span = day_span(text[before.end() : before.end() + 40])
        if span and span[0] == 0:
            return text[before.start() : before.end() + span[1]]
    return ""


def _baseline(text: str, numbers: _Numbers) -> Decimal | None:
    if numbers.baseline is not None:
        return numbers.baseline
    found = _NOW.search(text)
    if not found:
        return None
    value = read_number(found["after"] or found["before"])
    # "Add 150 members, we are at 420 today" counts members to win, not members to have.
    return value if numbers.target is not None and value < numbers.target else None


def _unit(text: str) -> str:
    period = periods.find_period(text)
    if period:
        return period[0]
    within = _WITHIN.search(text)
    if not within:
        return ""
    count, unit = int(within["count"]), periods.unit_of(within["unit"])
    return f"in {count} {unit}{'s' if count != 1 else ''}"
