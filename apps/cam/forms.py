"""What the desk takes in: campaigns, deals, files of leads and what their columns are, mails as files."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _
from pydantic.fields import FieldInfo
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from apps.cam.api.dtos import CampaignPlan, DealTerms, RawLead
from apps.cam.gateways.files import Kept, is_kept
from apps.cam.models import Campaign, Consent, DiscoverySource, Lead, LeadForm, Mailbox, MessageTemplate
from apps.cam.rules.addresses import AddressRefused, normalise_address
from apps.cam.rules.columns import FIELDS, recognise
from apps.cam.rules.discovery import MOST_OF_A_JOB
from apps.cam.rules.mails import MOST_BYTES
from apps.cam.rules.merging import MERGED_FIELDS
from apps.cam.rules.moves import STATES
from apps.cam.rules.rulebooks import Profile, Rules, RulesRefused, is_share, percent, read_profile, read_rules
from apps.cam.rules.sequences import LONGEST_WAIT, MOST_STEPS, ROUTES, StepPlan
from apps.cam.rules.templates import MOST_CHARACTERS, MOST_SUBJECT_CHARACTERS, PLACEHOLDERS
from apps.cam.services.doors import Wish
from apps.cam.services.imports import UNCLAIMED_AFTER, keep_file
from apps.shared.dtos import Dto, Money
from apps.shared.gateways.tables import TableRefused

"""What the desk takes in: campaigns, whom they look for, rules, files of leads and their columns, mails as files."""

_SALT = "cam.import"
_GOING_ON = Campaign.objects.exclude(state=Campaign.State.COMPLETED).order_by("name")


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": " ".join(INPUT_CLASSES)})


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
        label="Writes from",
        initial="09:00",
        widget=UnfoldAdminTextInputWidget,
        help_text="In the lead's time zone; in the one below where that is unknown.",
    )
    window_closes = forms.TimeField(label="Until", initial="18:00", widget=UnfoldAdminTextInputWidget)
    time_zone = forms.CharField(
        max_length=64, initial="UTC", widget=UnfoldAdminTextInputWidget, help_text="Such as Europe/Dublin."
    )
    on_weekends = forms.BooleanField(label="Writes on weekends, too", required=False, widget=UnfoldBooleanWidget)
    hourly_cap = forms.IntegerField(
        label="Messages an hour at most", initial=10, min_value=1, widget=UnfoldAdminIntegerFieldWidget
    )
    cool_down_hours = forms.IntegerField(
        label="Hours between two messages to one lead",
        initial=24,
        min_value=0,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="At least, whatever its sequence says.",
    )
    mailbox = forms.ModelChoiceField(
        Mailbox.objects.order_by("address"),
        required=False,
        empty_label="None yet",
        widget=UnfoldAdminSelectWidget,
        help_text="The address it writes from. Without one nothing is planned.",
    )

    @classmethod
    def of(cls, campaign: Campaign) -> dict[str, Any]:
        """Return what the form shows of a campaign as it is."""
        shown = {name: getattr(campaign, name) for name in cls.base_fields if name != "mailbox"}
        return {**shown, "mailbox": campaign.mailbox_id}

    @property
    def plan(self) -> CampaignPlan:
        """What was written down."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("mailbox", "reason")}
        mailbox = self.cleaned_data["mailbox"]
        return CampaignPlan.model_validate({**said, "mailbox_id": mailbox and mailbox.pk})


class CampaignChangeForm(CampaignForm):
    """A campaign as it is to be from now on, and why."""

    reason = forms.CharField(
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="Why the campaign changes. The audit keeps it with your name.",
    )


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
    expected_close_date = forms.DateField(required=False, widget=_day())
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
    contract_start_date = forms.DateField(required=False, widget=_day())
    contract_end_date = forms.DateField(required=False, widget=_day())
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


