"""What the desk takes in to write a section anew."""

from typing import Self

from django import forms
from django.http import QueryDict
from unfold.widgets import UnfoldAdminTextareaWidget

MOST_CHARACTERS = 60_000
"""Of one section: several times the longest that any pack orders."""


class SectionForm(forms.Form):
    """Asks for a section's text, and why it changes."""

    use_required_attribute = False  # a browser would refuse to show a text for which no reason is given yet

    markdown = forms.CharField(
        label="Text",
        strip=False,
        max_length=MOST_CHARACTERS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 26}),
        help_text="Markdown. Headings begin at level 3 (###), because the section's own is above them.",
        error_messages={"required": "A section cannot be empty. Write its text."},
    )
    reason = forms.CharField(
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="Why the text changes. The audit keeps it with your name.",
        error_messages={"required": "Say why the text changes."},
    )

    @classmethod
    def of(cls, markdown: str, sent: QueryDict) -> Self:
        """Make the form for a section's text: bound where it is to be saved, filled in without a verdict for a look."""
        if "save" in sent:
            return cls(sent, initial={"markdown": markdown})
        return cls(initial={"markdown": markdown, **sent.dict()})

    def clean_markdown(self) -> str:
        """Return the text with the line ends it is stored with, which browsers send as two characters."""
        text = self.cleaned_data["markdown"].replace("\r\n", "\n")
        if not text.strip():
            raise forms.ValidationError(self.fields["markdown"].error_messages["required"])
        if text == self.initial["markdown"]:
            raise forms.ValidationError("This text stands there already. Change it, or go back.")
        return text
