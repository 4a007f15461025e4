"""Payments: recorded once, put to what they are for, and what is over to what the client owes next."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from apps.billing import queries, rules
from apps.billing.api import events
from apps.billing.api.dtos import PaymentNotice
from apps.billing.models import Allocation, Invoice, Payment
from apps.billing.rules import BillingRefused
from apps.billing.services.records import lock_invoice, lock_name, settle, standing
from apps.shared.events import AuditNote, publish

LONGEST_AGO = timedelta(days=3653)
"""Books older than ten years are closed; an earlier day is a slip of the pen."""


@transaction.atomic
def record_payment(invoice_id: UUID, notice: PaymentNotice, *, by: UUID | None, at: datetime) -> Payment:
    """Record money that came in for an issued invoice, once for a provider's transaction, and put it to the invoice.

    The money came, so all of it is recorded: what the invoice does not need is the client's credit. The same notice
    again gives the same payment and changes nothing, unless that was reversed as a mistake. Raises BillingRefused for a
    transaction that is known with other facts, for another currency, for a draft or void invoice, and for an amount or
    day that cannot be.
    """
    # Before the invoice's lock, and for all invoices: a transaction named for two of them is still one.
    lock_name(f"billing.payment:{notice.provider}:{notice.transaction_id}")
    known = queries.last_recording(notice.provider, notice.transaction_id)
    if known is not None and not known.is_mistake:
        _require_same(known, invoice_id, notice)
        return known
    invoice = lock_invoice(invoice_id)
    _require_payable(invoice, notice, at)
    payment = Payment.objects.create(
        client_id=invoice.client_id,
        invoice=invoice,
        provider=notice.provider,
        transaction_id=notice.transaction_id,
        amount=notice.amount.amount,
        currency=notice.amount.currency,
        method=notice.method,
        paid_at=notice.paid_at,
        recording=known.recording + 1 if known else 1,
    )
    part = min(payment.amount, invoice.still_open)
    after = {"amount": str(notice.amount), "put_to": f"{invoice}", "credit": str(payment.amount - part)}
    event = events.PaymentReceived(
        client_id=invoice.client_id, aggregate_id=payment.pk, invoice_id=invoice.pk, amount=notice.amount
    )
    publish(event, AuditNote(actor_id=by, after=after))
    _put(invoice, [(payment, part)], by=by)
    return payment


@transaction.atomic
def use_credit(invoice_id: UUID, *, by: UUID | None) -> Invoice:
    """Put what a client has in credit to an unpaid invoice, the oldest money first.

    Raises BillingRefused where nothing is to be paid, or nothing in credit in the invoice's currency.
    """
    invoice = lock_invoice(invoice_id)
    if not invoice.is_unpaid:
        raise BillingRefused("invoice", f"{invoice} is {invoice.state}: nothing of it is to be paid.")
    if not put_credit(invoice, by=by):
        raise BillingRefused("credit", f"the client has none in {invoice.currency}.")
    return invoice


def put_credit(invoice: Invoice, *, by: UUID | None) -> Decimal:
    """Put a client's credit to a locked, unpaid invoice as far as it goes; return how much that was."""
    parts, needed = [], invoice.still_open
    for payment, credit in queries.lock_credit(invoice.client_id, invoice.currency, but_for=invoice.pk):
        part = min(credit, needed)
        parts.append((payment, part))
        needed -= part
    _put(invoice, parts, by=by)
    return sum((part for _, part in parts), Decimal(0))


def _require_same(known: Payment, invoice_id: UUID, notice: PaymentNotice) -> None:
    said = {
        "amount": (rules.say(known.amount, known.currency), known.amount == notice.amount.amount),
        "currency": (known.currency, known.currency == notice.amount.currency),
        "invoice": (str(known.invoice), known.invoice_id == invoice_id),
    }
    for field, (recorded, is_same) in said.items():
        if not is_same:
            raise BillingRefused(
                field, f"transaction {notice.transaction_id} is recorded with {recorded}; look which of both is right."
            )


def _require_payable(invoice: Invoice, notice: PaymentNotice, at: datetime) -> None:
    if not (invoice.is_unpaid or invoice.state == Invoice.State.PAID):
        raise BillingRefused("invoice", f"{invoice} is {invoice.state}; record the payment for one that is issued.")
    if notice.amount.currency != invoice.currency:
        raise BillingRefused("currency", f"is {notice.amount.currency}; the invoice is in {invoice.currency}.")
    rules.require_amount("amount", notice.amount.amount, invoice.currency)
    if not at - LONGEST_AGO <= notice.paid_at <= at:
        raise BillingRefused("paid_at", f"{notice.paid_at:%Y-%m-%d} cannot be; give the day on which the money came.")


def _put(invoice: Invoice, parts: list[tuple[Payment, Decimal]], *, by: UUID | None) -> None:
    """Put parts of payments to an invoice, nought to none."""
    before = standing(invoice)
    put = [(payment, part) for payment, part in parts if part > 0]
    for payment, part in put:
        Allocation.objects.create(payment=payment, invoice=invoice, amount=part)
        invoice.paid += part
    if put:
        settle(invoice, before, by=by)
