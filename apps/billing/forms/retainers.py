"""Retainers: what a client is billed again and again."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from apps.billing import rules
from apps.billing.forms.money import OfClientForm, day_input
from apps.billing.forms.rates import rate_choices
from apps.billing.models import Retainer
from apps.billing.services.retainers import RetainerTerms
from apps.identity.models import Client, User


class RetainerForm(OfClientForm):
    """Asks what a client is billed again and again."""

    client = forms.ModelChoiceField(Client.objects.none(), error_messages={"required": "Choose who is billed."})
    description = forms.CharField(
        max_length=rules.LONGEST_DESCRIPTION_OF_RETAINER,
        label="What is billed",
        widget=UnfoldAdminTextInputWidget,
        help_text="The period is added to it on each invoice.",
    )
    price = forms.DecimalField(
        label="Price of a period",
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}),
        help_text="Before tax, in the client's currency. Every period is billed whole: nothing is prorated.",
    )
    tax_rate = forms.TypedChoiceField(coerce=UUID, widget=UnfoldAdminSelectWidget)
    every_months = forms.TypedChoiceField(
        label="Every", choices=Retainer.Every.choices, coerce=int, widget=UnfoldAdminSelectWidget
    )
    day = forms.IntegerField(
        label="From the day of the month",
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="On which each period begins; 31 is a month's last day.",
    )
    start_date = forms.DateField(
        label="Agreed from",
        widget=day_input(),
        help_text="The first period begins on the first such day on or after.",
    )
    end_date = forms.DateField(
        required=False, label="Agreed until", widget=day_input(), help_text="No period begins after it."
    )
    is_in_advance = forms.TypedChoiceField(
        label="Billed",
        choices=(("yes", "when a period begins"), ("no", "when it is over")),
        coerce="yes".__eq__,
        widget=UnfoldAdminSelectWidget,
    )
    payment_days = forms.IntegerField(label="Days to pay", widget=UnfoldAdminIntegerFieldWidget)
    is_issued_by_itself = forms.BooleanField(
        required=False,
        label="Issue by itself",
        help_text="Else each invoice waits as a draft for somebody to look it over.",
    )
    uses_credit = forms.BooleanField(
        required=False,
        label="Use credit first",
        help_text="What the client has in credit is put to each invoice in the moment it is issued.",
    )

    def __init__(self, *arguments: Any, user: User, today: date, **options: Any) -> None:
        super().__init__(*arguments, user=user, **options)
        self.fields["tax_rate"].choices = rate_choices(today)

    def terms(self) -> RetainerTerms:
        """Return what was typed, as the terms of a retainer."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("client", "tax_rate")}
        return RetainerTerms(tax_rate_id=self.cleaned_data["tax_rate"], **said)
