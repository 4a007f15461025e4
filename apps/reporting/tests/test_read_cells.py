"""Reading a cell …"""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.reporting.rules.cells import (
    CellRefused,
    Number,
    fitting,
    guess_mark,
    guess_order,
    is_ours,
    read_moment,
    read_name,
    read_number,
)
from apps.reporting.rules.names import OURS

BERLIN = ZoneInfo("Europe/Berlin")
AT = datetime(2026, 12, 1, tzinfo=UTC)
GROUPS = {".": (",", " ", "\N{NARROW NO-BREAK SPACE}", "'", "\N{RIGHT SINGLE QUOTATION MARK}", ""), ",": (".", " ", "")}
NUMBERS = st.decimals(min_value=-(10**15), max_value=10**15, places=4, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("cell", "mark", "value"),
    [
        ("1,234.50", ".", "1234.5"),
        ("1.234,50 €", ",", "1234.5"),
        ("$1,234", ".", "1234"),
        ("US$ 12.30", ".", "12.3"),
        ("EUR 5", ".", "5"),
        ("1\N{NO-BREAK SPACE}234,5 Kč", ",", "1234.5"),
        ("(12.50)", ".", "-12.5"),
        ("\N{MINUS SIGN}5", ".", "-5"),
        ("-$5", ".", "-5"),
        ("1\N{ZERO WIDTH SPACE}2", ".", "12"),
        ("\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}", ".", "12"),
        ("1e-05", ".", "0.00001"),
        (".5", ".", "0.5"),
    ],
)
def test_gives_the_number_that_people_see(cell: str, mark: Any, value: str) -> None:
    assert read_number(cell, mark) == Number(Decimal(value))


def test_tells_a_share_from_a_number() -> None:
    assert read_number("4.5%", ".") == Number(Decimal("4.5"), is_share=True)
    assert read_number("4,5 %", ",") == Number(Decimal("4.5"), is_share=True)


@pytest.mark.parametrize("cell", ["", " ", "--", " --", "–", "n/a", "(not set)", "\N{ZERO WIDTH SPACE}"])
def test_takes_what_says_nothing_for_not_measured(cell: str) -> None:
    assert read_number(cell, ".") is None


@pytest.mark.parametrize(
    "cell", ["nan", "NaN", "inf", "-Infinity", "∞", "#DIV/0!", "12k", "< 10%", "1-2", "=1+1", "(5", "--5"]
)
def test_refuses_what_is_no_number(cell: str) -> None:
    with pytest.raises(CellRefused, match="no number"):
        read_number(cell, ".")


@pytest.mark.parametrize(
    ("cell", "mark"),
    [("1,23", "."), ("1.23", ","), ("1,2345.6", "."), ("12,34,567", "."), ("1.234.5", "."), ("5.", ".")],
)
def test_refuses_separators_in_no_order_rather_than_guessing(cell: str, mark: Any) -> None:
    with pytest.raises(CellRefused, match="separators"):
        read_number(cell, mark)


@given(NUMBERS, st.data())
def test_reads_back_any_number_however_it_is_grouped(number: Decimal, data: st.DataObject) -> None:
    mark: Any = data.draw(st.sampled_from(".,"))
    group = data.draw(st.sampled_from(GROUPS[mark]))
    written = f"{number:,.4f}".translate(str.maketrans({",": group, ".": mark}))
    assert read_number(written, mark) == Number(number)
    assert fitting(number, rounds=False) == number


@given(st.text(max_size=30))
def test_gives_a_number_nothing_or_a_reason_for_any_text(text: str) -> None:
    with suppress(CellRefused):
        number = read_number(text, ".")
        assert number is None or number.value.is_finite()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("1E16", "digits before"),
        ("9999999999999999.99999", "digits before"),
        ("0.00001", "decimals"),
        ("NaN", "no number"),
    ],
)
def test_refuses_a_value_that_has_no_room(value: str, said: str) -> None:
    with pytest.raises(CellRefused, match=said):
        fitting(Decimal(value), rounds=False)


