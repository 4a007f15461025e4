"""Takes a finding's evidence apart again: quote by quote, the offending words apart from those around them."""

import re

_MARKED = re.compile(r"(‹[^‹›]*›)")
_LEFT_OUT = re.compile(r" \(\+\d+ more\)$")

Piece = tuple[str, bool]
"""Some text, and whether it is what the rule objects to."""


def split_quotes(evidence: str) -> tuple[str, ...]:
    """Return the quotes that `registry` joined, marks and all, without the count of those it left out.

    Where quotes are marked, each has a mark of its own: what follows a dot without one is still the quote before.
    """
    quotes: list[str] = []
    is_marked = _MARKED.search(evidence) is not None
    for part in _LEFT_OUT.sub("", evidence).split(" · "):
        if quotes and is_marked and not (_MARKED.search(part) and _MARKED.search(quotes[-1])):
            quotes[-1] += f" · {part}"
        else:
            quotes.append(part)
    return tuple(quote for quote in quotes if quote)


def pieces(quote: str) -> tuple[Piece, ...]:
    """Return a quote as pieces of text, those between ‹ and › marked; a quote without them is one plain piece."""
    parts = (part for part in _MARKED.split(quote) if part)
    return tuple((part[1:-1], True) if _MARKED.fullmatch(part) else (part, False) for part in parts)


def left_out(evidence: str) -> str:
    """Return how many quotes there was no room for (“+2 more”), nothing when all are there."""
    found = _LEFT_OUT.search(evidence)
    return found.group().strip(" ()") if found else ""
