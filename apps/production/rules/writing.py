"""Text tools of the offline composer: cleaning, joining, Markdown, counting, and fitting a section to its benchmark."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from apps.production.api.dtos import Benchmark
from apps.shared.dtos import Money

_MARKDOWN_SIGNS = str.maketrans(
    {"|": "/", "*": "", "`": "'", "[": "(", "]": ")", "{": "(", "}": ")", "<": "‹", ">": "›", "\\": "/", "~": "-"}
)
_PAIRS = (("(", ")"), ("“", "”"))
_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}
_LOOSE_ENDS = re.compile(r"(?:a|an|and|as|at|but|by|for|from|in|is|of|on|or|so|that|the|to|who|which|with)", re.I)
_SENTENCE_END = re.compile(
    r"(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bSt\.)(?<!\bNo\.)(?<!\best\.)(?<!\bca\.)"
    r"(?:(?<=[.!?…])|(?<=[.!?…][”\")]))\s+(?=[“\"(]?(?![a-zà-ÿ])[^\W_])"
)
_PLAIN_HEADINGS = ("Outcome", "Details", "Points", "More")
_BULLET = re.compile(r"^\s*(?:[-+]|\d+[.)])\s+", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}\s+\S", re.MULTILINE)
_PROPER = re.compile(
    r"\w+day|January|February|March|April|June|July|August|\w+ember|October|Christmas|Easter|\w+(?:ish|ese|ian|ean)"
    r"|French|German|Dutch|Greek|Swiss|Thai|Google|Instagram|Facebook|\w+ium|\w*[iy]gn"
)
_LEAD = re.compile(r"^(\s*(?:[-+]\s+|\d+[.)]\s+)?)(\*\*[^*]+\*\*\s*)?(.*)$", re.DOTALL)


class Guard(Protocol):
    """What says whether words may not be used for a client (`Facts` does)."""

    def is_banned(self, text: str) -> bool: ...

    def strike_banned(self, text: str) -> str: ...


def clean(text: str) -> str:
    """Return client text on one line, without control characters and without signs that Markdown would act on.

    Brackets and quotation marks without a partner go as well.
    """
    text = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text)
    text = text.translate(_MARKDOWN_SIGNS)
    for opening, closing in _PAIRS:
        if text.count(opening) != text.count(closing):
            text = text.replace(opening, "").replace(closing, "")
    return re.sub(r"^[#+=\-–—•·\s]+(?=\S)", "", re.sub(r"\s+", " ", text).strip())


def shorten(text: str, words: int = 12) -> str:
    """Return text of at most `words` words: cut at a clause if one ends late enough, else at a word border with "…"."""
    text = text.strip().rstrip(".;,:")
    parts = text.split()
    if len(parts) <= words:
        return _closed(" ".join(part[:60] for part in parts))
    kept = [part[:60] for part in parts[:words]]
    for last in range(words - 1, words // 2 - 1, -1):
        if kept[last][-1] in ".,;:!?)" and kept[last].count("(") <= kept[last].count(")"):
            return _closed(" ".join(kept[: last + 1]).rstrip(".,;:!?"))
    while len(kept) > 1 and _LOOSE_ENDS.fullmatch(kept[-1]):
        kept.pop()
    return _closed(" ".join(kept).rstrip(".,;:–-") + "…")


def _closed(text: str) -> str:
    """Close a bracket or quotation that a cut has left open."""
    for opening, closing in _PAIRS:
        text += closing * max(text.count(opening) - text.count(closing), 0)
    return text


def capital(text: str) -> str:
    """Return text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return text ready for the middle of a sentence: an acronym or a name of several words keeps its capitals."""
    first, _, rest = text.partition(" ")
    is_name = rest[:1].isupper() or not first[1:].islower()
    return text if is_name else text[:1].lower() + text[1:]


def in_sentence(phrase: str) -> str:
    """Return a name as it stands inside a sentence: "Invisible aligners" loses its capital, "Sunday lunch" keeps it.

    Only a phrase in small letters but for its first loses it, and only where that is no day, month or nationality.
    """
    first, _, rest = phrase.partition(" ")
    is_ordinary = first[1:].islower() and rest and rest == rest.lower() and not _PROPER.fullmatch(first)
    return phrase[:1].lower() + phrase[1:] if is_ordinary else phrase


def sentence(text: str) -> str:
    """Return text as a sentence: capital at the front, full stop at the end unless it ends a sentence already."""
    text = capital(text.strip())
    bare = text.rstrip("”\")*' ")
    return text if not bare or bare[-1] in ".!?…" else text + "."


def paragraph(*sentences: str) -> str:
    """Join sentences into one paragraph, leaving out empty ones."""
    return " ".join(sentence(text) for text in sentences if text.strip())


def prose_list(items: Sequence[str], last: str = "and") -> str:
    """Return "a, b and c"."""
    items = [item for item in items if item]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def quoted(text: str) -> str:
    """Return client wording in typographic quotes, its own double quotes made single."""
    inner = text.strip()
    if re.fullmatch(r"[\"“„'][^\"“”„]*[\"“”']", inner):  # quoted as a whole: once is enough
        inner = inner[1:-1]
    inner = _closed(inner.strip("\"'")).replace('"', "'").replace("“", "‘").replace("”", "’").replace("„", "‘")
    return f"“{inner}”"


def heading(text: str) -> str:
    """Return a heading inside a section (level 3)."""
    return f"### {text}"


def lead(label: str, text: str) -> str:
    """Return a sentence behind a bold label."""
    return f"**{capital(label)}:** {sentence(text)}"


def bullet(text: str) -> str:
    """Return one list item, ended as a sentence."""
    return f"- {sentence(text)}"


def bullets(items: Iterable[str]) -> str:
    """Return a list, one sentence per item."""
    return "\n".join(bullet(item) for item in items if item.strip())


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a GFM table; a bar inside a cell is made a slash."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "/") for cell in line) + " |" for line in lines)


def number(value: Decimal) -> str:
    """Return a number with thousands separators and without trailing zeros: "2,300", "0.35"."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(amount: Money) -> str:
    """Return "€2,900", "€0.35", or "2,900 CHF" for a currency without a symbol that everybody knows."""
    whole = amount.amount == amount.amount.to_integral_value()
    digits = f"{amount.amount:,.0f}" if whole else f"{amount.amount:,.2f}"
    symbol = _SYMBOLS.get(amount.currency)
    return f"{symbol}{digits}" if symbol else f"{digits} {amount.currency}"


