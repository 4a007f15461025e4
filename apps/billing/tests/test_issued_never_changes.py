"""The database itself refuses, whoever asks it by SQL …"""

import pytest
from django.db import Error, connection, transaction
from uuid_utils.compat import uuid7

from apps.billing.models import Allocation, CreditNote, CreditNoteLine, Invoice, InvoiceLine, NumberSeries, Payment
from apps.billing.services import drafts, issuing
from apps.billing.tests.factories import AT, a_draft, an_invoice, line, pay
from apps.identity.models import Client

pytestmark = pytest.mark.django_db

ISSUED_COLUMNS = {
    "number": "'INV-2026-9999'",
    "sequence": "9999",
    "issue_date": "issue_date - 1",
    "due_date": "due_date + 30",
    "currency": "'USD'",
    "subtotal": "subtotal - 1, total = total - 1",
    "tax": "0, total = subtotal",
    "client_id": "(SELECT id FROM identity_client WHERE slug = 'globex')",
}


def sql(statement: str, *values: object) -> None:
    """Execute a statement and have what is checked at commit checked now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refused(statement: str, *values: object, saying: str = "") -> None:
    with pytest.raises(Error, match=saying):
        sql(statement, *values)


@pytest.mark.usefixtures("globex")
@pytest.mark.parametrize("column", ISSUED_COLUMNS)
def test_to_change_an_issued_invoice(acme: Client, column: str) -> None:
    invoice = an_invoice(acme)
    statement = f"UPDATE billing_invoice SET {column} = {ISSUED_COLUMNS[column]} WHERE id = %s"
    refused(statement, invoice.pk, saying="Cannot update rows")
    pay(invoice, 123)
    issuing.void_invoice(invoice.pk, reason="Wrong.", by=None, at=AT)
    refused(statement, invoice.pk, saying="Cannot update rows")


@pytest.mark.parametrize(
    ("change", "saying"),
    [
        ("number = NULL, sequence = NULL", "Cannot update rows"),
        ("due_date = NULL", "Cannot update rows"),
        ("paid = 23, state = 'PARTIALLY_PAID'", "its rows sum to"),
        ("credited = 23", "its rows sum to"),
        ("paid = total, state = 'PAID'", "its rows sum to"),
        ("state = 'PAID'", "invoice_state_is_what_was_paid"),
        ("state = 'DRAFT'", "invoice_numbered_when_issued"),
        ("state = 'VOID'", "invoice_state_is_what_was_paid"),
        ("paid = total + 1", "invoice_never_paid_above_total"),
        ("paid = -1", "invoice_never_paid_above_total"),
    ],
)
def test_to_say_it_was_paid_or_credited_without_the_money(acme: Client, change: str, saying: str) -> None:
    refused(f"UPDATE billing_invoice SET {change} WHERE id = %s", an_invoice(acme).pk, saying=saying)


def test_to_delete_an_issued_invoice(acme: Client) -> None:
    invoice = an_invoice(acme)
    refused("DELETE FROM billing_invoiceline WHERE invoice_id = %s", invoice.pk, saying="its lines do not change")
    refused(
        "SET CONSTRAINTS ALL DEFERRED; DELETE FROM billing_invoice WHERE id = %s",
        invoice.pk,
        saying="Cannot delete rows",
    )


def test_to_change_a_line_of_an_issued_invoice(acme: Client) -> None:
    invoice, draft = an_invoice(acme), a_draft(acme)
    for change in ("net = net + 1", "description = 'Other work'", "quantity = 2", "tax_percent = 0", "position = 2"):
        refused(f"UPDATE billing_invoiceline SET {change} WHERE invoice_id = %s", invoice.pk, saying="is issued")
    move = "UPDATE billing_invoiceline SET invoice_id = %s, position = 2 WHERE invoice_id = %s"
    refused(move, invoice.pk, draft.pk, saying="is issued")
    refused(move, draft.pk, invoice.pk, saying="is issued")
    copy = """INSERT INTO billing_invoiceline (id, created_at, updated_at, invoice_id, position, description, quantity,
        tax_category, net, tax, question) SELECT %s, now(), now(), invoice_id, 2, '', 1, '', 0, 0, ''
        FROM billing_invoiceline WHERE invoice_id = %s"""
    refused(copy, uuid7(), invoice.pk, saying="is issued")


def test_to_store_a_draft_whose_sums_are_not_its_lines(acme: Client) -> None:
    draft = a_draft(acme)
    refused("UPDATE billing_invoice SET subtotal = 1, total = 1 + tax WHERE id = %s", draft.pk, saying="rows sum to")
    refused("UPDATE billing_invoice SET total = total + 1 WHERE id = %s", draft.pk, saying="total_is_the_sum")
    refused("UPDATE billing_invoiceline SET net = net + 1 WHERE invoice_id = %s", draft.pk, saying="rows sum to")
    refused("DELETE FROM billing_invoiceline WHERE invoice_id = %s", draft.pk, saying="rows sum to")


@pytest.mark.parametrize("model", [Payment, Allocation, CreditNote, CreditNoteLine])
def test_to_change_or_delete_what_was_booked(acme: Client, model: type) -> None:
    invoice = an_invoice(acme)
    pay(invoice, 123)
    issuing.credit_invoice(invoice.pk, reason="Wrong.", by=None, at=AT)
    table = model._meta.db_table
    column = "net" if model is CreditNoteLine else "amount"
    refused(f"UPDATE {table} SET {column} = {column} + 1", saying="Cannot update or delete rows")
    refused(f"DELETE FROM {table}", saying="Cannot update or delete rows")


def test_to_put_more_of_a_payment_to_invoices_than_came(acme: Client) -> None:
    first, second = an_invoice(acme), an_invoice(acme)
    payment = pay(first, 123)
    put = """INSERT INTO billing_allocation (id, created_at, updated_at, payment_id, invoice_id, amount)
        VALUES (%s, now(), now(), %s, %s, 1)"""
    Invoice.objects.filter(pk=second.pk).update(paid=1, state="PARTIALLY_PAID")
    refused(put, uuid7(), payment.pk, second.pk, saying="would be put to invoices")
    Invoice.objects.filter(pk=second.pk).update(paid=0, state="ISSUED")


def test_to_count_otherwise_than_by_one(acme: Client) -> None:
    an_invoice(acme)
    for change in ("last = last + 2", "last = last - 1", "last = last + 1, last_date = last_date - 1"):
        refused(f"UPDATE billing_numberseries SET {change}", saying="Cannot update rows")
    refused("DELETE FROM billing_numberseries", saying="Cannot delete rows")
    assert NumberSeries.objects.get().last == 1


def test_to_change_a_tax_rate(acme: Client) -> None:
    a_draft(acme)
    refused("UPDATE billing_taxrate SET percent = 19", saying="Cannot update rows")


def test_nothing_that_a_draft_may_do(acme: Client) -> None:
    draft = a_draft(acme, line(None), line(5))
    sql("UPDATE billing_invoice SET payment_days = 30 WHERE id = %s", draft.pk)
    drafts.remove_line(draft.pk, 1, reason="So.", by=None)
    assert InvoiceLine.objects.count() == 1
    draft.delete()
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    "change",
    ["quantity = 0", "quantity = -1", "unit_price = -1", "net = -1", "unit_price = NULL", "tax_rate_id = NULL"],
)
def test_to_hold_a_line_that_cannot_be_billed(acme: Client, change: str) -> None:
    refused(f"UPDATE billing_invoiceline SET {change} WHERE invoice_id = %s", a_draft(acme).pk, saying="invoiceline_")
