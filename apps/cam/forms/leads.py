"""What the desk takes in about people: deals, merges, wishes and grounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from apps.cam.api.dtos import DealTerms
from apps.cam.forms.fields import day_input
from apps.cam.models import Consent, Lead
from apps.cam.rules.merging import MERGED_FIELDS
from apps.cam.rules.moves import STATES
from apps.shared.dtos import Money


class DealForm(forms.Form):
    """What is being agreed on with a lead, and with whom; cleaned, `terms` is what it says."""

    value = forms.DecimalField(max_digits=14, decimal_places=2, widget=UnfoldAdminTextInputWidget)
    currency = forms.RegexField(
        "^[A-Z]{3}$",
        widget=UnfoldAdminTextInputWidget,
        help_text="Three letters, such as EUR. The client's invoices are in it.",
        error_messages={"invalid": "Write three capital letters, such as EUR."},
    )
    probability = forms.IntegerField(
        required=False, min_value=0, max_value=100, widget=UnfoldAdminIntegerFieldWidget, help_text="In percent."
    )
    expected_close_date = forms.DateField(required=False, widget=day_input())
    deposit_percent = forms.DecimalField(
        required=False,
        max_digits=5,
        decimal_places=2,
        widget=UnfoldAdminTextInputWidget,
        help_text="Of the value, to be paid before the work begins. Or:",
    )
    deposit_amount = forms.DecimalField(
        required=False,
        max_digits=14,
        decimal_places=2,
        widget=UnfoldAdminTextInputWidget,
        help_text="In the deal's currency. Without either no deposit is billed.",
    )
    included_revision_rounds = forms.IntegerField(initial=2, min_value=0, widget=UnfoldAdminIntegerFieldWidget)
    contract_start_date = forms.DateField(required=False, widget=day_input())
    contract_end_date = forms.DateField(required=False, widget=day_input())
    company = forms.CharField(
        required=False, max_length=200, widget=UnfoldAdminTextInputWidget, help_text="The client will be called so."
    )
    contact_name = forms.CharField(required=False, max_length=150, widget=UnfoldAdminTextInputWidget)
    contact_email = forms.CharField(
        required=False,
        max_length=254,
        widget=UnfoldAdminTextInputWidget,
        help_text="Who signs: invited to the portal once the deal is won, and asked for the intake.",
    )
    country = forms.CharField(
        required=False, max_length=2, widget=UnfoldAdminTextInputWidget, help_text="Two capital letters, such as IE."
    )
    time_zone = forms.CharField(
        required=False, max_length=64, widget=UnfoldAdminTextInputWidget, help_text="Such as Europe/Dublin."
    )
    language = forms.ChoiceField(
        choices=settings.LANGUAGES, widget=UnfoldAdminSelectWidget, help_text="In which we write to them."
    )

    @property
    def terms(self) -> DealTerms:
        """What was agreed on."""
        said = dict(self.cleaned_data)
        return DealTerms(value=Money(amount=said.pop("value"), currency=said.pop("currency")), **said)

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Say beside its field what is wrong with each."""
        for field, problem in problems.items():
            known = field if field in self.fields else None
            self.add_error(known, f"It {problem}." if known else f"{field.capitalize()} {problem}.")


@dataclass(frozen=True)
class Choice:
    """One field of two leads: what each says, and the question which of them to have where they differ."""

    label: str
    values: tuple[str, str]
    bound: forms.BoundField | None

    @property
    def differs(self) -> bool:
        """Whether there is something to choose."""
        return self.bound is not None


class MergeForm(forms.Form):
    """Which of two leads stays, and what of the other it is to have; `seen` is how both stood when they were shown."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=200)
    keep = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "this one"), ("b", "this one")])
    reason = forms.CharField(
        required=False, max_length=2000, label="Why (optional)", widget=UnfoldAdminTextareaWidget(attrs={"rows": 2})
    )

    def __init__(self, a: Lead, b: Lead, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.leads = {"a": a, "b": b}
        self.now = f"{a.updated_at.isoformat()} {b.updated_at.isoformat()}"
        self.fields["seen"].initial = self.now
        stays = "b" if STATES.index(b.state) > STATES.index(a.state) else "a"
        self.fields["keep"].initial = stays
        for name in self._differing():
            values = {side: getattr(lead, name) for side, lead in self.leads.items()}
            first = stays if values[stays] else next(side for side, value in values.items() if value)
            self.fields[f"of_{name}"] = forms.ChoiceField(
                label=MERGED_FIELDS[name],
                widget=forms.RadioSelect,
                choices=[(side, value or "nothing") for side, value in values.items()],
                initial=first,
            )

    def _differing(self) -> list[str]:
        a, b = self.leads.values()
        return [name for name in MERGED_FIELDS if getattr(a, name) != getattr(b, name)]

    @property
    def choices(self) -> list[Choice]:
        """The fields of both, in their order."""
        asked = set(self._differing())
        return [
            Choice(label, tuple(getattr(lead, name) for lead in self.leads.values()), self[f"of_{name}"])
            if name in asked
            else Choice(label, tuple(getattr(lead, name) for lead in self.leads.values()), None)
            for name, label in MERGED_FIELDS.items()
        ]

    def clean_seen(self) -> str:
        if self.cleaned_data["seen"] != self.now:
            self.data = {**self.data.dict(), "seen": self.now}
            self.add_error(None, "The leads have changed since you looked. This is how they are now.")
        return self.cleaned_data["seen"]

    @property
    def choice(self) -> tuple[Lead, Lead, dict[str, str]]:
        """The lead that stays, the one that becomes part of it, and of which to have each field."""
        stays = self.cleaned_data["keep"]
        other = "b" if stays == "a" else "a"
        chosen = {
            name: "survivor" if self.cleaned_data[f"of_{name}"] == stays else "merged" for name in self._differing()
        }
        return self.leads[stays], self.leads[other], chosen


class SuppressionForm(forms.Form):
    """Who must not be written to: an address, or a whole domain."""

    whom = forms.CharField(
        max_length=254,
        widget=UnfoldAdminTextInputWidget,
        help_text="An address such as mia@example.org, or a domain such as example.org.",
    )
    note = forms.CharField(
        label="Why", max_length=2000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}), help_text="Who asked for it."
    )


class ConsentForm(forms.Form):
    """On what ground a lead may be written to."""

    basis = forms.ChoiceField(choices=Consent.Basis.choices, widget=UnfoldAdminSelectWidget)
    source = forms.CharField(
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text="Where it was given, or what the interest is: “form on our site”, “met at the fair in Cork”.",
    )
    words = forms.CharField(
        required=False,
        max_length=5000,
        label="Words",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="What the person agreed to, as it stood there.",
    )
    given_on = forms.DateField(label="Given on", widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}))
