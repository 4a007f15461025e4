"""What the desk takes in of campaigns: their plan, words, sequences, mailboxes and pause rules."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from apps.cam.api.dtos import CampaignPlan
from apps.cam.models import Campaign, Mailbox, MessageTemplate
from apps.cam.rules.sequences import LONGEST_WAIT, MOST_STEPS, ROUTES, StepPlan
from apps.cam.rules.templates import MOST_CHARACTERS, MOST_SUBJECT_CHARACTERS, PLACEHOLDERS


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
