"""Lists that clients write as prose."""

import re
from collections.abc import Callable, Iterable

Span = tuple[int, int]

_BULLET = r"[•·▪‣●○◦✓✔☑➤►*+–—-]"
_LINE_START = re.compile(rf"^\s*(?:{_BULLET}+|\(?\d{{1,2}}[.)]|[a-z]\))\s+")
_STRONG = re.compile(r"\n+|[;；|]|\s[•▪‣●◦✓✔☑➤►]\s")
_NUMBERED = re.compile(r"(?:^|(?<=\s))\(?\d{1,2}[.)]\s+(?=\D)")
_COMMA = re.compile(r"[,，、](?!\d)|(?<!\d)[,，、](?=\d)")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)\]]?[ \t]+(?=[\"“„‘(]?[A-ZÀ-ÖØ-ÞĀ-Ž0-9¿¡])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:dr|prof|mr|mrs|ms|st|no|nr|vs|approx|ca|incl|inkl|excl|exkl|etc|e\.g|i\.e|z\.b|d\.h|u\.a|bzw"
    r"|max|min"
    r"|dipl|ing|sr|sra|dra|ltd|inc|co|jr|art|tel|p\.p|[a-z]|\d{1,2})\.$",
    re.IGNORECASE,
)
_CONJUNCTION = re.compile(r"^(?:and|or|und|oder|sowie|et|oraz|och|og|&|\+)\s+", re.IGNORECASE)
_LAST_PAIR = re.compile(r"\s+(?:and|or|und|oder|et|ou|(?-i:y|e|i)|oraz|och|og|&|\+)\s+", re.IGNORECASE)
# A piece that begins so says more about the piece before: "Book online, in the evening".
_CONTINUATION = re.compile(
    r"(?:in|at|on|by|with|without|during|after|before|for|from|of|which|who|that|because|but|so|especially|including"
    r"|incl\.|im|am|mit|ohne|bei|beim|von|vom|für|nach|vor|während|aber|weil|dass|avec|sans|pour|chez|mais|con|sin|para"
    r"|pero|com|sem|mas|bez|dla|ale|met|zonder|voor|maar)\s",
    re.IGNORECASE,
)
_ANOTHER_NO = re.compile(
    r",\s+(?=(?:no|not|never|nothing|don't|do not|keine?|nicht|nie|pas|ne|sin|nunca|sem|bez)\b)", re.IGNORECASE
)
_QUOTES = "\"'“”„«»‚‘’`"


def phrases(text: str) -> tuple[str, ...]:
    """Split into phrases: at lines, bullets, numbers and semicolons; without these at sentences, else at commas.

    Commas inside brackets, quotes and numbers stay, and so does "and".
    """
    strong = _strong(text)
    if len(strong) > 1:
        return tuple(strip_item(piece) for piece in strong)
    sentence_pieces = [sentence for piece in strong for sentence in _line_sentences(piece)]
    if len(sentence_pieces) > 1:
        return tuple(strip_item(piece) for piece in sentence_pieces)
    return tuple(strip_item(piece) for whole in strong for piece in comma_pieces(whole))


def terms(text: str) -> tuple[str, ...]:
    """Split into single words or terms at lines, semicolons and every comma; "a, b and c" ends in two of them."""
    found = [strip_item(cut(piece, span)) for piece in _strong(text) for span in _comma_spans(piece)]
    if len(found) > 1:
        pair = _LAST_PAIR.split(found[-1])
        if len(pair) == 2 and all(len(item.split()) <= 2 for item in pair):
            found[-1:] = [strip_item(item) for item in pair]
    return tuple(item for item in found if item)


def names(text: str) -> tuple[str, ...]:
    """Split into names: as `terms`, and every "and" separates ("PDF and PowerPoint")."""
    return tuple(strip_item(name) for term in terms(text) for name in _LAST_PAIR.split(term))


def statements(text: str) -> tuple[str, ...]:
    """Split only where the client did on purpose: at lines, bullets, numbers and semicolons."""
    return tuple(strip_item(piece, keep_stop=True) for piece in _strong(text))


def prohibitions(text: str) -> tuple[str, ...]:
    """Split what may not be said: at lines, semicolons and sentences, and at commas before another "no" or "never"."""
    pieces = [sentence for part in _strong(text) for sentence in _line_sentences(part)]
    return tuple(strip_item(item) for piece in pieces for item in _ANOTHER_NO.split(piece))


def sentences(text: str) -> tuple[str, ...]:
    """Split prose into sentences; "Dr. Ní Bhriain", "e.g." and "4.9" end none."""
    bare = (_LINE_START.sub("", line) for line in text.split("\n"))
    return tuple(sentence for line in bare for sentence in _line_sentences(line))


def comma_pieces(text: str) -> list[str]:
    """Split at commas outside brackets, quotes and numbers; a piece that begins with "in" or "with" stays attached."""
    spans: list[Span] = []
    for start, end in _comma_spans(text):
        if spans and _CONTINUATION.match(text[start:end].lstrip()):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [cut(text, span) for span in spans]


def with_what_belongs(text: str, pieces: Iterable[str], belongs: Callable[[str], bool]) -> list[tuple[str, str]]:
    """Return (piece, the same with the following ones that belong to it), both as they stand in the text."""
    found: list[tuple[str, str]] = []
    start = place = 0
    for piece in pieces:
        here = text.find(piece, place)
        place = here + len(piece)
        if found and belongs(piece):
            found[-1] = (found[-1][0], text[start:place])
        else:
            start = here
            found.append((piece, piece))
    return found


def distinct(items: Iterable[str]) -> tuple[str, ...]:
    """Return the items without repetitions (whatever their case) and empty ones, in order."""
    seen: dict[str, str] = {}
    for item in items:
        folded = " ".join(item.split())
        if folded:
            seen.setdefault(folded.casefold(), folded)
    return tuple(seen.values())


def strip_item(text: str, *, keep_stop: bool = False) -> str:
    """Return an item without bullets, quotes around it, a leading "and" and (unless kept) its full stop."""
    bare = _CONJUNCTION.sub("", _LINE_START.sub("", text.strip()).strip(" \t\n,;，；"))
    if not keep_stop and bare.endswith(".") and not bare.endswith("..") and not _ABBREVIATION.search(bare[-12:]):
        bare = bare[:-1].rstrip()
    if len(bare) > 1 and bare[0] in _QUOTES and bare[-1] in _QUOTES and not set(_QUOTES) & set(bare[1:-1]):
        bare = bare[1:-1].strip()
    return bare


def cut(text: str, span: Span) -> str:
    """Return the part of a text that a span marks."""
    return text[slice(*span)]


def _strong(text: str) -> list[str]:
    depths = _depths(text)
    cuts = [found.span() for found in _STRONG.finditer(text) if found[0][0] == "\n" or not depths[found.start()]]
    numbers = [found.span() for found in _NUMBERED.finditer(text)]
    if len(numbers) > 1:
        cuts = sorted([*cuts, *numbers])
    pieces = (_LINE_START.sub("", cut(text, span)) for span in _between(cuts, len(text)))
    return [piece.strip() for piece in pieces if piece.strip()]


def _line_sentences(line: str) -> list[str]:
    ends = [end.span() for end in _SENTENCE_END.finditer(line) if not _is_abbreviation(line, end.start())]
    return [sentence for span in _between(ends, len(line)) if (sentence := cut(line, span).strip())]


def _is_abbreviation(line: str, end: int) -> bool:
    return _ABBREVIATION.search(line[max(0, end - 12) : end]) is not None


def _comma_spans(text: str) -> list[Span]:
    depths = _depths(text)
    commas = [comma.span() for comma in _COMMA.finditer(text) if not depths[comma.start()]]
    return [span for span in _between(commas, len(text)) if cut(text, span).strip()]


def _between(cuts: list[Span], length: int) -> list[Span]:
    spans, start = [], 0
    for cut_start, cut_end in cuts:
        if cut_start >= start:
            spans.append((start, cut_start))
            start = cut_end
    return [*spans, (start, length)]


def _depths(text: str) -> list[int]:
    """Mark the characters inside brackets and quotations; one that is never closed on its line encloses nothing."""
    depths = [0] * len(text)
    open_at: list[int] = []
    quoted_from: int | None = None
    for place, character in enumerate(text):
        if character == "\n":
            open_at, quoted_from = [], None
        elif character == '"':
            if quoted_from is not None:
                depths[quoted_from:place] = [1] * (place - quoted_from)
            quoted_from = place if quoted_from is None else None
        elif character in "([{«":
            open_at.append(place)
        elif character in ")]}»" and open_at:
            start = open_at.pop()
            if not open_at:
                depths[start:place] = [1] * (place - start)
    return depths
