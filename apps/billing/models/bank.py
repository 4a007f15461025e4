"""What the bank says came in and went out. Facts stay as they came; what a person made of a line is its state."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from apps.billing.models.lines import Amount
from apps.billing.models.payments import Payment
from apps.identity.models import User
from apps.shared.models import StateModel, UuidModel


def _append_only() -> pgtrigger.Trigger:
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class BankStatement(UuidModel):
    """A file of the bank that was taken in, once, and the rows of it that were not."""

    sha256 = models.CharField(max_length=64, unique=True)
    file_name = models.CharField(max_length=200)
    line_count = models.PositiveIntegerField(help_text="Lines that were new")
    known_count = models.PositiveIntegerField(help_text="Lines that an earlier statement had")
    refused = models.JSONField(default=list, help_text="Row, cells, field and problem of each row that was not taken")
    imported_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [("import_statement", "Can import bank statements and say what their lines pay")]
        triggers: ClassVar = [_append_only()]

    def __str__(self) -> str:
        return self.file_name


class BankLine(StateModel, UuidModel):
    """A line of a statement; the same line in a later statement is this one."""

    class State(models.TextChoices):
        UNMATCHED = "UNMATCHED"
        MATCHED = "MATCHED"
        IGNORED = "IGNORED"
        OUTGOING = "OUTGOING"

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    row = models.PositiveIntegerField(help_text="Counted from 1 below the column names")
    key = models.CharField(max_length=64, unique=True)
    booking_date = models.DateField()
    amount = Amount()
    currency = models.CharField(max_length=3)
    payer = models.TextField(blank=True)
    purpose = models.TextField(blank=True)
    state = FSMField(choices=State.choices, default=State.UNMATCHED, protected=True)
    reason = models.TextField(blank=True, help_text="Why it pays nothing")

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="OUTGOING", amount__lt=0)
                | Q(state__in=("UNMATCHED", "MATCHED", "IGNORED"), amount__gt=0),
                name="bankline_goes_out_below_nought",
            ),
            models.CheckConstraint(
                condition=(Q(state="IGNORED") & ~Q(reason="")) | (~Q(state="IGNORED") & Q(reason="")),
                name="bankline_ignored_says_why",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["id"], name="bankline_unmatched", condition=Q(state="UNMATCHED"))]
        triggers: ClassVar = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="facts_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "statement", "row", "key", "booking_date", "amount", "currency", "payer", "purpose"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking_date} {self.payer or self.key[:12]}"

    @transition(field=state, source=State.UNMATCHED, target=State.MATCHED)
    def match(self) -> None:
        """Be booked as what it pays."""

    @transition(field=state, source=State.MATCHED, target=State.UNMATCHED)
    def unmatch(self) -> None:
        """Be open again: what it was booked as was a mistake."""

    @transition(field=state, source=State.UNMATCHED, target=State.IGNORED)
    def ignore(self) -> None:
        """Pay no invoice."""


class BankMatch(UuidModel):
    """A payment that a line of a statement is, or a part of that line; one reversed as a mistake is it no more."""

    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="matches")
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="bank_match")

    class Meta:
        ordering = ("id",)
        triggers: ClassVar = [_append_only()]

    def __str__(self) -> str:
        return str(self.payment)
