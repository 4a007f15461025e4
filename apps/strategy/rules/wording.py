"""How texts are put: tidied, shortened, quoted, filled in, and kept free of words nobody wants to read."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from string import Formatter
from typing import Self

CLICHES = (
    "in today's digital age",
    "content is king",
    "drive results",
    "tangible impact",
    "proven methodologies",
    "best practices",
    "industry-leading",
    "cutting-edge",
    "state-of-the-art",
    "leverage",
    "synergy",
    "game-changer",
    "think outside the box",
    "low-hanging fruit",
    "move the needle",
    "circle back",
    "touch base",
    "deep dive",
    "at the end of the day",
    "it is what it is",
    "unlock",
    "seamless",
    "next level",
)
"""Phrases that say nothing, whoever the client is."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[^\sa-z])")
_PROPER = re.compile(
    r"\w+day|January|February|March|April|June|July|August|\w+ember|October|Christmas|Easter|\w+(?:ish|ese|ian|ean)"
    r"|French|German|Dutch|Greek|Swiss|Thai"
)
_LONG_ENOUGH_TO_BE_A_STEM = 5


@dataclass(frozen=True)
class Wording:
    """What must not be said, in any inflection: the words a client bans and the clichés."""

    unwanted: tuple[str, ...]

    @classmethod
    def of(cls, banned_words: Iterable[str]) -> Self:
        return cls((*(word for word in map(tidy, banned_words) if word), *CLICHES))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(_word_pattern(word) for word in self.unwanted), re.IGNORECASE)

    def is_clean(self, text: str) -> bool:
        return self._pattern.search(text) is None

    def clean(self, text: str) -> str:
        """Return the text without the sentences that hold an unwanted word; if none is left, without the words."""
        if self.is_clean(text):
            return text
        kept = [sentence for sentence in sentences(text) if self.is_clean(sentence)]
        return " ".join(kept) if kept else self._strike(text)

    def _strike(self, text: str) -> str:
        # Taking a word out can bring the halves of another one together, hence the loop; each turn shortens the text.
        while not self.is_clean(text):
            text = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(self._pattern.sub("", text).split()))
        return text


def _word_pattern(word: str) -> str:
    # A script without capitals is mostly one without spaces between words: there, any occurrence counts.
    has_borders = any(letter.lower() != letter.upper() for letter in word)
    body = r"[\s-]+".join(re.escape(part) for part in re.split(r"[\s-]+", word) if part) or re.escape(word)
    if not has_borders:
        return body
    start = r"(?<!\w)" if re.match(r"\w", word) else ""
    end = (r"\w*" if len(word) >= _LONG_ENOUGH_TO_BE_A_STEM else r"(?!\w)") if re.search(r"\w$", word) else ""
    return f"{start}{body}{end}"


def tidy(text: str) -> str:
    """Return the text on one line, without characters that do not print."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def shorten(text: str, limit: int) -> str:
    """Return at most `limit` characters, cut at the border of a word and marked with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    at_border = head.rsplit(" ", 1)[0] if " " in head else head
    return at_border.rstrip(" ,;:.–-") + "…"


def quote(text: str, limit: int = 120) -> str:
    """Return the client's own words in quotation marks, without a full stop of their own."""
    return f"“{shorten(text.rstrip(' .;,'), limit)}”"


def listed(items: Sequence[str], word: str = "and") -> str:
    """Return "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}"


def in_sentence(phrase: str) -> str:
    """Return a phrase as it stands in a sentence: "Invisible aligners" loses its capital, "AP automation" keeps it.

    So do days, months and nationalities: "Sunday lunch", "French lessons".
    """
    first, _, rest = phrase.partition(" ")
    is_ordinary = first[1:].islower() and first[:1].isupper() and rest and rest == rest.lower()
    is_ordinary = is_ordinary and not _PROPER.fullmatch(first)
    return phrase[0].lower() + phrase[1:] if is_ordinary else phrase


def capitalised(text: str) -> str:
    """Return the text with a capital first letter and everything else as it was."""
    return text[:1].upper() + text[1:]


def sentences(text: str) -> list[str]:
    """Split a text at the ends of its sentences."""
    return _SENTENCE_END.split(text)


def fill(template: str, blanks: Mapping[str, str | None]) -> str | None:
    """Return a template with its blanks filled and a capital in front, or None where the brief cannot fill one."""
    names = {name for _, name, _, _ in Formatter().parse(template) if name}
    if any(blanks[name] is None for name in names):
        return None
    return capitalised(template.format_map(blanks))
