"""Payments, credit notes and tax rates at the desk: what is booked is read, and never edited."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter

from apps.billing import rules
from apps.billing.admin.desk import charts_of_cash
from apps.billing.forms import TaxRateForm
from apps.billing.models import CreditNote, CreditNoteLine, Payment, TaxRate
from apps.billing.queries import with_credit
from apps.billing.services.rates import add_tax_rate
from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    NOTHING,
    DaysFilter,
    ReadOnlyAdmin,
    ReadOnlyTabularInline,
    admin_link,
    client_link,
)
from apps.shared.desk import Chart
from apps.shared.scope import ScopedAdmin

TO_INVOICES = ("Invoices", "admin:billing_invoice_changelist", "billing.view_invoice")


@admin.display(description="invoice")
def of_invoice(row: Any) -> str:
    """Link to the invoice of a row."""
    return admin_link("billing.invoice", row.invoice_id, str(row.invoice)) if row.invoice_id else NOTHING


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    empty_says = "Each is recorded on the page of its invoice."
    empty_leads_to = TO_INVOICES
    list_display = (
        "transaction_id",
        client_link,
        of_invoice,
        "amount_said",
        "credit_said",
        "method",
        "provider",
        "paid_at",
    )
    client_tab = "Invoices"
    list_filter = ("method", ("paid_at", DaysFilter), CLIENT_FILTER)
    list_select_related = ("client", "invoice")
    search_fields = ("transaction_id", "client__name")
    id_fields = ("pk", "invoice_id", "client_id")
    fields = (*list_display, "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        return with_credit(super().get_queryset(request))

    @admin.display(description="amount", ordering="amount")
    def amount_said(self, payment: Payment) -> str:
        return rules.say(payment.amount, payment.currency)

    @admin.display(description="in credit")
    def credit_said(self, payment: Any) -> str:
        return rules.say(payment.credit, payment.currency) if payment.credit else NOTHING

    def desk_charts(self, request: HttpRequest) -> list[Chart]:
        """Return what came in of late, by currency."""
        return charts_of_cash(super().get_queryset(request))


class CreditNoteLineInline(ReadOnlyTabularInline):
    model = CreditNoteLine
    fields = ("of_line", "net_said", "tax_said")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CreditNoteLine]:
        return super().get_queryset(request).select_related("invoice_line", "credit_note")

    @admin.display(description="line")
    def of_line(self, row: CreditNoteLine) -> str:
        return f"{row.invoice_line.position}. {row.invoice_line.description}"

    @admin.display(description="net")
    def net_said(self, row: CreditNoteLine) -> str:
        return rules.say(row.net, row.credit_note.currency)

    @admin.display(description="tax")
    def tax_said(self, row: CreditNoteLine) -> str:
        return rules.say(row.tax, row.credit_note.currency)


@admin.register(CreditNote)
class CreditNoteAdmin(ReadOnlyAdmin):
    empty_says = "Each is written on the page of the invoice that it credits."
    empty_leads_to = TO_INVOICES
    list_display = ("number", client_link, of_invoice, "amount_said", "issue_date", "reason")
    client_tab = "Invoices"
    list_filter = (("issue_date", RangeDateFilter), CLIENT_FILTER, CREATED_FILTER)
    list_select_related = ("client", "invoice")
    search_fields = ("number", "client__name")
    id_fields = ("pk", "invoice_id", "client_id")
    fields = ("number", client_link, of_invoice, "net_said", "tax_said", "amount_said", "issue_date", "reason")
    inlines: ClassVar = [CreditNoteLineInline]

    @admin.display(description="net")
    def net_said(self, note: CreditNote) -> str:
        return rules.say(note.net, note.currency)

    @admin.display(description="tax")
    def tax_said(self, note: CreditNote) -> str:
        return rules.say(note.tax, note.currency)

    @admin.display(description="amount", ordering="amount")
    def amount_said(self, note: CreditNote) -> str:
        return rules.say(note.amount, note.currency)

    def desk_find(self, request: HttpRequest, term: str) -> QuerySet[CreditNote]:
        """Return the credit notes whose number begins like the term."""
        rows, number = self.get_queryset(request).select_related("client"), term.upper()
        return rows.filter(number__startswith=number).order_by("-number") if number.startswith("CN-") else rows.none()


@admin.register(TaxRate)
class TaxRateAdmin(ScopedAdmin):
    """Rates are added; a new percentage is a further rate of the same name, from its day on."""

    empty_says = "Without one no invoice can be issued: add those you charge."
    form = TaxRateForm
    list_display = ("name", "country", "category", "percent", "valid_from")
    list_filter = ("category", "country")
    search_fields = ("name",)

    def save_model(self, request: HttpRequest, obj: TaxRate, form: forms.ModelForm, change: bool) -> None:
        add_tax_rate(obj, by=request.user.pk)

    def has_change_permission(self, request: HttpRequest, obj: TaxRate | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: TaxRate | None = None) -> bool:
        return False
