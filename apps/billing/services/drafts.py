"""Drafting: what is to be billed, by a run or by a person, and how its lines change until it is issued."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from apps.billing import rules
from apps.billing.api import events
from apps.billing.api.dtos import LineItem
from apps.billing.models import Invoice, InvoiceLine, Quote, TaxRate
from apps.billing.rules import BillingRefused
from apps.billing.services.records import lock_invoice, money, require_reason, sum_up, tell
from apps.identity.models import Client
from apps.shared.events import AuditNote
from apps.shared.models import snapshot
from apps.shared.workflow import Irreversible, RunContext


@dataclass(frozen=True)
class QuotedPart:
    """What of a quote an invoice bills. `taxes` are those of its lines as they were quoted, where it has them whole."""

    quote: Quote
    name: Invoice.QuotePart
    taxes: tuple[Decimal, ...] = ()


@transaction.atomic
def draft_invoice(
    client: Client,
    lines: Sequence[LineItem],
    *,
    by: UUID | None = None,
    run_id: UUID | None = None,
    package_id: UUID | None = None,
    deal_id: UUID | None = None,
    part: QuotedPart | None = None,
    currency: str = "",
    payment_days: int | None = None,
) -> Invoice:
    """Store a draft in the client's currency; it has no number, and its lines may change until it is issued.

    What was agreed in another `currency` is billed in it, and a `part` of a quote in the quote's. Raises BillingRefused
    for no line, too many, and one that cannot be billed.
    """
    currency = part.quote.currency if part else currency or client.currency
    rules.require_currency(currency)
    if not 1 <= len(lines) <= rules.MOST_LINES:
        raise BillingRefused("lines", f"there are {len(lines)}; an invoice has 1 to {rules.MOST_LINES}.")
    invoice = Invoice.objects.create(
        client=client,
        run_id=run_id,
        package_id=package_id,
        deal_id=deal_id,
        quote=part and part.quote,
        quote_part=part.name if part else "",
        currency=currency,
        payment_days=settings.PAYMENT_DAYS if payment_days is None else payment_days,
    )
    _write_lines(invoice, lines, part.taxes if part else ())
    note = AuditNote(actor_id=by, after=with_lines(invoice))
    tell(events.InvoiceDrafted, invoice, note, total=money(invoice, invoice.total))
    return invoice


@transaction.atomic
def add_line(invoice_id: UUID, line: LineItem, *, reason: str, by: UUID | None) -> Invoice:
    """Add a line at the end of a draft. Raises BillingRefused once it is issued, and for a line that cannot be."""
    invoice, reason = _lock_draft(invoice_id), require_reason(reason)
    count = invoice.lines.count()
    if count >= rules.MOST_LINES:
        raise BillingRefused("lines", f"an invoice has at most {rules.MOST_LINES}; draft another one.")
    before = with_lines(invoice)
    _new_line(invoice, count + 1, line).save()
    return _tell_revised(invoice, before, reason, by)


@transaction.atomic
def change_line(invoice_id: UUID, position: int, line: LineItem, *, reason: str, by: UUID | None) -> Invoice:
    """Write a draft's line anew; one that only says it in other words keeps its amounts, so a quote's part its tax.

    Raises BillingRefused once it is issued, and for a line that cannot be billed.
    """
    invoice, reason = _lock_draft(invoice_id), require_reason(reason)
    before = with_lines(invoice)
    old = _line_at(invoice, position)
    changed = _new_line(invoice, position, line)
    changed.pk, changed.created_at = old.pk, old.created_at
    if all(getattr(changed, name) == getattr(old, name) for name in ("quantity", "unit_price", "tax_rate_id")):
        changed.net, changed.tax = old.net, old.tax
    changed.save(force_update=True)
    return _tell_revised(invoice, before, reason, by)


@transaction.atomic
def remove_line(invoice_id: UUID, position: int, *, reason: str, by: UUID | None) -> Invoice:
    """Remove a draft's line; those after it move up. Raises BillingRefused once it is issued, and for the last one."""
    invoice, reason = _lock_draft(invoice_id), require_reason(reason)
    before = with_lines(invoice)
    line = _line_at(invoice, position)
    if invoice.lines.count() == 1:
        raise BillingRefused("lines", "this is the only one; change it, or void the draft.")
    line.delete()
    invoice.lines.filter(position__gt=position).update(position=F("position") - 1)
    return _tell_revised(invoice, before, reason, by)


