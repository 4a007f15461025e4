"""What the desk takes in: campaigns, files of leads and what their columns are, mails as files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from apps.cam.api.dtos import CampaignPlan, RawLead
from apps.cam.gateways.files import Kept, is_kept
from apps.cam.models import Campaign, DiscoverySource, Lead, LeadForm
from apps.cam.rules.addresses import AddressRefused, normalise_address
from apps.cam.rules.columns import FIELDS, recognise
from apps.cam.rules.discovery import MOST_OF_A_JOB
from apps.cam.rules.mails import MOST_BYTES
from apps.cam.rules.merging import MERGED_FIELDS
from apps.cam.rules.moves import STATES
from apps.cam.services.doors import Wish
from apps.cam.services.imports import UNCLAIMED_AFTER, keep_file
from apps.shared.gateways.tables import TableRefused

ORIGIN = re.compile(r"https?://([a-z0-9-]+\.)*[a-z0-9-]+(:\d{1,5})?")
"""Of a site as browsers name it."""
_SALT = "cam.import"
_GOING_ON = Campaign.objects.exclude(state=Campaign.State.COMPLETED).order_by("name")


class CampaignForm(forms.Form):
    """A campaign as a person writes it down; cleaned, `plan` is what it says."""

    name = forms.CharField(max_length=120, widget=UnfoldAdminTextInputWidget)
    niche = forms.CharField(
        max_length=2000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}), help_text="Whom it looks for."
    )
    goal = forms.CharField(
        max_length=2000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}), help_text="What it should lead to."
    )
    mode = forms.ChoiceField(
        choices=Campaign.Mode.choices,
        initial=Campaign.Mode.PROOF,
        widget=UnfoldAdminSelectWidget,
        help_text="In proof everything happens but the sending.",
    )
    daily_cap = forms.IntegerField(
        label="Messages a day at most", initial=20, min_value=1, widget=UnfoldAdminIntegerFieldWidget
    )
    window_opens = forms.TimeField(
        label="Writes from", initial="09:00", widget=UnfoldAdminTextInputWidget, help_text="In its time zone."
    )
    window_closes = forms.TimeField(label="Until", initial="18:00", widget=UnfoldAdminTextInputWidget)
    time_zone = forms.CharField(
        max_length=64, initial="UTC", widget=UnfoldAdminTextInputWidget, help_text="Such as Europe/Dublin."
    )

    @property
    def plan(self) -> CampaignPlan:
        """What was written down."""
        return CampaignPlan.model_validate(self.cleaned_data)


class ImportForm(forms.Form):
    """A file of leads and the campaign it is for; or one that was sent before and looked at.

    Cleaned, `kept` is the table and `mapping` the place of each field's column: as the person chose, for a new file as
    its column names say.
    """

    campaign = forms.ModelChoiceField(
        _GOING_ON,
        widget=UnfoldAdminSelectWidget,
        error_messages={"required": "Choose the campaign that the leads are for."},
    )
    file = forms.FileField(
        required=False,
        label="Table",
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.xlsx"}),
        help_text="A CSV or XLSX file, one lead in each row of its first sheet.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        try:
            cleaned |= self._table(cleaned)
        except TableRefused as refusal:
            self.add_error("file", str(refusal))
        except OSError:
            self.add_error("file", "The file storage did not take the file. Nothing was stored; try again later.")
        return cleaned

    def _table(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Return the table that was sent, with its name and columns. Raises TableRefused and OSError."""
        if upload := cleaned["file"]:
            kept = keep_file(upload.file)
            return {"kept": kept, "file_name": upload.name, "mapping": recognise(kept.headers)}
        if not cleaned["seen"]:
            raise TableRefused("Choose a file.")
        kept, name = _unsealed(cleaned["seen"])
        return {"kept": kept, "file_name": name, "mapping": MappingForm(kept.headers, self.data).mapping}


def seal(kept: Kept, name: str) -> str:
    """Return a kept table in a form that comes back from a browser as it was."""
    return signing.dumps([kept.sha256, list(kept.headers), kept.rows, name], salt=_SALT, compress=True)


def _unsealed(said: str) -> tuple[Kept, str]:
    try:
        sha256, headers, rows, name = signing.loads(said, salt=_SALT, max_age=UNCLAIMED_AFTER)
    except signing.BadSignature as gone:
        raise TableRefused(
            "What you looked at is a day old, or did not come back whole. Choose the file again."
        ) from gone
    if not is_kept(sha256):
        raise TableRefused("The file is not kept any more. Choose it again.")
    return Kept(sha256, tuple(headers), rows), name


class MappingForm(forms.Form):
    """Asks for each field of a lead which column of the table holds it."""

    def __init__(self, headers: Sequence[str], *arguments: Any, mapping: dict[str, int] | None = None) -> None:
        super().__init__(*arguments)
        columns = [("", "—"), *((str(place), name[:60]) for place, name in enumerate(headers))]
        for field, label in FIELDS.items():
            self.fields[f"column_{field}"] = forms.ChoiceField(
                label=label,
                required=False,
                choices=columns,
                initial=str((mapping or {}).get(field, "")),
                widget=UnfoldAdminSelectWidget,
            )

    @property
    def mapping(self) -> dict[str, int]:
        """The places that were chosen; what is no place counts as none."""
        self.full_clean()
        chosen = {field: self.cleaned_data.get(f"column_{field}", "") for field in FIELDS}
        return {field: int(place) for field, place in chosen.items() if place}


class ReplyForm(forms.Form):
    """A mail as a file; cleaned, `content` is what it holds."""

    file = forms.FileField(
        label="Mail",
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".eml,message/rfc822"}),
        help_text="Saved from your mail program as an .eml file.",
    )

    @property
    def content(self) -> bytes:
        """The file's bytes, one more than allowed where it is too large: enough to be refused."""
        return self.cleaned_data["file"].read(MOST_BYTES + 1)


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
    def wish(self) -> tuple[Lead, Lead, dict[str, str]]:
        """The lead that stays, the one that becomes part of it, and of which to have each field."""
        stays = self.cleaned_data["keep"]
        other = "b" if stays == "a" else "a"
        chosen = {
            name: "survivor" if self.cleaned_data[f"of_{name}"] == stays else "merged" for name in self._differing()
        }
        return self.leads[stays], self.leads[other], chosen


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

    def wish(self, language: str) -> Wish:
        """Return what was said."""
        said = self.cleaned_data
        lead = RawLead(source="FORM", **{name: said[name] for name in ("email", "full_name", "company")})
        words = self.form.consent_words if said.get("consent") else ""
        return Wish(lead, message=said["message"], language=language, consent_words=words)


class NewFormForm(forms.Form):
    """A web form as a person opens it."""

    campaign = forms.ModelChoiceField(_GOING_ON, widget=UnfoldAdminSelectWidget)
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

    campaign = forms.ModelChoiceField(_GOING_ON, widget=UnfoldAdminSelectWidget)
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

    campaign = forms.ModelChoiceField(_GOING_ON, widget=UnfoldAdminSelectWidget)
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
