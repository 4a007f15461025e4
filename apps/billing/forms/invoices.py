"""What the desk takes in of invoices: new ones, what came in for them, what is credited, and what holds reminders."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from apps.billing import rules
from apps.billing.api.dtos import LineCredit, PaymentNotice
from apps.billing.forms.money import MoneyForm, OfClientForm, day_input, reason_field
from apps.billing.models import InvoiceLine, Payment, Reversal
from apps.identity.models import Client
from apps.shared.dtos import Money

DESK = "DESK"
"""The provider of payments that a person types in."""


class NewInvoiceForm(OfClientForm):
    """Asks who is billed, and by when it is to be paid."""

    client = forms.ModelChoiceField(Client.objects.none(), error_messages={"required": "Choose who is billed."})
    payment_days = forms.IntegerField(
        label="Days to pay",
        min_value=0,
        max_value=365,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="From the day it is issued to the day it is due.",
    )


class PaymentForm(MoneyForm):
    """Asks what came in, when and how, and what the bank calls it."""

    amount = forms.DecimalField(widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}))
    paid_at = forms.DateField(label="Came in on", widget=day_input())
    method = forms.ChoiceField(choices=Payment.Method.choices, widget=UnfoldAdminSelectWidget)
    transaction_id = forms.CharField(
        label="Reference",
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text="What the bank calls it. The same reference again is the same payment.",
        error_messages={"required": "Copy it from the bank's statement: it keeps the money from counting twice."},
    )

    def notice(self, currency: str) -> PaymentNotice:
        """Return what was typed, as money that came with the beginning of its day."""
        said = self.cleaned_data
        return PaymentNotice(
            provider=DESK,
            transaction_id=said["transaction_id"],
            amount=Money(amount=said["amount"], currency=currency),
            method=said["method"],
            paid_at=timezone.make_aware(datetime.combine(said["paid_at"], time())),
        )


class CreditForm(MoneyForm):
    """Asks how much of which line goes back, before tax, or whether all that is left does; and why."""

    everything = forms.BooleanField(required=False, label="All that is left of the invoice")
    reason = reason_field("It stands on the credit note, and in the audit.")

    def __init__(self, lines: Sequence[tuple[InvoiceLine, Decimal]], currency: str, *arguments: Any, **options: Any):
        super().__init__(*arguments, **options)
        self.positions = [line.position for line, _ in lines]
        for line, left in lines:
            self.fields[f"line_{line.position}"] = forms.DecimalField(
                required=False,
                label=f"{line.position}. {line.description[:80]}",
                widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}),
                help_text=f"Of it {rules.say(left, currency)} is left, before tax.",
            )
        self.order_fields(["everything", *(f"line_{position}" for position in self.positions), "reason"])

    def clean(self) -> dict[str, Any]:
        """Refuse to guess: all, or some parts, or nothing said."""
        cleaned = super().clean()
        if not self.errors and bool(cleaned["everything"]) == bool(self.parts):
            self.add_error("everything", "Tick this, or say how much of which line goes back.")
        return cleaned

    @property
    def parts(self) -> tuple[LineCredit, ...]:
        """The parts of lines that go back; none where all that is left does."""
        said: Iterable = ((position, self.cleaned_data.get(f"line_{position}")) for position in self.positions)
        return tuple(LineCredit(position=position, net=net) for position, net in said if net is not None)


class HoldForm(MoneyForm):
    """Asks until when reminders are kept back, and why."""

    until_date = forms.DateField(
        required=False, label="Up to and including", widget=day_input(), help_text="The last day without a reminder."
    )
    everything = forms.BooleanField(
        required=False,
        label="All invoices of the client",
        help_text="Those to come, too. Without a day, they are held until somebody releases them.",
    )
    reason = reason_field("Why the client is not reminded. The audit keeps it with your name.")


class ReversalForm(MoneyForm):
    """Asks why a payment counts no more."""

    kind = forms.ChoiceField(
        choices=Reversal.Kind.choices,
        widget=UnfoldAdminRadioSelectWidget,
        help_text="What went back by itself was a payment; a mistake never was one, and may be recorded rightly.",
        error_messages={"required": "Say which of both."},
    )
    reason = reason_field("Why it counts no more. The audit keeps it with your name.")
