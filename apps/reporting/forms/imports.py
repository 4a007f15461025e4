"""What the desk takes in of files of measured values: the file, whose it is, and what its columns are."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from apps.identity.models import Client, User
from apps.reporting.gateways import SHELF
from apps.reporting.models import MetricImport
from apps.reporting.rules.mapping import LONGEST_LABEL, ROLES, Column, Mapping
from apps.reporting.services.imports import keep_file
from apps.shared.gateways.tables import TableRefused
from apps.shared.scope import in_scope

MARKS = [(".", "a point: 1,234.56"), (",", "a comma: 1.234,56")]
ORDERS = [("DMY", "the day: 31/03/2026"), ("MDY", "the month: 03/31/2026")]


class MetricFileForm(forms.Form):
    """A file of measured values and whose it is; or one that was sent before and looked at.

    Cleaned, `kept` is the table, `file_name` its name, and `is_new` says that nobody has looked at it yet.
    """

    use_required_attribute = False  # what is missing is said beside the field, in our words

    client = forms.ModelChoiceField(Client.objects.none(), error_messages={"required": "Choose whose values they are."})
    file = forms.FileField(
        required=False,
        label="Table",
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.xlsx"}),
        help_text="A CSV or XLSX file. Titles above the column names are passed over.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, user: User, **options: Any) -> None:
        super().__init__(*arguments, **options)
        chosen = MetricImport._meta.get_field("client")
        self.fields["client"].widget = AutocompleteSelect(
            chosen, admin.site, attrs={"class": "unfold-admin-autocomplete"}
        )
        self.fields["client"].queryset = in_scope(Client.objects.all(), user)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        try:
            if upload := cleaned["file"]:
                return cleaned | {"kept": keep_file(upload.file), "file_name": upload.name, "is_new": True}
            if not cleaned["seen"]:
                raise TableRefused("Choose a file.")
            kept, name = SHELF.unseal(cleaned["seen"])
            return cleaned | {"kept": kept, "file_name": name, "is_new": False}
        except TableRefused as refusal:
            self.add_error("file", str(refusal))
        except OSError:
            self.add_error("file", "The file storage did not take the file. Nothing was stored; try again later.")
        return cleaned


class MappingForm(forms.Form):
    """Asks what each column of a table is, whence the table comes and how it writes numbers and days."""

    origin = forms.CharField(
        label="Where it comes from",
        max_length=LONGEST_LABEL,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Such as “Google Ads”. How its tables are read is kept under this name; the same row of a later file "
        "from there is known by it.",
    )
    decimal = forms.ChoiceField(label="Decimals stand behind", choices=MARKS, widget=UnfoldAdminSelectWidget)
    order = forms.ChoiceField(label="In days with slashes, first comes", choices=ORDERS, widget=UnfoldAdminSelectWidget)
    rounds = forms.BooleanField(label="Round numbers to 4 decimals", required=False, widget=UnfoldBooleanSwitchWidget)
    replaces = forms.BooleanField(
        label="Take back known values that differ, for those of the file",
        required=False,
        widget=UnfoldBooleanSwitchWidget,
    )

    def __init__(self, headers: Sequence[str], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.headers = headers
        text = {"widget": UnfoldAdminTextInputWidget, "required": False}
        for place, header in enumerate(headers):
            short = header[:60]
            self.fields[f"role_{place}"] = forms.ChoiceField(
                label=f"{short}: what it is",
                required=False,
                choices=list(ROLES.items()),
                widget=UnfoldAdminSelectWidget,
            )
            self.fields[f"name_{place}"] = forms.CharField(label=f"{short}: name", max_length=200, **text)
            self.fields[f"unit_{place}"] = forms.CharField(label=f"{short}: unit", max_length=120, **text)
            for part in ("role", "name", "unit"):
                self.fields[f"{part}_{place}"].widget.attrs["aria-label"] = self.fields[f"{part}_{place}"].label

    @classmethod
    def of(cls, origin: str, mapping: Mapping) -> "MappingForm":
        """Return the form filled with a mapping."""
        said: dict[str, Any] = {"origin": origin, "decimal": mapping.decimal, "order": mapping.order}
        for place, column in enumerate(mapping.columns):
            said |= {f"{part}_{place}": getattr(column, part) for part in ("role", "name", "unit")}
        said |= {"rounds": "on"} if mapping.rounds else {}
        return cls([each.header for each in mapping.columns], said)

    @property
    def mapping(self) -> Mapping:
        """What was chosen; the form is valid."""
        said = self.cleaned_data
        columns = (
            Column(header, *(said[f"{part}_{place}"] for part in ("role", "name", "unit")))
            for place, header in enumerate(self.headers)
        )
        return Mapping(tuple(columns), said["decimal"], said["order"], said["rounds"])

    def lines(self, samples: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
        """Return each column with its fields and the first cells below it, for the page."""
        return [
            {
                "header": header,
                "sample": [row[place] for row in samples if place < len(row) and row[place]][:3],
                "fields": [self[f"{part}_{place}"] for part in ("role", "name", "unit")],
            }
            for place, header in enumerate(self.headers)
        ]
