"""What all verbs of billing share: locks, numbers, days and sums, and how a change of an invoice is told."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.billing import rules
from apps.billing.api import events
from apps.billing.models import Invoice, InvoiceLine, NumberSeries, Quote, QuoteLine
from apps.shared.dtos import Money
from apps.shared.events import AuditNote, Event, publish

_NEXT_NUMBER = """
INSERT INTO billing_numberseries (id, created_at, updated_at, kind, year, last, last_date)
VALUES (%(id)s, now(), now(), %(kind)s, %(year)s, 1, %(day)s)
ON CONFLICT (kind, year) DO UPDATE SET last = billing_numberseries.last + 1, updated_at = now(),
    last_date = GREATEST(billing_numberseries.last_date, EXCLUDED.last_date)
RETURNING last, last_date"""


def lock_invoice(invoice_id: UUID) -> Invoice:
    """Return an invoice that nobody else changes until this transaction ends. Raises Invoice.DoesNotExist."""
    return Invoice.objects.select_for_update(of=("self",)).get(pk=invoice_id)


def lock_quote(quote_id: UUID) -> Quote:
    """Return a quote that nobody else changes until this transaction ends, its client with it."""
    return Quote.objects.select_for_update(of=("self",)).select_related("client").get(pk=quote_id)


def lock_name(name: str) -> None:
    """Make whoever else names the same thing wait until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def day_of_books(at: datetime) -> date:
    """Return the day that documents of a moment are dated: in the agency's zone, wherever the person sits."""
    return timezone.localdate(at, timezone.get_default_timezone())


def next_number(kind: NumberSeries.Kind, day: date) -> tuple[str, int, date]:
    """Return the next number of a series as text and count, and the day it is given.

    The series' row stays locked until the transaction ends, so that one that fails leaves no gap. Whoever comes with
    the day before, at midnight, is dated as the number before.
    """
    values = {"id": uuid7(), "kind": kind.value, "year": day.year, "day": day}
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBER, values)
        last, last_date = cursor.fetchone()
    return rules.number_of(kind.value, day.year, last), last, last_date


def require_reason(reason: str) -> str:
    """Return why, trimmed; refuse silence."""
    if not reason.strip():
        raise rules.BillingRefused("reason", "is empty; say why, the audit keeps it with your name.")
    return reason.strip()


def money(invoice: Invoice | Quote, amount: Any) -> Money:
    """Return an amount in the currency of an invoice or a quote."""
    return Money(amount=amount, currency=invoice.currency)


def sum_up(row: Invoice | Quote, lines: Iterable[InvoiceLine | QuoteLine]) -> None:
    """Set the sums of an invoice or a quote to those of its lines; stores nothing."""
    amounts = [(line.net, line.tax) for line in lines]
    row.subtotal = sum((net for net, _ in amounts), Decimal(0))
    row.tax = sum((tax for _, tax in amounts), Decimal(0))
    row.total = row.subtotal + row.tax


def standing(invoice: Invoice) -> dict[str, str]:
    """Return where an invoice stands, for the audit."""
    names = ("state", "number", "due_date", "subtotal", "tax", "total", "paid", "credited")
    return {name: str(getattr(invoice, name)) for name in names}


def tell(kind: type[Event], invoice: Invoice, note: AuditNote, **fields: Any) -> None:
    """Publish what happened to an invoice."""
    publish(kind(run_id=invoice.run_id, client_id=invoice.client_id, aggregate_id=invoice.pk, **fields), note)


def settle(invoice: Invoice, before: dict[str, str], *, by: UUID | None) -> None:
    """Store what was put to an invoice, and the state that follows from it."""
    if invoice.still_open == 0:
        invoice.settle()
        kind, told = events.InvoicePaid, {"total": money(invoice, invoice.total)}
    else:
        if invoice.state != Invoice.State.OVERDUE:
            invoice.pay_partly()
        kind, told = events.InvoicePartlyPaid, {"open": money(invoice, invoice.still_open)}
    invoice.save(update_fields=["state", "paid", "credited", "updated_at"])
    note = AuditNote(actor_id=by, before=before, after=standing(invoice))
    tell(kind, invoice, note, number=invoice.number, **told)
    if invoice.is_deposit and invoice.state == Invoice.State.PAID != before["state"]:
        tell(events.DepositPaid, invoice, AuditNote(actor_id=by), number=invoice.number)
