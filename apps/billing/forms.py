"""What the desk takes in of money."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils import timezone
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from apps.billing import queries, rules
from apps.billing.api.dtos import LineCredit, LineItem, Offer, PaymentNotice
from apps.billing.models import Invoice, InvoiceLine, Payment, Quote, QuoteLine, TaxRate
from apps.billing.rules import BillingRefused
from apps.identity.models import Client, User
from apps.shared.dtos import Money
from apps.shared.scope import in_scope

DESK = "DESK"
"""The provider of payments that a person types in."""
LINES_AT_FIRST = 5


def _reason(help_text: str) -> forms.CharField:
    return forms.CharField(
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=help_text,
        error_messages={"required": "Say why."},
    )


class _MoneyForm(forms.Form):
    """Says beside its fields what billing refuses."""

    use_required_attribute = False  # what is missing is said beside the field, in our words

    def refuse(self, refusal: BillingRefused) -> None:
        """Say beside the field what is wrong with it, above the form where it has no such field."""
        field = {"tax_rate_id": "tax_rate"}.get(refusal.field, refusal.field.replace(" ", "_"))
        if field in self.fields:
            self.add_error(field, refusal.problem[:1].upper() + refusal.problem[1:])
        else:
            self.add_error(None, str(refusal))


class LineForm(_MoneyForm):
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

    reason = _reason("Why the draft changes. The audit keeps it with your name.")

    @staticmethod
    def of(line: InvoiceLine | QuoteLine) -> dict[str, Any]:
        """Return what the form shows of a line as it is."""
        price = line.unit_price
        return {
            "description": line.description,
            "quantity": _plain(line.quantity),
            "unit_price": None if price is None else _plain(price),
            "tax_rate": str(line.tax_rate_id) if line.tax_rate_id else None,
        }


class RemovalForm(_MoneyForm):
    """Asks why a line goes."""

    reason = _reason("Why the line goes. The audit keeps it with your name.")


def rate_choices(day: date) -> list[tuple[str, str]]:
    """Return the rates in force as choices; that none is known yet is the first."""
    rates = ((str(rate.pk), f"{rate} ({rate.percent.normalize():f} %)") for rate in queries.rates_in_force(day))
    return [("", "to be set"), *rates]


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


class _OfClientForm(_MoneyForm):
    """Lets those clients be chosen that a person may see."""

    def __init__(self, *arguments: Any, user: User, **options: Any) -> None:
        super().__init__(*arguments, **options)
        chosen = Invoice._meta.get_field("client")
        self.fields["client"].widget = AutocompleteSelect(
            chosen, admin.site, attrs={"class": "unfold-admin-autocomplete"}
        )
        self.fields["client"].queryset = in_scope(Client.objects.all(), user)


class NewInvoiceForm(_OfClientForm):
    """Asks who is billed, and by when it is to be paid."""

    client = forms.ModelChoiceField(Client.objects.none(), error_messages={"required": "Choose who is billed."})
    payment_days = forms.IntegerField(
        label="Days to pay",
        min_value=0,
        max_value=365,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="From the day it is issued to the day it is due.",
    )


class QuoteForm(_MoneyForm):
    """Asks what a quote says beside its lines."""

    valid_until_date = forms.DateField(
        label="Valid until",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": " ".join(INPUT_CLASSES)}),
        help_text="The last day on which the client can accept it, where the client is.",
        error_messages={"required": "Say until when it is valid."},
    )
    deposit_percent = forms.DecimalField(
        required=False,
        label="Deposit in percent",
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}),
        help_text="What is billed once it is accepted. Empty, and no amount either: the whole is.",
    )
    deposit_amount = forms.DecimalField(
        required=False,
        label="Deposit as an amount",
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}),
        help_text="Before tax.",
    )
    terms = forms.CharField(
        required=False, max_length=rules.LONGEST_TERMS, widget=UnfoldAdminTextareaWidget(attrs={"rows": 5})
    )

    @staticmethod
    def of(quote: Quote) -> dict[str, Any]:
        """Return what the form shows of a draft as it is."""
        shares = {
            name: None if value is None else _plain(value)
            for name in ("deposit_percent", "deposit_amount")
            for value in (getattr(quote, name),)
        }
        return {"valid_until_date": quote.valid_until_date, "terms": quote.terms, **shares}

    def offer(self, items: Iterable[LineItem]) -> Offer:
        """Return what was typed, with these lines."""
        names = ("valid_until_date", "deposit_percent", "deposit_amount", "terms")
        return Offer(lines=tuple(items), **{name: self.cleaned_data[name] for name in names})


class NewQuoteForm(_OfClientForm, QuoteForm):
    """Asks who is offered something, too."""

    client = forms.ModelChoiceField(Client.objects.none(), error_messages={"required": "Choose who it is for."})
    field_order = ("client",)


class PaymentForm(_MoneyForm):
    """Asks what came in, when and how, and what the bank calls it."""

    amount = forms.DecimalField(widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}))
    paid_at = forms.DateField(
        label="Came in on",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": " ".join(INPUT_CLASSES)}),
    )
    method = forms.ChoiceField(choices=Payment.Method.choices, widget=UnfoldAdminSelectWidget)
    transaction_id = forms.CharField(
        label="Reference",
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text="What the bank calls it. The same reference again is the same payment.",
        error_messages={"required": "Copy it from the bank's statement: it keeps the money from counting twice."},
    )

    def notice(self, currency: str) -> PaymentNotice:
        """Return what was typed, as money that came with the beginning of its day."""
        said = self.cleaned_data
        return PaymentNotice(
            provider=DESK,
            transaction_id=said["transaction_id"],
            amount=Money(amount=said["amount"], currency=currency),
            method=said["method"],
            paid_at=timezone.make_aware(datetime.combine(said["paid_at"], time())),
        )


class CreditForm(_MoneyForm):
    """Asks how much of which line goes back, before tax, or whether all that is left does; and why."""

    everything = forms.BooleanField(required=False, label="All that is left of the invoice")
    reason = _reason("It stands on the credit note, and in the audit.")

    def __init__(self, lines: Sequence[tuple[InvoiceLine, Decimal]], currency: str, *arguments: Any, **options: Any):
        super().__init__(*arguments, **options)
        self.positions = [line.position for line, _ in lines]
        for line, left in lines:
            self.fields[f"line_{line.position}"] = forms.DecimalField(
                required=False,
                label=f"{line.position}. {line.description[:80]}",
                widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}),
                help_text=f"Of it {rules.say(left, currency)} is left, before tax.",
            )
        self.order_fields(["everything", *(f"line_{position}" for position in self.positions), "reason"])

    def clean(self) -> dict[str, Any]:
        """Refuse to guess: all, or some parts, or nothing said."""
        cleaned = super().clean()
        if not self.errors and bool(cleaned["everything"]) == bool(self.parts):
            self.add_error("everything", "Tick this, or say how much of which line goes back.")
        return cleaned

    @property
    def parts(self) -> tuple[LineCredit, ...]:
        """The parts of lines that go back; none where all that is left does."""
        said: Iterable = ((position, self.cleaned_data.get(f"line_{position}")) for position in self.positions)
        return tuple(LineCredit(position=position, net=net) for position, net in said if net is not None)


class TaxRateForm(forms.ModelForm):
    """A tax rate, which never changes once it is there."""

    class Meta:
        model = TaxRate
        fields: ClassVar = ["name", "country", "category", "percent", "valid_from"]

    def clean_country(self) -> str:
        """Return the code in capitals."""
        code = self.cleaned_data["country"].upper()
        if not rules.is_country(code):
            raise forms.ValidationError("This is no country; use two letters of ISO 3166-1, such as IE.")
        return code


def _plain(number: Decimal) -> str:
    """Return a number without the zeros that its column adds."""
    return f"{number.normalize():f}"


class AcceptForm(forms.Form):
    """A client takes the quote on the page, and types a name as its signature."""

    sha256 = forms.CharField(max_length=64)
    signed_name = forms.CharField(max_length=rules.LONGEST_NAME)


class DeclineForm(forms.Form):
    """A client does not take the quote on the page, and says why."""

    sha256 = forms.CharField(max_length=64)
    reason = forms.CharField(max_length=rules.LONGEST_REASON)
