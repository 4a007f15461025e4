"""Two texts side by side, word by word."""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from itertools import zip_longest

from django.utils.html import format_html, format_html_join

_WORDS = re.compile(r"\S+\s*|\s+")


def compare_texts(before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return each heading of two documents with its `side_by_side` rows, none where both say the same."""
    headings = dict.fromkeys([*after, *before])
    rows = {heading: side_by_side(before.get(heading, ""), after.get(heading, "")) for heading in headings}
    return [(heading, lines if any(old != new for old, new in lines) else []) for heading, lines in rows.items()]


def side_by_side(before: str, after: str) -> list[tuple[str, str]]:
    """Return two texts as rows of escaped HTML, aligned by lines; `<del>` and `<ins>` mark the words that differ."""
    old, new = before.splitlines(), after.splitlines()
    blocks = (zip_longest(old[i:j], new[k:n], fillvalue="") for _, i, j, k, n in _changes(old, new))
    return [_mark_words(left, right) for block in blocks for left, right in block]


def _mark_words(before: str, after: str) -> tuple[str, str]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    changes = _changes(old, new)
    left = format_html_join("", "{}", (_marked("del", old[i:j], kind) for kind, i, j, _, _ in changes))
    return left, format_html_join("", "{}", (_marked("ins", new[k:n], kind) for kind, _, _, k, n in changes))


def _marked(tag: str, pieces: list[str], kind: str) -> tuple[str]:
    text = "".join(pieces)
    return (format_html(f"<{tag}>{{}}</{tag}>", text) if text and kind != "equal" else text,)


def _changes(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