@transaction.atomic
def withdraw_invoice(*, run: RunContext) -> tuple[Irreversible, ...]:
    """Remove the draft a run made, and nothing else; an issued one stays, and is the run's no more.

    Returns what a person must do about the one that stays. A second call finds nothing to do.
    """
    left = []
    for invoice in Invoice.objects.of_run(run.id).select_for_update().order_by("pk"):
        if invoice.number is not None:
            left.append(_leave(invoice))
            continue
        note = AuditNote(reason="The run was taken back.", before=with_lines(invoice))
        tell(events.InvoiceWithdrawn, invoice, note)
        invoice.delete()
    return tuple(left)


def with_lines(invoice: Invoice) -> dict[str, Any]:
    """Return an invoice with its lines, for the audit."""
    return {**snapshot(invoice), "lines": [snapshot(line) for line in invoice.lines.all()]}


def _leave(invoice: Invoice) -> Irreversible:
    note = AuditNote(reason="The run was taken back.", before={"run_id": str(invoice.run_id)}, after={"run_id": None})
    tell(events.InvoiceRunWithdrawn, invoice, note, number=invoice.number)
    invoice.run_id = None
    invoice.save(update_fields=["run_id", "updated_at"])
    return Irreversible(
        what=f"Invoice {invoice.number} is issued and stands.",
        todo=f"Void or credit invoice {invoice.number} if its work is not to be paid.",
    )


def _lock_draft(invoice_id: UUID) -> Invoice:
    invoice = lock_invoice(invoice_id)
    if not invoice.is_draft:
        raise BillingRefused("invoice", f"{invoice} is {invoice.state} and does not change; write a credit note.")
    return invoice


def _line_at(invoice: Invoice, position: int) -> InvoiceLine:
    line = invoice.lines.filter(position=position).first()
    if line is None:
        raise BillingRefused("line", f"there is none at position {position} any more; look at the invoice again.")
    return line


def _write_lines(invoice: Invoice, lines: Sequence[LineItem], taxes: Sequence[Decimal]) -> None:
    """Store the first lines of a draft; `taxes`, where there are any, are theirs."""
    rows = [_new_line(invoice, position, line) for position, line in enumerate(lines, 1)]
    for row, tax in zip(rows, taxes, strict=False):
        row.tax = tax
    InvoiceLine.objects.bulk_create(rows)
    _sum_up(invoice)


def _new_line(invoice: Invoice, position: int, line: LineItem) -> InvoiceLine:
    """Make a line with its amounts; stores nothing."""
    question = line.question if line.unit_price is None else ""
    return InvoiceLine(invoice=invoice, position=position, question=question, **priced(line, invoice.currency))


def priced(line: LineItem, currency: str) -> dict[str, Any]:
    """Return a line's columns, amounts and rate among them. Raises BillingRefused for one that cannot be billed."""
    rules.check_line(line, currency)
    rate = _rate(line.tax_rate_id)
    price: Decimal | None = None if line.unit_price is None else line.unit_price.amount
    net, tax = rules.line_amounts(line.quantity, price, rate.percent if rate else None, currency)
    return {
        "description": line.description,
        "quantity": line.quantity,
        "unit_price": price,
        "tax_rate": rate,
        "tax_percent": rate.percent if rate else None,
        "tax_category": rate.category if rate else "",
        "net": net,
        "tax": tax,
    }


def _rate(tax_rate_id: UUID | None) -> TaxRate | None:
    if tax_rate_id is None:
        return None
    rate = TaxRate.objects.filter(pk=tax_rate_id).first()
    if rate is None:
        raise BillingRefused("tax_rate_id", "names no tax rate; choose one of the list.")
    return rate


def _sum_up(invoice: Invoice) -> None:
    sum_up(invoice, invoice.lines.all())
    invoice.save(update_fields=["subtotal", "tax", "total", "updated_at"])


def _tell_revised(invoice: Invoice, before: dict[str, Any], reason: str, by: UUID | None) -> Invoice:
    _sum_up(invoice)
    note = AuditNote(actor_id=by, reason=reason, before=before, after=with_lines(invoice))
    tell(events.InvoiceRevised, invoice, note, total=money(invoice, invoice.total))
    return invoice
