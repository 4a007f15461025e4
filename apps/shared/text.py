"""Texts of people and of language models, made safe to print: they may hold anything."""

import re

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