def percent(share: Decimal) -> str:
    """Return "35%"."""
    return f"{number(share)}%"


def possessive(name: str) -> str:
    """Return "Acme's", "Globex'"."""
    return f"{name}'" if name.endswith(("s", "S")) else f"{name}'s"


def sentences(text: str) -> list[str]:
    """Split text into sentences: per line, Markdown signs removed, table rows left out."""
    found = []
    for line in text.splitlines():
        line = re.sub(r"^\s*(?:#{1,6}|[-+]|\d+[.)])\s+", "", line).replace("**", "").strip()
        if line and not line.startswith("|"):
            found += [part.strip() for part in _SENTENCE_END.split(line) if part.strip()]
    return found


def count_words(text: str) -> int:
    """Count what stands between blanks and holds a letter or a digit: no table bars, list signs or heading signs."""
    return sum(any(char.isalnum() for char in token) for token in _BULLET.sub("", text).split())


def count_bullets(text: str) -> int:
    """Count list items, numbered ones included."""
    return len(_BULLET.findall(text))


def count_headings(text: str) -> int:
    """Count headings of any level."""
    return len(_HEADING.findall(text))


def average_sentence_words(text: str) -> float:
    """Return the mean length of the sentences in words, 0.0 without any."""
    lengths = [count_words(part) for part in sentences(text)]
    return sum(lengths) / len(lengths) if lengths else 0.0


def repeated_line_ratio(text: str) -> float:
    """Return the share of non-empty lines that stood there before, table rules left out; 0.0 to 1.0."""
    lines = [line.strip().lower() for line in text.splitlines() if line.strip().strip("|-: ")]
    return sum(count - 1 for count in Counter(lines).values()) / len(lines) if lines else 0.0


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a section. `rank` 0 always stands; higher ones stand in order of rank as far as there is room."""

    text: str
    rank: int = 0


def fit(blocks: Sequence[Block], benchmark: Benchmark, guard: Guard) -> str:
    """Join blocks to a section within a benchmark: all of rank 0, the others by rank until it is comfortably full.

    Banned words are taken out first, so that what is counted is what stays. List items that follow each other form one
    list. "Comfortably full" is three quarters of the way from the least to the most words, so that a count made a
    little differently still lies inside.
    """
    blocks = [Block(without_banned(block.text, guard), block.rank) for block in blocks]
    chosen = {index for index, block in enumerate(blocks) if block.rank == 0 and block.text}
    words = sum(count_words(blocks[index].text) for index in chosen)
    bullet_count = sum(count_bullets(blocks[index].text) for index in chosen)
    comfortable = benchmark.min_words + (benchmark.max_words - benchmark.min_words) * 3 // 4
    spare = [index for index, block in enumerate(blocks) if block.rank and block.text]
    for index in sorted(spare, key=lambda index: blocks[index].rank):
        text = blocks[index].text
        if words + count_words(text) > comfortable or bullet_count + count_bullets(text) > benchmark.max_bullets:
            continue
        chosen.add(index)
        words += count_words(text)
        bullet_count += count_bullets(text)
    return _join([blocks[index].text for index in sorted(chosen)])


def _join(texts: Sequence[str]) -> str:
    joined = ""
    for text in texts:
        in_list = _BULLET.match(text) and _BULLET.match(joined.rpartition("\n")[2])
        joined += ("\n" if in_list else "\n\n" if joined else "") + text
    return joined


def without_banned(text: str, guard: Guard) -> str:
    """Return text without the client's banned words and forbidden claims.

    A sentence that holds one is dropped, a label that holds one too; where a heading, a table row or a labelled line
    would be lost with it, only the word is.
    """
    if not guard.is_banned(text):
        return text
    lines = (_line_without_banned(line, guard) if guard.is_banned(line) else line for line in text.split("\n"))
    return "\n".join(line for line in lines if line is not None)


def _line_without_banned(line: str, guard: Guard) -> str | None:
    if line.startswith("#"):
        return _heading_without_banned(line, guard)
    if line.startswith("|"):
        return guard.strike_banned(line)
    mark, label, body = _LEAD.match(line).groups(default="")  # type: ignore[union-attr]
    label = "" if guard.is_banned(label) else label
    kept = " ".join(part for part in _SENTENCE_END.split(body) if not guard.is_banned(part))
    if label and not kept:
        kept = guard.strike_banned(body).strip()
    return mark + label + capital(kept) if kept else None


def _heading_without_banned(line: str, guard: Guard) -> str | None:
    """Return a heading without the banned words; where none is left, with a plain word in their place."""
    struck = guard.strike_banned(line)
    if any(char.isalnum() for char in struck):
        return struck
    mark = line.split(" ")[0]
    return next((f"{mark} {word}" for word in _PLAIN_HEADINGS if not guard.is_banned(word)), None)
