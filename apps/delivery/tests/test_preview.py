"""The preview of a file …"""

import pytest

from apps.delivery.rules.archive import pack
from apps.delivery.rules.exports import calendar_csv
from apps.delivery.rules.preview import LONGEST_CELL, MOST_CHARACTERS, MOST_NAMES, MOST_ROWS, Preview, preview
from apps.delivery.tests.factories import job_for


def test_shows_a_calendar_as_a_table() -> None:
    draft = job_for().draft
    shown = preview("CSV", calendar_csv(draft))
    assert shown.head == ("date", "platform", "format", "theme", "hook", "caption", "call_to_action")
    assert [row[0] for row in shown.rows] == [str(item.date) for item in draft.calendar]
    assert shown.note == ""


def test_keeps_line_ends_and_commas_inside_a_cell() -> None:
    assert preview("CSV", b'a,b\r\n"one\r\ntwo","x, y"\r\n').rows == (("one\r\ntwo", "x, y"),)


def test_cuts_a_long_table_and_says_so() -> None:
    exact, longer = (preview("CSV", b"n\r\n" + b"1\r\n" * count) for count in (MOST_ROWS, MOST_ROWS + 1))
    assert (len(exact.rows), exact.note) == (MOST_ROWS, "")
    assert (len(longer.rows), longer.note) == (MOST_ROWS, f"The first {MOST_ROWS} rows; the file has more.")


def test_cuts_a_long_cell() -> None:
    ((cell,),) = preview("CSV", b"n\r\n" + b"x" * (LONGEST_CELL + 1)).rows
    assert cell == "x" * LONGEST_CELL + "…"


def test_shows_text_as_it_stands() -> None:
    assert preview("MD", "# Größe <b>\n".encode()) == Preview(text="# Größe <b>\n")
    assert preview("JSON", b'{"a": 1}') == Preview(text='{"a": 1}')


def test_cuts_a_long_text_and_says_so() -> None:
    shown = preview("MD", b"x" * (MOST_CHARACTERS + 5))
    assert len(shown.text) == MOST_CHARACTERS
    assert shown.note == "The first 20,000 of 20,005 characters."


def test_lists_what_is_inside() -> None:
    shown = preview("ZIP", pack({"report.pdf": b"%PDF", "notes/a.md": b"x" * 2000}))
    assert shown.rows == (("report.pdf", "4"), ("notes/a.md", "2,000"))


def test_cuts_a_long_list_and_says_so() -> None:
    shown = preview("ZIP", pack({f"{n}.txt": b"x" for n in range(MOST_NAMES + 1)}))
    assert (len(shown.rows), shown.note) == (MOST_NAMES, f"The first {MOST_NAMES} of {MOST_NAMES + 1} parts.")


@pytest.mark.parametrize(
    ("file_format", "content", "said"),
    [
        ("ZIP", b"PK small", "cannot be opened"),
        ("CSV", b"", "holds no table"),
        ("CSV", b"n\r\n" + b"x" * 200_000, "holds no table"),
    ],
)
def test_says_of_a_broken_file_that_it_is(file_format: str, content: bytes, said: str) -> None:
    shown = preview(file_format, content)
    assert said in shown.note
    assert (shown.head, shown.rows, shown.text) == ((), (), "")


def test_shows_bytes_that_are_no_text_without_failing() -> None:
    assert preview("MD", b"\xff\xfeok").text == "\ufffd\ufffdok"
