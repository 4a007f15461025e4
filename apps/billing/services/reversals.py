"""Payments that count no more: the money went back, or was recorded by mistake. What they paid is asked for again."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.billing import queries, rules
from apps.billing.api import events
from apps.billing.models import Allocation, BankLine, BankMatch, Invoice, Payment, Reversal
from apps.billing.rules import BillingRefused
from apps.billing.services.records import lock_invoice, money, require_reason, standing, tell
from apps.shared.dtos import Money
from apps.shared.events import AuditNote, publish

MISTAKE = Reversal.Kind.MISTAKE


@transaction.atomic
def reverse_payment(payment_id: UUID, *, kind: str, reason: str, by: UUID, at: datetime) -> Reversal:
    """Let a payment count no more, once; each invoice that it was put to asks for that money again.

    What it left as credit is gone, too, wherever that was put. The payment stays, and so does what went back of it
    before. Raises Payment.DoesNotExist, and BillingRefused without a reason, for one that is reversed or went back
    whole, and for a mistake that somebody else's word stands behind: a line of the bank, or the card service.
    """
    reason, payment = require_reason(reason), Payment.objects.get(pk=payment_id)
    if kind == MISTAKE:
        _require_ours(payment)
    (reversal,) = _reverse([payment.pk], kind=kind, reason=reason, by=by, at=at)
    return reversal


@transaction.atomic
def unmatch_line(line_id: UUID, *, reason: str, by: UUID, at: datetime) -> BankLine:
    """Take back what a line of the bank was booked as, which was a mistake; the line is open again.

    Raises BillingRefused without a reason, for a line that is not booked, and where one of its payments went back.
    """
    reason, line = require_reason(reason), BankLine.objects.select_for_update().get(pk=line_id)
    if line.state != BankLine.State.MATCHED:
        raise BillingRefused("line", f"is {line.state}; only what is booked is taken back.")
    booked = line.matches.exclude(payment__reversal__kind=MISTAKE)
    _reverse(booked.values_list("payment_id", flat=True), kind=MISTAKE, reason=reason, by=by, at=at)
    line.unmatch()
    line.save(update_fields=["state", "updated_at"])
    note = AuditNote(actor_id=by, reason=reason, before={"state": BankLine.State.MATCHED}, after={"state": line.state})
    publish(events.BankLineUnmatched(aggregate_id=line.pk, reason=reason), note)
    return line


def _require_ours(payment: Payment) -> None:
    if BankMatch.objects.filter(payment=payment).exists():
        raise BillingRefused("payment", "it is a line of the bank: take the match back on the page of that line.")
    if queries.is_told_by_cards(payment.pk):
        raise BillingRefused("payment", "the card service told of it, so the money came; give back what is too much.")


def _reverse(payment_ids: Collection[UUID], *, kind: str, reason: str, by: UUID, at: datetime) -> list[Reversal]:
    """Reverse payments. Locked are their invoices before them, as everywhere, so that no two wait for each other."""
    put_to = Allocation.objects.filter(payment__in=payment_ids).order_by().values_list("invoice_id", flat=True)
    invoices = {pk: lock_invoice(pk) for pk in sorted(set(put_to))}
    payments = list(Payment.objects.filter(pk__in=payment_ids).order_by("pk").select_for_update(of=("self",)))
    if not set(put_to.all()) <= invoices.keys():
        raise BillingRefused("payment", "somebody has just put some of it to another invoice; look again.")
    before = {pk: standing(invoice) for pk, invoice in invoices.items()}
    reversals = [_reverse_one(each, invoices, kind=kind, reason=reason, by=by, at=at) for each in payments]
    for pk, invoice in invoices.items():
        _reopen(invoice, before[pk], reason=reason, by=by)
    return reversals


def _reverse_one(
    payment: Payment, invoices: dict[UUID, Invoice], *, kind: str, reason: str, by: UUID, at: datetime
) -> Reversal:
    if Reversal.objects.filter(payment=payment).exists():
        raise BillingRefused("payment", f"{payment.transaction_id} is reversed already.")
    left = payment.amount - queries.refunded_of(payment)
    if not left:
        raise BillingRefused("payment", f"{payment.transaction_id} went back whole already: there is nothing of it.")
    reversal = Reversal.objects.create(payment=payment, kind=kind, amount=left, reason=reason, by_id=by, reversed_at=at)
    taken = {}
    for invoice_id, held in queries.held_by_invoices(payment):
        invoice = invoices[invoice_id]
        Allocation.objects.create(payment=payment, invoice=invoice, reversal=reversal, amount=-held)
        invoice.paid -= held
        taken[str(invoice)] = rules.say(held, payment.currency)
    told = events.PaymentReversed(
        client_id=payment.client_id,
        aggregate_id=payment.pk,
        invoice_id=payment.invoice_id,
        amount=Money(amount=left, currency=payment.currency),
        kind=kind,
        reason=reason,
    )
    publish(told, AuditNote(actor_id=by, reason=reason, after={"kind": kind, "amount": str(left), "taken_from": taken}))
    return reversal


def _reopen(invoice: Invoice, before: dict[str, str], *, reason: str, by: UUID) -> None:
    """Store what is paid of an invoice now, and that it asks for the rest. A late one stays so; VOID holds nothing."""
    if str(invoice.paid) == before["paid"]:
        return
    if invoice.state != Invoice.State.OVERDUE:
        invoice.reopen()
    invoice.save(update_fields=["state", "paid", "updated_at"])
    note = AuditNote(actor_id=by, reason=reason, before=before, after=standing(invoice))
    tell(events.InvoiceReopened, invoice, note, number=invoice.number, open=money(invoice, invoice.still_open))
