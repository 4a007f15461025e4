"""Texts of people and of language models, made safe to print: they may hold anything."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # not allowed in XML, and invisible everywhere
    "\u200b\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"  # can make a line read other than it is stored
    "\ud800-\udfff\ufffe\uffff]"
)
_PICTOGRAPHS = re.compile(
    "[\U0001f000-\U0001faff\U000e0000-\U000e007f\u2600-\u26ff\u2700-\u2712\ufe0e\ufe0f\u20e3\u200d]+ ?"
)
_SPACES = re.compile(r"[^\S\u00a0]+")

LONGEST_UNBROKEN = 30
"""Characters a word may have before it gets places to break at; the longest common English words have fewer."""


def gettext_noop(text: str) -> str:
    """Mark a sentence for the catalogue of the portal, in rules, which know no Django; a door translates it."""
    return text


def clean(text: str) -> str:
    """Return the text without control characters and direction overrides, which no document format can carry safely."""
    return _CONTROLS.sub("", text)


def one_line(text: str) -> str:
    """Return cleaned text on one line, for headings, cells and file properties."""
    return _SPACES.sub(" ", clean(text)).strip()


def without_pictographs(text: str) -> str:
    """Return the text without emoji, for which the PDF's fonts have no glyphs: a gap reads better than empty boxes."""
    return _PICTOGRAPHS.sub("", text)


def breakable(text: str, longest: int = LONGEST_UNBROKEN) -> str:
    """Return the text with invisible break points in words longer than `longest` characters, so that none overflows."""
    if not re.search(rf"\S{{{longest + 1},}}", text):
        return text
    return re.sub(rf"\S{{{longest}}}(?=\S)", lambda part: part.group() + "\u200b", text)


def pattern_of_address(address: str) -> str:
    """Return the regular expression, for PostgreSQL and Python alike, of an e-mail address that stands by itself.

    It is no part of a longer one: whoever looks for mia@x.de finds neither samia@x.de nor mia@x.dev. It is found at
    the beginning of a line of a text that JSON has written, too, where a letter stands before it.
    """
    quoted = re.sub(r"([^\w@-])", r"\\\1", address)
    return rf"(?:(?<![\w.%+-])|(?<=\\[nrtbf])){quoted}(?!-*\w|\.\w)"


def pattern_of(addresses: Iterable[str], words: Iterable[str] = ()) -> str:
    """Return the regular expression of any of some e-mail addresses, each by itself, and of words, wherever they stand.

    Of none it is what matches nothing.
    """
    quoted = (re.sub(r"([^\w\s])", r"\\\1", each) for each in sorted(words))
    return "|".join((*map(pattern_of_address, sorted(addresses)), *quoted)) or r"(?!\s)(?=\s)"


class ColumnNames:
    """Which column of a table is which field, by the names that exports give their columns."""

    def __init__(self, aliases: Mapping[str, str]) -> None:
        """Take each field with the names of its column, the likeliest first, parted by commas."""
        named = [
            (n, alias.strip(), field) for field, names in aliases.items() for n, alias in enumerate(names.split(","))
        ]
        self._field_of = {alias: field for _, alias, field in named}
        self._preference = {alias: n for n, alias, _ in named}

    def recognise(self, headings: Sequence[str]) -> dict[str, int]:
        """Return the place of each field's column; of several that could be it, the one named most like it."""
        found: dict[str, int] = {}
        folded = [fold_heading(heading) for heading in headings]
        for place in sorted(range(len(folded)), key=lambda place: (self._preference.get(folded[place], 0), place)):
            if field := self._field_of.get(folded[place]):
                found.setdefault(field, place)
        return found


def fold_heading(heading: str) -> str:
    """Return a heading in small letters, with single spaces for all that is neither letter nor digit."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return re.sub(r"[\W_]+", " ", text).strip()
