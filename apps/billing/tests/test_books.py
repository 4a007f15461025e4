"""Whatever happens to invoices, in whatever order, the books add up …"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.billing import rules
from apps.billing.api.dtos import LineCredit
from apps.billing.models import Allocation, Invoice, Payment, TaxRate
from apps.billing.queries import get_billing_status, list_breaches
from apps.billing.rules import BillingRefused, credited_tax, line_amounts, rounded
from apps.billing.services import drafts, issuing, payments
from apps.billing.tests.factories import AT, TaxRateFactory, line, pay
from apps.identity.tests.factories import ClientFactory

CURRENCIES = ("EUR", "JPY", "KWD")
PERCENTS = tuple(map(Decimal, ("0", "7", "8.1", "19", "23", "5.5")))

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


billed = st.lists(
    st.tuples(
        st.decimals(min_value=1, max_value=10**3, places=4),
        st.decimals(min_value=10, max_value=5000, places=3),
        st.sampled_from(PERCENTS),
    ),
    min_size=1,
    max_size=4,
)
deeds = st.lists(
    st.tuples(
        st.sampled_from(
            ["pay", "pay", "pay again", "credit part", "credit part", "credit all", "void", "overdue", "use credit"]
        ),
        st.integers(0, 1),
        st.integers(1, 120),
    ),
    min_size=2,
    max_size=10,
)


@pytest.fixture
def rates(db: None) -> dict[Decimal, TaxRate]:
    return {
        percent: TaxRateFactory(percent=percent, category="STANDARD" if percent else "ZERO") for percent in PERCENTS
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(currency=currencies, lines=st.tuples(billed, billed), deeds=deeds)
def test_the_books_add_up_after_any_deeds_in_any_order(
    rates: dict[Decimal, TaxRate], currency: str, lines: tuple, deeds: list
) -> None:
    client = ClientFactory(currency=currency)
    wanted = [
        [line(str(price), rates[percent], currency, quantity=quantity) for quantity, price, percent in each]
        for each in lines
    ]
    invoices = [drafts.draft_invoice(client, each) for each in wanted]
    for invoice in invoices:
        _try(lambda invoice=invoice: issuing.issue_invoice(invoice.pk, by=None, at=AT))
    for deed, which, percent in deeds:
        invoice = Invoice.objects.get(pk=invoices[which].pk)
        _try(lambda deed=deed, invoice=invoice, percent=percent: _do(deed, invoice, percent))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert list_breaches() == []
    # All that came is either put to invoices or the client's credit, and nothing is both.
    came = sum(Payment.objects.filter(client=client).values_list("amount", flat=True))
    put = sum(Allocation.objects.filter(payment__client=client).values_list("amount", flat=True))
    credit = sum(money.amount for money in get_billing_status(client.pk).credit)
    assert came == put + credit
    assert put == sum(Invoice.objects.filter(client=client).values_list("paid", flat=True))


def _try(deed: Callable[[], object]) -> None:
    """Do it; a refusal is an answer, and changes nothing."""
    try:
        with transaction.atomic():
            deed()
    except BillingRefused:
        pass


def _do(deed: str, invoice: Invoice, percent: int) -> None:
    part = rounded(invoice.total * percent / 100, invoice.currency)
    match deed:
        case "pay":
            pay(invoice, str(part))
        case "pay again":
            pay(invoice, str(part), f"{invoice.pk}-{percent}")
        case "credit part":
            first = invoice.lines.first()
            net = rounded(first.net * percent / 100, invoice.currency)
            parts = [LineCredit(position=1, net=net)]
            issuing.credit_invoice(invoice.pk, parts, reason="Not done.", by=None, at=AT)
        case "credit all":
            issuing.credit_invoice(invoice.pk, reason="Not done.", by=None, at=AT)
        case "void":
            issuing.void_invoice(invoice.pk, reason="Wrong.", by=None, at=AT)
        case "overdue":
            issuing.mark_overdue(at=AT + timedelta(days=60))
        case "use credit":
            payments.use_credit(invoice.pk, by=None)
