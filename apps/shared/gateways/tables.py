"""Tables that people send as CSV or XLSX files: read as texts within limits, and written so that no cell can act.

tablib would read both, but counts no blank lines, takes a formula's last result for its text and knows no limits.
"""

import csv
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO, StringIO
from itertools import chain, islice
from typing import Annotated, Any, Self
from zipfile import BadZipFile, ZipFile

from openpyxl import DEFUSEDXML, load_workbook
from openpyxl.utils import get_column_letter
from pydantic import Field, model_validator

from apps.shared.dtos import Dto

MOST_BYTES = 500_000
MOST_ROWS = 200
MOST_COLUMNS = 100
MOST_UNPACKED_BYTES = 20_000_000
MOST_SHEET_ROWS = 10_000
"""How far down a sheet rows are looked for: blank ones with a format of their own may go on to a million."""

SEPARATORS = ",;\t"
SAVE_AS = "Save it as .xlsx or as CSV UTF-8, and send that."
_ROWS_OF_A_PART = 1_000
_TEXT_MARK = "'"
_ACTIVE = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # https://owasp.org/www-community/attacks/CSV_Injection
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
# What zipfile, openpyxl and the XML parsers under it raise for files that were never made by a spreadsheet.
DAMAGED = (
    ArithmeticError,
    AttributeError,
    BadZipFile,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

if not DEFUSEDXML:  # openpyxl takes it where it finds it, and unpacks XML bombs where it does not
    raise ImportError("Install defusedxml, and leave OPENPYXL_DEFUSEDXML alone.")


class TableRefused(Exception):
    """A file is no table that can be read; the message says why, and what to do."""


class Table(Dto):
    """A file's first sheet: its column names, and what stands below them by the number of its row in the file."""

    headers: tuple[str, ...]
    rows: Annotated[dict[int, tuple[str, ...]], Field(max_length=MOST_ROWS)]

    @model_validator(mode="after")
    def _has_cells_for_every_column(self) -> Self:
        if any(len(cells) != len(self.headers) for cells in self.rows.values()):
            raise ValueError("a row is shorter or longer than the others")
        return self

    def without(self, header: str) -> "Table":
        """Return the table without a column, if it has one of this name."""
        kept = [place for place, name in enumerate(self.headers) if name != header]
        rows = {number: tuple(cells[place] for place in kept) for number, cells in self.rows.items()}
        return Table(headers=tuple(self.headers[place] for place in kept), rows=rows)


def read_table(content: bytes) -> Table:
    """Return the table in a CSV or XLSX file, told apart by their content. Raises TableRefused, saying why."""
    if len(content) > MOST_BYTES:
        raise TableRefused(f"The file has more than {MOST_BYTES // 1000} kB. Send it in parts.")
    if not content.strip():
        raise TableRefused("The file is empty.")
    if content.startswith(_OLD_EXCEL):
        raise TableRefused(f"The file is an old Excel file, or one with a password. {SAVE_AS}")
    lines = _sheet_lines(content) if content.startswith(b"PK") else _csv_lines(_decoded(content))
    return _table({number: cells for number, cells in enumerate(map(_trimmed, _bounded(lines)), start=1) if cells})


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as CSV that Excel opens as UTF-8 and in which no cell is a formula; `read_table` reads it back."""
    written = StringIO()
    writer = csv.writer(written)
    writer.writerows([_inert(cell) for cell in cells] for cells in chain([headers], rows))
    return "\ufeff" + written.getvalue()


def write_csv_in_parts(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Give a long table as `write_csv` writes it, in parts; only the first begins with the mark of its encoding."""
    rest = iter(rows)
    yield write_csv(headers, [])
    while part := list(islice(rest, _ROWS_OF_A_PART)):
        first, *others = part
        yield write_csv(first, others).removeprefix("\ufeff")


def _inert(cell: str) -> str:
    return _TEXT_MARK + cell if cell.startswith(_ACTIVE) else cell


def _decoded(content: bytes) -> str:
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if is_utf16 else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and not text.startswith("%PDF"):
            return text
        break
    raise TableRefused(f"The file is neither a CSV nor an XLSX file. {SAVE_AS}")


def _csv_lines(text: str) -> Iterator[Iterable[Any]]:
    separator = ""
    if text.startswith("sep="):  # a line for Excel, which does not count it either
        first, _, text = text.partition("\n")
        separator = first.rstrip("\r")[4:5]
    try:
        separator = separator if separator and separator in SEPARATORS else separator_of(text)
        yield from csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    except csv.Error as error:
        raise TableRefused(f"The file is no CSV that can be read: {error}. {SAVE_AS}") from error


def separator_of(text: str) -> str:
    """Return what parts the first line into most cells: Excel writes semicolons where the comma is for decimals."""
    first = text.split(maxsplit=0)[0].splitlines()[0]
    return max(SEPARATORS, key=lambda mark: len(next(csv.reader([first], delimiter=mark))))


def _sheet_lines(content: bytes) -> Iterator[Iterable[Any]]:
    try:
        _check_archive(content)
        book = load_workbook(BytesIO(content), read_only=True, data_only=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size is no limit
        yield from sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)
    except DAMAGED as error:
        raise TableRefused(f"The file is no spreadsheet that can be read, or it is damaged. {SAVE_AS}") from error


def _check_archive(content: bytes) -> None:
    with ZipFile(BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED_BYTES:
            raise TableRefused(
                f"The file unpacks to more than {MOST_UNPACKED_BYTES // 1_000_000} MB. Send a smaller one."
            )
        parts = (archive.read(name) for name in archive.namelist() if not name.startswith("xl/media/"))
        if any(b"<!DOCTYPE" in part.replace(b"\0", b"") for part in parts):  # UTF-16 is half zeros
            raise TableRefused(f"The file holds definitions that no spreadsheet needs. {SAVE_AS}")


def _bounded(lines: Iterable[Iterable[Any]]) -> Iterator[Iterable[Any]]:
    for number, line in enumerate(lines, start=1):
        if number > MOST_SHEET_ROWS:
            raise TableRefused(f"The table goes on below row {MOST_SHEET_ROWS}. Delete the empty rows at its end.")
        yield line


def _trimmed(line: Iterable[Any]) -> list[str]:
    """Return a row's cells as texts, up to the last that says something."""
    cells = [cell_text(value) for value in line]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def cell_text(value: Any) -> str:
    """Return a cell as text, whatever a spreadsheet holds in it; a formula is the text it is."""
    match value:
        case None:
            return ""
        case str():
            text = value.strip()
            return text[1:] if text[:1] == _TEXT_MARK and text[1:].startswith(_ACTIVE) else text
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date():
            return value.isoformat()
    return str(getattr(value, "text", value))  # an array formula has its text in there


def _table(rows: dict[int, list[str]]) -> Table:
    if not rows:
        raise TableRefused("The table is empty.")
    heading = min(rows)
    headers = rows.pop(heading)
    _check_headers(headers, rows)
    if not rows:
        raise TableRefused("The table has column names, and no row below them.")
    if len(rows) > MOST_ROWS:
        raise TableRefused(f"The table has {len(rows)} rows, of {MOST_ROWS} at most. Send it in parts.")
    if sum(len(cell.encode()) for cells in rows.values() for cell in cells) > MOST_BYTES:
        raise TableRefused(f"The table holds more than {MOST_BYTES // 1000} kB of text. Send it in parts.")
    width = len(headers)
    return Table(headers=tuple(headers), rows={n: (*cells, *[""] * (width - len(cells))) for n, cells in rows.items()})


def _check_headers(headers: list[str], rows: dict[int, list[str]]) -> None:
    widest = max([len(headers), *map(len, rows.values())])
    if widest > MOST_COLUMNS:
        raise TableRefused(f"The table has more than {MOST_COLUMNS} columns.")
    nameless = [place for place in range(widest) if place >= len(headers) or not headers[place]]
    if nameless:
        letters = ", ".join(get_column_letter(place + 1) for place in nameless[:5])
        raise TableRefused(
            f"The first row must name every column, and column {letters} has no name there. "
            "Part merged cells, and delete titles above the names."
        )
    if twice := sorted({name for name in headers if headers.count(name) > 1}):
        raise TableRefused(f"The table has more than one column named {', '.join(twice)}.")
