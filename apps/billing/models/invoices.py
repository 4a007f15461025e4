"""Invoices and their lines. What is issued is kept as it is by the database itself."""

from decimal import Decimal
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Deferrable, F, Q
from django_fsm import RETURN_VALUE, FSMField, transition

from apps.billing.models.lines import Amount, LineModel, sums_at_commit, touched
from apps.billing.models.quotes import Quote
from apps.identity.models import Client
from apps.shared.models import OfRunQuerySet, RunModel, StateModel

FROZEN = ("client_id", "currency", "number", "sequence", "issue_date", "due_date", "subtotal", "tax", "total")

REFUSE_LINE_OF_ISSUED = """
    -- Locked, so that nobody issues it meanwhile.
    SELECT number INTO issued FROM billing_invoice
    WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.invoice_id ELSE NEW.invoice_id END FOR SHARE;
    IF issued IS NULL AND TG_OP = 'UPDATE' THEN
        SELECT number INTO issued FROM billing_invoice WHERE id = OLD.invoice_id FOR SHARE;
    END IF;
    IF issued IS NOT NULL THEN
        RAISE EXCEPTION 'Invoice % is issued: its lines do not change. Write a credit note.', issued
            USING ERRCODE = 'check_violation', CONSTRAINT = 'invoiceline_of_issued_never_changes';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""

SUMS_ADD_UP = """
    SELECT subtotal, tax, paid, credited INTO told FROM billing_invoice WHERE id = of_invoice;
    IF NOT FOUND THEN
        RETURN NULL;  -- a draft that goes takes its lines with it
    END IF;
    SELECT
        (SELECT COALESCE(SUM(net), 0) FROM billing_invoiceline WHERE invoice_id = of_invoice),
        (SELECT COALESCE(SUM(tax), 0) FROM billing_invoiceline WHERE invoice_id = of_invoice),
        (SELECT COALESCE(SUM(amount), 0) FROM billing_allocation WHERE invoice_id = of_invoice),
        (SELECT COALESCE(SUM(amount), 0) FROM billing_creditnote WHERE invoice_id = of_invoice)
        INTO summed;
    IF told IS DISTINCT FROM summed THEN
        RAISE EXCEPTION 'Invoice % says % of subtotal, tax, paid and credited; its rows sum to %.',
            of_invoice, told, summed USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_sums_add_up';
    END IF;
    RETURN NULL;
"""


def sums_add_up(operation: pgtrigger.Operation, column: str = "invoice_id") -> pgtrigger.Trigger:
    """Make the trigger that holds an invoice's sums against their rows."""
    return sums_at_commit("of_invoice", SUMS_ADD_UP, operation, column)


class InvoiceQuerySet(OfRunQuerySet):
    """Invoices, by what is to be done about them."""

    def unpaid(self) -> Self:
        """Narrow to issued invoices of which something is still to be paid."""
        return self.filter(state__in=Invoice.UNPAID)

    def issued(self) -> Self:
        """Narrow to invoices that went out: what their clients see."""
        return self.filter(number__isnull=False)

    def with_open(self) -> Self:
        """Add `open`: what is still to be paid."""
        return self.annotate(open=F("total") - F("paid") - F("credited"))


