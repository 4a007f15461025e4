"""What the desk takes in: campaigns, whom they look for, rules, files of leads and their columns, mails as files."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core import signing
from pydantic.fields import FieldInfo
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from apps.cam.api.dtos import CampaignPlan
from apps.cam.gateways.files import Kept, is_kept
from apps.cam.models import Campaign
from apps.cam.rules.columns import FIELDS, recognise
from apps.cam.rules.mails import MOST_BYTES
from apps.cam.rules.rulebooks import Profile, Rules, RulesRefused, is_share, percent, read_profile, read_rules
from apps.cam.services.imports import UNCLAIMED_AFTER, keep_file
from apps.shared.dtos import Dto
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
