"""What the card service told, at the desk: read, and dealt with where no invoice accounts for money that moved."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from apps.billing import rules
from apps.billing.admin.bookings import TO_INVOICES, of_invoice
from apps.billing.admin.reversals import MAY_REVERSE
from apps.billing.models import Handling, Payment, Refund, Reversal, VendorEvent
from apps.billing.rules import BillingRefused
from apps.billing.services import vendor_events
from apps.shared.admin import (
    CLIENT_FILTER,
    NOTHING,
    Button,
    DaysFilter,
    TransitionAdmin,
    admin_link,
    badge,
    client_link,
)
from apps.shared.desk import Need, needs_filter

RECORDS = "billing.record_payment"


def _match(event: VendorEvent, *, by: UUID, reason: str) -> Payment:
    """Take the dialog's answer as what it asks for: the number of an invoice."""
    return vendor_events.match_event(event.pk, reason, by=by, at=timezone.now())


def _book_refund(event: VendorEvent, *, by: UUID, reason: str) -> Refund:
    return vendor_events.book_refund(event.pk, by=by, at=timezone.now())


def _reverse(event: VendorEvent, *, by: UUID, reason: str) -> Reversal:
    return vendor_events.reverse_disputed(event.pk, by=by, at=timezone.now())


def _close(event: VendorEvent, *, by: UUID, reason: str) -> Handling:
    return vendor_events.close_event(event.pk, reason=reason, by=by, at=timezone.now())


def _amount(event: VendorEvent) -> str:
    return NOTHING if event.amount is None else rules.say(event.amount, event.currency)


FOR_PEOPLE = Need(
    key="cards",
    title="Payments by card to look into",
    permissions=(RECORDS,),
    narrow=lambda rows: rows.unhandled().select_related("client", "invoice").order_by("pk"),
    name=lambda event: f"{_amount(event)} {event.get_outcome_display().lower()}",
    client=lambda event: client_link(event) if event.client_id else NOTHING,
    why=lambda event: event.told,
    since=lambda event: event.occurred_at,
)


@admin.register(VendorEvent)
class VendorEventAdmin(TransitionAdmin):
    """One of no client may be anybody's: who is limited to their own clients does not see it."""

    empty_says = "Each comes from the card service by itself, once it is set up (docs/cards.md)."
    empty_leads_to = TO_INVOICES
    list_display = ("kind", client_link, of_invoice, "came", "amount_said", "told", "occurred_at")
    needs = (FOR_PEOPLE,)
    list_filter = ("outcome", needs_filter(needs), ("occurred_at", DaysFilter), CLIENT_FILTER)
    list_select_related = ("client", "invoice")
    search_fields = ("transaction_id", "event_id", "client__name")
    id_fields = ("pk", "invoice_id", "payment_id", "client_id")
    fields = (
        *("kind", "came", "told", "dealt_with", client_link, of_invoice, "of_payment", "amount_said"),
        *("transaction_id", "provider", "event_id", "occurred_at", "created_at", "sha256"),
    )
    buttons: ClassVar = (
        Button(
            name="match",
            label="Match",
            service=_match,
            permission=RECORDS,
            offered=lambda event: event.is_money and event.needs_person,
            explanation="The money is recorded as a payment of the invoice; what it does not need is its credit.",
            asks_reason=True,
            question="The number of its invoice",
            explains=True,
            refusals=(BillingRefused,),
            outcome=lambda payment: f"it is a payment of {payment.invoice}.",
        ),
        Button(
            name="book_refund",
            label="Book the refund",
            service=_book_refund,
            permission=RECORDS,
            offered=lambda event: event.outcome == VendorEvent.Outcome.REFUNDED and event.needs_person,
            explanation="It is taken off the credit of its payment. What an invoice holds is freed by a credit note.",
            explains=True,
            refusals=(BillingRefused,),
            outcome=lambda refund: f"{rules.say(refund.amount, refund.payment.currency)} went back.",
        ),
        Button(
            name="reverse",
            label="Reverse the payment",
            service=_reverse,
            permission=MAY_REVERSE,
            offered=lambda event: event.outcome == VendorEvent.Outcome.DISPUTED and event.needs_person,
            explanation="It counts no more, and its invoices ask for the money again.",
            explains=True,
            refusals=(BillingRefused,),
            outcome=lambda reversal: f"{reversal.payment} is reversed.",
        ),
        Button(
            name="close",
            label="Close",
            service=_close,
            permission=RECORDS,
            offered=lambda event: event.needs_person,
            explanation="It was dealt with elsewhere: credited, given back, or somebody else's.",
            asks_reason=True,
            question="What was done about it",
            explains=True,
            refusals=(BillingRefused,),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[VendorEvent]:
        return super().get_queryset(request).select_related("handling")

    @admin.display(description="what came of it", ordering="outcome")
    def came(self, event: VendorEvent) -> str:
        return badge(event.outcome)

    @admin.display(description="amount", ordering="amount")
    def amount_said(self, event: VendorEvent) -> str:
        return _amount(event)

    @admin.display(description="payment")
    def of_payment(self, event: VendorEvent) -> str:
        handling: Any = getattr(event, "handling", None)
        payment = event.payment or (handling and handling.payment)
        return admin_link("billing.payment", payment.pk, payment.transaction_id) if payment else NOTHING

    @admin.display(description="dealt with")
    def dealt_with(self, event: VendorEvent) -> str:
        handling: Any = getattr(event, "handling", None)
        return f"{handling.reason} ({handling.by}, {handling.handled_at:%-d %b %Y})" if handling else NOTHING
