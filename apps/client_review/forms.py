"""What the desk takes in to record a client's decision."""

from collections.abc import Iterable
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from apps.client_review.api.dtos import Decision, RevisionRequest, ShownSection
from apps.client_review.models import Review
from apps.client_review.models import RevisionRequest as RequestRow

MOST_CHANGES = 5
"""Of one recorded decision: what somebody can take down on the telephone."""
VERDICTS = [("APPROVED", "Approved"), ("CHANGES_REQUESTED", "Changes requested"), ("REJECTED", "Rejected")]
CHANNELS = [(name, label) for name, label in Review.Channel.choices if name != Review.Channel.PORTAL]


class DecisionForm(forms.Form):
    """Asks what a client decided, who told us and how, and which changes they want in which sections.

    `draft_sha256` is that of the version on the page: a decision is about what was read, not about what came since.
    """

    draft_sha256 = forms.CharField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(choices=VERDICTS, widget=UnfoldAdminSelectWidget, label="The client has")
    channel = forms.ChoiceField(choices=CHANNELS, widget=UnfoldAdminSelectWidget, label="Told us by")
    told_by = forms.CharField(
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        label="Who at the client",
        error_messages={"required": "Say who."},
    )
    text = forms.CharField(
        required=False,
        max_length=4000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        label="What they said",
        help_text="The audit keeps it with your name. A rejection needs it.",
    )

    def __init__(self, sections: Iterable[ShownSection], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        named = [("", "–"), *((section.key, section.heading) for section in sections)]
        for n in range(1, MOST_CHANGES + 1):
            self.fields[f"section_{n}"] = forms.ChoiceField(
                choices=named, required=False, widget=UnfoldAdminSelectWidget, label=f"Change {n}: section"
            )
            self.fields[f"change_{n}"] = forms.CharField(
                required=False,
                max_length=2000,
                widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
                label=f"Change {n}: what",
                help_text='“Replace "these words" with "those"” is done by itself; anything else waits for a writer.',
            )
            self.fields[f"priority_{n}"] = forms.ChoiceField(
                choices=RequestRow.Priority.choices,
                required=False,
                widget=UnfoldAdminSelectWidget,
                label=f"Change {n}: priority",
            )

    def rows(self) -> list[list[forms.BoundField]]:
        """Return the fields of each change."""
        return [[self[f"{name}_{n}"] for name in ("section", "change", "priority")] for n in range(1, MOST_CHANGES + 1)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for n in range(1, MOST_CHANGES + 1):
            section, change = cleaned.get(f"section_{n}"), (cleaned.get(f"change_{n}") or "").strip()
            if bool(section) != bool(change):
                self.add_error(f"change_{n}", "A change needs its section and what to change.")
        return cleaned

    @property
    def decision(self) -> Decision:
        """What was recorded."""
        said = self.cleaned_data
        numbers = [n for n in range(1, MOST_CHANGES + 1) if said[f"section_{n}"]]
        requests = (
            RevisionRequest(
                section=said[f"section_{n}"], change=said[f"change_{n}"], priority=said[f"priority_{n}"] or "MUST"
            )
            for n in numbers
        )
        names = ("verdict", "draft_sha256", "text", "channel", "told_by")
        return Decision(requests=tuple(requests), **{name: said[name] for name in names})
