"""The invariants of the books: none breaks by the verbs, and each finds what breaks it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from apps.billing.api.dtos import LineCredit
from apps.billing.queries import BREACHES, list_breaches
from apps.billing.services import bank, checkouts, issuing, quoted, reminders, retainers, reversals, vendor_events
from apps.billing.tests.factories import (
    AT,
    TaxRateFactory,
    a_bank_line,
    a_draft,
    a_quote,
    a_retainer,
    accepted,
    an_invoice,
    an_overdue_invoice,
    card_payment,
    line,
    pay,
    vendor_event,
)
from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

TABLES = (
    *("invoice", "invoiceline", "payment", "allocation", "creditnote", "creditnoteline", "numberseries"),
    *("quote", "quoteline", "issueddocument", "vendorevent", "handling", "checkout", "refund"),
    *("reminder", "retainer", "retainerperiod", "bankstatement", "bankline", "bankmatch", "reversal"),
)
OF_PAID = "WHERE id = (SELECT id FROM billing_invoice WHERE state = 'PAID' ORDER BY id LIMIT 1)"
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
        f"DELETE FROM billing_allocation WHERE invoice_id IN (SELECT id FROM billing_invoice {OF_PAID})"
    ],
    "an invoice is credited by other than its credit notes": ["UPDATE billing_creditnote SET amount = amount + 1"],
    "more is paid and credited of an invoice than its total": [
        f"UPDATE billing_invoice SET paid = total + 1 {OF_PAID}"
    ],
    "an invoice's state is not what was paid of it": [f"UPDATE billing_invoice SET state = 'ISSUED' {OF_PAID}"],
    "more of a payment is put to invoices than came, or less than nothing": [
        "UPDATE billing_payment SET amount = amount - 100",
        "UPDATE billing_refund SET amount = amount + 200",
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
        ),
        "UPDATE billing_reversal SET kind = 'RETURNED'",
    ],
    "a payment that was reversed still counts, or other than what was left of it was reversed": [
        "DELETE FROM billing_allocation WHERE reversal_id IS NOT NULL",
        "UPDATE billing_reversal SET amount = amount - 1",
        "DELETE FROM billing_refund",
    ],
    "money is set free of an invoice by other than its credit note or the reversal of its payment": [
        "UPDATE billing_allocation SET amount = -amount",
        "UPDATE billing_allocation SET reversal_id = (SELECT id FROM billing_reversal LIMIT 1) WHERE amount > 0",
        "UPDATE billing_reversal SET payment_id = (SELECT id FROM billing_payment WHERE provider = 'STRIPE' LIMIT 1)",
        "UPDATE billing_allocation SET credit_note_id = (SELECT id FROM billing_creditnote LIMIT 1), amount = -amount",
    ],
    "a credit note's sums are not those of its lines": ["UPDATE billing_creditnoteline SET tax = tax + 1"],
    "more of a line is credited than it says": ["UPDATE billing_creditnoteline SET net = net + 1000"],
    "a credit note credits a line of another invoice": [
        f"UPDATE billing_invoiceline SET invoice_id = (SELECT id FROM billing_invoice {OF_PAID} LIMIT 1)"
    ],
    "a credit note is of another client or currency than its invoice": [
        f"UPDATE billing_creditnote SET client_id = {OTHER}"
    ],
    "a document is kept for another client, or its e-invoice has another number or sum": [
        f"UPDATE billing_issueddocument SET client_id = {OTHER}",
        "UPDATE billing_issueddocument SET xml = REPLACE(xml, 'INV-2026-0001', 'INV-2026-0009')",
        "UPDATE billing_issueddocument SET xml = REPLACE(xml, '<ram:DuePayableAmount>', '<ram:DuePayableAmount>1')",
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
    "a reminder is out of its order, early, or of another client's invoice": [
        "UPDATE billing_reminder SET client_id = (SELECT id FROM identity_client WHERE slug = 'acme')",
        "UPDATE billing_reminder SET level = 3 WHERE level = 2",
        "UPDATE billing_reminder SET day = '2026-01-01' WHERE level = 1",
        "UPDATE billing_reminder SET day = day + 60 WHERE level = 1",
    ],
    "a retainer's periods overlap": ["UPDATE billing_retainerperiod SET end_date = end_date + 1"],
    "a retainer's period is billed to another client or in another currency": [
        f"UPDATE billing_retainer SET client_id = {OTHER}",
        "UPDATE billing_retainer SET currency = 'JPY'",
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
    "a line of the bank is booked to other than its amount, or booked and not matched": [
        "UPDATE billing_bankline SET amount = amount + 1",
        "UPDATE billing_bankline SET state = 'UNMATCHED'",
        "UPDATE billing_bankline SET currency = 'USD'",
        "DELETE FROM billing_bankmatch",
        "DELETE FROM billing_reversal",
    ],
    "a quote's sums are not those of its lines": ["UPDATE billing_quoteline SET net = net - 1"],
    "the parts of a quote have its net of a rate, and not the tax": [
        f"UPDATE billing_invoiceline SET tax = tax + 0.01 WHERE {OF_PARTS} AND net = {net}" for net in (300, 700)
    ],
    "an invoice bills a quote that its client did not accept, or another client's": [
        "UPDATE billing_quote SET state = 'SENT'",
        f"UPDATE billing_quote SET client_id = {OTHER}",
    ],
    "what the card service told was booked as another payment": [
        "UPDATE billing_vendorevent SET payment_id = NULL WHERE outcome = 'BOOKED'",
        "UPDATE billing_vendorevent SET amount = amount - 1 WHERE outcome = 'BOOKED'",
        "UPDATE billing_vendorevent SET amount = amount - 1 WHERE outcome = 'UNMATCHED'",
        "UPDATE billing_payment SET transaction_id = transaction_id || '2' WHERE provider = 'STRIPE'",
    ],
    "a payment of the card service is not what it told": [
        "DELETE FROM billing_vendorevent WHERE outcome = 'BOOKED'",
        "UPDATE billing_payment SET provider = 'STRIPE' WHERE provider <> 'STRIPE'",
    ],
    "more went back of a payment than the card service told": [
        "UPDATE billing_refund SET amount = amount + 1",
        "DELETE FROM billing_vendorevent WHERE outcome = 'REFUNDED'",
    ],
    "a page to pay on says PAID, and no money came for its invoice": [
        "UPDATE billing_payment SET provider = 'BANK' WHERE provider = 'STRIPE'"
    ],
}


@pytest.fixture
def books(acme: Client, globex: Client, e_invoices: None) -> None:
    """A little of everything."""
    rate = TaxRateFactory(percent=7, category="REDUCED")
    paid, part, credited = (an_invoice(acme, line("33.33", rate), line(100, rate)) for _ in range(3))
    pay(paid, 200)
    a_bank_line(an_invoice(acme))
    pay(part, 10)
    parts = [LineCredit(position=2, net=50)]
    issuing.credit_invoice(credited.pk, parts, reason="Half of it was not done.", by=None, at=AT)
    overdue = an_overdue_invoice(globex)
    MembershipFactory(client=globex)
    for days in (46, 47):
        reminders.remind_now(overdue.pk, by=None, at=AT + timedelta(days=days))
    a_retainer(acme, start_date=AT.date())
    retainers.draft_due(at=AT + timedelta(days=62))
    issuing.void_invoice(an_invoice(globex).pk, reason="Wrong client.", by=None, at=AT)
    a_draft(acme, line(None))
    anna = MembershipFactory(client=acme).user_id
    quoted.bill_quote(accepted(a_quote(acme), anna).pk, by=None)
    quoted.draft_rest(accepted(a_quote(acme, deposit_percent=Decimal(30)), anna).pk, by=None)
    by_card, by_hand = an_invoice(acme), an_invoice(acme)
    begun = checkouts.begin_checkout(by_card.pk, by=anna, at=AT)
    paid_by_card = card_payment(by_card, checkout_id=begun.pk, amount=Decimal(200))
    refund = vendor_event(by_card, transaction_id=paid_by_card.transaction_id, amount=Decimal(70))
    vendor_events.book_refund(refund.pk, by=anna, at=AT)
    unmatched = card_payment(None)
    vendor_events.match_event(unmatched.pk, by_hand.number, by=anna, at=AT)
    reversals.reverse_payment(paid_by_card.payment_id, kind="RETURNED", reason="A dispute.", by=anna, at=AT)
    wrongly = a_bank_line(an_invoice(acme))
    reversals.unmatch_line(wrongly.pk, reason="Another's.", by=anna, at=AT)
    bank.match_line(wrongly.pk, [(an_invoice(acme).pk, wrongly.amount)], by=anna, at=AT)


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
