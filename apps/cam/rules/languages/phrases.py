"""What the classifier knows of a language."""

import unicodedata
from dataclasses import dataclass


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
