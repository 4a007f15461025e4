"""Reads a section's CommonMark once, so that every rule counts and quotes the same text.

How things are counted:

- a word is a run between white space that holds at least one letter or digit, in headings, paragraphs, list items and
  table cells alike; markup is not counted;
- a bullet is a list item, ordered or not, nested or not;
- a heading is a heading inside the section (the section's own title is not part of its text);
- a line is a heading, a paragraph, a list item or a table row; the header row of a table is not a line;
- a sentence ends at `.`, `!`, `?` or `…` before a new start, or with its paragraph or list item; tables have none.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

BlockKind = Literal["heading", "paragraph", "item", "header", "row"]

_PARSER = MarkdownIt("commonmark").enable("table")
_SAME_SIGN = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f", " "),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
        **dict.fromkeys("\u2010\u2011", "-"),
        **dict.fromkeys("\u2018\u2019\u02bc", "'"),
    }
)
_WORD = re.compile(r"\S*\w\S*")
_SENTENCE_END = re.compile(
    r"(?<!\b[A-Z]\.)(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bSt\.)(?<!\bNo\.)(?<!\bvs\.)(?<!e\.g\.)(?<!i\.e\.)(?<!\best\.)(?<!\bca\.)"
    r"(?<=[.!?…])[\"'”)\]]*\s+(?=[\"'“(#€$£]?[^\W_a-z])"
)


def clean(text: str) -> str:
    """Return text with one code point per sign: composed letters, plain spaces, hyphens and apostrophes."""
    return unicodedata.normalize("NFC", text).translate(_SAME_SIGN)


def words_in(text: str) -> list[str]:
    """Return the words of plain text."""
    return _WORD.findall(text)


@lru_cache(maxsize=4096)
def sentences_in(text: str) -> tuple[str, ...]:
    """Return the sentences of plain text."""
    return tuple(sentence.strip() for sentence in _SENTENCE_END.split(text) if sentence.strip())


@lru_cache(maxsize=8192)
def plain(line: str) -> str:
    """Return a line reduced to its words in lower case, to compare it with others."""
    return " ".join(re.findall(r"\w+", line.lower()))


@dataclass(frozen=True)
class Block:
    """One line of a section. `lead` announces it: its heading, the sentence before its list, its table's header."""

    kind: BlockKind
    text: str
    lead: str
    heading: str
    cells: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()
    table: int = 0  # which table of the section it stands in, counted from 1


@dataclass(frozen=True)
class Text:
    """A section as read."""

    blocks: tuple[Block, ...]
    bullets: int
    tables: int
    html: tuple[str, ...]  # raw markup found in it
    links: tuple[str, ...]  # targets

    @cached_property
    def headings(self) -> tuple[str, ...]:
        return tuple(block.text for block in self.blocks if block.kind == "heading")

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return tuple(block.text for block in self.blocks if block.kind != "header")

    @cached_property
    def prose(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.kind in ("paragraph", "item"))

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        return tuple(sentence for block in self.prose for sentence in sentences_in(block.text))

    @cached_property
    def word_count(self) -> int:
        return sum(len(words_in(block.text)) for block in self.blocks)

    def rows_of(self, table: int) -> tuple[Block, ...]:
        """Return the body rows of a table."""
        return tuple(block for block in self.blocks if block.kind == "row" and block.table == table)

    def header_of(self, table: int) -> tuple[str, ...]:
        """Return the cells of a table's header row."""
        return next((block.cells for block in self.blocks if block.kind == "header" and block.table == table), ())


@lru_cache(maxsize=256)  # revised drafts keep most sections byte by byte
def read(markdown: str) -> Text:
    """Return a section's text, parsed."""
    walk = _Walk()
    for token in _PARSER.parse(clean(markdown)):
        walk.take(token)
    return Text(tuple(walk.blocks), walk.bullets, walk.tables, tuple(walk.html), tuple(walk.links))


@dataclass
class _Walk:
    """Goes through the parser's tokens and remembers where it stands."""

    blocks: list[Block] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    bullets: int = 0
    tables: int = 0
    open_lists: int = 0
    heading: str = ""
    before: str = ""  # the paragraph before a list or table
    header: str = ""
    row: list[Block] = field(default_factory=list)
    path: list[str] = field(default_factory=list)  # the open blocks

    def take(self, token: Token) -> None:
        if token.type == "inline":
            self._take_inline(token)
        elif token.type == "html_block":
            self.html.append(token.content.strip())
        elif token.type in ("fence", "code_block"):
            self._add("paragraph", token.content.strip())
        elif token.nesting == 1:
            self._open(token.type.removesuffix("_open"))
        elif token.nesting == -1:
            self._close(token.type.removesuffix("_close"))

    def _open(self, name: str) -> None:
        self.path.append(name)
        self.bullets += name == "list_item"
        self.tables += name == "table"
        self.open_lists += name in ("bullet_list", "ordered_list")
        if name == "tr":
            self.row = []

    def _close(self, name: str) -> None:
        self.path.pop()
        self.open_lists -= name in ("bullet_list", "ordered_list")
        if name == "tr":
            self._add_row()
        elif name == "table":
            self.header = self.before = ""

    def _take_inline(self, token: Token) -> None:
        text, strong = self._flatten(token.children or [])
        kind = self.path[-1]
        if kind in ("th", "td"):
            self.row.append(Block("row", text, "", "", strong=strong))
        elif kind == "heading":
            self.heading, self.before = text, ""
            self._add("heading", text)
        else:
            self._add("item" if self.open_lists else "paragraph", text, strong)
            if not self.open_lists:
                self.before = text

    def _add(self, kind: BlockKind, text: str, strong: tuple[str, ...] = ()) -> None:
        announced = kind == "item" and self.before
        lead = f"{self.heading}: {self.before}" if announced else self.heading
        if text and kind != "heading":
            self.blocks.append(Block(kind, text, lead, self.heading, strong=strong))
        elif text:
            self.blocks.append(Block(kind, text, "", text))

    def _add_row(self) -> None:
        cells = tuple(cell.text for cell in self.row)
        strong = tuple(part for cell in self.row for part in cell.strong)
        kind: BlockKind = "header" if "thead" in self.path else "row"
        text = " | ".join(cells)
        lead = f"{self.heading}: {self.before} {self.header}"
        self.blocks.append(Block(kind, text, lead, self.heading, cells=cells, strong=strong, table=self.tables))
        if kind == "header":
            self.header = text

    def _flatten(self, children: list[Token]) -> tuple[str, tuple[str, ...]]:
        parts: list[str] = []
        strong: list[str] = []
        strong_from = 0
        for child in children:
            if child.type == "strong_open":
                strong_from = len(parts)
            elif child.type == "strong_close":
                strong.append("".join(parts[strong_from:]))
            else:
                parts.append(self._words_of(child))
        return " ".join("".join(parts).split()), tuple(strong)

    def _words_of(self, child: Token) -> str:
        match child.type:
            case "softbreak" | "hardbreak":
                return " "
            case "html_inline":
                self.html.append(child.content)
                return " "
            case "link_open":
                self.links.append(str(child.attrs.get("href", "")))
        return child.content


def table_rows(markdown: str) -> Iterator[list[str]]:
    """Yield runs of source lines that were meant to be a table: lines that start with a bar."""
    run: list[str] = []
    for line in [*markdown.splitlines(), ""]:
        if line.lstrip().startswith("|"):
            run.append(line.strip())
        elif run:
            yield run
            run = []
