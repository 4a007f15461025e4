"""Quotes: what the desk offers, and what a client answers in the portal."""

from collections.abc import Iterable
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextareaWidget

from apps.billing import rules
from apps.billing.api.dtos import LineItem, Offer
from apps.billing.forms.money import MoneyForm, OfClientForm, day_input, plain
from apps.billing.models import Quote
from apps.identity.models import Client


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

    @staticmethod
    def of(quote: Quote) -> dict[str, Any]:
        """Return what the form shows of a draft as it is."""
        shares = {
            name: None if value is None else plain(value)
            for name in ("deposit_percent", "deposit_amount")
            for value in (getattr(quote, name),)
        }
        return {"valid_until_date": quote.valid_until_date, "terms": quote.terms, **shares}

    def offer(self, items: Iterable[LineItem]) -> Offer:
        """Return what was typed, with these lines."""
        names = ("valid_until_date", "deposit_percent", "deposit_amount", "terms")
        return Offer(lines=tuple(items), **{name: self.cleaned_data[name] for name in names})


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
