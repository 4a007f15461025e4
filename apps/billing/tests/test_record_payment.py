"""A payment …"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from apps.billing.api import ports
from apps.billing.models import Allocation, Invoice, Payment, TaxRate
from apps.billing.queries import list_breaches
from apps.billing.rules import BillingRefused
from apps.billing.services import issuing, payments
from apps.billing.tests.factories import AT, a_draft, an_invoice, an_overdue_invoice, line, notice, pay
from apps.identity.models import Client, User
from apps.identity.tests.factories import ClientFactory
from apps.shared.dtos import Money

pytestmark = pytest.mark.django_db


def euros(amount: str | int) -> Money:
    return Money(amount=Decimal(amount), currency="EUR")


def now(invoice: Invoice) -> Invoice:
    return Invoice.objects.get(pk=invoice.pk)


def test_settles_what_it_pays_in_full_and_tells(acme: Client, reviewer: User, told: list) -> None:
    invoice = an_invoice(acme)
    told.clear()
    payment = ports.record_payment(invoice_id=invoice.pk, notice=notice(123, "T1"), by=reviewer.pk, at=AT)
    assert (payment.invoice_id, payment.credit) == (invoice.pk, euros(0))
    assert (now(invoice).state, now(invoice).paid) == ("PAID", 123)
    (received, note), (paid, _) = told
    assert (received.name, received.invoice_id, received.amount) == ("PaymentReceived", invoice.pk, euros(123))
    assert (paid.name, paid.number, paid.total.amount) == ("InvoicePaid", invoice.number, 123)
    assert note.actor_id == reviewer.pk


def test_pays_a_part_and_then_the_rest(acme: Client, told: list) -> None:
    invoice = an_invoice(acme)
    pay(invoice, 23)
    assert (now(invoice).state, now(invoice).still_open) == ("PARTIALLY_PAID", 100)
    assert (told[-1][0].name, told[-1][0].open.amount) == ("InvoicePartlyPaid", 100)
    pay(invoice, 100)
    assert now(invoice).state == "PAID"


def test_leaves_an_overdue_invoice_overdue_until_all_of_it_came(acme: Client) -> None:
    invoice = an_overdue_invoice(acme)
    pay(invoice, 23)
    assert (now(invoice).state, now(invoice).paid) == ("OVERDUE", 23)
    pay(invoice, 100)
    assert now(invoice).state == "PAID"


def test_is_one_however_often_it_is_told(acme: Client, told: list) -> None:
    invoice = an_invoice(acme)
    first = pay(invoice, 23, "T1")
    told.clear()
    assert pay(invoice, 23, "T1") == first
    assert told == []
    assert (Payment.objects.count(), Allocation.objects.count(), now(invoice).paid) == (1, 1, 23)
    assert pay(invoice, 23, "T1", provider="STRIPE") != first


def test_is_refused_when_its_transaction_is_known_with_other_facts(acme: Client, vat: TaxRate) -> None:
    invoice, other = an_invoice(acme), an_invoice(acme)
    pay(invoice, 23, "T1")
    for field, told in (("amount", notice(24, "T1")), ("currency", notice(23, "T1", "USD"))):
        with pytest.raises(BillingRefused, match=f"{field}: transaction T1 is recorded with"):
            payments.record_payment(invoice.pk, told, by=None, at=AT)
    with pytest.raises(BillingRefused, match="invoice: transaction T1 is recorded with INV-2026-0001"):
        pay(other, 23, "T1")
    assert Payment.objects.count() == 1


def test_becomes_credit_as_far_as_the_invoice_does_not_need_it(acme: Client) -> None:
    invoice = an_invoice(acme)
    payment = ports.record_payment(invoice_id=invoice.pk, notice=notice(200), at=AT)
    assert (payment.credit, now(invoice).paid) == (euros(77), 123)
    assert pay(invoice, 10).allocations.count() == 0
    status = ports.get_billing_status(client_id=acme.pk)
    assert (status.outstanding, status.credit) == ((), (euros(87),))
    assert list_breaches() == []


def test_pays_a_later_invoice_from_credit_the_oldest_money_first(acme: Client, globex: Client) -> None:
    first, second = an_invoice(acme), an_invoice(acme)
    old, new = pay(first, 200), pay(first, 100)
    pay(an_invoice(globex), 1000)
    payments.use_credit(second.pk, by=None)
    assert now(second).state == "PAID"
    assert [(each.payment, each.amount) for each in second.allocations.all()] == [(old, 77), (new, 46)]
    assert ports.get_billing_status(client_id=acme.pk).credit == (euros(54),)
    third = an_invoice(acme)
    payments.use_credit(third.pk, by=None)
    assert (now(third).state, now(third).paid) == ("PARTIALLY_PAID", 54)
    with pytest.raises(BillingRefused, match="credit: the client has none in EUR"):
        payments.use_credit(third.pk, by=None)
    with pytest.raises(BillingRefused, match="is PAID: nothing of it is to be paid"):
        payments.use_credit(second.pk, by=None)
    assert list_breaches() == []


def test_never_mixes_currencies(acme: Client, vat: TaxRate) -> None:
    yen = ClientFactory(currency="JPY")
    invoice = an_invoice(yen, line(1000, vat, "JPY"))
    pay(invoice, 2000)
    Client.objects.filter(pk=yen.pk).update(currency="EUR")
    yen.refresh_from_db()
    euro = an_invoice(yen)
    pay(euro, 23)
    status = ports.get_billing_status(client_id=yen.pk)
    assert status.outstanding == (euros(100),)
    assert status.credit == (Money(amount=Decimal(770), currency="JPY"),)
    with pytest.raises(BillingRefused, match="credit: the client has none in EUR"):
        payments.use_credit(euro.pk, by=None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"amount": -5}, "amount"),
        ({"amount": "0.001"}, "amount"),
        ({"amount": "1000000000.01"}, "amount"),
        ({"amount": 5, "currency": "USD"}, "currency"),
        ({"amount": 5, "paid_at": AT + timedelta(seconds=1)}, "paid_at"),
        ({"amount": 5, "paid_at": AT - timedelta(days=3700)}, "paid_at"),
    ],
)
def test_names_the_field_that_cannot_be(acme: Client, wrong: dict, field: str) -> None:
    invoice = an_invoice(acme)
    with pytest.raises(BillingRefused) as refusal:
        payments.record_payment(invoice.pk, notice(**wrong), by=None, at=AT)
    assert refusal.value.field == field
    assert not Payment.objects.exists()


@pytest.mark.parametrize(("amount", "currency"), [("10.5", "JPY"), ("0.0001", "KWD")])
def test_comes_in_coins_that_exist(vat: TaxRate, amount: str, currency: str) -> None:
    invoice = an_invoice(ClientFactory(currency=currency), line(1000, vat, currency))
    with pytest.raises(BillingRefused, match=f"has more decimals than {currency}"):
        pay(invoice, amount)


def test_is_recorded_for_what_is_issued_and_not_void(acme: Client) -> None:
    void = an_invoice(acme)
    issuing.void_invoice(void.pk, reason="Wrong client.", by=None, at=AT)
    for invoice, state in ((a_draft(acme), "DRAFT"), (void, "VOID")):
        with pytest.raises(BillingRefused, match=f"is {state}; record the payment for one that is issued"):
            pay(invoice, 5)


@pytest.mark.parametrize(
    "wrong", [{"provider": " "}, {"key": "x" * 201}, {"method": "BARTER"}, {"paid_at": AT.replace(tzinfo=None)}]
)
def test_takes_no_notice_that_says_too_little(wrong: dict) -> None:
    with pytest.raises(ValueError, match="validation error"):
        notice(5, **wrong)


def test_shows_in_what_a_client_owes(acme: Client, globex: Client) -> None:
    assert ports.get_billing_status(client_id=acme.pk).last_payment_at is None
    pay(an_overdue_invoice(acme), 23)
    an_invoice(acme)
    an_invoice(globex)
    status = ports.get_billing_status(client_id=acme.pk)
    assert (status.outstanding, status.overdue_count, status.last_payment_at) == ((euros(223),), 1, AT)
    assert timezone.is_aware(status.last_payment_at)
