"""What the desk takes in as files: tables of leads, mails."""

from collections.abc import Sequence
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from apps.cam.gateways.files import unseal
from apps.cam.models import Campaign
from apps.cam.rules.columns import FIELDS, recognise
from apps.cam.rules.mails import MOST_BYTES
from apps.cam.services.imports import keep_file
from apps.shared.gateways.tables import TableRefused

GOING_ON = Campaign.objects.exclude(state=Campaign.State.COMPLETED).order_by("name")
"""Campaigns that leads can still come into."""


class ImportForm(forms.Form):
    """A file of leads and the campaign it is for; or one that was sent before and looked at.

    Cleaned, `kept` is the table and `mapping` the place of each field's column: as the person chose, for a new file as
    its column names say.
    """

    campaign = forms.ModelChoiceField(
        GOING_ON,
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
        kept, name = unseal(cleaned["seen"])
        return {"kept": kept, "file_name": name, "mapping": MappingForm(kept.headers, self.data).mapping}


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
