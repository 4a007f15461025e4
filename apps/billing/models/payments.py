"""What came in, what it was put to, and what was credited. None of it ever changes: corrections are further rows."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from apps.billing.models.invoices import Invoice, InvoiceLine, sums_add_up
from apps.billing.models.lines import Amount
from apps.identity.models import Client, User
from apps.shared.models import UuidModel

_WITHIN_PAYMENT = """
    SELECT amount INTO came FROM billing_payment WHERE id = NEW.payment_id;
    SELECT COALESCE(SUM(amount), 0) INTO used FROM billing_allocation WHERE payment_id = NEW.payment_id;
    SELECT COALESCE(SUM(amount), 0) INTO back FROM (
        SELECT amount FROM billing_refund WHERE payment_id = NEW.payment_id
        UNION ALL SELECT amount FROM billing_reversal WHERE payment_id = NEW.payment_id) gone;
    IF used < 0 OR used + back > came THEN
        RAISE EXCEPTION 'Of payment % came %; % would be put to invoices, and % went back.',
            NEW.payment_id, came, used, back
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_within_payment';
    END IF;
    RETURN NULL;
"""
_LINES_ADD_UP = """
    SELECT net, tax INTO told FROM billing_creditnote WHERE id = of_note;
    SELECT SUM(net), SUM(tax) INTO summed FROM billing_creditnoteline WHERE credit_note_id = of_note;
    IF told IS DISTINCT FROM summed THEN
        RAISE EXCEPTION 'Credit note % says % of net and tax; its lines sum to %.', of_note, told, summed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'creditnote_sums_add_up';
    END IF;
    RETURN NULL;
"""


def _append_only() -> pgtrigger.Trigger:
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


def _at_commit(name: str, func: str, *declared: tuple[str, str]) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        func=func,
        declare=list(declared),
    )


class Payment(UuidModel):
    """Money that came in from a client; `invoice` is what it was meant for. What no invoice needed is its credit."""

    class Method(models.TextChoices):
        TRANSFER = "TRANSFER"
        CARD = "CARD"
        DIRECT_DEBIT = "DIRECT_DEBIT", "Direct debit"
        OTHER = "OTHER"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="payments", null=True, blank=True)
    provider = models.CharField(max_length=40, help_text="Who reported it: DESK, BANK, or a payment service")
    transaction_id = models.CharField("reference", max_length=200, help_text="What the provider calls it")
    amount = Amount()
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=16, choices=Method)
    paid_at = models.DateTimeField(db_index=True)
    recording = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="Of the transaction: 2 where the first was a mistake, and so on"
    )

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "transaction_id", "recording"], name="payment_once_per_recording"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_above_nought"),
        ]
        triggers: ClassVar = [_append_only()]

    def __str__(self) -> str:
        return f"Payment {self.transaction_id}"

    @property
    def is_mistake(self) -> bool:
        """Whether it was reversed because it should not have been recorded."""
        reversal = getattr(self, "reversal", None)
        return reversal is not None and reversal.kind == Reversal.Kind.MISTAKE


def _within_payment() -> pgtrigger.Trigger:
    return _at_commit("within_payment", _WITHIN_PAYMENT, ("came", "numeric"), ("used", "numeric"), ("back", "numeric"))


class Refund(UuidModel):
    """Money of a payment that went back to who paid it: what no invoice holds, so that a credit note comes first."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = Amount()
    refunded_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_above_nought")]
        triggers: ClassVar = [_append_only(), _within_payment()]

    def __str__(self) -> str:
        return f"Refund of {self.payment}"


class Reversal(UuidModel):
    """A payment that counts no more: all of it that had not gone back. Its invoices ask for their money again."""

    class Kind(models.TextChoices):
        RETURNED = "RETURNED", "The money went back"
        MISTAKE = "MISTAKE", "Recorded by mistake"

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="reversal")
    kind = models.CharField(max_length=8, choices=Kind)
    amount = Amount()
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reversed_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(reason=""), name="reversal_above_nought_says_why"),
        ]
        triggers: ClassVar = [_append_only(), _within_payment()]

    def __str__(self) -> str:
        return f"Reversal of {self.payment}"


class CreditNote(UuidModel):
    """What takes an issued invoice back, wholly or in part; it has a number of its own series."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="credit_notes")
    number = models.CharField(max_length=32, unique=True)
    sequence = models.PositiveIntegerField()
    issue_date = models.DateField()
    currency = models.CharField(max_length=3)
    net = Amount()
    tax = Amount()
    amount = Amount()
    reason = models.TextField()

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount=F("net") + F("tax"), amount__gt=0, net__gte=0, tax__gte=0) & ~Q(reason=""),
                name="creditnote_amount_is_the_sum",
            ),
        ]
        triggers: ClassVar = [
            _append_only(),
            sums_add_up(pgtrigger.Insert),
            _at_commit(
                "lines_add_up", _LINES_ADD_UP, ("of_note", "uuid := NEW.id"), ("told", "record"), ("summed", "record")
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CreditNoteLine(UuidModel):
    """What of one line of the invoice is credited."""

    credit_note = models.ForeignKey(CreditNote, on_delete=models.PROTECT, related_name="lines")
    invoice_line = models.ForeignKey(InvoiceLine, on_delete=models.PROTECT, related_name="credits")
    net = Amount()
    tax = Amount()

    class Meta:
        ordering = ("invoice_line__position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["credit_note", "invoice_line"], name="creditnoteline_once"),
            models.CheckConstraint(condition=Q(net__gt=0, tax__gte=0), name="creditnoteline_above_nought"),
        ]
        triggers: ClassVar = [
            _append_only(),
            _at_commit(
                "lines_add_up",
                _LINES_ADD_UP,
                ("of_note", "uuid := NEW.credit_note_id"),
                ("told", "record"),
                ("summed", "record"),
            ),
        ]

    def __str__(self) -> str:
        return f"Credit of line {self.invoice_line.position}"


class Allocation(UuidModel):
    """Of a payment, what was put to an invoice; less than nought where a credit note or a reversal took some away."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="allocations")
    credit_note = models.ForeignKey(CreditNote, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    reversal = models.ForeignKey(Reversal, on_delete=models.PROTECT, related_name="allocations", null=True, blank=True)
    amount = Amount()

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["payment", "invoice"],
                condition=Q(credit_note__isnull=True, reversal__isnull=True),
                name="allocation_once_per_payment_and_invoice",
            ),
            models.UniqueConstraint(fields=["payment", "credit_note"], name="allocation_freed_once"),
            models.UniqueConstraint(fields=["reversal", "invoice"], name="allocation_reversed_once"),
            models.CheckConstraint(
                condition=Q(credit_note__isnull=True, reversal__isnull=True, amount__gt=0)
                | Q(credit_note__isnull=False, reversal__isnull=True, amount__lt=0)
                | Q(credit_note__isnull=True, reversal__isnull=False, amount__lt=0),
                name="allocation_is_taken_away_by_one_thing",
            ),
        ]
        triggers: ClassVar = [
            _append_only(),
            sums_add_up(pgtrigger.Insert),
            _within_payment(),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.payment}"
