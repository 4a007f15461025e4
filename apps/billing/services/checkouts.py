"""Payments by card, as the client begins them: a page of the card service for what is open of an invoice."""

import logging
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from apps.billing.api import events
from apps.billing.models import Checkout, Invoice
from apps.billing.rules import BillingRefused
from apps.billing.services.records import lock_name
from apps.shared.dtos import Money
from apps.shared.events import AuditNote, publish
from apps.shared.gateways import cards

log = logging.getLogger(__name__)


class NothingToPay(BillingRefused):
    """Of this invoice nothing can be paid by card now."""


def can_pay(invoice: Invoice) -> bool:
    """Tell whether a client is offered to pay an invoice by card."""
    return cards.is_configured() and invoice.is_unpaid and _is_payable(invoice.still_open, invoice.currency)


@transaction.atomic
def begin_checkout(invoice_id: UUID, *, by: UUID, at: datetime) -> Checkout:
    """Begin the payment of what is open of an invoice; the one that is under way for the same amount, if there is one.

    Raises NothingToPay with why, and Invoice.DoesNotExist.
    """
    lock_name(f"billing.checkout:{invoice_id}")  # the portal's role may not lock the invoice: it changes none
    invoice = Invoice.objects.get(pk=invoice_id)
    if not can_pay(invoice):
        raise NothingToPay("invoice", _why_not(invoice))
    amount = invoice.still_open
    known = Checkout.objects.filter(invoice=invoice, amount=amount, state=Checkout.State.OPEN).first()
    if known is not None and not known.is_over(at):
        return known
    if known is not None:
        known.expire()
        known.save(update_fields=["state", "updated_at"])
    begun = Checkout.objects.create(
        client_id=invoice.client_id, invoice=invoice, amount=amount, currency=invoice.currency, begun_by_id=by
    )
    told = Money(amount=amount, currency=invoice.currency)
    note = AuditNote(actor_id=by, after={"invoice": str(invoice), "amount": str(told)})
    event = events.CheckoutBegun(client_id=invoice.client_id, aggregate_id=begun.pk, invoice_id=invoice.pk, amount=told)
    publish(event, note)
    return begun


def open_checkout(checkout_id: UUID, *, at: datetime) -> str:
    """Return the address of the page on which a begun payment is made; the same one as long as it is there.

    It asks the card service, so it is called outside of any transaction. Raises NothingToPay where the invoice has been
    paid or changed since, CardsRefused, and TransientFailure when it may be asked again.
    """
    checkout = Checkout.objects.select_related("invoice").get(pk=checkout_id)
    if not checkout.is_open or checkout.is_over(at):
        raise NothingToPay("checkout", f"it is {checkout.state}; begin again on the page of the invoice.")
    if not can_pay(checkout.invoice) or checkout.invoice.still_open != checkout.amount:
        _end(checkout_id, Checkout.State.EXPIRED, "what is to be paid has changed.")
        raise NothingToPay("invoice", "what is to be paid has changed; begin again on its page.")
    if checkout.url:
        return checkout.url
    try:
        page = cards.open_page(_order(checkout))
    except (cards.CardsRefused, cards.CardsBroke) as refusal:
        log.warning("No page to pay %s on: %s", checkout.invoice, refusal)
        _end(checkout_id, Checkout.State.FAILED, str(refusal))
        raise
    return _note_page(checkout_id, page)


def _order(checkout: Checkout) -> cards.Order:
    invoice = checkout.invoice
    return cards.Order(
        key=checkout.pk,
        invoice_id=invoice.pk,
        name=f"{settings.AGENCY_NAME}: {invoice.number}",
        amount=checkout.amount,
        currency=checkout.currency,
        success_url=settings.BASE_URL + reverse("portal-checkout", args=[checkout.pk]),
        cancel_url=settings.BASE_URL + reverse("portal-invoice", args=[invoice.pk]),
    )


@transaction.atomic
def _note_page(checkout_id: UUID, page: cards.PaymentPage) -> str:
    row = Checkout.objects.select_for_update().get(pk=checkout_id)
    row.session_id, row.url, row.expires_at = page.id, page.url, page.expires_at
    row.save(update_fields=["session_id", "url", "expires_at", "updated_at"])
    return row.url


@transaction.atomic
def _end(checkout_id: UUID, state: Checkout.State, reason: str) -> None:
    row = Checkout.objects.select_for_update().get(pk=checkout_id)
    if row.is_open:
        end_checkout(row, state, reason)


def end_checkout(row: Checkout, state: Checkout.State, reason: str = "") -> None:
    """Store how a payment that its caller has locked ended, and tell of it."""
    before = row.state
    {"PAID": row.pay, "FAILED": row.fail, "EXPIRED": row.expire}[state]()
    row.reason = reason
    row.save(update_fields=["state", "reason", "updated_at"])
    note = AuditNote(reason=reason, before={"state": before}, after={"state": row.state})
    ended = {"client_id": row.client_id, "aggregate_id": row.pk, "invoice_id": row.invoice_id}
    publish(events.CheckoutEnded(**ended, state=row.state), note)


def _is_payable(amount: Decimal, currency: str) -> bool:
    try:
        return cards.in_units(amount, currency) > 0
    except cards.CardsRefused:
        return False


def _why_not(invoice: Invoice) -> str:
    if not cards.is_configured():
        return "payment by card is not offered here; pay by transfer."
    if not invoice.is_unpaid:
        return f"{invoice} is {invoice.state.lower()}: nothing of it is to be paid."
    return f"{invoice.currency} cannot be paid by card to the last coin; pay by transfer."
