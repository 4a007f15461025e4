"""What may not be said for a client: banned words and forbidden claims."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from apps.production.rules.writing import clean, sentences

NEGATION = re.compile(
    r"^(?:please\s+)?(?:no|not|never|do not|don't|avoid|without)\s+(?:say(?:ing)?\s+|claim(?:ing)?\s+)?", re.IGNORECASE
)
_PROVISO = re.compile(r"\s+(?:without|unless|against|until|except)\s.*$", re.IGNORECASE)
_QUOTED = re.compile(r"(?<!\w)[\"“„'‘]([^\"”“’]{3,60}?)[\"”“'’](?!\w)")
_CLAUSE = re.compile(r"\s[–—-]\s|[;.](?:\s|$)")
_FILLERS = re.compile(
    r"about|advertis\w+|all|and|any(?:thing)?|are|avoid|being|call(?:ed)?|cannot|claim(?:s|ing)?|don|for|from|imply|its?"
    r"|language|mak(?:e|ing)|may|mention(?:ing)?|must|never|not|nothing|our|phrases?|please|post|promis(?:e|es|ing)|say"
    r"(?:ing)?|should|show(?:ing)?|statements?|suggest|terms?|tha[nt]|the|their|them|they|this|us(?:e|ing)|was|were|with"
    r"|word(?:s|ing)?|your?"
)
_ENDINGS = "(?:e|es|ed|d|r|er|ers|est|ing|s|ly)?"
_INFLECTIONS = "(?:['’]s|s['’]|s|e|es|ed|d|r|ing|er|ers|est|ly|ness)?"
_CHANNEL_JOINTS = re.compile(
    r"[,;/()]|\b(?:and|or|und|oder|et|y|no|not|never|avoid|without|any|keine?)\b", re.IGNORECASE
)
_DENIAL = re.compile(r"\b(?:no|not|never|without|avoid|none|nor|kein\w*|nicht|pas|sin|sem|\w+n['’]t)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Bans:
    """Words and claims that may not appear, and the client's own texts (name, disclaimers) in which they may."""

    words: tuple[str, ...] = ()
    claims: tuple[tuple[str, ...], ...] = ()
    own: tuple[str, ...] = ()

    def hold_in(self, text: str) -> bool:
        """Say whether a banned word stands in a text, or all words of a forbidden claim in one of its sentences."""
        for own in self.own:
            text = text.replace(own, "")
        if self._words and self._words.search(text):
            return True
        parts = [*sentences(text), *(row for row in text.split("\n") if row.startswith("|"))] if self.claims else ()
        return any(all(word.search(part) for word in claim) for part in parts for claim in self._claims)

    def strike(self, text: str) -> str:
        """Return text without the banned words, and without the words of the claims that it makes."""
        for claim in self._claims:
            if all(word.search(text) for word in claim):
                for word in claim:
                    text = self._struck(text, word)
        return self._struck(text, self._words) if self._words else text

    def _struck(self, text: str, pattern: re.Pattern[str]) -> str:
        names = [re.escape(own) for own in self.own if own in text]
        kept = rf"({'|'.join(names)})" if names else r"(?!)()"
        parts = re.split(kept, text)  # every second part is the client's own wording
        struck = "".join(part if place % 2 else pattern.sub("", part) for place, part in enumerate(parts) if part)
        return re.sub(r"[^\S\n]{2,}", " ", struck).replace(" .", ".")

    @cached_property
    def _words(self) -> re.Pattern[str] | None:
        if not self.words:
            return None
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(_inflected, self.words))})(?!\w)", re.IGNORECASE)

    @cached_property
    def _claims(self) -> tuple[tuple[re.Pattern[str], ...], ...]:
        return tuple(tuple(_any_of([_stem(word)]) for word in claim) for claim in self.claims)


def bans_of(words: Sequence[str], claims: Sequence[str], own: Sequence[str]) -> Bans:
    """Gather what a brief forbids; `own` begins with the client's name."""
    banned = tuple(clean(word) for word in words if word.strip())
    return Bans(banned, claim_words(claims), tuple(filter(None, own)))


def speaks_of_excluded(text: str, channels: Sequence[str]) -> bool:
    """Say whether a text speaks of a channel the client wants nothing of, without ruling it out itself."""
    names = [name.strip() for entry in channels for name in _CHANNEL_JOINTS.split(clean(entry))]
    found = (re.search(_channel(name), text, re.IGNORECASE) for name in names if len(name) > 1 or name == "X")
    return any(match and not _DENIAL.search(text[: match.start()]) for match in found)


def _channel(name: str) -> str:
    """Match a channel by its words with any endings: "cold calls" for "cold calling", "e-mail" for "email"."""
    words = re.findall(r"\w+", name)
    if len(name) < 4:
        return rf"(?<!\w){re.escape(name)}(?!\w)"
    stems = [re.escape(_stem(word)) for word in words]
    return r"(?<!\w)" + r"[\s-]*".join(stems).replace("email", "e-?mail") + r"\w{0,3}(?!\w)"


def claim_words(claims: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return, per forbidden claim, the words that make the claim when they stand in one sentence.

    "No before/after photos without consent on file" is about before + after + photos: the "no" in front and the proviso
    behind are not part of it. Quoted words are taken as such. Nobody weighs here whether a sentence denies the claim or
    meets the proviso: it is left out, which is the safe side.
    """
    groups = []
    for claim in claims:
        topic = _PROVISO.sub("", NEGATION.sub("", claim.strip()))
        for clause in _QUOTED.findall(topic) or _CLAUSE.split(topic):
            words = re.findall(r"[^\W_]{3,}|\d+", clause.lower())
            groups.append(tuple(dict.fromkeys(word for word in words if not _FILLERS.fullmatch(word))))
    return tuple(filter(None, groups))


def _inflected(term: str) -> str:
    """Match a word or phrase, however it is hyphenated, with the simple inflections of its last word.

    "plan" is also found in "planned", "easy" in "easily", "make" in "making", "guaranteed" in "guarantee".
    """
    *before, last = [part for part in re.split(r"[\s\-/]+", term.strip(" .\"'")) if part] or [term]
    if not last[-1].isalpha():
        ending = re.escape(last)
    elif len(last) >= 8 and last.lower().endswith("ed"):
        ending = re.escape(last.removesuffix("d").removesuffix("e") or last) + r"(?:e|es|ed|ing|s|able)?"
    else:
        doubled = rf"{re.escape(last + last[-1])}(?:ed|ing|er|est)"
        bare = re.escape(last[:-1])
        changed = {"y": rf"|{bare}i(?:es|ed|er|est|ly|ness)", "e": rf"|{bare}(?:ing|est|er)"}.get(last[-1].lower(), "")
        ending = rf"(?:{doubled}|{re.escape(last)}{_INFLECTIONS}{changed})"
    return r"[\s\-/]*".join([*map(re.escape, before), ending])


def _stem(word: str) -> str:
    return re.sub(r"(?:ing|ed|es|s|e)$", "", word) if len(word) > 3 else word


def _any_of(terms: Sequence[str]) -> re.Pattern[str]:
    """Match any of the terms as whole words, with their common endings."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, terms))}){_ENDINGS}(?!\w)", re.IGNORECASE)
