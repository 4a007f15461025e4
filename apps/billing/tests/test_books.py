"""What the books are made of, amounts in whole coins …"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.billing import rules
from apps.billing.rules import credited_tax, line_amounts, rounded

CURRENCIES = ("EUR", "JPY", "KWD")

currencies = st.sampled_from(CURRENCIES)
prices = st.decimals(min_value=0, max_value=10**6, places=6)
quantities = st.decimals(min_value=Decimal("0.0001"), max_value=10**3, places=4)
percents = st.decimals(min_value=0, max_value=100, places=3)


@given(quantities, prices, percents, currencies)
def test_a_line_is_rounded_to_coins_by_less_than_half_of_one(
    quantity: Decimal, price: Decimal, percent: Decimal, currency: str
) -> None:
    net, tax = line_amounts(quantity, price, percent, currency)
    coin = Decimal(1).scaleb(-rules.digits_of(currency))
    assert abs(net - quantity * price) <= coin / 2
    assert abs(tax - net * percent / 100) <= coin / 2
    assert (net, tax) == (rounded(net, currency), rounded(tax, currency))
    assert min(net, tax) >= 0


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("0.125", "EUR", "0.12"),
        ("0.135", "EUR", "0.14"),
        ("2.675", "EUR", "2.68"),
        ("0.5", "JPY", "0"),
        ("1.5", "JPY", "2"),
        ("1.0005", "KWD", "1.000"),
        ("1.0015", "KWD", "1.002"),
    ],
)
def test_halves_are_rounded_to_even(amount: str, currency: str, expected: str) -> None:
    assert str(rounded(Decimal(amount), currency)) == expected


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [("1200.5", "EUR", "1,200.50 EUR"), ("1200", "JPY", "1,200 JPY"), ("1.2", "KWD", "1.200 KWD")],
)
def test_amounts_are_said_with_their_coins_and_currency(amount: str, currency: str, said: str) -> None:
    assert rules.say(Decimal(amount), currency) == said


class Line:
    def __init__(self, net: Decimal, tax: Decimal) -> None:
        self.net, self.tax, self.position = net, tax, 1


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=12), percents, currencies)
def test_tax_goes_back_once_whatever_parts_a_line_is_credited_in(
    coins: list[int], percent: Decimal, currency: str
) -> None:
    parts = [Decimal(each).scaleb(-rules.digits_of(currency)) for each in coins]
    net, tax = line_amounts(Decimal(1), sum(parts, Decimal(0)), percent, currency)
    already = (Decimal(0), Decimal(0))
    for part in parts:
        back = credited_tax(Line(net, tax), already, part, currency)
        assert back >= 0
        already = (already[0] + part, already[1] + back)
    assert already == (net, tax)
