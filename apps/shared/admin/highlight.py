"""Finds quoted words again in a rendered section and marks them in their place."""

import html
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

_TOKEN = re.compile(r"<[^>]*>|&#?\w+;|.", re.DOTALL)
_QUOTE = re.compile(r"(?P<before>[^‹]*)‹(?P<words>[^›]*)›(?P<after>.*)", re.DOTALL)
_SAME_SIGN = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2010": "-", "\u2011": "-", "\u2018": "'", "\u2019": "'"})


def highlight(rendered: str, quotes: Iterable[str]) -> tuple[str, int]:
    """Return the HTML with `<mark>` around what is quoted, and how many places that are.

    In a quote `…before ‹words› after…` the words are marked where they stand between just these others, and where that
    is nowhere, in every place. Markup inside a quote does not matter.
    """
    tokens = _TOKEN.findall(rendered)
    shown = ["" if token.startswith("<") else html.unescape(token) for token in tokens]
    owners = [place for place, text in enumerate(shown) for _ in text]
    text = "".join(shown).translate(_SAME_SIGN)
    spans = sorted({span for quote in quotes for span in _places(text, quote.translate(_SAME_SIGN))})
    marked = {owners[place] for start, end in spans for place in range(start, end)}
    runs = groupby(enumerate(tokens), key=lambda pair: (pair[0] in marked, pair[1].startswith("<")))
    return "".join(_run(is_marked, "".join(token for _, token in run)) for (is_marked, _), run in runs), len(spans)


def _run(is_marked: bool, text: str) -> str:
    return f"<mark>{text}</mark>" if is_marked and text.strip() else text


def _places(text: str, quote: str) -> Iterator[tuple[int, int]]:
    """Yield where the quoted words stand in the text, as [start, end)."""
    parts = _QUOTE.fullmatch(quote)
    before, words, after = parts.group("before", "words", "after") if parts else ("", quote, "")
    if not words.strip(" …"):
        return
    wanted = f"({_spaced(words)})"
    in_place = re.search(rf"{_spaced(before)}\s*{wanted}\s*{_spaced(after)}", text)
    if in_place:
        yield in_place.span(1)
    else:
        yield from (found.span(1) for found in re.finditer(rf"(?<!\w){wanted}(?!\w)", text))


def _spaced(words: str) -> str:
    """Return a pattern for words whatever the white space between them; a bar stands between the cells of a row."""
    return r"\s+".join(re.escape(word) for word in words.strip().strip("…").split() if word != "|")
