"""Turns a client's sentence about what may not be claimed into words that can be looked for."""

import re
from dataclasses import dataclass
from functools import lru_cache

from apps.qc.rules.phrases import word_set
from apps.qc.rules.reader import clean
from apps.qc.rules.wording import STOP_WORDS, content_words, find_together, is_denied, is_negated, one_of, stem

SIDE_BY_SIDE = 2
"""Words that may stand between those of a claim when it is made in one breath ("before and after photos")."""

ONE_SENTENCE = 6
"""Words that may stand between those of a claim when it is made in a roundabout way."""

_FORBIDDING = one_of(
    r"no|not|never|none of|nothing about|without|avoid\w*|don't|do not|cannot|can't",
    r"(?:must|should|may) (?:not|never)(?: be)?",
    r"refrain from|stay away from|forbidden|banned",
    before=r"^\W*(?:please\s+)?(?:(?:we|you)\s+)?",
    after=r"\W*",
)
_SAYING = one_of(
    r"claim\w*|say\w*|promis\w+|us(?:e|ing)|mention\w*|show\w*|post|publish\w*|mak(?:e|ing)|advertis\w+|suggest\w*",
    r"imply\w*|stat(?:e|ing)|call(?:ed)?",
    before=r"^\W*(?:ever\s+)?",
    after=r"\W*(?:(?:any|that|about|of)\s+)*(?:(?:we|our|it|they|us|the product)(?:'re|'s| are| is)?\s+)?",
)
_NAMING = re.compile(r"^\W*(?:the\s+)?(?:terms?|words?|phrases?)\s+", re.IGNORECASE)
_PROVISO = re.compile(r"\s+(?:without|unless|except|until|only with|other than)\s+(.*)$", re.IGNORECASE)
_OF_A_KIND = one_of(r"claims?|statements?|language|messaging|wording|promises?")
_QUOTED = re.compile(r"(?<!\w)[\"“„'‘]([^\"”“’]{3,60}?)[\"”“'’](?!\w)")
_CLAUSE = re.compile(r"\s[–—-]\s|[;.](?:\s|$)")
_COMPARISON = one_of(r"compar\w+|competitors?|rivals?")
_COMPARING = one_of(
    r"better|faster|cheaper|safer|stronger|easier|simpler|worse|slower|weaker|dearer|fewer|than",
    r"beats?|outperform\w*|unlike|compared|comparison|versus|vs|superior|inferior|ahead of|instead of|rather than",
)
_KINDS = {
    "medical": one_of(
        r"cures?|cured|curing|heals?|healed|healing",
        r"(?:prevents?|treats?|reverses?) (?:disease|illness|pain|cancer|diabetes|depression|anxiety|arthritis)",
    ),
    "income": one_of(
        r"(?:earn|make|save)s? (?:up to |over |more than )?[€$£]?\s?\d[\d.,]*|get rich|passive income",
    ),
    "superlative": one_of(r"the best|number one|no\. ?1|#1|leading|unbeatable|unrivalled"),
    "result": one_of(
        r"guarantee\w*|promis\w+ (?:you )?(?:results?|outcomes?)|results? (?:for sure|every time)",
    ),
}
_KIND_NAMES = {
    "medical": "medical", "health": "medical", "healing": "medical", "cure": "medical", "therapeutic": "medical",
    "income": "income", "earnings": "income", "financial": "income",
    "superlative": "superlative", "superlatives": "superlative",
    "result": "result", "results": "result", "outcome": "result", "guarantee": "result", "guarantees": "result",
}  # fmt: skip


@dataclass(frozen=True)
class ClaimTerms:
    """What to look for. `groups` are sets of words that make the claim together; `condition` is what allows it."""

    groups: tuple[tuple[str, ...], ...]
    condition: tuple[str, ...]
    kind: str  # a family of claims with a pattern of its own, "" for none
    is_comparison: bool

    @property
    def is_unreadable(self) -> bool:
        return not (self.groups or self.kind or self.is_comparison)

    def find(self, text: str, lead: str) -> tuple[int, int] | None:
        """Return where a sentence makes the claim in one breath."""
        if self.kind and (match := _KINDS[self.kind].search(text)):
            return None if self._is_allowed(text, lead, match.start()) else match.span()
        return self._find(text, lead, SIDE_BY_SIDE)

    def find_scattered(self, text: str, lead: str) -> tuple[int, int] | None:
        """Return where a sentence holds all the words of the claim further apart."""
        return self._find(text, lead, ONE_SENTENCE)

    def _find(self, text: str, lead: str, between: int) -> tuple[int, int] | None:
        for words in self.groups:
            span = find_together(list(words), text, within=len(words) + between)
            if span and not self._is_allowed(text, lead, span[0]):
                return span
        return None

    def _is_allowed(self, text: str, lead: str, start: int) -> bool:
        """Denied before it is named, announced as left out, or made under the client's own condition."""
        if is_denied(text, start) or is_negated(lead):
            return True
        return bool(self.condition) and self._meets_condition(text)

    def _meets_condition(self, text: str) -> bool:
        named = {stem(word) for word in content_words(text)}
        unmet = re.search(
            rf"\b(?:without|no|lacking)\s+(?:\w+\s+){{0,3}}{re.escape(self.condition[0])}", text, re.IGNORECASE
        )
        return stem(self.condition[0]) in named and not unmet


