"""Payments, credit notes, tax rates and billing addresses at the desk: what is booked is read, and never edited."""

from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RangeDateFilter

from apps.billing import rules
from apps.billing.admin.credit import CreditPage
from apps.billing.admin.desk import charts_of_cash
from apps.billing.admin.reversals import ReversalPage
from apps.billing.forms import BillingAddressForm, TaxRateForm
from apps.billing.models import BillingAddress, CreditNote, CreditNoteLine, Payment, TaxRate
from apps.billing.queries import e_invoice_of, with_credit
from apps.billing.services.addresses import set_billing_address
from apps.billing.services.documents import credit_note_pdf
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
from apps.shared.desk import Chart, send_pdf
from apps.shared.rest.files import as_download_if_any
from apps.shared.scope import ScopedAdmin

TO_INVOICES = ("Invoices", "admin:billing_invoice_changelist", "billing.view_invoice")


@admin.display(description="invoice")
def of_invoice(row: Any) -> str:
    """Link to the invoice of a row."""
    return admin_link("billing.invoice", row.invoice_id, str(row.invoice)) if row.invoice_id else NOTHING


@admin.register(Payment)
class PaymentAdmin(CreditPage, ReversalPage):
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
        "counts",
    )
    client_tab = "Invoices"
    list_filter = ("method", ("reversal", admin.EmptyFieldListFilter), ("paid_at", DaysFilter), CLIENT_FILTER)
    list_select_related = ("client", "invoice", "reversal")
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

    @admin.display(description="counts")
    def counts(self, payment: Payment) -> str:
        reversal: Any = getattr(payment, "reversal", None)
        return f"no: {reversal.get_kind_display().lower()}" if reversal else "yes"

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
    fields = (
        *("number", client_link, of_invoice, "net_said", "tax_said", "amount_said", "issue_date", "reason"),
        "downloads",
    )
    inlines: ClassVar = [CreditNoteLineInline]

    def get_urls(self) -> list[URLPattern]:
        views = (("pdf", self.download), ("xml", self.download_xml))
        ours = [
            path(f"<uuid:pk>/{name}/", self.admin_site.admin_view(view), name=f"billing_creditnote_{name}")
            for name, view in views
        ]
        return [*ours, *super().get_urls()]

    def download(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Send a credit note as a PDF, in the desk's English."""
        note = self._note(request, pk)
        return send_pdf(request, note, f"{note.number}.pdf", partial(credit_note_pdf, note))

    def download_xml(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Send a credit note as its e-invoice."""
        note = self._note(request, pk)
        return as_download_if_any(e_invoice_of(note), f"{note.number}.xml", "application/xml")

    def _note(self, request: HttpRequest, pk: UUID) -> CreditNote:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request).select_related("client", "invoice"), pk=pk)

    @admin.display(description="download")
    def downloads(self, note: CreditNote) -> SafeString:
        names = ("pdf", "xml") if e_invoice_of(note) else ("pdf",)
        links = ((reverse(f"admin:billing_creditnote_{name}", args=[note.pk]), name.upper()) for name in names)
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

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


@admin.register(BillingAddress)
class BillingAddressAdmin(ScopedAdmin):
    """To whom invoices are written from now on; the audit keeps what stood here before."""

    empty_says = "Without one, invoices name the client and its country alone."
    form = BillingAddressForm
    list_display = ("legal_name", client_link, "city", "country", "vat_id", "updated_at")
    list_filter = ("country", CLIENT_FILTER)
    list_select_related = ("client",)
    search_fields = ("legal_name", "client__name", "vat_id")
    autocomplete_fields = ("client",)
    client_tab = "Invoices"

    def save_model(self, request: HttpRequest, obj: BillingAddress, form: forms.ModelForm, change: bool) -> None:
        set_billing_address(obj, by=request.user.pk)

    def get_readonly_fields(self, request: HttpRequest, obj: BillingAddress | None = None) -> tuple[str, ...]:
        return ("client",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: BillingAddress | None = None) -> bool:
        return False
