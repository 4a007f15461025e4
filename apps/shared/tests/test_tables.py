"""A table …"""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from openpyxl import Workbook

from apps.shared.gateways import tables
from apps.shared.gateways.tables import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, TableRefused, read_table, write_csv

ROWS = (("name", "offer"), ("Café São Bento", "pão; pastéis"), ("Žižkov", "pivo"))
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


def xlsx(rows: Sequence[Sequence[object]], *, merged: str = "") -> bytes:
    """An Excel file with these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def shared() -> bytes:
    """An Excel file whose cells point to a list of texts, as Excel itself writes it."""
    written = BytesIO()
    book = xlsxwriter.Workbook(written)
    sheet = book.add_worksheet()
    for number, row in enumerate(ROWS):
        sheet.write_row(number, 0, row)
    book.close()
    return written.getvalue()


def with_part(name: str, change: tuple[bytes, bytes]) -> bytes:
    """An Excel file with a change in one of its parts."""
    written = BytesIO()
    with ZipFile(BytesIO(shared())) as source, ZipFile(written, "w", ZIP_DEFLATED) as target:
        for part in source.namelist():
            content = source.read(part)
            target.writestr(part, content.replace(*change) if part == name else content)
    return written.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(TableRefused) as refused:
        read_table(content)
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_is_read_as_excel_and_others_write_it(encoding: str, separator: str) -> None:
    lines = (separator.join(f'"{cell}"' for cell in row) for row in ROWS)
    table = read_table("\r\n".join(lines).encode(encoding))
    assert (table.headers, tuple(table.rows.values())) == (ROWS[0], ROWS[1:])


def test_is_read_in_windows_1252_and_with_a_separator_named_in_it() -> None:
    table = read_table("sep=;\r\nname;price, from\r\nCafé;85 €\r\n".encode("cp1252"))
    assert table.headers == ("name", "price, from")
    assert table.rows == {2: ("Café", "85 €")}


def test_is_read_from_a_sheet_with_numbers_days_and_formulas_as_texts() -> None:
    cells = (12.0, 0.5, datetime(2026, 3, 5), "=1+1", True, None)  # noqa: DTZ001
    table = read_table(xlsx([("a", "b", "c", "d", "e", "f"), cells]))
    assert table.rows == {2: ("12", "0.5", "2026-03-05", "=1+1", "yes", "")}


def test_is_read_from_a_file_with_shared_texts() -> None:
    assert tuple(read_table(shared()).rows.values()) == ROWS[1:]


def test_counts_rows_as_the_spreadsheet_does() -> None:
    assert read_table(b'\n\na,b\n"1\n2",3\n\n,\n4\n').rows == {4: ("1\n2", "3"), 7: ("4", "")}
    assert list(read_table(xlsx([(), ("a",), ("1",), (None,), ("2",)])).rows) == [3, 5]


def test_may_say_it_is_smaller_than_it_is() -> None:
    content = with_part("xl/worksheets/sheet1.xml", (b'ref="A1:B3"', b'ref="A1"'))
    assert len(read_table(content).rows) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \r\n", "is empty"),
        (b",,\n,\n", "is empty"),
        (b"name,offer\n", "no row below"),
        (b"%PDF-1.7\nname,offer\n1,2\n", "neither a CSV nor an XLSX"),
        (b"\x89PNG\r\n\x1a\n\0\0", "neither a CSV nor an XLSX"),
        (b"name\n\x81\x8d\n", "neither a CSV nor an XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel file, or one with a password"),
        (b'name,offer\n"Acme,2\n', "no CSV that can be read"),
        (b"name,offer\nAcme," + b"x" * 140_000, "no CSV that can be read"),
        (b"x" * 140_000, "no CSV that can be read"),
        (b"name,,offer\n1,2,3\n", "column B has no name"),
        (b"name,offer\n1,2,3\n", "column C has no name"),
        (b"name,name\n1,2\n", "more than one column named name"),
        (b"PK\x03\x04 and so on", "damaged"),
        (b"x" * (MOST_BYTES + 1), "more than 500 kB"),
        (b"a\n" + b"1\n" * (MOST_ROWS + 1), "of 200 at most"),
        (b"a\n" + b"\n" * 10_000 + b"1\n", "below row 10000"),
        (b"," * MOST_COLUMNS + b"a\n", "more than 100 columns"),
        (
            xlsx([("March", None), ("name", "offer"), ("Acme", "tea")], merged="A1:B1"),
            "column B has no name",
        ),
        (xlsx([("a", "b"), ("x" * 30_000, "y")] + [(f"{n}" * 30_000, "y") for n in range(10, 40)]), "kB of text"),
        (with_part("[Content_Types].xml", (b"xl/", b"ppt/")), "damaged"),
        (with_part("xl/worksheets/sheet1.xml", (b"<sheetData>", b"<sheetData")), "damaged"),
    ],
)
def test_is_refused_in_words(content: bytes, words: str) -> None:
    assert words in refusal(content)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_with_entities_is_refused_before_it_is_parsed(part: str) -> None:
    root = {"xl/workbook.xml": b"<workbook", "xl/worksheets/sheet1.xml": b"<worksheet", "xl/sharedStrings.xml": b"<sst"}
    assert "definitions that no spreadsheet needs" in refusal(with_part(part, (root[part], ENTITIES + root[part])))


def test_with_entities_is_refused_by_the_parser_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_check_archive", lambda content: None)
    bomb = with_part("xl/worksheets/sheet1.xml", (b"<worksheet", ENTITIES + b"<worksheet"))
    assert "damaged" in refusal(bomb)


def test_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = with_part("xl/worksheets/sheet1.xml", (b"<sheetData>", b" " * tables.MOST_UNPACKED_BYTES + b"<sheetData>"))
    assert len(bomb) < MOST_BYTES
    assert "unpacks to more than 20 MB" in refusal(bomb)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x.test","y")', "- one\n- two", "＝1+1", "＠SUM(A1)"]
)
def test_is_written_without_formulas_and_read_back_as_it_was(cell: str) -> None:
    written = write_csv(["name", "=offer"], [["Café", cell]])
    assert f"'{cell[:3]}" in written
    assert written.startswith("\ufeffname,'=offer\r\n")
    assert read_table(written.encode()) == tables.Table(headers=("name", "=offer"), rows={2: ("Café", cell)})
