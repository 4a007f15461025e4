"""To whom invoices are written, as the desk and the client say it."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from apps.billing import rules
from apps.billing.models import BillingAddress
from apps.billing.rules import BillingRefused
from apps.billing.services.addresses import normalised_country
from apps.billing.services.vat_ids import normalised_vat_id


class BillingAddressForm(forms.ModelForm):
    """To whom a client's invoices are written; what billing would refuse stands beside its field."""

    language = forms.ChoiceField(
        required=False, choices=[("", "English"), ("de", "Deutsch")], widget=UnfoldAdminSelectWidget
    )

    class Meta:
        model = BillingAddress
        fields: ClassVar = [
            *("client", "legal_name", "street", "addition", "postcode", "city", "country"),
            *("vat_id", "buyer_reference", "language"),
        ]

    def clean_country(self) -> str:
        """Return the code in capitals."""
        return self._said(normalised_country, "country")

    def clean_vat_id(self) -> str:
        """Return the VAT ID in its usual form."""
        return self._said(normalised_vat_id, "vat_id") if self.cleaned_data["vat_id"] else ""

    def _said(self, of: Callable[[str], str], name: str) -> str:
        try:
            return of(self.cleaned_data[name])
        except BillingRefused as refusal:
            raise forms.ValidationError(refusal.problem[:1].upper() + refusal.problem[1:]) from refusal


class OwnAddressForm(forms.Form):
    """A client says in the portal to whom its invoices are written."""

    legal_name = forms.CharField(label=gettext_lazy("Company, as it is registered"), max_length=200)
    street = forms.CharField(label=gettext_lazy("Street and number"), max_length=200)
    addition = forms.CharField(label=gettext_lazy("Floor, department, care of"), max_length=200, required=False)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=gettext_lazy("City"), max_length=100)
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    vat_id = forms.CharField(
        label=gettext_lazy("VAT ID, with the letters of its country"), max_length=40, required=False
    )
    buyer_reference = forms.CharField(
        label=gettext_lazy("What we are to name on invoices, such as a Leitweg-ID"), max_length=100, required=False
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of e-invoices"), choices=[("en", "English"), ("de", "Deutsch")]
    )

    def __init__(self, *arguments: Any, language: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["country"].choices = [("", "—"), *rules.countries(language)]

    def refuse(self, refusal: BillingRefused) -> None:
        """Say beside the field, in the language of the page, that it is not right."""
        told = {
            "vat_id": _("This is no VAT ID that we can check: look for a mistyped letter, or leave it empty."),
        }
        self.add_error(refusal.field, told.get(refusal.field, _("Please check this.")))
