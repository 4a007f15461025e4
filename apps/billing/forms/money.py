"""What all forms of money share: refusals beside their fields, days, reasons, and clients to choose from."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from unfold.widgets import INPUT_CLASSES, UnfoldAdminTextareaWidget

from apps.billing.models import Invoice
from apps.billing.rules import BillingRefused
from apps.identity.models import Client, User
from apps.shared.scope import in_scope


class MoneyForm(forms.Form):
    """Says beside its fields what billing refuses."""

    use_required_attribute = False  # what is missing is said beside the field, in our words

    def refuse(self, refusal: BillingRefused) -> None:
        """Say beside the field what is wrong with it, above the form where it has no such field."""
        field = {"tax_rate_id": "tax_rate"}.get(refusal.field, refusal.field.replace(" ", "_"))
        if field in self.fields:
            self.add_error(field, refusal.problem[:1].upper() + refusal.problem[1:])
        else:
            self.add_error(None, str(refusal))


class OfClientForm(MoneyForm):
    """Lets those clients be chosen that a person may see."""

    def __init__(self, *arguments: Any, user: User, **options: Any) -> None:
        super().__init__(*arguments, **options)
        chosen = Invoice._meta.get_field("client")
        self.fields["client"].widget = AutocompleteSelect(
            chosen, admin.site, attrs={"class": "unfold-admin-autocomplete"}
        )
        self.fields["client"].queryset = in_scope(Client.objects.all(), user)


def reason_field(help_text: str) -> forms.CharField:
    """Return the field that asks why."""
    return forms.CharField(
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=help_text,
        error_messages={"required": "Say why."},
    )


def day_input() -> forms.DateInput:
    """Return the widget of a day."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": " ".join(INPUT_CLASSES)})


def plain(number: Decimal) -> str:
    """Return a number without the zeros that its column adds."""
    return f"{number.normalize():f}"