class TemplateForm(forms.Form):
    """The words of a message; a revision asks why they change."""

    use_required_attribute = False

    name = forms.CharField(max_length=120, widget=UnfoldAdminTextInputWidget)
    subject = forms.CharField(max_length=MOST_SUBJECT_CHARACTERS, widget=UnfoldAdminTextInputWidget)
    text = forms.CharField(
        max_length=MOST_CHARACTERS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 14}),
        help_text=(
            "Plain text. Placeholders: "
            + ", ".join(f"{{{{ {name} }}}}" for name in PLACEHOLDERS)
            + "; {{ first_name | there }} says something where it is unknown. Address and unsubscribe link stand below."
        ),
    )
    reason = forms.CharField(
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="Why the words change. The audit keeps it with your name.",
    )

    def __init__(self, *arguments: Any, is_revision: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        del self.fields["name" if is_revision else "reason"]

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n")


class StepForm(forms.Form):
    """One message of a sequence; one without a template is none."""

    template = forms.ModelChoiceField(
        MessageTemplate.objects.newest(), required=False, empty_label="No message", widget=UnfoldAdminSelectWidget
    )
    wait_days = forms.IntegerField(
        label="Days after the one before",
        initial=0,
        min_value=0,
        max_value=LONGEST_WAIT,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    subject_b = forms.CharField(
        label="Second subject to try",
        required=False,
        max_length=MOST_SUBJECT_CHARACTERS,
        widget=UnfoldAdminTextInputWidget,
        help_text="Half of the leads get it instead of the template's.",
    )


class SequenceForm(forms.Form):
    """Whose sequence it is, and for which route; `steps` are its messages."""

    use_required_attribute = False

    campaign = forms.ModelChoiceField(
        Campaign.objects.exclude(state=Campaign.State.COMPLETED).order_by("name"), widget=UnfoldAdminSelectWidget
    )
    name = forms.ChoiceField(
        label="Route",
        choices=[(route, route.replace("_", " ").capitalize()) for route in ROUTES],
        widget=UnfoldAdminSelectWidget,
        help_text="Leads that were sent this way get it; where a campaign has one sequence, all do.",
    )

    def __init__(
        self, sent: Any, *, waits: Sequence[int], steps: Sequence[dict[str, Any]] = (), **options: Any
    ) -> None:
        super().__init__(sent, **options)
        rows = list(steps) or [{"wait_days": wait} for wait in waits]
        extra = max(len(rows) + 1, 3) - len(rows) if len(rows) < MOST_STEPS else 0
        kind = forms.formset_factory(
            StepForm, extra=0, max_num=MOST_STEPS, absolute_max=MOST_STEPS + 1, validate_max=True
        )
        blank = [{"wait_days": 7}] * extra
        self.steps = kind(sent, prefix="steps", initial=[*rows, *blank], form_kwargs={"use_required_attribute": False})

    def is_valid(self) -> bool:
        return super().is_valid() and self.steps.is_valid()

    @property
    def plans(self) -> list[StepPlan]:
        """The messages as they were planned, those without a template left out."""
        said = [row.cleaned_data for row in self.steps]
        return [
            StepPlan(row["template"].pk, row["wait_days"], row["subject_b"].strip())
            for row in said
            if row.get("template")
        ]


class MailboxForm(forms.Form):
    """A mailbox as a person writes it down."""

    key = forms.RegexField(
        r"^[A-Z][A-Z0-9_]*$",
        max_length=30,
        widget=UnfoldAdminTextInputWidget,
        help_text="In capitals, such as NORA: its mail server is the environment's AICMO_MAILBOX_NORA_SMTP_URL.",
    )
    address = forms.CharField(max_length=254, widget=UnfoldAdminTextInputWidget)
    sender_name = forms.CharField(max_length=120, widget=UnfoldAdminTextInputWidget, help_text="As receivers see it.")
    postal_address = forms.CharField(
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="Stands below every mail: the law of many countries wants it.",
    )
    daily_cap = forms.IntegerField(
        label="Mails a day at most", initial=40, min_value=1, max_value=10_000, widget=UnfoldAdminIntegerFieldWidget
    )
    hourly_cap = forms.IntegerField(
        label="Mails an hour at most", initial=10, min_value=1, max_value=10_000, widget=UnfoldAdminIntegerFieldWidget
    )
    warm_up_from = forms.DateField(
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        help_text="Its first day of sending; from then on more each day. Empty: it is warm.",
    )
    warm_up_start = forms.IntegerField(
        label="Mails on its first day", initial=5, min_value=1, max_value=10_000, widget=UnfoldAdminIntegerFieldWidget
    )
    warm_up_step = forms.IntegerField(
        label="More on each day after it",
        initial=5,
        min_value=0,
        max_value=10_000,
        widget=UnfoldAdminIntegerFieldWidget,
    )


class MailboxSettingsForm(MailboxForm):
    """What may change of a mailbox."""

    key = address = None  # type: ignore[assignment]  (Django takes fields away so)


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


class PauseRuleForm(forms.Form):
    """The numbers of a rule that pauses a campaign, and why they are to be others."""

    limit = forms.DecimalField(
        min_value=Decimal("0.0001"),
        max_digits=8,
        decimal_places=4,
        widget=UnfoldAdminTextInputWidget,
        help_text="A share such as 0.05 for 5 %; of a target how many; of leads that stay away how many days.",
    )
    after = forms.IntegerField(
        label="Looked at from",
        min_value=0,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="Mails, or leads that were written to. Fewer say too little.",
    )
    reason = forms.CharField(max_length=2000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}))


