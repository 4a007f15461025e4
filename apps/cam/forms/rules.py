"""Rules of scoring and a campaign's profile, as forms made of their own fields."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from pydantic.fields import FieldInfo
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from apps.cam.forms.fields import LinesField, PercentField, WordField
from apps.cam.rules.rulebooks import Profile, Rules, RulesRefused, is_share, read_profile, read_rules
from apps.shared.dtos import Dto


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
            self.fields[place] = PercentField(widget=widget, initial=value, **common | {"required": True})
        elif isinstance(value, tuple):
            widget = UnfoldAdminTextareaWidget(attrs={"rows": min(max(len(value), 3), 8)})
            self.fields[place] = LinesField(widget=widget, initial="\n".join(value), **common)
        else:
            self.fields[place] = WordField(widget=UnfoldAdminTextInputWidget, initial=value, **common)
        return place


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
