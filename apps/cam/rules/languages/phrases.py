"""What the classifier knows of a language."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_TOKEN = re.compile(r"\\.|[\[\]()|]")


@dataclass(frozen=True)
class Language:
    """Phrases of a language by what they tell. A phrase of `interest` behind a negator tells the opposite."""

    locale: str
    interest: tuple[str, ...]
    refusal: tuple[str, ...]
    unsubscribe: tuple[str, ...]
    undecided: tuple[str, ...]
    """Neither yes nor no: somebody else decides, another time, a question who we are."""
    yes_in_spite_of_no: tuple[str, ...]
    """Phrases with a negator that say no no."""
    negators: tuple[str, ...]
    but: tuple[str, ...]
    away: tuple[str, ...]
    past: tuple[str, ...]
    """Words that make an absence one of the past."""
    automatic: tuple[str, ...]
    """What subjects of automatic replies begin with or hold."""
    gone: tuple[str, ...]
    received: tuple[str, ...]
    back: tuple[str, ...]
    until: tuple[str, ...]
    inclusive: tuple[str, ...]
    tomorrow: tuple[str, ...]
    next_week: tuple[str, ...]
    quote: tuple[str, ...]
    """Lines that begin what is quoted."""
    from_header: tuple[str, ...]
    closing: tuple[str, ...]
    """Lines that begin a signature."""
    device: tuple[str, ...]


def folded(text: str) -> str:
    """Return a text in lower case, without accents, with plain apostrophes and blanks."""
    text = text.replace("’", "'").replace("‘", "'").replace("\u00a0", " ").replace("´", "'")
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def any_of(phrases: Iterable[str], flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """Return a pattern that finds any of the phrases. What begins at a word's edge is tried at words' edges alone."""
    every = [alternative for phrase in phrases for alternative in _alternatives(phrase)]
    at_edges = [alternative[2:] for alternative in every if alternative.startswith(r"\b")]
    elsewhere = [alternative for alternative in every if not alternative.startswith(r"\b")]
    return re.compile("|".join([rf"\b(?:{'|'.join(at_edges)})", *elsewhere] if at_edges else elsewhere), flags)


def _alternatives(phrase: str) -> Iterator[str]:
    """Yield what stands between the bars of a pattern that are in no group and no class."""
    depth, begin, in_class = 0, 0, False
    for token in _TOKEN.finditer(phrase):
        match token.group():
            case "[":
                in_class = True
            case "]":
                in_class = False
            case "(" if not in_class:
                depth += 1
            case ")" if not in_class:
                depth -= 1
            case "|" if not in_class and depth == 0:
                yield phrase[begin : token.start()]
                begin = token.end()
    yield phrase[begin:]
