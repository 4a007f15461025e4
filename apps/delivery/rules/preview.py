"""What can be shown of a delivered file without opening it in a program of its own, cut to what a page can carry."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import islice
from zipfile import BadZipFile, ZipFile

MOST_ROWS, MOST_CHARACTERS, MOST_NAMES = 40, 20_000, 100
LONGEST_CELL = 300


@dataclass(frozen=True)
class Preview:
    """A table (head and rows), a text, or a note alone. `note` says what was left out, or why nothing is there."""

    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    text: str = ""
    note: str = ""


def preview(file_format: str, content: bytes) -> Preview:
    """Return what to show of a file by its format; of a file that is not what it claims to be, a note that says so."""
    match file_format:
        case "CSV":
            return _table(content)
        case "MD" | "JSON":
            return _text(content)
        case "ZIP" | "DOCX" | "PPTX":
            return _parts(content)
    return Preview()


def _table(content: bytes) -> Preview:
    lines = csv.reader(StringIO(_decoded(content), newline=""))
    try:
        head, *rows = [_cut(line) for line in islice(lines, MOST_ROWS + 2)]
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
        return Preview(note="This file cannot be opened: it is no archive, or a damaged one.")
    rows = tuple(_cut((entry.filename, f"{entry.file_size:,}")) for entry in entries[:MOST_NAMES])
    note = f"The first {MOST_NAMES} of {len(entries):,} parts." if len(entries) > MOST_NAMES else ""
    return Preview(head=("Inside", "Bytes"), rows=rows, note=note)


def _decoded(content: bytes) -> str:
    return content.decode("utf-8-sig", errors="replace")


def _cut(cells: Iterable[str]) -> tuple[str, ...]:
    return tuple(cell if len(cell) <= LONGEST_CELL else f"{cell[:LONGEST_CELL]}…" for cell in cells)
