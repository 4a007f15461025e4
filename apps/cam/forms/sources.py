"""What makes leads come in by themselves: web forms, keys, discoveries; and what visitors say."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from apps.cam.api.dtos import RawLead
from apps.cam.forms.files import GOING_ON
from apps.cam.models import DiscoverySource, LeadForm
from apps.cam.rules.addresses import AddressRefused, normalise_address
from apps.cam.rules.discovery import MOST_OF_A_JOB
from apps.cam.services.doors import Sent


class VisitorForm(forms.Form):
    """What a visitor of a web form says. `website` is for machines alone: no person sees it."""

    full_name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.CharField(
        label=_("E-mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    company = forms.CharField(
        label=_("Company"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    message = forms.CharField(label=_("Your message"), max_length=4_000, required=False, widget=forms.Textarea)
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))
    consent = forms.BooleanField(required=False)

    def __init__(self, form: LeadForm, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.form = form
        if form.consent_words:
            self.fields["consent"].label = form.consent_words
        else:
            del self.fields["consent"]
        for name, field in self.fields.items():
            field.widget.attrs["id"] = name

    def clean_email(self) -> str:
        try:
            return normalise_address(self.cleaned_data["email"])
        except AddressRefused as refusal:
            raise forms.ValidationError(_("Give one e-mail address, such as mia@example.org.")) from refusal

    @property
    def is_of_a_machine(self) -> bool:
        """Whether the field was filled in that no person sees."""
        return bool(self.cleaned_data.get("website"))

    def sent(self, language: str) -> Sent:
        """Return what was said."""
        said = self.cleaned_data
        lead = RawLead(source="FORM", **{name: said[name] for name in ("email", "full_name", "company")})
        words = self.form.consent_words if said.get("consent") else ""
        return Sent(lead, message=said["message"], language=language, consent_words=words)


class NewFormForm(forms.Form):
    """A web form as a person opens it."""

    campaign = forms.ModelChoiceField(GOING_ON, widget=UnfoldAdminSelectWidget)
    name = forms.CharField(max_length=120, label="Heading", widget=UnfoldAdminTextInputWidget)
    intro = forms.CharField(
        required=False, max_length=2000, label="Introduction", widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )
    consent_words = forms.CharField(
        required=False,
        max_length=2000,
        label="Consent",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="What stands beside the box that visitors may tick; it is kept with each consent. Without it there is"
        " no box. It cannot be changed later: open another form instead.",
    )
    thanks = forms.CharField(
        required=False, max_length=2000, label="Thanks", widget=UnfoldAdminTextareaWidget(attrs={"rows": 2})
    )
    origins = forms.CharField(
        required=False,
        max_length=2000,
        label="Other sites",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="Sites that may show the form in a frame or post to it, one a line, such as https://www.example.org.",
    )

    def clean_origins(self) -> list[str]:
        said = self.cleaned_data["origins"].split()
        if wrong := [site for site in said if not ORIGIN.fullmatch(site)]:
            raise forms.ValidationError(f"{wrong[0][:80]} is no site; write it like https://www.example.org.")
        return list(dict.fromkeys(said))


class NewKeyForm(forms.Form):
    """A key as a person makes it."""

    campaign = forms.ModelChoiceField(GOING_ON, widget=UnfoldAdminSelectWidget)
    name = forms.CharField(
        max_length=120, label="System", widget=UnfoldAdminTextInputWidget, help_text="Which one will have it."
    )


class SourceForm(forms.Form):
    """Somewhere to look for leads; `config` is JSON, as `rules.discovery` says of the kind."""

    name = forms.CharField(max_length=120, widget=UnfoldAdminTextInputWidget)
    kind = forms.ChoiceField(choices=DiscoverySource.Kind.choices, widget=UnfoldAdminSelectWidget)
    config = forms.JSONField(
        label="How",
        max_length=10_000,
        initial={"file": "directory.csv"},
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 10}),
        help_text="Of a file: its name. Of an address: url, list_path, fields, and what docs/leads.md names.",
    )

    def clean_config(self) -> dict[str, Any]:
        if not isinstance(self.cleaned_data["config"], dict):
            raise forms.ValidationError("Write an object: {…}.")
        return self.cleaned_data["config"]


class DiscoveryForm(forms.Form):
    """Whom to look for, where, and for which campaign."""

    campaign = forms.ModelChoiceField(GOING_ON, widget=UnfoldAdminSelectWidget)
    source = forms.ModelChoiceField(DiscoverySource.objects.order_by("name"), widget=UnfoldAdminSelectWidget)
    query = forms.CharField(
        required=False,
        max_length=200,
        label="Words",
        widget=UnfoldAdminTextInputWidget,
        help_text="All of them have to be there.",
    )
    title = forms.CharField(required=False, max_length=200, widget=UnfoldAdminTextInputWidget)
    country = forms.CharField(
        required=False, max_length=2, widget=UnfoldAdminTextInputWidget, help_text="Two letters, such as IE."
    )
    most = forms.IntegerField(
        label="People at most",
        initial=200,
        min_value=1,
        max_value=MOST_OF_A_JOB,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    takes_all = forms.BooleanField(
        required=False,
        label="Make a lead of everybody found who has an address",
        widget=UnfoldBooleanWidget,
        help_text="Otherwise a person decides on each.",
    )

    @property
    def criteria(self) -> dict[str, Any]:
        """Whom to look for."""
        said = self.cleaned_data
        return {name: said[name] for name in ("query", "title", "most")} | {"country": said["country"].upper() or None}


ORIGIN = re.compile(r"https?://([a-z0-9-]+\.)*[a-z0-9-]+(:\d{1,5})?")
"""Of a site as browsers name it."""
