"""What the card service tells us: each event once, in whatever order, and nothing that was paid is lost."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from apps.billing import queries, rules
from apps.billing.api import events
from apps.billing.api.dtos import PaymentNotice
from apps.billing.models import Checkout, Handling, Invoice, Payment, Refund, Reversal, VendorEvent
from apps.billing.rules import BillingRefused
from apps.billing.services.checkouts import end_checkout
from apps.billing.services.payments import record_payment
from apps.billing.services.records import lock_invoice, lock_name, require_reason
from apps.billing.services.reversals import reverse_payment
from apps.shared.dtos import Money
from apps.shared.events import AuditNote, publish
from apps.shared.gateways.cards import PROVIDER, CardEvent


@dataclass(frozen=True)
class _Came:
    """What came of an event, in words, and the payment it was booked as."""

    outcome: str
    told: str
    payment: Payment | None = None


@transaction.atomic
def receive_event(event: CardEvent, *, sha256: str, at: datetime) -> VendorEvent:
    """Do what follows from an event of the card service, and store both; the same event again changes nothing.

    Money that no invoice takes by itself is stored as UNMATCHED, what went back as REFUNDED, what was taken back as
    DISPUTED: people see to all three.
    """
    lock_name(f"billing.event:{PROVIDER}:{event.event_id}")
    known = VendorEvent.objects.filter(provider=PROVIDER, event_id=event.event_id).first()
    if known is not None:
        return known
    checkout, invoice = _meant(event)
    came = _act(event, checkout, invoice, at=at)
    row = VendorEvent.objects.create(
        provider=PROVIDER,
        event_id=event.event_id,
        kind=event.type,
        outcome=came.outcome,
        told=came.told,
        transaction_id=event.transaction_id,
        amount=event.amount,
        currency=event.currency,
        is_card=event.is_card,
        occurred_at=event.occurred_at,
        client_id=invoice.client_id if invoice else None,
        invoice=invoice,
        payment=came.payment,
        sha256=sha256,
    )
    _tell(row)
    return row


@transaction.atomic
def match_event(event_id: UUID, number: str, *, by: UUID, at: datetime) -> Payment:
    """Record unmatched money as a payment of the invoice of this number; what it does not need is its client's credit.

    Raises BillingRefused for a number that is none, for an event that is not unmatched or was dealt with, and as
    `record_payment` does.
    """
    row = _lock_for_people(event_id)
    if not row.is_money:
        raise BillingRefused("event", "it is no money that an invoice could take; close it with a reason instead.")
    invoice = Invoice.objects.issued().filter(number=number.strip().upper()).first()
    if invoice is None:
        raise BillingRefused(
            "invoice", f"there is none called {number.strip()[:40]!r}; type its number, INV-2026-0007."
        )
    payment = record_payment(invoice.pk, _notice(row, at=at), by=by, at=at)
    _handled(row, payment, reason=f"Put to {invoice} by hand.", by=by, at=at)
    return payment


@transaction.atomic
def book_refund(event_id: UUID, *, by: UUID, at: datetime) -> Refund:
    """Take what went back off the credit of its payment; of the sum that the event tells, what is not booked yet.

    Raises BillingRefused for an event of another kind, a payment that is not known, and more than its credit: what an
    invoice holds is set free by a credit note first.
    """
    row = _lock_for_people(event_id)
    if row.outcome != VendorEvent.Outcome.REFUNDED:
        raise BillingRefused("event", "no money went back by it; match or close it instead.")
    payment = _lock_payment(row)
    left, free = (row.amount or Decimal(0)) - queries.refunded_of(payment), queries.credit_of(payment)
    if left <= 0:
        raise BillingRefused("event", "all of it is booked by a later event already; close this one.")
    if left > free:
        said = f"{rules.say(left, row.currency)} went back, and {rules.say(free, row.currency)} of the payment is free"
        raise BillingRefused("event", f"{said}; write the credit note first.")
    refund = Refund.objects.create(payment=payment, amount=left, refunded_at=min(row.occurred_at, at))
    told = events.PaymentRefunded(
        client_id=payment.client_id,
        aggregate_id=payment.pk,
        amount=Money(amount=left, currency=row.currency),
    )
    publish(told, AuditNote(actor_id=by, before={"credit": str(free)}, after={"credit": str(free - left)}))
    _handled(row, payment, refund=refund, reason=f"{rules.say(left, row.currency)} went back.", by=by, at=at)
    return refund


@transaction.atomic
def reverse_disputed(event_id: UUID, *, by: UUID, at: datetime) -> Reversal:
    """Reverse the payment that a dispute took back.

    Raises BillingRefused for an event of another kind, a payment that is not known, a dispute about some of it alone,
    and as `reverse_payment` does.
    """
    row = _lock_for_people(event_id)
    if row.outcome != VendorEvent.Outcome.DISPUTED:
        raise BillingRefused("event", "no dispute took money back by it; match or close it instead.")
    payment = _payment_of(row)
    left = payment.amount - queries.refunded_of(payment)
    if row.amount != left:
        said = f"{rules.say(row.amount or Decimal(0), row.currency)} of {rules.say(left, row.currency)} was taken back"
        raise BillingRefused("event", f"{said}; write a credit note for that part and close this.")
    reason = f"The card service took it back after a dispute ({row.event_id})."
    reversal = reverse_payment(payment.pk, kind=Reversal.Kind.RETURNED, reason=reason, by=by, at=at)
    _handled(row, None, reason=f"{payment} is reversed.", by=by, at=at)
    return reversal


@transaction.atomic
def close_event(event_id: UUID, *, reason: str, by: UUID, at: datetime) -> Handling:
    """Note that a person has dealt with an event elsewhere, and how.

    Raises BillingRefused without a reason, and for an event that needs nobody or was dealt with.
    """
    return _handled(_lock_for_people(event_id), None, reason=reason, by=by, at=at)


def _meant(event: CardEvent) -> tuple[Checkout | None, Invoice | None]:
    """Return the payment that an event is about, locked, and the issued invoice that it was for."""
    found = Checkout.objects.filter(pk=event.checkout_id).first() if event.checkout_id else None
    invoice_id = found.invoice_id if found else event.invoice_id
    if event.transaction_id and event.kind == "PAID":  # the order in which record_payment locks
        lock_name(f"billing.payment:{PROVIDER}:{event.transaction_id}")
    if invoice_id is None and event.transaction_id:
        paid = Payment.objects.filter(provider=PROVIDER, transaction_id=event.transaction_id).first()
        invoice_id = paid.invoice_id if paid else None
    if invoice_id is None or not Invoice.objects.issued().filter(pk=invoice_id).exists():
        return None, None
    invoice = lock_invoice(invoice_id)
    return (Checkout.objects.select_for_update().get(pk=found.pk) if found else None), invoice


def _act(event: CardEvent, checkout: Checkout | None, invoice: Invoice | None, *, at: datetime) -> _Came:
    match event.kind:
        case "PAID":
            return _book(event, checkout, invoice, at=at)
        case "FAILED":
            return _note_failure(event, checkout, invoice)
        case "EXPIRED":
            if checkout and checkout.is_open:
                end_checkout(checkout, Checkout.State.EXPIRED)
            return _Came("NOTED", "The page to pay on is there no more.")
        case "REFUNDED":
            return _Came("REFUNDED", _said_of_refund(event, invoice))
        case "DISPUTED":
            return _Came("DISPUTED", _said_of_dispute(event, invoice))
        case "REINSTATED":
            return _Came("UNMATCHED", "A dispute was won, and its money came again: match it to the invoice.")
        case "WAITING":
            return _Came("NOTED", "The money is on its way; the card service tells when it came.")
        case "UNREAD":
            return _Came("UNMATCHED", "It has a shape that is not known here: look it up at the card service.")
    return _Came("NOTED", "Nothing follows from it.")


def _book(event: CardEvent, checkout: Checkout | None, invoice: Invoice | None, *, at: datetime) -> _Came:
    """Record what was paid; whatever its invoice does not take is left to a person, with why."""
    if invoice is None:
        return _Came("UNMATCHED", "It names no invoice of ours that was issued.")
    known = Payment.objects.filter(provider=PROVIDER, transaction_id=event.transaction_id).exists()
    if not known and not invoice.is_unpaid:
        return _Came("UNMATCHED", f"{invoice} was {invoice.state} when it came.")
    try:
        payment = record_payment(invoice.pk, _notice(event, at=at), by=None, at=at)
    except BillingRefused as refusal:
        return _Came("UNMATCHED", f"{invoice} does not take it: {refusal}")
    if checkout and checkout.state != Checkout.State.PAID:
        end_checkout(checkout, Checkout.State.PAID)
    return _Came("BOOKED", "It was recorded before." if known else f"Recorded as a payment of {invoice}.", payment)


def _note_failure(event: CardEvent, checkout: Checkout | None, invoice: Invoice | None) -> _Came:
    """Tell that a payment was tried in vain. On the page it can be tried again, unless the page itself has ended."""
    if checkout and checkout.is_open and event.type.startswith("checkout."):
        end_checkout(checkout, Checkout.State.FAILED, event.reason)
    if invoice is not None:
        failed = events.PaymentFailed(client_id=invoice.client_id, aggregate_id=invoice.pk, reason=event.reason)
        publish(failed, AuditNote(reason=event.reason, after={"reference": event.transaction_id}))
    return _Came("FAILED", event.reason)


def _said_of_refund(event: CardEvent, invoice: Invoice | None) -> str:
    amount = rules.say(event.amount or Decimal(0), event.currency)
    whose = f"of {invoice} " if invoice else ""
    return (
        f"{amount} {whose}went back in all (payment {event.transaction_id}). The books still have it: write the credit "
        "note, then book the refund."
    )


def _said_of_dispute(event: CardEvent, invoice: Invoice | None) -> str:
    amount = rules.say(event.amount or Decimal(0), event.currency)
    whose = f" of {invoice}" if invoice else ""
    return (
        f"{amount}{whose} was taken back by the bank of who paid (payment {event.transaction_id}). The books still "
        "have it: answer the dispute at the card service, and reverse the payment."
    )


def _notice(told: CardEvent | VendorEvent, *, at: datetime) -> PaymentNotice:
    """Return an event as the notice of a payment; a clock that is ahead of ours makes it no payment of the future."""
    return PaymentNotice(
        provider=PROVIDER,
        transaction_id=told.transaction_id,
        amount=Money(amount=told.amount or Decimal(0), currency=told.currency),
        method="CARD" if told.is_card else "OTHER",
        paid_at=min(told.occurred_at, at),
    )


def _lock_for_people(event_id: UUID) -> VendorEvent:
    """Return an event that needs a person, and that nobody else deals with until this transaction ends."""
    lock_name(f"billing.handling:{event_id}")  # the row itself never changes, and need not be locked
    row = VendorEvent.objects.get(pk=event_id)
    if row.outcome not in VendorEvent.FOR_PEOPLE:
        raise BillingRefused("event", f"it is {row.outcome.lower()}: nobody needs to deal with it.")
    if Handling.objects.filter(event=row).exists():
        raise BillingRefused("event", "somebody has dealt with it already.")
    return row


def _lock_payment(row: VendorEvent) -> Payment:
    """Return the payment whose money went back, of which nobody spends any credit until this transaction ends."""
    return Payment.objects.select_for_update().get(pk=_payment_of(row).pk)


def _payment_of(row: VendorEvent) -> Payment:
    payments = Payment.objects.filter(provider=row.provider, transaction_id=row.transaction_id, currency=row.currency)
    payment = payments.first()
    if payment is None:
        raise BillingRefused("event", f"payment {row.transaction_id} is not recorded: match it, or close this.")
    return payment


def _handled(
    row: VendorEvent, payment: Payment | None, *, reason: str, by: UUID, at: datetime, refund: Refund | None = None
) -> Handling:
    handling = Handling.objects.create(
        event=row, payment=payment, refund=refund, by_id=by, reason=require_reason(reason), handled_at=at
    )
    client_id = payment.client_id if payment else row.client_id
    told = events.VendorEventHandled(
        client_id=client_id, aggregate_id=row.pk, payment_id=payment.pk if payment else None, reason=handling.reason
    )
    publish(told, AuditNote(actor_id=by, reason=handling.reason, after={"event": row.event_id}))
    return handling


def _tell(row: VendorEvent) -> None:
    after = {"event": row.event_id, "kind": row.kind, "outcome": row.outcome, "reference": row.transaction_id}
    received = events.VendorEventReceived(
        client_id=row.client_id, aggregate_id=row.pk, kind=row.kind, outcome=row.outcome
    )
    publish(received, AuditNote(after=after))
