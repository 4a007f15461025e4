"""What a language model is told of a mail, and what is believed of what it says: nothing that the mail does not say."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from apps.cam.rules.classify import MOST_CHARACTERS
from apps.cam.rules.quotes import without_quotes

MOST_QUOTED = 300

_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]{1,64}@[^\s<>()\[\]\"',;:]{1,255}")
_LINK = re.compile(
    r"(?:https?://|www\.)\S{1,2000}|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-z]{2,24}/\S{0,2000}", re.IGNORECASE
)
_NUMBER = re.compile(r"\+?\(?\d(?:[\s()/.-]{0,3}\d){6,18}")


class Reading(BaseModel):
    """What a model says that a mail means, and the words of the mail that decided."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    kind: Literal["POSITIVE", "NEGATIVE", "OUT_OF_OFFICE", "UNSUBSCRIBE", "NEUTRAL"]
    quote: str = Field(min_length=1, max_length=MOST_QUOTED)


def own_words(text: str) -> str:
    """Return what a mail's author wrote, as people see it: without quotes, signature and what does not show."""
    shown = (each for each in unicodedata.normalize("NFC", text) if each in "\n\t" or not _is_hidden(each))
    return without_quotes("".join(shown))[:MOST_CHARACTERS]


def words_for_model(words: str, names: Iterable[str]) -> str:
    """Return words without addresses, links, long numbers and the `names` of who is known to be in them."""
    for pattern, instead in ((_ADDRESS, "[address]"), (_LINK, "[link]"), (_NUMBER, "[number]")):
        words = pattern.sub(instead, words)
    known = {part for name in names for part in _parts(unicodedata.normalize("NFC", name))}
    if not known:
        return words
    longest_first = "|".join(re.escape(name) for name in sorted(known, key=lambda name: (-len(name), name)))
    return re.sub(rf"(?<!\w)(?:{longest_first})(?!\w)", "[name]", words, flags=re.IGNORECASE)


def is_quoted(quote: str, words: str) -> bool:
    """Tell whether a quote stands in some words letter for letter, wherever their lines break."""
    plain = " ".join(quote.split())
    return any(each.isalnum() for each in plain) and plain in " ".join(words.split())


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn")


def _parts(name: str) -> list[str]:
    """Return a name whole, and each of its words that is longer than a letter."""
    words = [word.strip(".,;\"'()") for word in name.split()]
    return [part for part in (" ".join(words), *words) if len(part) > 1]
