"""What the desk takes in to start a run, and to import intakes."""

import hashlib
import json
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from apps.onboarding.api.dtos import Intake
from apps.onboarding.api.ports import InvalidSubmission, WrongColumns, check_columns, read_submission
from apps.orchestration.services.intake import DEFAULT_PACK
from apps.orchestration.workflows import list_names_for
from apps.production.api import ports as production
from apps.production.api.dtos import PackChoice
from apps.shared.admin import words
from apps.shared.gateways.tables import MOST_BYTES as MOST_TABLE_BYTES
from apps.shared.gateways.tables import Table, TableRefused, read_table

ERROR_COLUMN = "error"
"""What a list of refused rows has beside its own columns; it may stay when the list comes back corrected."""
DEFAULT_WORKFLOW = "client_to_delivery"
MOST_BYTES = 500_000
"""A submission is read, shown, and sent once more: it has to fit into a form."""


class StartForm(forms.Form):
    """A client's submission, as a file or as text, the pack it is to become, and the workflow that makes it.

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
    workflow = forms.ChoiceField(
        required=False,
        widget=UnfoldAdminSelectWidget,
        initial=DEFAULT_WORKFLOW,
        help_text="The reviewed one waits for the strategy's approval, and for the client's.",
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["workflow"].choices = [(name, words(name)) for name in list_names_for(Intake, PackChoice)]
        self.fields["pack"].choices = [(pack.key, pack.title) for pack in production.list_packs()]

    def clean_workflow(self) -> str:
        """Return the workflow that was chosen, or the one that needs no people."""
        return self.cleaned_data["workflow"] or DEFAULT_WORKFLOW

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
    def looked_at(self) -> dict[str, str]:
        """What was sent, as this form would take it again."""
        return {name: self.cleaned_data[name] for name in ("text", "pack", "workflow")}

    @property
    def key(self) -> str:
        """The same submission for the same pack and workflow has the same key: sent twice, it is one run."""
        workflow = self.cleaned_data["workflow"]
        chosen = [self.cleaned_data["pack"], *([workflow] if workflow != DEFAULT_WORKFLOW else [])]
        said = json.dumps([json.loads(self.cleaned_data["text"]), *chosen], sort_keys=True)
        return f"desk:{hashlib.sha256(said.encode()).hexdigest()}"


def _nothing() -> str:
    raise ValueError("choose a file, or paste its text.")


class ImportForm(forms.Form):
    """Intakes in a file, or the table that was read from it before and looked at.

    Cleaned, `table` is what it says, with columns of the intake form alone.
    """

    file = forms.FileField(
        required=False,
        label="Table",
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.xlsx"}),
        help_text="A CSV or XLSX file with the columns of the template, one intake in each row of its first sheet.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        try:
            cleaned["table"] = self._table(cleaned).without(ERROR_COLUMN)
            check_columns(headings=cleaned["table"].headers)
        except TableRefused as refusal:
            self.add_error("file", str(refusal))
        except WrongColumns as wrong:
            self.add_error("file", list(wrong.problems))
        return cleaned

    def _table(self, cleaned: dict[str, Any]) -> Table:
        """Return the table that was sent. Raises TableRefused."""
        if cleaned["file"]:
            return read_table(cleaned["file"].read(MOST_TABLE_BYTES + 1))  # one byte more is enough to be refused
        if not cleaned["seen"]:
            raise TableRefused("Choose a file.")
        try:
            return Table.model_validate_json(cleaned["seen"])
        except ValueError as unreadable:
            raise TableRefused("What you looked at did not come back whole. Choose the file again.") from unreadable
