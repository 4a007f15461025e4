"""Tax rates: those that are added, and those to choose from."""

from datetime import date
from typing import ClassVar

from django import forms

from apps.billing import queries, rules
from apps.billing.models import TaxRate


class TaxRateForm(forms.ModelForm):
    """A tax rate, which never changes once it is there."""

    class Meta:
        model = TaxRate
        fields: ClassVar = ["name", "country", "category", "percent", "valid_from"]

    def clean_country(self) -> str:
        """Return the code in capitals."""
        code = self.cleaned_data["country"].upper()
        if not rules.is_country(code):
            raise forms.ValidationError("This is no country; use two letters of ISO 3166-1, such as IE.")
        return code


def rate_choices(day: date) -> list[tuple[str, str]]:
    """Return the rates in force as choices; that none is known yet is the first."""
    rates = ((str(rate.pk), f"{rate} ({rate.percent.normalize():f} %)") for rate in queries.rates_in_force(day))
    return [("", "to be set"), *rates]