@lru_cache(maxsize=512)
def terms_of(claim: str) -> ClaimTerms:
    """Return what to look for in place of a client's sentence.

    "No before/after photos without consent on file" looks for before + after + photo side by side, and lets a sentence
    pass that speaks of consent. "no comparative claims against named clinics" looks for a competitor's name beside a
    comparing word. "no medical claims" looks for the words of that kind of claim. Quoted words are looked for as such.
    """
    text = clean(claim).strip()
    proviso = _PROVISO.search(text)
    topic = _PROVISO.sub("", text) if proviso else text
    clauses = [_bare(clause) for clause in _CLAUSE.split(topic)]
    if any(_COMPARISON.search(clause) for clause in clauses):
        return ClaimTerms((), (), "", is_comparison=True)
    condition = tuple(content_words(proviso[1])) if proviso else ()
    if quoted := tuple(tuple(content_words(words)) for words in _QUOTED.findall(topic)):
        return ClaimTerms(quoted, condition, "", is_comparison=False)
    if kind := _kind_of(topic):
        return ClaimTerms((), condition, kind, is_comparison=False)
    groups = (_words_of(clause) for clause in clauses)
    return ClaimTerms(tuple(group for group in groups if group), condition, "", is_comparison=False)


def _bare(clause: str) -> str:
    """Return a clause without what only forbids and says: "never say the word organic" is about "organic"."""
    return _NAMING.sub("", _SAYING.sub("", _FORBIDDING.sub("", clause)))


def _kind_of(topic: str) -> str:
    """Return the known kind of claims a topic names: "no earnings claims" is about income."""
    if not _OF_A_KIND.search(topic):
        return ""
    return next((_KIND_NAMES[word] for word in content_words(topic) if word in _KIND_NAMES), "")


def _words_of(clause: str) -> tuple[str, ...]:
    """Return the words that make a claim together, figures included.

    Of "price promises" only "price" would be left, which any text may hold: a kind of claims we have no pattern for is
    better read for by a person than taken for its one word.
    """
    words = tuple(dict.fromkeys([*content_words(_OF_A_KIND.sub("", clause)), *re.findall(r"\d+", clause)]))
    return () if len(words) == 1 and _OF_A_KIND.search(clause) else words


_NAME = re.compile(r"[^\W\d_a-z][\w&'.-]*(?:\s+(?:&\s+)?[^\W\d_a-z][\w&'.-]*)*")
_PLACE_BEFORE = re.compile(r"\b(?:in|near|around|from|at|of|across|outside)\s+$", re.IGNORECASE)
_NO_NAMES = word_set(
    "other others none no unknown doing local some many several two three big small larger smaller cheap online "
    "independent agencies agency freelancers clinics clinic gyms shops shop studios studio banks chains chain "
    "consultants competitors in-house inhouse diy excel spreadsheets generic nearby traditional "
    "youtube instagram facebook google tiktok linkedin pinterest whatsapp chatgpt"
)


@lru_cache(maxsize=128)
def competitor_names(competitors: tuple[str, ...]) -> tuple[str, ...]:
    """Return the proper names in what a client wrote about its competitors.

    "Candis" is a name, "doing nothing" is none, "SmileDirect style mail-order" holds one; "two clinics in Salthill"
    names a place. A capital at the start of a longer description ("Local gyms") makes no name.
    """
    names: list[str] = []
    for entry in competitors:
        text = clean(entry)
        for match in _NAME.finditer(text):
            if _is_name(match, text):
                names.append(match[0])
    return tuple(dict.fromkeys(names))


def _opens_a_description(match: re.Match[str]) -> bool:
    return match[0].split()[0].lower() in _NO_NAMES | STOP_WORDS


def _is_name(match: re.Match[str], text: str) -> bool:
    if _PLACE_BEFORE.search(text[: match.start()]) or _opens_a_description(match) or len(match[0]) < 3:
        return False
    opens_a_description = match.start() == 0 and re.match(r"\s+[a-z]", text[match.end() :])
    coined = re.search(r"[a-z][A-Z]|\d|[A-Z]{2}", match[0])
    like = re.match(r"\s+(?:and|or|by|style|type|like|etc)\b", text[match.end() :])
    return not opens_a_description or bool(coined or like)


def comparison_with(names: tuple[str, ...], text: str) -> tuple[int, int] | None:
    """Return where a sentence that compares names one of the competitors."""
    if not _COMPARING.search(text):
        return None
    for name in names:
        if match := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            return match.span()
    return None
