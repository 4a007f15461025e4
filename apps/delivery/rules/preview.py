"""What can be shown of a delivered file without opening it in a program of its own, cut to what a page can carry."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import islice
from zipfile import BadZipFile, ZipFile

MOST_ROWS, MOST_CHARACTERS, MOST_NAMES = 40, 20_000, 100
MOST_BLOCKS, MOST_SLIDES = 400, 60
LONGEST_CELL, LONGEST_PARAGRAPH = 300, 2_000
DAMAGED = "This file cannot be opened: it is damaged, or not what its name says."


@dataclass(frozen=True)
class Block:
    """A heading (with its level), a paragraph, an item of a list, or a table, whose first row is its head."""

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Slide:
    """What stands on a slide, and what is to be said to it."""

    title: str
    lines: tuple[str, ...]
    notes: str


@dataclass(frozen=True)
class Preview:
    """A table (head and rows), a text, blocks, slides, or a note alone, which says what was left out, or why."""

    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    text: str = ""
    note: str = ""
    blocks: tuple[Block, ...] = ()
    slides: tuple[Slide, ...] = ()


def preview(file_format: str, content: bytes) -> Preview:
    """Return what to show of a file that needs no library; of one that is not what it claims to be, a note."""
    match file_format:
        case "CSV":
            return _table(content)
        case "MD" | "JSON":
            return _text(content)
        case "ZIP":
            return _parts(content)
    return Preview()


def _table(content: bytes) -> Preview:
    lines = csv.reader(StringIO(_decoded(content), newline=""))
    try:
        head, *rows = [cut(line) for line in islice(lines, MOST_ROWS + 2)]
    except (csv.Error, ValueError):
        return Preview(note="This file holds no table that could be read.")
    note = f"The first {MOST_ROWS} rows; the file has more." if len(rows) > MOST_ROWS else ""
    return Preview(head=head, rows=tuple(rows[:MOST_ROWS]), note=note)


def _text(content: bytes) -> Preview:
    text = _decoded(content)
    if len(text) <= MOST_CHARACTERS:
        return Preview(text=text)
    return Preview(text=text[:MOST_CHARACTERS], note=f"The first {MOST_CHARACTERS:,} of {len(text):,} characters.")


def _parts(content: bytes) -> Preview:
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
    except BadZipFile:
        return Preview(note=DAMAGED)
    rows = tuple(cut((entry.filename, f"{entry.file_size:,}")) for entry in entries[:MOST_NAMES])
    note = f"The first {MOST_NAMES} of {len(entries):,} parts." if len(entries) > MOST_NAMES else ""
    return Preview(head=("Inside", "Bytes"), rows=rows, note=note)


def _decoded(content: bytes) -> str:
    return content.decode("utf-8-sig", errors="replace")


def cut(cells: Iterable[str]) -> tuple[str, ...]:
    """Return the cells of a row, cut to what a table can carry."""
    return tuple(shorten(cell, LONGEST_CELL) for cell in cells)


def shorten(text: str, most: int = LONGEST_PARAGRAPH) -> str:
    """Return a text cut to what a page can carry."""
    return text if len(text) <= most else f"{text[:most]}…"
