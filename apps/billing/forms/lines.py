"""Lines of invoices and quotes, typed one by one or as a whole."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.billing import rules
from apps.billing.api.dtos import LineItem
from apps.billing.forms.money import MoneyForm, plain, reason_field
from apps.billing.forms.rates import rate_choices
from apps.billing.models import InvoiceLine, QuoteLine
from apps.billing.rules import BillingRefused
from apps.shared.dtos import Money

LINES_AT_FIRST = 5


class LineForm(MoneyForm):
    """Asks what is billed, how much of it, and at which price and rate, as far as these are known yet."""

    description = forms.CharField(
        max_length=rules.LONGEST_DESCRIPTION,
        widget=UnfoldAdminTextInputWidget,
        error_messages={"required": "Say what is billed."},
    )
    quantity = forms.DecimalField(initial=1, widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}))
    unit_price = forms.DecimalField(
        required=False,
        label="Price of one",
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}),
        help_text="Before tax. Empty: to be set before it goes out.",
    )
    tax_rate = forms.TypedChoiceField(required=False, coerce=UUID, empty_value=None, widget=UnfoldAdminSelectWidget)

    def __init__(self, *arguments: Any, rates: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["tax_rate"].choices = rates

    def item(self, currency: str) -> LineItem | None:
        """Return the line; None where the rules refuse it, which then stands beside its field."""
        said = self.cleaned_data
        price = said["unit_price"]
        line = LineItem(
            description=said["description"],
            quantity=said["quantity"],
            unit_price=None if price is None else Money(amount=price, currency=currency),
            tax_rate_id=said["tax_rate"],
        )
        try:
            rules.check_line(line, currency)
        except BillingRefused as refusal:
            self.refuse(refusal)
            return None
        return line


class ReasonedLineForm(LineForm):
    """Asks for a line, and why a draft changes."""

    reason = reason_field("Why the draft changes. The audit keeps it with your name.")

    @staticmethod
    def of(line: InvoiceLine | QuoteLine) -> dict[str, Any]:
        """Return what the form shows of a line as it is."""
        price = line.unit_price
        return {
            "description": line.description,
            "quantity": plain(line.quantity),
            "unit_price": None if price is None else plain(price),
            "tax_rate": str(line.tax_rate_id) if line.tax_rate_id else None,
        }


class RemovalForm(MoneyForm):
    """Asks why a line goes."""

    reason = reason_field("Why the line goes. The audit keeps it with your name.")


def line_forms(sent: Any, day: date, shown: Sequence[dict[str, Any]] = ()) -> forms.BaseFormSet:
    """Return the forms of lines: those that are there already, to change or tick away, and room for further ones."""
    most = {"max_num": rules.MOST_LINES, "absolute_max": rules.MOST_LINES + 1, "validate_max": True}
    extra = 2 if shown else LINES_AT_FIRST
    kind = forms.formset_factory(LineForm, extra=extra, can_delete=bool(shown), can_delete_extra=False, **most)
    options = {"rates": rate_choices(day), "use_required_attribute": False}
    return kind(sent, initial=shown or None, prefix="lines", form_kwargs=options)


def items_of(lines: Any, currency: str) -> list[LineItem] | None:
    """Return the lines that were left or typed; None where the rules refuse one, which then stands beside its field."""
    gone = lines.deleted_forms if lines.can_delete else ()
    kept = [line for line in lines.initial_forms if line not in gone]
    items = [line.item(currency) for line in [*kept, *(line for line in lines.extra_forms if line.has_changed())]]
    return [item for item in items if item] if all(items) else None