class Invoice(RunModel, StateModel):
    """What a client is asked to pay. OVERDUE is the state of every invoice past its due date with money to come.

    Who has paid a part of an overdue one is still overdue: `paid` tells how much came.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT"
        ISSUED = "ISSUED"
        PARTIALLY_PAID = "PARTIALLY_PAID", "Partially paid"
        OVERDUE = "OVERDUE"
        PAID = "PAID"
        VOID = "VOID"

    class QuotePart(models.TextChoices):
        WHOLE = "WHOLE"
        DEPOSIT = "DEPOSIT"
        REST = "REST"

    UNPAID = ("ISSUED", "PARTIALLY_PAID", "OVERDUE")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    package_id = models.UUIDField(null=True, blank=True, db_index=True)
    deal_id = models.UUIDField(
        null=True, blank=True, unique=True, editable=False, help_text="Of the deal whose deposit it asks for, once"
    )
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="invoices", null=True, blank=True)
    quote_part = models.CharField(
        max_length=8, choices=QuotePart, blank=True, db_default="", help_text="What of its quote it bills"
    )
    currency = models.CharField(max_length=3, help_text="ISO 4217, three letters")
    state = FSMField(choices=State.choices, default=State.DRAFT, protected=True)
    number = models.CharField(max_length=32, null=True, blank=True, unique=True, help_text="Given when it is issued")
    sequence = models.PositiveIntegerField(null=True, blank=True)
    issue_date = models.DateField(null=True, blank=True)
    due_date = models.DateField(null=True, blank=True)
    payment_days = models.PositiveSmallIntegerField(help_text="Days from issue to due date")
    subtotal = Amount()
    tax = Amount()
    total = Amount()
    paid = Amount()
    credited = Amount()
    reason = models.TextField(blank=True, help_text="Why it was voided")

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [
            ("draft_invoice", "Can draft invoices and change their lines"),
            ("issue_invoice", "Can issue an invoice"),
            ("void_invoice", "Can void an invoice"),
            ("credit_invoice", "Can credit an issued invoice"),
            ("record_payment", "Can record payments and put credit to invoices"),
            ("reverse_payment", "Can take payments back"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run_id"], name="invoice_once_per_run"),
            models.UniqueConstraint(
                fields=["quote"], condition=Q(quote_part__in=("WHOLE", "DEPOSIT")), name="invoice_first_of_quote_once"
            ),
            models.UniqueConstraint(
                fields=["quote"], condition=Q(quote_part="REST") & ~Q(state="VOID"), name="invoice_rest_of_quote_once"
            ),
            models.CheckConstraint(
                condition=Q(quote__isnull=True, quote_part="") | (Q(quote__isnull=False) & ~Q(quote_part="")),
                name="invoice_says_what_of_its_quote",
            ),
            models.CheckConstraint(condition=Q(total=F("subtotal") + F("tax")), name="invoice_total_is_the_sum"),
            models.CheckConstraint(
                condition=Q(subtotal__gte=0, tax__gte=0, paid__gte=0, credited__gte=0)
                & Q(total__gte=F("paid") + F("credited")),
                name="invoice_never_paid_above_total",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=("DRAFT", "VOID"),
                    number__isnull=True,
                    sequence__isnull=True,
                    issue_date__isnull=True,
                    due_date__isnull=True,
                    paid=0,
                    credited=0,
                )
                | Q(
                    ~Q(state="DRAFT"),
                    number__isnull=False,
                    sequence__isnull=False,
                    issue_date__isnull=False,
                    due_date__isnull=False,
                    due_date__gte=F("issue_date"),
                    total__gt=0,
                ),
                name="invoice_numbered_when_issued",
            ),
            models.CheckConstraint(
                condition=(Q(state="DRAFT") & Q(paid=0))
                | Q(state="ISSUED", paid=0, total__gt=F("credited"))
                | Q(state="PARTIALLY_PAID", paid__gt=0, total__gt=F("paid") + F("credited"))
                | Q(state="OVERDUE", total__gt=F("paid") + F("credited"))
                | Q(state="PAID", paid__gt=0, total=F("paid") + F("credited"))
                | (Q(state="VOID", paid=0) & (Q(number__isnull=True) | Q(total=F("credited")))),
                name="invoice_state_is_what_was_paid",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="invoice_to_issue", condition=Q(state="DRAFT")),
            models.Index(
                fields=["due_date"],
                name="invoice_unpaid",
                condition=Q(state__in=("ISSUED", "PARTIALLY_PAID", "OVERDUE")),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="issued_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"OLD.number IS NOT NULL AND ({touched(FROZEN)})"),
            ),
            pgtrigger.Protect(
                name="issued_is_never_deleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.number IS NOT NULL"),
            ),
            sums_add_up(pgtrigger.Insert | pgtrigger.Update, "id"),
        ]

    def __str__(self) -> str:
        return self.number or "Draft invoice"

    @property
    def is_draft(self) -> bool:
        """Whether its lines may still change."""
        return self.state == self.State.DRAFT

    @property
    def is_unpaid(self) -> bool:
        """Whether it is issued and something of it is to be paid."""
        return self.state in self.UNPAID

    @property
    def is_deposit(self) -> bool:
        """Whether it asks for what is paid before the work begins: of a won deal, or of an accepted quote."""
        return self.deal_id is not None or self.quote_part == self.QuotePart.DEPOSIT

    @property
    def still_open(self) -> Decimal:
        """What is to be paid yet."""
        return self.total - self.paid - self.credited

    @transition(field=state, source=State.DRAFT, target=State.ISSUED)
    def issue(self) -> None:
        """Send it out; its number and dates are given in the same breath."""

    @transition(field=state, source=(State.ISSUED, State.PARTIALLY_PAID), target=State.PARTIALLY_PAID)
    def pay_partly(self) -> None:
        """Note that some of it came in; an overdue one stays so."""

    @transition(field=state, source=(*UNPAID, State.PAID), target=State.PAID)
    def settle(self) -> None:
        """Note that nothing is left to be paid."""

    @transition(field=state, source=(State.PARTIALLY_PAID, State.PAID), target=RETURN_VALUE(*UNPAID))
    def reopen(self) -> str:
        """Ask again for what a payment brought that counts no more; the nightly look says whether that is late."""
        return self.State.PARTIALLY_PAID if self.paid else self.State.ISSUED

    @transition(field=state, source=(State.ISSUED, State.PARTIALLY_PAID), target=State.OVERDUE)
    def fall_overdue(self) -> None:
        """Note that its due date has passed."""

    @transition(field=state, source=(State.DRAFT, *UNPAID, State.PAID), target=State.VOID)
    def void(self) -> None:
        """Let it count no more: a draft, or one that is credited in full."""


class InvoiceLine(LineModel):
    """Something an invoice bills; its rate and category are copied, so that what is issued says what it said.

    Without a price or a rate it is open, and `question` says why: such a draft cannot be issued.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    question = models.TextField(blank=True, help_text="Why its price is open")

    class Meta(LineModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invoice", "position"], name="invoiceline_position_once", deferrable=Deferrable.DEFERRED
            ),
            *LineModel.Meta.constraints,
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="of_issued_never_changes",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=REFUSE_LINE_OF_ISSUED,
                declare=[("issued", "text")],
            ),
            sums_add_up(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Line {self.position}"
