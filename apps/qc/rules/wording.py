"""Finding words in text as people mean them: inflected, negated, quoted in their place."""

import re
from collections.abc import Iterator
from functools import lru_cache

from apps.qc.rules.phrases import word_set
from apps.qc.rules.reader import clean

QUOTE_MARGIN = 30
"""Characters kept on either side of quoted words, so that a quote is about 60 long beside them."""

STOP_WORDS = word_set(
    "a an and any are as at be been being both but by can could do does doing each for from had has have he her his "
    "how i if in into is it its itself just may me more most must my no nor not of off on once only or other our out "
    "over own per shall she should so some such than that the their them then there these they this those through to "
    "too under until up us very was we were what when where which while who whom why will with would you your"
)

_LETTERS = re.compile(r"[^\W\d_]\w*(?:'[^\W\d_]+)?")
_FREE_SUFFIXES = r"(?:'s|s'|s|es|ed|d|ing|er|ers|est|ly|ness)?"


def one_of(*alternatives: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """Return a pattern for any of some expressions as whole words, whatever their case."""
    return re.compile(rf"{before}(?<!\w)(?:{'|'.join(alternatives)})(?!\w){after}", re.IGNORECASE)


Signed = tuple[tuple[str, re.Pattern[str]], ...]
"""Patterns, each behind letters that a text must hold to match it."""


def signed(expressions: dict[str, str]) -> Signed:
    """Compile expressions, whatever the case of the text, keeping their signs."""
    return tuple((sign, re.compile(expression, re.IGNORECASE)) for sign, expression in expressions.items())


def find_signed(patterns: Signed, text: str) -> Iterator[re.Match[str]]:
    """Yield what the patterns match; those whose sign is not in the text are not tried, which saves time."""
    folded = text.lower()
    for sign, pattern in patterns:
        if sign in folded:
            yield from pattern.finditer(text)


_NEGATION = one_of(
    r"no|not|never|none|nor|neither|without|cannot|\w+n't",
    r"avoid\w*|refrain\w*|exclu\w+|forbid\w*|banned|prohibit\w*|omit\w*",
    r"(?:left|leaves?|stays?|ruled|rules) out|stays? off|out of scope|off the table|instead of|rather than",
    after=r"(?!\s+(?:only|just|miss|forget))",
)


_CLAUSE_END = re.compile(r"[;?!]|\s[–—-]\s|\b(?:but|instead(?! of)|so)\b", re.IGNORECASE)


def quote(text: str, start: int, end: int) -> str:
    """Return the words at [start, end) in their place, marked, with about 60 characters around them."""
    left, right = max(0, start - QUOTE_MARGIN), min(len(text), end + QUOTE_MARGIN)
    before, after = ("…" if left else ""), ("…" if right < len(text) else "")
    return f"{before}{text[left:start]}‹{text[start:end]}›{text[end:right]}{after}"


def shorten(text: str) -> str:
    """Return the first about 60 characters of a text."""
    return text if len(text) <= 2 * QUOTE_MARGIN else text[: 2 * QUOTE_MARGIN].rstrip() + "…"


@lru_cache(maxsize=512)
def term_pattern(term: str) -> re.Pattern[str]:
    """Return a pattern for a word or phrase and its simple inflections, whatever its case, hyphens or spaces.

    Suffixes are added to the last word as given ("cheap" finds "cheaper", "easy" finds "easily"). A long word that is
    itself inflected with -ed is also found in its base form ("guaranteed" finds "guarantee"); short ones are not,
    because cutting them makes other words ("limited" is no ban on "limits").
    """
    words = re.split(r"[\s\-/]+", clean(term).strip(" .\"'"))
    parts = [re.escape(word) for word in words[:-1]]
    return re.compile(r"(?<!\w)" + r"[\s\-/]*".join([*parts, _inflected(words[-1])]) + r"(?!\w)", re.IGNORECASE)


def _inflected(word: str) -> str:
    if not word or not word[-1].isalpha():
        return re.escape(word)
    if len(word) >= 8 and word.lower().endswith("eed"):
        return re.escape(word[:-1]) + r"(?:d|s|ing|able)?"
    if len(word) >= 8 and word.lower().endswith("ed"):
        return re.escape(word[:-2]) + r"(?:e|es|ed|ing|s)?"
    if word.lower().endswith("y"):
        return f"(?:{re.escape(word)}{_FREE_SUFFIXES}|{re.escape(word[:-1])}i(?:es|ed|er|est|ly|ness))"
    if word.lower().endswith("e"):
        return f"(?:{re.escape(word)}{_FREE_SUFFIXES}|{re.escape(word[:-1])}(?:ing|est|er))"
    return re.escape(word) + f"(?:{re.escape(word[-1])}(?:ed|ing|er|est)|{_FREE_SUFFIXES})"


def find_term(term: str, text: str) -> Iterator[re.Match[str]]:
    """Yield the places where a term or a simple inflection of it stands in a text."""
    if _sign_of(term) in text.lower():  # most texts end here, without the slow pattern
        yield from term_pattern(term).finditer(text)


@lru_cache(maxsize=512)
def _sign_of(term: str) -> str:
    """Return letters that a text must hold to hold the term: the beginning of its first word, which never changes."""
    letters = re.match(r"\w*", clean(term).lower().strip(" .\"'"))
    return letters[0][:2] if letters else ""


def is_negated(announcement: str) -> bool:
    """Tell whether a heading or lead denies, forbids or leaves out what stands below it."""
    return _NEGATION.search(announcement) is not None


def is_denied(text: str, start: int) -> bool:
    """Tell whether the clause before `start` denies or forbids what follows: "we never show …", "left out: …"."""
    return _NEGATION.search(_CLAUSE_END.split(text[:start])[-1]) is not None


def is_left_out(text: str, start: int, end: int) -> bool:
    """Tell whether the words at [start, end) are denied before them, or left out behind: "… stays out for now"."""
    return is_denied(text, start) or _NEGATION.search(_CLAUSE_END.split(text[end:])[0]) is not None


def content_words(text: str) -> list[str]:
    """Return the words of a text that carry its meaning, in lower case."""
    words = _LETTERS.findall(clean(text).lower())
    return [word for word in words if word not in STOP_WORDS and len(word) > 1]


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Return a word without its commonest English endings, to compare words of one family."""
    word = word.lower().removesuffix("'s")
    for ending, keep in (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 4 and not word.endswith("ss"):
            return word[: -len(ending)] + keep
    return word


def find_together(words: list[str], text: str, *, within: int) -> tuple[int, int] | None:
    """Return the first stretch of at most `within` words that holds all the words, in any order and inflection."""
    wanted = {_kin(stem(word)) for word in words}
    folded = text.lower()
    if any(word[:3] not in folded for word in wanted - _WITH_KIN):
        return None  # the beginning of a word stays in all its forms
    found = _stems_in(text)
    for first, (word, start, _) in enumerate(found):
        if word not in wanted:
            continue
        missing = set(wanted)
        for other, _, end in found[first : first + within]:
            missing.discard(other)
            if not missing:
                return start, end
    return None


@lru_cache(maxsize=4096)  # each passage is searched for many things
def _stems_in(text: str) -> tuple[tuple[str, int, int], ...]:
    return tuple((_kin(stem(match[0])), *match.span()) for match in re.finditer(r"\w+", text))


_KIN = {"picture": "photo", "pictur": "photo", "image": "photo", "imag": "photo", "photograph": "photo", "pic": "photo"}
_WITH_KIN = frozenset(_KIN.values())


def _kin(word: str) -> str:
    return _KIN.get(word, word)