def test_rounds_where_that_was_chosen() -> None:
    assert fitting(Decimal("0.52345678"), rounds=True) == Decimal("0.5235")
    with pytest.raises(CellRefused):
        fitting(Decimal("9999999999999999.99999"), rounds=True)


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1.234,5", "7"], ","),
        (["1,234.5"], "."),
        (["12,5", "3"], ","),
        (["1.234.567"], ","),
        (["1,234"], "."),
        ([], "."),
    ],
)
def test_guesses_the_mark_from_cells_that_leave_no_doubt(cells: list[str], mark: str) -> None:
    assert guess_mark(cells) == mark


# --- days -------------------------------------------------------------------------------------------------------------


def moment(cell: str, *, zone: ZoneInfo = BERLIN, order: Any = "DMY") -> datetime:
    return read_moment(cell, zone=zone, order=order, at=AT)


@pytest.mark.parametrize(
    "cell",
    [
        *("2026-03-01", "20260301", "2026/03/01", "1.3.2026", "01/03/2026", "Mar 1, 2026", "1. März 2026"),
        *(
            "Sun, Mar 1, 2026",
            "2026-03",
            "2026-03-01 00:00:00",
            "2026-02-28T23:00:00Z",
            "2026-03-01\N{ZERO WIDTH SPACE}",
        ),
    ],
)
def test_gives_where_a_day_begins_in_the_client_s_time_zone(cell: str) -> None:
    assert moment(cell) == datetime(2026, 2, 28, 23, tzinfo=UTC)


def test_takes_the_month_first_where_that_was_chosen() -> None:
    assert moment("03/04/2026", order="MDY", zone=ZoneInfo("UTC")).date() == date(2026, 3, 4)
    assert moment("03/04/2026", zone=ZoneInfo("UTC")).date() == date(2026, 4, 3)
    assert moment("3.4.2026", order="MDY", zone=ZoneInfo("UTC")).date() == date(2026, 4, 3)
    assert (guess_order(["1/2/2026", "3/31/2026"]), guess_order(["31/3/2026"])) == ("MDY", "DMY")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        *((cell, "no day") for cell in ("", "2026-02-30", "31/31/2026", "46082", "yesterday", "1/2/26", "Total")),
        *((cell, "yet to come") for cell in ("2026-12-02", "2999-01-01", "2026-12-01T00:00:01Z")),
        *((cell, "taken from 2000") for cell in ("1999-12-31", "0001-01-01T00:00:00+00:00")),
        *((cell, "no day") for cell in ("0001-01-01", "9999-12-31T23:59:59-23:59")),
    ],
)
def test_refuses_days_that_do_not_exist_or_are_yet_to_come(cell: str, said: str) -> None:
    with pytest.raises(CellRefused, match=said):
        moment(cell)


@given(
    st.dates(date(2000, 1, 2), date(2026, 11, 29)), st.sampled_from(["Pacific/Auckland", "America/Los_Angeles", "UTC"])
)
def test_reads_any_day_back_in_any_zone(day: date, zone: str) -> None:
    read = moment(f"{day:%d/%m/%Y}", zone=ZoneInfo(zone))
    assert read.astimezone(ZoneInfo(zone)).date() == day


@given(st.text(max_size=30))
def test_gives_a_moment_or_a_reason_for_any_text(text: str) -> None:
    with suppress(CellRefused):
        assert moment(text) <= AT


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [*sorted(OURS), "Invoices Paid", "taken\N{ZERO WIDTH SPACE}_back", "ＴＡＫＥＮ_ＢＡＣＫ"]
)
def test_leaves_the_platform_s_own_names_to_it(name: str) -> None:
    with pytest.raises(CellRefused, match="count ourselves"):
        read_name(name)


def test_gives_names_without_what_cannot_be_seen() -> None:
    assert not is_ours("bookings, taken back")
    assert read_name(" Online\N{NO-BREAK SPACE} bookings\N{ZERO WIDTH SPACE} ") == "Online bookings"
    for nothing in ("", " ", "\N{ZERO WIDTH SPACE}"):
        with pytest.raises(CellRefused, match="empty"):
            read_name(nothing)
    with pytest.raises(CellRefused, match="characters"):
        read_name("x" * 201)
