"""read_firmographics …"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.cam.rules.firmographics import read_firmographics


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("250", 250, 250),
        ("51-200", 51, 200),
        ("11 – 50 employees", 11, 50),
        ("10,001+", 10_001, None),
        ("1.200", 1200, 1200),
        ("1200.0", 1200, 1200),
    ],
)
def test_reads_a_number_of_people_and_a_band(text: str, least: int, most: int | None) -> None:
    assert read_firmographics({"employees": text}, {}).columns == {"employees": least, "employees_most": most}


@pytest.mark.parametrize(
    ("text", "heading", "amount", "currency"),
    [
        ("1000000", "Annual Revenue", "1000000", ""),
        ("$1,000,000", "Annual Revenue", "1000000", ""),
        ("$1,000,000", "Annual Revenue (USD)", "1000000", "USD"),
        ("€ 5M", "Revenue", "5000000", "EUR"),
        ("5.000.000 €", "Revenue", "5000000", "EUR"),
        ("12,5 mn CHF", "Revenue", "12500000", "CHF"),
        ("1,000,000.50", "Revenue GBP", "1000000.50", "GBP"),
    ],
)
def test_reads_an_amount_and_a_currency_only_where_it_is_said(
    text: str, heading: str, amount: str, currency: str
) -> None:
    read = read_firmographics({"revenue": text}, {"revenue": heading})
    assert read.columns == {"revenue": Decimal(amount), "revenue_currency": currency}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("employees", text) for text in ("many", "0", "200-51", "5k", "-3", "9" * 30)),
        *(("revenue", text) for text in ("$1M-$10M", "1.500M", "-5", "a lot", "5 apples", "9" * 20)),
        *(("website", text) for text in ("javascript:alert(1)", "none", "http://", "a b.example")),
        ("seniority", "L5"),
        ("industry", "x" * 121),
        ("revenue_currency", "shells"),
        ("signals", ";".join(f"s{n}" for n in range(51))),
    ],
)
def test_invents_nothing_and_says_so(name: str, text: str) -> None:
    read = read_firmographics({name: text}, {})
    assert (read.columns, list(read.remarks)) == ({}, [name])


@given(st.dictionaries(st.sampled_from(["employees", "revenue", "website", "seniority", "signals", "city"]), st.text()))
def test_takes_whatever_is_said(said: dict[str, str]) -> None:
    read = read_firmographics(said, {})
    assert read.columns.keys() & read.remarks.keys() == set()
