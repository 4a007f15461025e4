"""What the desk takes in of reports."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from unfold.widgets import INPUT_CLASSES

from apps.identity.models import Client, User
from apps.reporting.models import Report
from apps.reporting.rules import ReportRefused
from apps.shared.scope import in_scope


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": " ".join(INPUT_CLASSES)})
    return forms.DateField(label=label, widget=widget)


class NewReportForm(forms.Form):
    """Asks whose report is made, and of which days."""

    use_required_attribute = False  # what is missing is said beside the field, in our words

    client = forms.ModelChoiceField(Client.objects.none(), error_messages={"required": "Choose whose report it is."})
    start_date = _day("First day")
    end_date = _day("Last day")

    def __init__(self, *arguments: Any, user: User, **options: Any) -> None:
        super().__init__(*arguments, **options)
        chosen = Report._meta.get_field("client")
        self.fields["client"].widget = AutocompleteSelect(
            chosen, admin.site, attrs={"class": "unfold-admin-autocomplete"}
        )
        self.fields["client"].queryset = in_scope(Client.objects.all(), user)

    def refuse(self, refusal: ReportRefused) -> None:
        """Say beside the field what is wrong with it."""
        self.add_error(refusal.field, refusal.problem[:1].upper() + refusal.problem[1:])


def last_month(today: date) -> dict[str, date]:
    """Return the days of the last month that is over."""
    end = today.replace(day=1) - timedelta(days=1)
    return {"start_date": end.replace(day=1), "end_date": end}
