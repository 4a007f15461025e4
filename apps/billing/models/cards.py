"""What is paid by card: the pages that clients were led to, and what the card service told of them."""

from datetime import datetime
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django_fsm import FSMField, transition

from apps.billing.models.invoices import Invoice
from apps.billing.models.lines import Amount
from apps.billing.models.payments import Payment, Refund
from apps.identity.models import Client, User
from apps.shared.models import StateModel, UuidModel


class Checkout(StateModel, UuidModel):
    """One page of the card service on which a client pays what is open of an invoice; its key there is ours.

    For an invoice and an amount one is open at a time: whoever asks again is led to the same page, and pays once.
    """

    class State(models.TextChoices):
        OPEN = "OPEN"
        PAID = "PAID"
        FAILED = "FAILED"
        EXPIRED = "EXPIRED"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="checkouts")
    amount = Amount()
    currency = models.CharField(max_length=3)
    state = FSMField(choices=State.choices, default=State.OPEN, protected=True)
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    session_id = models.CharField(max_length=255, blank=True, help_text="What the card service calls it")
    url = models.TextField(blank=True, help_text="Of the page, once it is made")
    expires_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text="Why it failed")

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invoice", "amount"], condition=Q(state="OPEN"), name="checkout_open_once_per_amount"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="checkout_above_nought"),
        ]

    def __str__(self) -> str:
        return f"Payment by card of {self.invoice}"

    @property
    def is_open(self) -> bool:
        """Whether the card service may yet say that it was paid."""
        return self.state == self.State.OPEN

    def is_over(self, at: datetime) -> bool:
        """Tell whether its page has expired."""
        return self.expires_at is not None and self.expires_at <= at

    @transition(field=state, source=(State.OPEN, State.FAILED, State.EXPIRED, State.PAID), target=State.PAID)
    def pay(self) -> None:
        """Note that the money came: whatever was thought before."""

    @transition(field=state, source=State.OPEN, target=State.FAILED)
    def fail(self) -> None:
        """Note that it cannot be paid on this page."""

    @transition(field=state, source=State.OPEN, target=State.EXPIRED)
    def expire(self) -> None:
        """Note that its page is there no more."""


class VendorEventQuerySet(models.QuerySet):
    """What the card service told, by what is to be done about it."""

    def unhandled(self) -> Self:
        """Narrow to those that need a person, and that nobody has dealt with."""
        dealt = Handling.objects.filter(event=OuterRef("pk"))
        return self.filter(outcome__in=VendorEvent.FOR_PEOPLE).exclude(Exists(dealt))


class VendorEvent(UuidModel):
    """One thing that the card service told us, once, and what came of it in the same transaction.

    UNMATCHED is money that came and that no invoice takes by itself, REFUNDED money that went back, DISPUTED money that
    the bank of who paid took back: all three need a person.
    """

    class Outcome(models.TextChoices):
        BOOKED = "BOOKED"
        NOTED = "NOTED"
        FAILED = "FAILED"
        UNMATCHED = "UNMATCHED"
        REFUNDED = "REFUNDED"
        DISPUTED = "DISPUTED"

    FOR_PEOPLE = ("UNMATCHED", "REFUNDED", "DISPUTED")

    provider = models.CharField(max_length=40)
    event_id = models.CharField("event", max_length=255, help_text="What the provider calls it")
    kind = models.CharField(max_length=100, help_text="The provider's word for it")
    outcome = models.CharField(max_length=10, choices=Outcome)
    told = models.TextField(help_text="What came of it, in words")
    transaction_id = models.CharField("reference", max_length=200, blank=True, db_index=True)
    amount = Amount(null=True, blank=True, default=None)
    currency = models.CharField(max_length=3, blank=True)
    is_card = models.BooleanField(default=True)
    occurred_at = models.DateTimeField()
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    sha256 = models.CharField(max_length=64, help_text="Of the bytes that came in")

    objects = VendorEventQuerySet.as_manager()

    class Meta:
        verbose_name = "event of the card service"
        verbose_name_plural = "events of the card service"
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="vendorevent_once"),
            models.CheckConstraint(
                condition=Q(outcome="BOOKED", payment__isnull=False) | (~Q(outcome="BOOKED") & Q(payment__isnull=True)),
                name="vendorevent_booked_is_a_payment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                name="vendorevent_for_people",
                condition=Q(outcome__in=("UNMATCHED", "REFUNDED", "DISPUTED")),
            ),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"

    @property
    def is_money(self) -> bool:
        """Whether it is money that came and that no invoice took."""
        return self.outcome == self.Outcome.UNMATCHED and bool(self.amount)

    @property
    def needs_person(self) -> bool:
        """Whether somebody has to deal with it, and nobody has."""
        return self.outcome in self.FOR_PEOPLE and not hasattr(self, "handling")


class Handling(UuidModel):
    """What a person did about what the card service told: put the money to an invoice, or dealt with it elsewhere."""

    event = models.OneToOneField(VendorEvent, on_delete=models.PROTECT, related_name="handling")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    handled_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="handling_says_why")]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Dealt with: {self.event}"