class DtoForm(forms.Form):
    """Asks for the fields of rules in plain words: shares in percent, lists one entry in a line.

    `content` is what was said, as the rules have it; whether it makes sense is for `check` to say, field by field.
    """

    kind: type[Dto]
    check: Callable[[Mapping[str, Any]], Dto]

    def __init__(self, *arguments: Any, stored: Dto, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.groups: list[tuple[str, str, list[str]]] = []
        """The title of each group of fields, what it is about, and their names."""
        alone = []
        for name, field in self.kind.model_fields.items():
            value = getattr(stored, name)
            if isinstance(value, Dto):
                fields = type(value).model_fields.items()
                names = [self._ask(f"{name}.{key}", each, getattr(value, key)) for key, each in fields]
                self.groups.append((field.title or name, type(value).__doc__ or "", names))
            else:
                alone.append(self._ask(name, field, value))
        self.groups.append(("", "", alone))
        self.order_fields([*(name for *_, names in self.groups for name in names), "reason"])

    @property
    def parts(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """The groups with their fields."""
        return [(title, about, [self[name] for name in names]) for title, about, names in self.groups]

    @property
    def content(self) -> dict[str, Any]:
        """What was said; what was left empty is left out."""
        content: dict[str, Any] = {}
        for place, value in self.cleaned_data.items():
            group, _, name = place.rpartition(".")
            if place != "reason" and value not in (None, ""):
                (content.setdefault(group, {}) if group else content)[name] = value
        return content

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            try:
                self.checked = type(self).check(self.content)
            except RulesRefused as refusal:
                for place, problem in refusal.problems.items():
                    self._refuse(place, problem)
        return cleaned

    def _refuse(self, place: str, problem: str) -> None:
        """Say what is wrong beside its field; of a group, beside its first."""
        beside = next((name for name in self.fields if name == place or name.startswith(f"{place}.")), None)
        self.add_error(beside, f"{problem[0].upper()}{problem[1:]}.")

    def _ask(self, place: str, field: FieldInfo, value: Any) -> str:
        common = {"label": field.title, "help_text": field.description or "", "required": False}
        if is_share(field):
            widget = UnfoldAdminDecimalFieldWidget(attrs={"step": "0.1", "min": 0, "max": 100})
            self.fields[place] = _PercentField(widget=widget, initial=value, **common | {"required": True})
        elif isinstance(value, tuple):
            widget = UnfoldAdminTextareaWidget(attrs={"rows": min(max(len(value), 3), 8)})
            self.fields[place] = _LinesField(widget=widget, initial="\n".join(value), **common)
        else:
            self.fields[place] = _WordField(widget=UnfoldAdminTextInputWidget, initial=value, **common)
        return place


class _PercentField(forms.DecimalField):
    """A share of one, written in percent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=100, decimal_places=1, **options)

    def prepare_value(self, value: Any) -> Any:
        return percent(value).removesuffix(" %") if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> str | None:
        cleaned = super().clean(value)
        return None if cleaned is None else str(cleaned / 100)


class _LinesField(forms.CharField):
    """Texts, one in a line."""

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class _WordField(forms.CharField):
    """A number or a word: what it must be is said by the rules."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)


class RulesForm(DtoForm):
    """Asks for the next version of the rules, and why it changes."""

    use_required_attribute = False  # a browser would refuse to try rules for which no reason is given yet
    kind, check = Rules, staticmethod(read_rules)

    reason = forms.CharField(
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="Why the rules change. The audit keeps it with your name.",
    )


class ProfileForm(DtoForm):
    """Asks whom a campaign looks for."""

    kind, check = Profile, staticmethod(read_profile)


ORIGIN = re.compile(r"https?://([a-z0-9-]+\.)*[a-z0-9-]+(:\d{1,5})?")
"""Of a site as browsers name it."""
