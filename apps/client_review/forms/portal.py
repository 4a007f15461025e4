"""What the portal takes in of a client: remarks, and decisions."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.client_review.api.dtos import Decision, RevisionRequest, ShownSection

LONGEST = 10_000


class CommentForm(forms.Form):
    """A client's remark, on a section or on the whole."""

    section = forms.CharField(required=False, max_length=64)
    quote = forms.CharField(required=False, max_length=LONGEST)
    text = forms.CharField(max_length=LONGEST)


class VerdictForm(forms.Form):
    """A client approves or rejects the version on the page; a rejection says why."""

    verdict = forms.ChoiceField(choices=[("APPROVED", "APPROVED"), ("REJECTED", "REJECTED")])
    draft_sha256 = forms.CharField(max_length=64)
    text = forms.CharField(required=False, max_length=LONGEST)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("verdict") == "REJECTED" and not cleaned.get("text", "").strip():
            self.add_error("text", _("Say in a sentence why you reject it."))
        return cleaned


class ChangesForm(forms.Form):
    """A client asks for changes: a field and its priority for every section of the version on the page."""

    draft_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    text = forms.CharField(required=False, max_length=LONGEST, widget=forms.Textarea)

    def __init__(self, sections: Iterable[ShownSection], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.sections = tuple(sections)
        for section in self.sections:
            self.fields[f"change-{section.key}"] = forms.CharField(
                required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}), label=section.heading
            )
            self.fields[f"priority-{section.key}"] = forms.ChoiceField(
                required=False, choices=[("MUST", _("must")), ("SHOULD", _("should")), ("COULD", _("could"))]
            )

    def rows(self) -> list[dict[str, Any]]:
        """Return each section with its two fields."""
        return [
            {"section": each, "change": self[f"change-{each.key}"], "priority": self[f"priority-{each.key}"]}
            for each in self.sections
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not any(cleaned.get(f"change-{section.key}") for section in self.sections):
            raise forms.ValidationError(_("Name at least one section and what to change in it."))
        return cleaned

    @property
    def decision(self) -> Decision:
        """What the client asked for."""
        said = self.cleaned_data
        requests = (
            RevisionRequest(
                section=section.key,
                change=said[f"change-{section.key}"],
                priority=said[f"priority-{section.key}"] or "MUST",
            )
            for section in self.sections
            if said[f"change-{section.key}"]
        )
        return Decision(
            verdict="CHANGES_REQUESTED",
            draft_sha256=said["draft_sha256"],
            text=said["text"],
            requests=tuple(requests),
        )
