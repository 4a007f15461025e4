"""Quotes: what the desk offers, and what a client answers in the portal."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from apps.billing import rules
from apps.billing.api.dtos import LineItem, MonthlyOffer, Offer
from apps.billing.forms.money import MoneyForm, OfClientForm, day_input, plain
from apps.billing.forms.rates import rate_choices
from apps.billing.models import Quote
from apps.billing.queries import find_monthly
from apps.identity.models import Client

_OF_MONTH = ("description", "price", "tax_rate", "start_date")


class QuoteForm(MoneyForm):
    """Asks what a quote says beside its lines."""

    valid_until_date = forms.DateField(
        label="Valid until",
        widget=day_input(),
        help_text="The last day on which the client can accept it, where the client is.",
        error_messages={"required": "Say until when it is valid."},
    )
    deposit_percent = forms.DecimalField(
        required=False,
        label="Deposit in percent",
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}),
        help_text="What is billed once it is accepted. Empty, and no amount either: the whole is.",
    )
    deposit_amount = forms.DecimalField(
        required=False,
        label="Deposit as an amount",
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}),
        help_text="Before tax.",
    )
    terms = forms.CharField(
        required=False, max_length=rules.LONGEST_TERMS, widget=UnfoldAdminTextareaWidget(attrs={"rows": 5})
    )

    monthly_description = forms.CharField(
        required=False,
        max_length=rules.LONGEST_DESCRIPTION_OF_RETAINER,
        label="Month by month",
        widget=UnfoldAdminTextInputWidget,
        help_text="What is done each month, as a retainer that begins once the quote is accepted. Empty: nothing.",
    )
    monthly_price = forms.DecimalField(
        required=False,
        label="Price of a month",
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}),
        help_text="Before tax. Every month is billed whole, when it begins.",
    )
    monthly_tax_rate = forms.TypedChoiceField(
        required=False, coerce=UUID, empty_value=None, label="Tax rate of a month", widget=UnfoldAdminSelectWidget
    )
    monthly_start_date = forms.DateField(
        required=False, label="First month begins on", widget=day_input(), help_text="The others on the same day."
    )
    monthly_months = forms.IntegerField(
        required=False,
        label="For how many months",
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="Empty: until notice.",
    )

    def __init__(self, *arguments: Any, today: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["monthly_tax_rate"].choices = rate_choices(today)

    def clean(self) -> dict[str, Any]:
        """Refuse half of what is done month by month."""
        said = super().clean() or self.cleaned_data
        if any(said.get(f"monthly_{name}") for name in (*_OF_MONTH, "months")):
            for name in _OF_MONTH:
                if f"monthly_{name}" in said and not said[f"monthly_{name}"]:
                    self.add_error(f"monthly_{name}", "Say it, or leave all of what is monthly empty.")
        return said

    @staticmethod
    def of(quote: Quote) -> dict[str, Any]:
        """Return what the form shows of a draft as it is."""
        shares = {
            name: None if value is None else plain(value)
            for name in ("deposit_percent", "deposit_amount")
            for value in (getattr(quote, name),)
        }
        return {"valid_until_date": quote.valid_until_date, "terms": quote.terms, **shares, **_of_month(quote)}

    def offer(self, items: Iterable[LineItem]) -> Offer:
        """Return what was typed, with these lines."""
        names = ("valid_until_date", "deposit_percent", "deposit_amount", "terms")
        said = {name: self.cleaned_data[name] for name in names}
        return Offer(lines=tuple(items), monthly=self._monthly(), **said)

    def _monthly(self) -> MonthlyOffer | None:
        said = self.cleaned_data
        if not said["monthly_description"]:
            return None
        names = ("description", "price", "start_date", "months")
        return MonthlyOffer(tax_rate_id=said["monthly_tax_rate"], **{name: said[f"monthly_{name}"] for name in names})


def _of_month(quote: Quote) -> dict[str, Any]:
    monthly = find_monthly(quote)
    if monthly is None:
        return {}
    return {
        "monthly_description": monthly.description,
        "monthly_price": plain(monthly.price),
        "monthly_tax_rate": str(monthly.tax_rate_id),
        "monthly_start_date": monthly.start_date,
        "monthly_months": monthly.months,
    }


class NewQuoteForm(OfClientForm, QuoteForm):
    """Asks who is offered something, too."""

    client = forms.ModelChoiceField(Client.objects.none(), error_messages={"required": "Choose who it is for."})
    field_order = ("client",)


class AcceptForm(forms.Form):
    """A client takes the quote on the page, and types a name as its signature."""

    sha256 = forms.CharField(max_length=64)
    signed_name = forms.CharField(max_length=rules.LONGEST_NAME)


class DeclineForm(forms.Form):
    """A client does not take the quote on the page, and says why."""

    sha256 = forms.CharField(max_length=64)
    reason = forms.CharField(max_length=rules.LONGEST_REASON)
