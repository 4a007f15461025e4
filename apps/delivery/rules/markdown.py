"""CommonMark with tables, parsed into a neutral tree of blocks that every document format prints in its own way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from apps.shared.text import clean, one_line

MOST_COLUMNS = 9
"""Columns a page can hold legibly; a wider table is printed as several, each repeating the first column."""

_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table")
_LINKED = ("https://", "http://", "mailto:")


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one look. `url` is an address of the web or of mail, or empty."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    url: str = ""


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section; level 3 is the highest."""

    level: int
    spans: Spans
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `look` is plain, quote or code."""

    spans: Spans
    look: str = "plain"
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list. `depth` 0 is the outermost; `mark` is "1." in a numbered list, empty in a bulleted one."""

    depth: int
    mark: str
    spans: Spans


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list with its inner lists laid out flat."""

    items: tuple[Item, ...]
    kind: str = "list"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its head and rows have the same number of cells."""

    head: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]
    kind: str = "table"


Block = Heading | Paragraph | ItemList | Table


def parse_markdown(markdown: str) -> tuple[Block, ...]:
    """Return the blocks of a CommonMark text. HTML is text, images are their description, unsafe links plain words."""
    return tuple(_blocks(_PARSER.parse(clean(markdown))))


def plain_text(spans: Spans) -> str:
    """Return the words of spans without their looks."""
    return "".join(span.text for span in spans)


def block_text(block: Block) -> str:
    """Return the words of a block, cells and items separated by spaces."""
    match block:
        case Heading() | Paragraph():
            return plain_text(block.spans)
        case ItemList():
            return " ".join(plain_text(item.spans) for item in block.items)
        case Table():
            return " ".join(plain_text(cell) for row in (block.head, *block.rows) for cell in row)


def plain_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Return a table of unformatted cells."""

    def cells(row: Sequence[str]) -> tuple[Spans, ...]:
        return tuple((Span(one_line(cell)),) for cell in row)

    return Table(head=cells(head), rows=tuple(cells(row) for row in rows))


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    position = 0
    while position < len(tokens):
        end = _closing(tokens, position)
        inside = tokens[position + 1 : end]
        match tokens[position].type:
            case "heading_open":
                yield Heading(level=max(3, int(tokens[position].tag[1])), spans=_inline(inside[0]))
            case "paragraph_open":
                yield Paragraph(spans=_inline(inside[0]))
            case "bullet_list_open" | "ordered_list_open":
                yield ItemList(items=tuple(_items(tokens[position : end + 1], depth=0)))
            case "table_open":
                yield from _split_wide(_table(inside))
            case "blockquote_open":
                yield from (_quoted(block) for block in _blocks(inside))
            case "fence" | "code_block":
                yield Paragraph(spans=(Span(tokens[position].content.rstrip("\n"), code=True),), look="code")
        position = end + 1


def _closing(tokens: Sequence[Token], start: int) -> int:
    if tokens[start].nesting != 1:
        return start
    depth = 0
    for position in range(start, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position
    raise ValueError(f"markdown block {tokens[start].type} has no end")


def _quoted(block: Block) -> Block:
    return Paragraph(spans=block.spans, look="quote") if isinstance(block, Paragraph) else block


def _items(tokens: list[Token], depth: int) -> Iterator[Item]:
    is_numbered = tokens[0].type == "ordered_list_open"
    number = int(tokens[0].attrs.get("start", 1))
    position = 1
    while position < len(tokens) - 1:
        end = _closing(tokens, position)
        yield from _item(tokens[position + 1 : end], depth, f"{number}." if is_numbered else "")
        number += 1
        position = end + 1


def _item(tokens: list[Token], depth: int, mark: str) -> Iterator[Item]:
    """Yield the item's own line, then what stands inside it one step deeper; a table or code inside becomes text."""
    own: Spans = ()
    inner: list[Item] = []
    position = 0
    while position < len(tokens):
        end = _closing(tokens, position)
        if tokens[position].type.endswith("list_open"):
            inner.extend(_items(tokens[position : end + 1], depth + 1))
        else:
            for block in _blocks(tokens[position : end + 1]):
                spans = block.spans if isinstance(block, Heading | Paragraph) else (Span(block_text(block)),)
                own = (*own, Span(" "), *spans) if own else spans
        position = end + 1
    yield Item(depth=depth, mark=mark, spans=own)
    yield from inner


def _table(tokens: list[Token]) -> Table:
    rows: list[tuple[Spans, ...]] = []
    for position, token in enumerate(tokens):
        if token.type == "tr_open":
            row = tokens[position : _closing(tokens, position)]
            rows.append(tuple(_inline(cell) for cell in row if cell.type == "inline"))
    return Table(head=rows[0], rows=tuple(rows[1:]))


def _split_wide(table: Table) -> Iterator[Table]:
    if len(table.head) <= MOST_COLUMNS:
        yield table
        return
    step = MOST_COLUMNS - 1
    for start in range(1, len(table.head), step):
        part = slice(start, start + step)
        rows = tuple((row[0], *row[part]) for row in table.rows)
        yield Table(head=(table.head[0], *table.head[part]), rows=rows)


def _inline(token: Token) -> Spans:
    spans: list[Span] = []
    bold = italic = 0
    url = ""
    for child in token.children or ():
        match child.type:
            case "strong_open" | "strong_close":
                bold += child.nesting
            case "em_open" | "em_close":
                italic += child.nesting
            case "link_open":
                url = _safe_url(str(child.attrs.get("href", "")))
            case "link_close":
                url = ""
            case "softbreak" | "hardbreak":
                spans.append(Span("\n" if child.type == "hardbreak" else " "))
            case "text" | "code_inline" | "image" if child.content:
                is_code = child.type == "code_inline"
                spans.append(Span(child.content, bold=bold > 0, italic=italic > 0, code=is_code, url=url))
    return tuple(spans)


def _safe_url(url: str) -> str:
    return url if url.lower().startswith(_LINKED) else ""
