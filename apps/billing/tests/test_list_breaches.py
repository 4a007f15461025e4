"""The invariants of the books: none breaks by the verbs, and each finds what breaks it."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection, transaction

from apps.billing.api.dtos import LineCredit
from apps.billing.queries import BREACHES, list_breaches
from apps.billing.services import issuing, quoted
from apps.billing.tests.factories import (
    AT,
    TaxRateFactory,
    a_draft,
    a_quote,
    accepted,
    an_invoice,
    an_overdue_invoice,
    line,
    pay,
)
from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

TABLES = (
    *("invoice", "invoiceline", "payment", "allocation", "creditnote", "creditnoteline", "numberseries"),
    *("quote", "quoteline"),
)
OF_PAID = "WHERE state = 'PAID'"
OF_PARTS = "invoice_id IN (SELECT id FROM billing_invoice WHERE quote_part IN ('DEPOSIT', 'REST'))"
OTHER = "(SELECT id FROM identity_client WHERE slug = 'globex')"
AGAIN = """
    INSERT INTO {table} (id, created_at, updated_at, {columns})
    SELECT gen_random_uuid(), now(), now(), {columns} FROM {table}"""

PLANTED = {
    "an invoice's sums are not those of its lines": ["UPDATE billing_invoiceline SET net = net - 1 WHERE net > 1"],
    "a line's amounts are not its quantity, price and rate in whole coins": [
        "UPDATE billing_invoiceline SET net = net + 0.01 WHERE net > 1",
        "UPDATE billing_invoiceline SET net = net - 0.001 WHERE net > 1",
        "UPDATE billing_invoiceline SET tax = tax + 0.01 WHERE net > 1",
        f"UPDATE billing_invoiceline SET tax = tax + 0.02 WHERE {OF_PARTS}",
        "UPDATE billing_invoiceline SET tax = tax - 1 WHERE invoice_id IN"
        " (SELECT id FROM billing_invoice WHERE quote_part = 'WHOLE')",
        "UPDATE billing_invoiceline SET unit_price = NULL WHERE net > 1",
    ],
    "an invoice is paid by other than what was put to it": [
        f"DELETE FROM billing_allocation WHERE invoice_id = (SELECT id FROM billing_invoice {OF_PAID})"
    ],
    "an invoice is credited by other than its credit notes": ["UPDATE billing_creditnote SET amount = amount + 1"],
    "more is paid and credited of an invoice than its total": [
        f"UPDATE billing_invoice SET paid = total + 1 {OF_PAID}"
    ],
    "an invoice's state is not what was paid of it": [f"UPDATE billing_invoice SET state = 'ISSUED' {OF_PAID}"],
    "more of a payment is put to invoices than came, or less than nothing": [
        "UPDATE billing_payment SET amount = amount - 100"
    ],
    "a payment is put to an invoice of another client or currency": [f"UPDATE billing_payment SET client_id = {OTHER}"],
    "a payment is put to the same invoice twice": [
        "DROP INDEX allocation_once_per_payment_and_invoice;"
        + AGAIN.format(table="billing_allocation", columns="payment_id, invoice_id, amount")
    ],
    "a provider's transaction is more than one payment": [
        AGAIN.format(
            table="billing_payment",
            columns="client_id, provider, transaction_id, amount, currency, method, paid_at",
        )
    ],
    "money is set free of an invoice by other than its credit note": [
        "UPDATE billing_allocation SET amount = -amount",
        "UPDATE billing_allocation SET credit_note_id = (SELECT id FROM billing_creditnote LIMIT 1), amount = -amount",
    ],
    "a credit note's sums are not those of its lines": ["UPDATE billing_creditnoteline SET tax = tax + 1"],
    "more of a line is credited than it says": ["UPDATE billing_creditnoteline SET net = net + 1000"],
    "a credit note credits a line of another invoice": [
        f"UPDATE billing_invoiceline SET invoice_id = (SELECT id FROM billing_invoice {OF_PAID})"
    ],
    "a credit note is of another client or currency than its invoice": [
        f"UPDATE billing_creditnote SET client_id = {OTHER}"
    ],
    "the numbers of a year are not 1, 2, 3 … to the last one given": [
        "UPDATE billing_invoice SET sequence = 7 WHERE sequence = 2",
        "UPDATE billing_invoice SET sequence = 1 WHERE sequence = 2",
        "UPDATE billing_numberseries SET last = last + 1 WHERE kind = 'CREDIT_NOTE'",
        "DELETE FROM billing_numberseries",
        "UPDATE billing_quote SET sequence = 3",
        "UPDATE billing_creditnote SET sequence = 0",
    ],
    "a number is not made of its kind, year and count": [
        "UPDATE billing_invoice SET number = 'INV-2026-1' WHERE sequence = 1",
        "UPDATE billing_creditnote SET number = 'INV-2026-000' || sequence",
        "UPDATE billing_quote SET number = 'QUO-2026-1'",
    ],
    "a later number has an earlier date": [
        "UPDATE billing_invoice SET issue_date = '2026-01-05' WHERE sequence = 3",
        "UPDATE billing_creditnote SET issue_date = '2026-01-05' WHERE sequence = 2",
        "UPDATE billing_quote SET issue_date = '2026-01-05' WHERE sequence = 2",
    ],
    "a row of money is without owner": [
        "UPDATE billing_invoice SET client_id = gen_random_uuid() WHERE number IS NULL",
        "ALTER TABLE billing_invoice ALTER client_id DROP NOT NULL; UPDATE billing_invoice SET client_id = NULL",
        "UPDATE billing_payment SET client_id = gen_random_uuid()",
        "UPDATE billing_creditnote SET client_id = gen_random_uuid()",
        "UPDATE billing_quote SET client_id = gen_random_uuid()",
        "DELETE FROM billing_quote",
        "DELETE FROM billing_invoice WHERE number IS NULL",
        "DELETE FROM billing_creditnote",
        "DELETE FROM billing_payment",
        f"DELETE FROM billing_invoice {OF_PAID}; DELETE FROM billing_invoiceline",
    ],
    "a quote's sums are not those of its lines": ["UPDATE billing_quoteline SET net = net - 1"],
    "the parts of a quote have its net of a rate, and not the tax": [
        f"UPDATE billing_invoiceline SET tax = tax + 0.01 WHERE {OF_PARTS} AND net = {net}" for net in (300, 700)
    ],
    "an invoice bills a quote that its client did not accept, or another client's": [
        "UPDATE billing_quote SET state = 'SENT'",
        f"UPDATE billing_quote SET client_id = {OTHER}",
    ],
}


@pytest.fixture
def books(acme: Client, globex: Client) -> None:
    """A little of everything."""
    rate = TaxRateFactory(percent=7, category="REDUCED")
    paid, part, credited = (an_invoice(acme, line("33.33", rate), line(100, rate)) for _ in range(3))
    pay(paid, 200)
    pay(part, 10)
    parts = [LineCredit(position=2, net=50)]
    issuing.credit_invoice(credited.pk, parts, reason="Half of it was not done.", by=None, at=AT)
    an_overdue_invoice(globex)
    issuing.void_invoice(an_invoice(globex).pk, reason="Wrong client.", by=None, at=AT)
    a_draft(acme, line(None))
    anna = MembershipFactory(client=acme).user_id
    quoted.bill_quote(accepted(a_quote(acme), anna).pk, by=None)
    quoted.draft_rest(accepted(a_quote(acme, deposit_percent=Decimal(30)), anna).pk, by=None)


@pytest.fixture
def plant(books: None) -> Callable[[str], set[str]]:
    """Break the books past every constraint and trigger, say what is found, and mend them."""

    def do(statement: str) -> set[str]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in TABLES:
                cursor.execute(f"ALTER TABLE billing_{table} DISABLE TRIGGER USER")
                cursor.execute(
                    "SELECT conname FROM pg_constraint WHERE contype IN ('c', 'f', 'u') AND conrelid = %s::regclass",
                    [f"billing_{table}"],
                )
                for (name,) in cursor.fetchall():
                    cursor.execute(f"ALTER TABLE billing_{table} DROP CONSTRAINT {name} CASCADE")
            cursor.execute(statement)
            found = {breach.check for breach in list_breaches()}
            transaction.set_rollback(True)
        return found

    return do


@pytest.mark.usefixtures("books")
def test_finds_nothing_in_books_that_are_kept_by_the_verbs() -> None:
    assert list_breaches() == []


@pytest.mark.parametrize(
    ("check", "statement"), [(check, each) for check, statements in PLANTED.items() for each in statements]
)
def test_finds_what_was_planted(plant: Callable[[str], set[str]], check: str, statement: str) -> None:
    assert check in plant(statement)


def test_has_something_planted_for_every_check() -> None:
    assert set(PLANTED) == set(BREACHES)
