"""The groups of people to reach."""

import re
from itertools import pairwise

from apps.onboarding.api.dtos import Audience
from apps.onboarding.rules import lists

MOST_NAME_WORDS = 8
_LABEL = re.compile(
    r"(?:^|(?<=[\s,.]))(?:(?:the\s+)?(?:primary|main|first|second|secondary|third|other|another|zweite|erste"
    r"|dritte|primäre|sekundäre|deuxième"
    r"|segundo|segunda|druga|pierwsza)\s*(?:groups?|audiences?|targets?|segments?|zielgruppen?|gruppen?|groupe"
    r"|cible|grupo|público|grupa)?"
    r"|secondary|also|additionally|außerdem|auch|aussi|también|także|b2b|b2c)\s*:\s*",
    re.IGNORECASE,
)
# A piece of this kind says more about the group before it: "50-400 employees", "aged 30+", "mostly in Galway".
_MORE_OF_THE_SAME = re.compile(
    r"(?:\d|aged?\b|ages\b|in\s|with\s|who\b|mostly\b|mainly\b|usually\b|often\b|based\b|located\b|living\b"
    r"|income\b|budget\b|im alter|mit\s|ab\s\d)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\s*[,;:(\[–—]|\s+-\s+|\s+(?:who|that|which|whose|die|der|das|qui|dont|que|które|którzy|che|quienes)\s",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"\s(?:in|at|on|with|from|for|within|around|near|across|im|mit|bei|aus|für|dans|avec|en|con|para|com|em|w|z"
    r"|dla|met|voor|looking"
    r"|searching|wanting|aged)\s",
    re.IGNORECASE,
)
_ENGLISH = re.compile(r"\b(?:and|of|with|who|the|for|aged|from|whose|or)\b", re.IGNORECASE)
_COMMON = frozenset(
    [
        "people",
        "women",
        "men",
        "everyone",
        "anyone",
        "young",
        "small",
        "busy",
        "older",
        "new",
        "local",
        "owner",
        "senior",
        "junior",
        "first",
    ]
)


def read_audiences(texts: list[str]) -> tuple[Audience, ...]:
    """Return the groups in the texts, the primary one first, each in the client's wording with a short name."""
    pieces = texts if len(texts) > 1 else [piece for text in texts for piece in _groups(text)]
    bare = (re.sub(r"^\W+$", "", _LABEL.sub("", lists.strip_item(piece), count=1)) for piece in pieces)
    return tuple(Audience(text=text, name=short_name(text)) for text in lists.distinct(bare))


def short_name(text: str) -> str:
    """Return a group's name in at most eight words: up to a clause, a preposition or the eighth word."""
    clause = _CLAUSE.search(text, 1)
    name = text[: clause.start()] if clause and len(text[: clause.start()].split()) > 1 else text
    if len(name.split()) > MOST_NAME_WORDS:
        name = _first_words(name)
        cuts = [cut.start() for cut in _PREPOSITION.finditer(name + " ") if len(name[: cut.start()].split()) > 1]
        name = name[: cuts[-1]] if cuts else name
    return _uncapitalised(name.strip(" .,;:-–—([")) or _first_words(text)


def _first_words(text: str) -> str:
    words = list(re.finditer(r"\S+", text))
    last = words[min(MOST_NAME_WORDS, len(words)) - 1]
    following = re.match(r"\s\S+", text[last.end() :])
    # The word after the eighth tells whether the eight end before a preposition.
    keeps = following and _PREPOSITION.match(following[0] + " ")
    return text[: last.end()] + (following[0] if following and keeps else "")


def _groups(text: str) -> list[str]:
    groups: list[str] = []
    for _, statement in lists.with_what_belongs(text, lists.statements(text), _says_more):
        labels = [label.start() for label in _LABEL.finditer(statement)]
        edges = [0, *(start for start in labels if start), len(statement)]
        groups += [lists.strip_item(statement[a:b]) for a, b in pairwise(edges)]
    return groups


def _says_more(statement: str) -> bool:
    return bool(_MORE_OF_THE_SAME.match(statement)) and not _LABEL.match(statement)


def _uncapitalised(name: str) -> str:
    """Lower the first letter of an English plural ("Adults with …"); German nouns and proper names keep theirs."""
    first = name.split(" ", 1)[0]
    is_common = first.casefold() in _COMMON or (first.endswith("s") and not first.endswith(("ans", "ss")))
    if first.istitle() and is_common and (_ENGLISH.search(name) or first.casefold() in _COMMON):
        return name[0].lower() + name[1:]
    return name
