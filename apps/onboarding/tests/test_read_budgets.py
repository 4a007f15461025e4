"""A budget, read from a client's words …"""

from decimal import Decimal

import pytest

from apps.onboarding.api.dtos import Budget
from apps.onboarding.rules.amounts import read_number
from apps.onboarding.rules.budgets import read_budget

MONTHLY, TOTAL = "MONTHLY", "TOTAL"


def _read(text: str, currency: str = "EUR", key: str = "budget") -> Budget:
    budget = read_budget(text, currency=currency, key=key).budget
    assert budget is not None
    return budget


@pytest.mark.parametrize(
    ("text", "amount", "cadence"),
    [
        ("€5k/month", "5000 EUR", MONTHLY),
        ("5,000 EUR per month all in, 12 months", "5000 EUR", MONTHLY),
        ("45.000 EUR in total, 60% paid", "45000 EUR", TOTAL),
        ("1.900 €", "1900 EUR", TOTAL),
        ("£1.2m", "1200000 GBP", TOTAL),
        ("USD 3,500 p.m.", "3500 USD", MONTHLY),
        ("10 000 zł", "10000 PLN", TOTAL),
        ("CHF 12'500 pro Monat", "12500 CHF", MONTHLY),
        ("12.500,00 € monatlich, 6 Monate", "12500 EUR", MONTHLY),
        ("1,5k € im Monat", "1500 EUR", MONTHLY),
        ("8 000 € TTC par mois, hors pub", "8000 EUR", MONTHLY),
        ("4.000 € mensuales", "4000 EUR", MONTHLY),
        ("R$ 12 mil por mês", "12000 BRL", MONTHLY),
        ("3 500 zł miesięcznie", "3500 PLN", MONTHLY),
        ("R 25 000 pm", "25000 ZAR", MONTHLY),
        ("₹5 lakh per month", "500000 INR", MONTHLY),
        ("5 Mio. Kč", "5000000 CZK", TOTAL),
        ("120000 SEK totalt", "120000 SEK", TOTAL),
        ("A$8,500 per month ex GST", "8500 AUD", MONTHLY),
        ("3500 dollars monthly", "3500 USD", MONTHLY),
        ("€ 2.500,- p/m", "2500 EUR", MONTHLY),
        ("5 000,50 €", "5000.50 EUR", TOTAL),
        ("£60k a year", "60000 GBP", TOTAL),
        ("15k€ a quarter", "5000 EUR", MONTHLY),
        ("€120/week", "520 EUR", MONTHLY),
        ("€12 a day", "365 EUR", MONTHLY),
        ("2 people and €3,000", "3000 EUR", TOTAL),
        ("tbd, maybe 5k", "5000 EUR", TOTAL),
        ("we have 7 shops and 4,000 per month", "4000 EUR", MONTHLY),
    ],
)
def test_has_its_amount_currency_and_cadence(text: str, amount: str, cadence: str) -> None:
    budget = _read(text)
    assert (f"{budget.amount.amount} {budget.amount.currency}", budget.cadence) == (amount, cadence)
    assert budget.text == text


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("5-6k", 5000, 6000),
        ("between 5 and 6k", 5000, 6000),
        ("€3,000–€4,500 per month", 3000, 4500),
        ("5.000 bis 7.000 € pro Monat", 5000, 7000),
        ("20k-25k USD total", 20000, 25000),
        ("from 3 to 5 thousand pounds", 3000, 5000),
        ("€5k/month incl. ads, maybe 6 if it works", 5000, 6000),
        ("3 500 – 4 000 zł miesięcznie", 3500, 4000),
    ],
)
def test_may_be_a_range(text: str, least: int, most: int) -> None:
    budget = _read(text)
    assert budget.amount_max is not None
    assert (budget.amount.amount, budget.amount_max.amount) == (least, most)


@pytest.mark.parametrize(
    "text", ["depends", "-5000", "0", "€0", "2026", "12 months", "30% of sales", "€" + "9" * 40, "kr 900"]
)
def test_is_none_with_a_warning_where_no_amount_is_clear(text: str) -> None:
    reading = read_budget(text, currency="EUR")
    assert reading.budget is None
    assert [warning.field for warning in reading.warnings] == ["budget"]


@pytest.mark.parametrize(
    ("text", "share"), [("45k €, 60% paid", 60), ("€3,000 of which 40 % for ads", 40), ("€3,000, 10% discount", None)]
)
def test_has_the_paid_share_where_it_is_named(text: str, share: int | None) -> None:
    assert _read(text).paid_share_pct == share


@pytest.mark.parametrize(
    ("text", "includes"),
    [
        ("€5k incl. ads", True),
        ("5.000 € inkl. Werbung", True),
        ("€5k all in", True),
        ("€4,000/mo + ad spend", False),
        ("€5k, ads on top", False),
        ("8 000 € hors pub", False),
        ("€5k", None),
    ],
)
def test_tells_whether_ads_are_included(text: str, includes: bool | None) -> None:
    assert _read(text).includes_ads is includes


@pytest.mark.parametrize(
    ("text", "months"), [("€5k a month, 12 months", 12), ("€60k a year", 12), ("€5k a month", None)]
)
def test_runs_for_the_months_that_are_named(text: str, months: int | None) -> None:
    assert _read(text).months == months


def test_is_in_the_clients_own_currency_with_a_warning_where_none_is_named() -> None:
    reading = read_budget("5000 a month", currency="PLN")
    assert reading.budget is not None
    assert reading.budget.amount.currency == "PLN"
    assert "PLN" in reading.warnings[0].message


@pytest.mark.parametrize(
    ("own", "text", "currency"), [("AUD", "$900", "AUD"), ("EUR", "$900", "USD"), ("SEK", "900 kr", "SEK")]
)
def test_reads_a_shared_sign_as_the_clients_own(own: str, text: str, currency: str) -> None:
    assert _read(text, own).amount.currency == currency


def test_warns_where_it_is_open_whether_it_is_monthly() -> None:
    assert "Monthly or in total?" in read_budget("€5,000", currency="EUR").warnings[0].message


@pytest.mark.parametrize(("key", "cadence"), [("monthly_budget", MONTHLY), ("total_budget", TOTAL)])
def test_is_counted_as_the_question_asked(key: str, cadence: str) -> None:
    reading = read_budget("€5,000", currency="EUR", key=key)
    assert reading.budget is not None
    assert (reading.budget.cadence, reading.warnings) == (cadence, ())


@pytest.mark.parametrize(
    ("digits", "number"),
    [
        ("1.900", "1900"),
        ("1,900", "1900"),
        ("12'500", "12500"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("0.350", "0.350"),
        ("19,90", "19.90"),
        ("10 000", "10000"),
        ("10 000,5", "10000.5"),
    ],
)
def test_has_numbers_of_every_country(digits: str, number: str) -> None:
    assert read_number(digits) == Decimal(number)
