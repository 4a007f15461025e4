"""What the desk takes in: campaigns, files of leads and what their columns are, mails as files."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core import signing
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from apps.cam.api.dtos import CampaignPlan
from apps.cam.gateways.files import Kept, is_kept
from apps.cam.models import Campaign, Consent, Mailbox, MessageTemplate
from apps.cam.rules.columns import FIELDS, recognise
from apps.cam.rules.mails import MOST_BYTES
from apps.cam.rules.sequences import LONGEST_WAIT, MOST_STEPS, ROUTES, StepPlan
from apps.cam.rules.templates import MOST_CHARACTERS, MOST_SUBJECT_CHARACTERS, PLACEHOLDERS
from apps.cam.services.imports import UNCLAIMED_AFTER, keep_file
from apps.shared.gateways.tables import TableRefused

_SALT = "cam.import"


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


class ImportForm(forms.Form):
    """A file of leads and the campaign it is for; or one that was sent before and looked at.

    Cleaned, `kept` is the table and `mapping` the place of each field's column: as the person chose, for a new file as
    its column names say.
    """

    campaign = forms.ModelChoiceField(
        Campaign.objects.exclude(state=Campaign.State.COMPLETED).order_by("name"),
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
