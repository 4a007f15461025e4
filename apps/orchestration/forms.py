"""What the desk takes in to start a run."""

import hashlib
import json
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from apps.onboarding.api.ports import InvalidSubmission, read_submission
from apps.orchestration.services.intake import DEFAULT_PACK
from apps.production.api import ports as production

MOST_BYTES = 500_000
"""A submission is read, shown, and sent once more: it has to fit into a form."""


class StartForm(forms.Form):
    """A client's submission, as a file or as text, and the pack it is to become.

    Cleaned, `submission` is what it says and `text` the JSON it came as, to be sent again with the confirmation.
    """

    file = forms.FileField(
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".json,application/json"}),
        help_text="The client's answers as a JSON file.",
    )
    text = forms.CharField(
        required=False,
        strip=False,
        label="Or its text",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        max_length=MOST_BYTES,
    )
    pack = forms.ChoiceField(widget=UnfoldAdminSelectWidget, initial=DEFAULT_PACK)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["pack"].choices = [(pack.key, pack.title) for pack in production.list_packs()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        field = "file" if cleaned.get("file") else "text"
        if self.errors:
            return cleaned
        try:
            cleaned["text"] = self._text(cleaned)
            cleaned["submission"] = read_submission(data=json.loads(cleaned["text"]))
        except InvalidSubmission as invalid:
            for path, problem in invalid.problems.items():
                self.add_error(field, f"{path} {problem}")
        except (ValueError, RecursionError) as unreadable:
            self.add_error(field, f"This is no JSON that can be read: {unreadable}")
        return cleaned

    def _text(self, cleaned: dict[str, Any]) -> str:
        """Return what was sent. Raises ValueError for nothing, for too much, and for what is no text."""
        file = cleaned.get("file")
        if file is None:
            return cleaned["text"] or _nothing()
        if file.size > MOST_BYTES:
            raise ValueError(f"it has {file.size} bytes, of {MOST_BYTES} at most.")
        return file.read().decode()

    @property
    def key(self) -> str:
        """The same submission for the same pack has the same key: sent twice, it is one run."""
        said = json.dumps([json.loads(self.cleaned_data["text"]), self.cleaned_data["pack"]], sort_keys=True)
        return f"desk:{hashlib.sha256(said.encode()).hexdigest()}"


def _nothing() -> str:
    raise ValueError("choose a file, or paste its text.")
