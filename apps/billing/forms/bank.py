"""What the desk takes in of the bank: a statement, how it is to be read, and what a line pays."""

import base64
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from apps.billing.rules import bank
from apps.billing.services.bank import MOST_BYTES, Sheet, read_sheet
from apps.shared.gateways.tables import TableRefused

_SALT = "billing.statement"
_LOOKED_AT_WITHIN = timedelta(days=1)


class StatementForm(forms.Form):
    """A file of the bank; or one that was sent before and looked at. Cleaned, `sheet` is its table."""

    file = forms.FileField(
        required=False,
        label="Statement",
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.xlsx"}),
        help_text="As the bank exports it: CSV, or XLSX.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        try:
            name, content = self._sent(cleaned)
            cleaned |= {"sheet": read_sheet(content), "name": name, "sealed": _seal(name, content)}
        except TableRefused as refusal:
            self.add_error("file", str(refusal))
        return cleaned

    def _sent(self, cleaned: dict[str, Any]) -> tuple[str, bytes]:
        if upload := cleaned.get("file"):
            return upload.name, upload.read(MOST_BYTES + 1)
        if not cleaned.get("seen"):
            raise TableRefused("Choose a file.")
        try:
            name, content = signing.loads(cleaned["seen"], salt=_SALT, max_age=_LOOKED_AT_WITHIN)
        except signing.BadSignature as gone:
            raise TableRefused(
                "What you looked at is a day old, or came back changed. Choose the file again."
            ) from gone
        return name, base64.b64decode(content)


def _seal(name: str, content: bytes) -> str:
    return signing.dumps([name, base64.b64encode(content).decode()], salt=_SALT, compress=True)


class ReadingForm(forms.Form):
    """Asks which column is what, and how days and amounts are written. What is not clear is left for a person."""

    date_order = forms.ChoiceField(
        label="Days",
        required=False,
        choices=[("", "choose"), *bank.DATE_ORDERS.items()],
        widget=UnfoldAdminSelectWidget,
    )
    decimal_mark = forms.ChoiceField(
        label="Amounts",
        required=False,
        choices=[("", "choose"), *bank.DECIMAL_MARKS.items()],
        widget=UnfoldAdminSelectWidget,
    )
    currency = forms.CharField(
        label="Currency, where a line names none", required=False, max_length=3, widget=UnfoldAdminTextInputWidget
    )

    def __init__(self, headers: Sequence[str], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        columns = [("", "—"), *((str(place), name[:60]) for place, name in enumerate(headers))]
        for name, label in bank.FIELDS.items():
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=label, required=False, choices=columns, widget=UnfoldAdminSelectWidget
            )

    @staticmethod
    def guess(sheet: Sheet) -> dict[str, str]:
        """Return what the file itself leaves no doubt about."""
        columns = bank.NAMES.recognise(sheet.headers)
        orders = bank.possible_orders(sheet.column(columns.get("booking_date")))
        marks = bank.possible_marks(sheet.column(columns.get("amount")))
        return {
            **{f"column_{name}": str(place) for name, place in columns.items()},
            "date_order": orders[0] if len(orders) == 1 else "",
            "decimal_mark": marks[0] if len(marks) == 1 else "",
            "currency": bank.currency_of(sheet.headers, columns),
        }

    @property
    def reading(self) -> bank.Reading:
        """How the table is to be read; what was not chosen is missing there, too."""
        self.full_clean()
        chosen = {name: self.cleaned_data.get(f"column_{name}", "") for name in bank.FIELDS}
        return bank.Reading(
            columns={name: int(place) for name, place in chosen.items() if place},
            date_order=self.cleaned_data.get("date_order", ""),
            decimal_mark=self.cleaned_data.get("decimal_mark", ""),
            currency=self.cleaned_data.get("currency", "").upper(),
        )


class PartForm(forms.Form):
    """An invoice that a line pays, and with how much of it."""

    number = forms.CharField(
        label="Invoice", max_length=32, widget=UnfoldAdminTextInputWidget, error_messages={"required": "Name it."}
    )
    amount = forms.DecimalField(
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}), error_messages={"required": "Say how much."}
    )


PartForms = forms.formset_factory(PartForm, extra=3, max_num=20, validate_max=True)
