"""Crediting and voiding an invoice …"""

from decimal import Decimal

import pytest

from apps.billing.api import ports
from apps.billing.api.dtos import LineCredit
from apps.billing.models import CreditNote, Invoice, TaxRate
from apps.billing.queries import list_breaches
from apps.billing.rules import BillingRefused
from apps.billing.services import issuing
from apps.billing.tests.factories import AT, TaxRateFactory, a_draft, an_invoice, an_overdue_invoice, line, pay
from apps.identity.models import Client, User
from apps.identity.tests.factories import ClientFactory

pytestmark = pytest.mark.django_db


def credit(invoice: Invoice, *parts: tuple[int, str], reason: str = "Not done."):
    lines = tuple(LineCredit(position=position, net=Decimal(net)) for position, net in parts)
    return ports.credit_invoice(invoice_id=invoice.pk, lines=lines, reason=reason, at=AT)


def now(invoice: Invoice) -> Invoice:
    return Invoice.objects.get(pk=invoice.pk)


def test_takes_a_part_of_a_line_back_with_its_tax(acme: Client, vat: TaxRate, told: list) -> None:
    invoice = an_invoice(acme, line(100, vat), line(50, vat))
    told.clear()
    note = credit(invoice, (2, "10"))
    assert (note.number, note.net.amount, note.tax.amount, note.amount.amount) == (
        "CN-2026-0001",
        10,
        Decimal("2.3"),
        Decimal("12.3"),
    )
    assert (now(invoice).state, now(invoice).credited) == ("ISSUED", Decimal("12.3"))
    assert now(invoice).total == Decimal("184.5")
    ((event, audit),) = told
    assert (event.name, event.number, audit.reason) == ("CreditNoteIssued", "CN-2026-0001", "Not done.")


def test_gives_its_tax_back_once_in_however_many_parts(acme: Client, vat: TaxRate) -> None:
    invoice = an_invoice(acme, line("0.10", vat), line(100, vat))
    parts = [credit(invoice, (1, "0.01")).tax.amount for _ in range(10)]
    assert sum(parts) == Decimal("0.02")
    assert min(parts) >= 0
    with pytest.raises(BillingRefused, match=r"line 1: of it 0\.00 EUR is left to be credited, not 0\.01 EUR"):
        credit(invoice, (1, "0.01"))
    assert list_breaches() == []


def test_takes_all_that_is_left_back_and_voids(acme: Client, vat: TaxRate, told: list) -> None:
    invoice = an_invoice(acme, line(100, vat), line(0, vat), line(50, TaxRateFactory(percent=0, category="ZERO")))
    credit(invoice, (1, "30"))
    note = credit(invoice)
    assert (note.net.amount, note.tax.amount) == (120, Decimal("16.1"))
    assert (now(invoice).state, now(invoice).credited, now(invoice).reason) == ("VOID", 173, "Not done.")
    assert [event.name for event, _ in told[-2:]] == ["CreditNoteIssued", "InvoiceVoided"]
    assert list_breaches() == []


def test_sets_free_what_was_paid_of_it(acme: Client, vat: TaxRate) -> None:
    invoice = an_invoice(acme, line(100, vat))
    pay(invoice, 100)
    pay(invoice, 23)
    credit(invoice, (1, "50"))
    assert (now(invoice).state, now(invoice).paid) == ("PAID", Decimal("61.5"))
    assert ports.get_billing_status(client_id=acme.pk).credit[0].amount == Decimal("61.5")
    credit(invoice)
    assert (now(invoice).state, now(invoice).paid) == ("VOID", 0)
    assert ports.get_billing_status(client_id=acme.pk).credit[0].amount == 123
    assert list_breaches() == []


def test_settles_what_was_paid_but_for_the_part_that_goes(acme: Client, vat: TaxRate, told: list) -> None:
    invoice = an_overdue_invoice(acme, line(100, vat), line(50, vat))
    pay(invoice, 123)
    credit(invoice, (2, "50"))
    assert (now(invoice).state, now(invoice).still_open) == ("PAID", 0)
    assert told[-1][0].name == "InvoicePaid"


def test_leaves_an_overdue_one_overdue_where_money_is_still_to_come(acme: Client, vat: TaxRate) -> None:
    invoice = an_overdue_invoice(acme, line(100, vat))
    credit(invoice, (1, "10"))
    assert now(invoice).state == "OVERDUE"


def test_counts_credit_notes_in_a_series_of_their_own(acme: Client, vat: TaxRate) -> None:
    notes = [credit(an_invoice(acme)).number for _ in range(3)]
    assert notes == ["CN-2026-0001", "CN-2026-0002", "CN-2026-0003"]
    assert list_breaches() == []


def test_rounds_to_the_coins_of_the_currency(vat: TaxRate) -> None:
    for currency, price, part, tax in (("JPY", 1001, "333", "77"), ("KWD", "1.005", "0.333", "0.077")):
        invoice = an_invoice(ClientFactory(currency=currency), line(price, vat, currency))
        assert credit(invoice, (1, part)).tax.amount == Decimal(tax)
        credit(invoice)
        assert now(invoice).credited == now(invoice).total
    with pytest.raises(BillingRefused, match="has more decimals than JPY"):
        credit(an_invoice(ClientFactory(currency="JPY"), line(100, vat, "JPY")), (1, "0.5"))


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ([(1, "100.01")], "line 1: of it 100.00 EUR is left"),
        ([(1, "0")], "line 1: 0 is not more than nought"),
        ([(1, "-5")], "line 1: -5 is not more than nought"),
        ([(2, "5")], "lines: there is no line 2"),
        ([(1, "5"), (1, "5")], "lines: one is named twice"),
    ],
)
def test_takes_no_more_back_than_is_there(acme: Client, parts: list, problem: str) -> None:
    with pytest.raises(BillingRefused, match=problem):
        credit(an_invoice(acme), *parts)
    assert not CreditNote.objects.exists()


def test_takes_nothing_back_without_a_reason_or_before_it_is_issued(acme: Client) -> None:
    with pytest.raises(BillingRefused, match="reason: is empty"):
        credit(an_invoice(acme), reason=" ")
    with pytest.raises(BillingRefused, match="is DRAFT; only what is issued can be credited"):
        credit(a_draft(acme))


def test_puts_a_draft_aside_with_its_reason(acme: Client, reviewer: User, told: list) -> None:
    draft = a_draft(acme)
    void = ports.void_invoice(invoice_id=draft.pk, reason="Twice.", by=reviewer.pk, at=AT)
    assert (void.state, void.number) == ("VOID", None)
    assert not CreditNote.objects.exists()
    event, note = told[-1]
    assert (event.name, event.number, event.reason, note.actor_id) == ("InvoiceVoided", None, "Twice.", reviewer.pk)


@pytest.mark.parametrize("paid", [0, 23, 123, 200])
def test_voids_what_is_issued_by_a_credit_note_in_full(acme: Client, paid: int) -> None:
    invoice = an_invoice(acme)
    if paid:
        pay(invoice, paid)
    void = ports.void_invoice(invoice_id=invoice.pk, reason="Wrong client.", at=AT)
    assert (void.state, void.number, void.credited.amount) == ("VOID", "INV-2026-0001", 123)
    assert CreditNote.objects.get().amount == 123
    assert [money.amount for money in ports.get_billing_status(client_id=acme.pk).credit] == ([paid] if paid else [])
    for again in (lambda: credit(invoice), lambda: issuing.void_invoice(invoice.pk, reason="So.", by=None, at=AT)):
        with pytest.raises(BillingRefused, match=r"VOID|void already"):
            again()
    assert list_breaches() == []
