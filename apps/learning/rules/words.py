"""Words in texts: how a rule finds them, how remarks name them, and how a search is asked for them."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

HIT_BEGINS, HIT_ENDS = "\x01", "\x02"
"""Around found words in an excerpt: signs that no text holds, so that it is escaped whole before they become marks."""

MOST_WORDS_OF_A_PHRASE = 4
SHORTEST_WORD = 4
LONGEST_PHRASE = 80
_QUOTED = re.compile('["\u201c\u201e\u00ab]([^"\u201c\u201d\u201e\u00ab\u00bb]{3,80})["\u201c\u201d\u00bb]')
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_ENDINGS = "(?:['’]s|s['’]|s|e|es|ed|d|ing|er|ers|est|ly|ness)?"
_STOP_WORDS = frozenset(
    """
    about after again also always another because been before being could does doing down each either else even
    every from have having here into just less like made make makes many more most much must need never only other
    over please really replace remove change rather said same say section should some something still such sound
    sounds text than that their them then there these they thing this those through too under until very want wants
    were what when where which while will with without word words would write written your yours reads read aber
    alle auch bitte dann dass dieser diese dieses doch eine einen einer haben hier ihre immer kein keine mehr nicht
    noch oder schon sein sehr sich sind statt text über und unser unsere wird wort wörter wurde zum zur
    """.split()  # noqa: SIM905  (a list of two hundred lines says no more)
)


@lru_cache(maxsize=512)
def pattern_of(phrase: str) -> re.Pattern[str]:
    """Return a pattern for a phrase as whole words with simple endings, whatever its case, blanks and hyphens."""
    parts = [re.escape(part) for part in re.split(r"[\s\-]+", phrase.strip()) if part]
    return re.compile(r"(?<!\w)" + r"[\s\-]+".join(parts) + _ENDINGS + r"(?!\w)", re.IGNORECASE)


def comparable(phrase: str) -> str:
    """Return a phrase as equal ones are told: in lower case, with single blanks, without signs at its ends."""
    return " ".join(phrase.lower().split()).strip(" .,;:!?()[]'’*_")


def named_in(remarks: tuple[str, ...], text: str) -> frozenset[str]:
    """Return the phrases that remarks on a section name and that stand in its text.

    These are what the remarks quote, in a few words, and their single words, but for small ones.
    """
    quoted = {comparable(phrase) for remark in remarks for phrase in _QUOTED.findall(remark)}
    short = {phrase for phrase in quoted if len(phrase.split()) <= MOST_WORDS_OF_A_PHRASE}
    single = {word.lower() for remark in remarks for word in _WORD.findall(remark) if len(word) >= SHORTEST_WORD}
    phrases = (short | single) - _STOP_WORDS
    return frozenset(
        phrase for phrase in phrases if 2 < len(phrase) <= LONGEST_PHRASE and pattern_of(phrase).search(text)
    )


def search_words(text: str) -> list[str]:
    """Return the words that a search is for: letters and digits alone, whatever else somebody types."""
    return re.findall(r"[^\W_]+", text.lower())[:20]


def search_expression(text: str) -> str:
    """Return what asks PostgreSQL for texts that hold all words of a query, each with any ending; "" for no words."""
    return " & ".join(f"{word}:*" for word in search_words(text))


def likely_expression(likely: Mapping[str, Sequence[str]]) -> str:
    """Return what asks for texts that hold, for each word, one of those that were likely meant by it."""
    return " & ".join(f"({' | '.join(f'{word}:*' for word in words)})" for words in likely.values())
