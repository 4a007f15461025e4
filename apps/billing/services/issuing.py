"""Issuing, and what follows when it was wrong or is not paid: credit notes, voiding, falling overdue."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from apps.billing import queries, rules
from apps.billing.api import events
from apps.billing.api.dtos import LineCredit
from apps.billing.models import Allocation, CreditNote, CreditNoteLine, Invoice, InvoiceLine, NumberSeries, TaxRate
from apps.billing.rules import BillingRefused
from apps.billing.services.issued import keep_credit_note, keep_invoice
from apps.billing.services.payments import put_credit
from apps.billing.services.records import (
    day_of_books,
    lock_invoice,
    money,
    next_number,
    require_reason,
    settle,
    standing,
    tell,
)
from apps.shared.events import AuditNote, publish

ISSUED_COLUMNS = ("state", "number", "sequence", "issue_date", "due_date", "updated_at")
MARKED_AT_ONCE = 100


@transaction.atomic
def issue_invoice(invoice_id: UUID, *, by: UUID | None, at: datetime) -> Invoice:
    """Give a draft its number and dates; nothing of it changes after. Of two at once, one wins.

    What a retainer bills is paid from the client's credit where that is agreed, as far as it goes. Raises
    BillingRefused when it is no draft, naming every line that has no price or no rate that is in force, and for what
    its e-invoice could not say.
    """
    invoice = lock_invoice(invoice_id)
    if not invoice.is_draft:
        raise BillingRefused("invoice", f"{invoice} is {invoice.state}; only a draft can be issued.")
    day = day_of_books(at)
    _require_issuable(invoice, day)
    before = standing(invoice)
    invoice.number, invoice.sequence, invoice.issue_date = next_number(NumberSeries.Kind.INVOICE, day)
    invoice.due_date = invoice.issue_date + timedelta(days=invoice.payment_days)
    invoice.issue()
    invoice.save(update_fields=ISSUED_COLUMNS)
    keep_invoice(invoice)
    note = AuditNote(actor_id=by, before=before, after=standing(invoice))
    told = {"number": invoice.number, "total": money(invoice, invoice.total), "due_date": invoice.due_date}
    tell(events.InvoiceIssued, invoice, note, **told)
    if queries.is_paid_from_credit(invoice.pk):
        put_credit(invoice, by=by)
    return invoice


@transaction.atomic
def void_invoice(invoice_id: UUID, *, reason: str, by: UUID | None, at: datetime) -> Invoice:
    """Let an invoice count no more: a draft is put aside, an issued one is credited with all that is left of it.

    Raises BillingRefused without a reason, and for one that is void already.
    """
    reason, invoice = require_reason(reason), lock_invoice(invoice_id)
    if invoice.state == Invoice.State.VOID:
        raise BillingRefused("invoice", f"{invoice} is void already.")
    if invoice.is_draft:
        _void(invoice, reason=reason, by=by)
    else:
        _credit(invoice, (), reason=reason, by=by, at=at)
    return invoice


@transaction.atomic
def credit_invoice(
    invoice_id: UUID, lines: Sequence[LineCredit] = (), *, reason: str, by: UUID | None, at: datetime
) -> CreditNote:
    """Credit these parts of an issued invoice's lines, or all that is left of it.

    What was paid of the part that goes is set free as the client's credit. An invoice credited in full is void. Raises
    BillingRefused without a reason, for a draft, and for more of a line than is left of it.
    """
    reason, invoice = require_reason(reason), lock_invoice(invoice_id)
    if invoice.number is None or invoice.state == Invoice.State.VOID:
        raise BillingRefused("invoice", f"{invoice} is {invoice.state}; only what is issued can be credited.")
    return _credit(invoice, lines, reason=reason, by=by, at=at)


def mark_overdue(*, at: datetime) -> int:
    """Note of every unpaid invoice past its due date that it is overdue; return of how many."""
    day, marked = day_of_books(at), 0
    while count := _mark_some(day):
        marked += count
    return marked


@transaction.atomic
def _mark_some(day: date) -> int:
    states = (Invoice.State.ISSUED, Invoice.State.PARTIALLY_PAID)
    due = Invoice.objects.filter(state__in=states, due_date__lt=day).order_by("due_date", "pk")
    # One that somebody works on is left for the next time.
    invoices = list(due.select_for_update(skip_locked=True)[:MARKED_AT_ONCE])
    for invoice in invoices:
        before = standing(invoice)
        invoice.fall_overdue()
        invoice.save(update_fields=["state", "updated_at"])
        note = AuditNote(before=before, after=standing(invoice))
        days = (day - invoice.due_date).days
        tell(events.InvoiceOverdue, invoice, note, number=invoice.number, days_overdue=days, reminder=0)
    return len(invoices)


def _require_issuable(invoice: Invoice, day: date) -> None:
    lines = list(invoice.lines.select_related("tax_rate"))
    problems = rules.open_questions(lines)
    for rate in {line.tax_rate for line in lines if line.tax_rate}:
        problems += problems_of_rate(rate, day)
    if problems:
        raise BillingRefused("lines", f"{'; '.join(problems)}. Change the lines, then issue it.")
    if invoice.total == 0:
        raise BillingRefused("total", "is nought: there is nothing to pay. Set a price, or void the draft.")


def problems_of_rate(rate: TaxRate, day: date) -> list[str]:
    """Say why a rate is not the one in force on a day."""
    if rate.valid_from > day:
        return [f"the rate {rate} is in force from {rate.valid_from} on"]
    newer = queries.rate_in_force(rate, day)
    return (
        [] if newer == rate else [f"the rate {rate} gave way on {newer.valid_from} to {newer.percent.normalize():f} %"]
    )


def _credit(invoice: Invoice, asked: Sequence[LineCredit], *, reason: str, by: UUID | None, at: datetime) -> CreditNote:
    parts = _parts_to_credit(invoice, asked)
    number, sequence, day = next_number(NumberSeries.Kind.CREDIT_NOTE, day_of_books(at))
    net, tax = (sum((part[place] for part in parts), Decimal(0)) for place in (1, 2))
    note = CreditNote.objects.create(
        client_id=invoice.client_id,
        invoice=invoice,
        number=number,
        sequence=sequence,
        issue_date=day,
        currency=invoice.currency,
        net=net,
        tax=tax,
        amount=net + tax,
        reason=reason,
    )
    CreditNoteLine.objects.bulk_create(
        CreditNoteLine(credit_note=note, invoice_line=line, net=line_net, tax=line_tax)
        for line, line_net, line_tax in parts
    )
    keep_credit_note(note)
    _tell_credit(note, by=by)
    _settle_credit(invoice, note, by=by)
    return note


def _parts_to_credit(invoice: Invoice, asked: Sequence[LineCredit]) -> list[tuple[InvoiceLine, Decimal, Decimal]]:
    """Return of each line to be credited what of its net and tax goes back; without a wish all that is left."""
    wanted = {wish.position: wish.net for wish in asked}
    if len(wanted) < len(asked):
        raise BillingRefused("lines", "one is named twice; name each once.")
    credited = queries.credited_of_lines(invoice.pk)
    lines = {line.position: line for line in invoice.lines.all()}
    if unknown := sorted(set(wanted) - set(lines)):
        raise BillingRefused("lines", f"there is no line {unknown[0]}.")
    parts = []
    for position, line in lines.items():
        already = credited.get(line.pk, (Decimal(0), Decimal(0)))
        net = wanted.get(position, Decimal(0)) if wanted else line.net - already[0]
        if position in wanted:
            rules.check_credit(line, already[0], net, invoice.currency)
        if net:
            parts.append((line, net, rules.credited_tax(line, already, net, invoice.currency)))
    if not parts:
        raise BillingRefused("lines", "nothing of them is left to be credited.")
    return parts


def _tell_credit(note: CreditNote, *, by: UUID | None) -> None:
    amount = money(note.invoice, note.amount)
    event = events.CreditNoteIssued(
        client_id=note.client_id,
        aggregate_id=note.pk,
        invoice_id=note.invoice_id,
        number=note.number,
        amount=amount,
    )
    publish(event, AuditNote(actor_id=by, reason=note.reason, after={"number": note.number, "amount": str(amount)}))


def _settle_credit(invoice: Invoice, note: CreditNote, *, by: UUID | None) -> None:
    """Note on the invoice what was credited, set free what was paid of that, and let its state follow."""
    before = standing(invoice)
    invoice.credited += note.amount
    surplus = -invoice.still_open
    if surplus > 0:
        _set_free(invoice, note, surplus)
    if invoice.credited == invoice.total:
        _void(invoice, reason=note.reason, by=by, before=before)
    elif invoice.still_open == 0:
        settle(invoice, before, by=by)
    else:
        invoice.save(update_fields=["credited", "updated_at"])


def _set_free(invoice: Invoice, note: CreditNote, surplus: Decimal) -> None:
    """Take from the payments put to an invoice, the last first, what it needs no more."""
    for payment, held in reversed(queries.payments_put_to(invoice.pk)):
        part = min(held, surplus)
        if part > 0:
            Allocation.objects.create(payment=payment, invoice=invoice, credit_note=note, amount=-part)
            invoice.paid -= part
            surplus -= part


def _void(invoice: Invoice, *, reason: str, by: UUID | None, before: dict[str, str] | None = None) -> None:
    before = before or standing(invoice)
    invoice.void()
    invoice.reason = reason
    invoice.save(update_fields=["state", "reason", "paid", "credited", "updated_at"])
    note = AuditNote(actor_id=by, reason=reason, before=before, after=standing(invoice))
    tell(events.InvoiceVoided, invoice, note, number=invoice.number, reason=reason)
