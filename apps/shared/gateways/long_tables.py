"""Tables of any length, read as texts row by row: no file is ever held in memory whole.

`apps.shared.gateways.tables` reads short tables that a page can hold; the words of its refusals are the same here.
"""

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from io import TextIOWrapper
from itertools import chain, islice
from typing import IO, Any
from zipfile import ZipFile

from openpyxl import load_workbook

from apps.shared.gateways.tables import DAMAGED, SAVE_AS, SEPARATORS, TableRefused, cell_text, separator_of

MOST_BYTES = 60_000_000
MOST_UNPACKED_BYTES = 100_000_000
MOST_ROWS = 200_000
MOST_SHEET_ROWS = 20_000
"""Of an XLSX file: a web request takes it in, and unpacking takes a second for every four thousand rows."""
MOST_COLUMNS = 200
MOST_LINE_CHARACTERS = 500_000
MOST_BLANK_ROWS = 10_000
"""In a row: a sheet that goes on without words has ended."""

MOST_TITLES = 20
"""Rows above the column names of an export."""

_CHUNK = 1_000_000
_REMARK = "#"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_rows(
    file: IO[bytes], *, is_export: bool = False, names_columns: Callable[[list[str]], bool] | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Yield the column names as row 0, then each row that says something, counted from 1. Raises TableRefused.

    A refusal may come at any row: whoever takes the file in reads it to its end before anything is done with it. Of an
    export of another tool, titles and remarks above the column names are passed over, and a number that a sheet shows
    in percent is given in percent. Where titles may look like names, the first row that `names_columns` takes for
    names is the first, if there is one among the first rows.
    """
    beginning = file.read(4)
    file.seek(0)
    if not beginning:
        raise TableRefused("The file is empty.")
    if beginning.startswith(_OLD_EXCEL):
        raise TableRefused(f"The file is an old Excel file, or one with a password. {SAVE_AS}")
    is_sheet = beginning.startswith(b"PK")
    lines = _sheet_lines(file, as_shown=is_export) if is_sheet else _csv_lines(file, has_titles=is_export)
    lines = _below_titles(lines) if is_export else lines
    rows = _numbered(_from_names(lines, names_columns) if names_columns else lines)
    headers = next(rows, (0, []))[1]
    _check_headers(headers)
    yield 0, headers
    yield from rows


def _below_titles(lines: Iterable[Iterable[Any]]) -> Iterator[Iterable[Any]]:
    """Pass over the first rows that are no column names: those of one cell, and remarks."""
    rest = iter(lines)
    for _, line in zip(range(MOST_TITLES), rest, strict=False):
        cells = _trimmed(line)
        if len(list(filter(None, cells))) > 1 and not cells[0].startswith(_REMARK):
            yield cells
            break
    yield from rest


def _from_names(lines: Iterable[Iterable[Any]], names_columns: Callable[[list[str]], bool]) -> Iterator[Iterable[Any]]:
    """Leave out what stands above the column names; where nothing looks like names, nothing is left out."""
    rest = iter(lines)
    first = [list(line) for line in islice(rest, MOST_TITLES)]
    place = next((n for n, line in enumerate(first) if names_columns(_trimmed(line))), 0)
    return chain(first[place:], rest)


def _numbered(lines: Iterable[Iterable[Any]]) -> Iterator[tuple[int, list[str]]]:
    """Number the rows from the first that says something, which is 0."""
    number = first = -1
    said_last = 0
    for place, line in enumerate(lines):
        cells = _trimmed(line)
        if not cells:
            if place - said_last > MOST_BLANK_ROWS:
                return
            continue
        said_last = place
        first = place if first < 0 else first
        number = place - first
        if number > MOST_ROWS:
            raise TableRefused(f"The table has more than {MOST_ROWS:,} rows. Send it in parts.")
        yield number, cells


def _trimmed(line: Iterable[Any]) -> list[str]:
    cells = [cell_text(value) for value in line]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _check_headers(headers: list[str]) -> None:
    if not headers:
        raise TableRefused("The table is empty.")
    if len(headers) > MOST_COLUMNS:
        raise TableRefused(f"The table has more than {MOST_COLUMNS} columns. Delete those that are not needed.")
    if nameless := [place for place, name in enumerate(headers, 1) if not name]:
        raise TableRefused(f"The first row must name every column, and column {nameless[0]} has no name there.")
    if twice := sorted({name for name in headers if headers.count(name) > 1}):
        names = ", ".join(name[:60] for name in twice)
        raise TableRefused(f"The table has more than one column named {names}. Rename or delete all but one.")


# --- CSV --------------------------------------------------------------------------------------------------------------


def _csv_lines(file: IO[bytes], *, has_titles: bool) -> Iterator[list[str]]:
    text = TextIOWrapper(file, encoding=_encoding_of(file), newline="")
    row = 0
    try:
        lines = _bounded(text)
        first = next(lines, "")
        separator = ""
        if first.startswith("sep="):  # a line for Excel, which does not count it either
            separator, first = first.rstrip("\r\n")[4:5], next(lines, "")
        while first and (not first.strip() or (has_titles and _is_title(first))):
            first = next(lines, "")
        if not first:
            raise TableRefused("The file is empty.")
        separator = separator if separator and separator in SEPARATORS else separator_of(first)
        for cells in csv.reader(_after(first, lines), delimiter=separator, strict=True):
            row += 1
            yield cells
    except csv.Error as error:
        at = f"below line {row}" if row else "at its beginning"
        raise TableRefused(f"The file is no CSV that can be read {at}: {error}. {SAVE_AS}") from error
    finally:
        text.detach()


def _is_title(line: str) -> bool:
    return line.startswith(_REMARK) or len(next(csv.reader([line], delimiter=separator_of(line)))) < 2


def _after(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _bounded(text: TextIOWrapper) -> Iterator[str]:
    while line := text.readline(MOST_LINE_CHARACTERS):
        if len(line) == MOST_LINE_CHARACTERS:
            raise TableRefused(
                f"The file has a line of more than {MOST_LINE_CHARACTERS:,} characters. Shorten its longest cell."
            )
        yield line


def _encoding_of(file: IO[bytes]) -> str:
    """Return how a file's text is written, having tried it on all of it."""
    beginning = file.read(2)
    is_utf16 = beginning in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ["utf-16"] if is_utf16 else ["utf-8-sig", "cp1252"]:
        if _is_written_in(file, encoding):
            return encoding
    raise TableRefused(f"The file is neither a CSV nor an XLSX file. {SAVE_AS}")


def _is_written_in(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(_CHUNK):
            text = decoder.decode(chunk)
            if "\0" in text or text.startswith("%PDF"):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


# --- XLSX -------------------------------------------------------------------------------------------------------------


def _sheet_lines(file: IO[bytes], *, as_shown: bool) -> Iterator[Iterable[Any]]:
    try:
        _check_archive(file)
        book = load_workbook(file, read_only=True, data_only=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size is no limit
        for place, cells in enumerate(sheet.iter_rows(values_only=not as_shown, max_col=MOST_COLUMNS + 1)):
            if place > MOST_SHEET_ROWS:
                raise TableRefused(f"The sheet has more than {MOST_SHEET_ROWS:,} rows. Save it as CSV UTF-8.")
            yield map(_as_shown, cells) if as_shown else cells
    except DAMAGED as error:
        raise TableRefused(f"The file is no spreadsheet that can be read, or it is damaged. {SAVE_AS}") from error


def _as_shown(cell: Any) -> Any:
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if "%" in (cell.number_format or ""):
        return f"{_unmistakable(Decimal(repr(value)).scaleb(2))}%"
    return _unmistakable(Decimal(repr(value)))


def _unmistakable(number: Decimal) -> str:
    """Write a number so that its point parts no thousands where others of the table stand behind commas."""
    plain = number.normalize()
    return f"{plain:.4f}" if plain.as_tuple().exponent == -3 else f"{plain:f}"


def _check_archive(file: IO[bytes]) -> None:
    with ZipFile(file) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED_BYTES:
            raise TableRefused(
                f"The file unpacks to more than {MOST_UNPACKED_BYTES // 1_000_000} MB. Send it in parts."
            )
        for name in archive.namelist():
            if not name.startswith("xl/media/"):
                _check_part(archive, name)


def _check_part(archive: ZipFile, name: str) -> None:
    with archive.open(name) as part:
        tail = b""
        while chunk := part.read(_CHUNK):
            seen = tail + chunk.replace(b"\0", b"")  # UTF-16 is half zeros
            if b"<!DOCTYPE" in seen:
                raise TableRefused(f"The file holds definitions that no spreadsheet needs. {SAVE_AS}")
            tail = seen[-8:]
