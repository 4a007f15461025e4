"""The languages a client wants to be written in."""

import re
from functools import lru_cache
from typing import NamedTuple

from babel import Locale

from apps.onboarding.rules import lists

# Languages whose own names for the languages of the world are known here.
_SPEAKERS = [
    "en",
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "nl",
    "pl",
    "cs",
    "sk",
    "sl",
    "hr",
    "sr",
    "da",
    "sv",
    "nb",
    "fi",
    "ro",
    "hu",
    "et",
    "lv",
    "lt",
    "ga",
    "cy",
    "el",
    "tr",
    "uk",
    "bg",
    "ca",
    "eu",
    "is",
]
_FOR_A_PART = re.compile(
    r"\b(?:for|only|just|on|in|für|nur|auf|pour|seulement|para|solo|sólo|só|per|dla|tylko|voor|alleen|landing|page"
    r"|ads?|captions?|subtitles?"
    r"|e-?mails?|newsletter|some|etwas|un peu|later|später|maybe|optional)\b",
    re.IGNORECASE,
)
_MAINLY = re.compile(r"\b(?:only|just|nur|solo|uniquement|tylko|alleen)\b", re.IGNORECASE)


class Languages(NamedTuple):
    """`full` are English names ("Polish"), `partly` the client's words ("Polish for the landing page")."""

    full: tuple[str, ...]
    partly: tuple[str, ...]
    unknown: tuple[str, ...]


@lru_cache(maxsize=1)
def _english_names() -> dict[str, str]:
    english = Locale("en").languages
    names: dict[str, str] = {}
    for code in _SPEAKERS:
        for language, name in Locale(code).languages.items():
            if len(language) <= 3 and language in english:
                names.setdefault(name.casefold(), english[language])
    codes = {code: english[code] for code in _SPEAKERS}
    return names | codes | {"us english": "English", "uk english": "English", "flemish": "Dutch", "mandarin": "Chinese"}


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    return frozenset(name.casefold() for code in _SPEAKERS for name in Locale(code).territories.values())


def read_languages(texts: list[str]) -> Languages:
    """Return the languages for everything, those wanted for parts only, and words that name none we know."""
    full, partly, unknown = [], [], []
    items = (item for text in texts for name in lists.names(text) for item in re.split(r"\s*/\s*|\s+\+\s+", name))
    for item in lists.distinct(items):
        name = _language_in(item)
        if name is None:
            unknown.append(item)
        elif _is_for_a_part(item):
            partly.append(item)
        else:
            full.append(name)
    return Languages(lists.distinct(full), lists.distinct(partly), tuple(unknown))


def _language_in(item: str) -> str | None:
    folded = item.casefold()
    known = _english_names()
    tag = re.fullmatch(r"([a-z]{2})[-_][a-z]{2}", folded)
    if name := known.get(tag[1] if tag else folded):
        return name
    words = re.findall(r"[^\W\d_]+", folded)
    return next((known[word] for word in words if len(word) > 3 and word in known), None)


def _is_for_a_part(item: str) -> bool:
    """Tell "Polish for the landing page" from "English", "only English" and "German for Austria"."""
    rest = _MAINLY.sub("", item)
    words = re.findall(r"[^\W\d_]+", rest)
    return len(words) > 1 and bool(_FOR_A_PART.search(rest)) and words[-1].casefold() not in _countries()
