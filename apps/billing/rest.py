"""The portal's API: what the client is offered, and what it is asked to pay."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.billing import queries, rules
from apps.billing.models import (
    Checkout,
    CreditNote,
    CreditNoteLine,
    Invoice,
    InvoiceLine,
    Quote,
    QuotedRetainer,
    QuoteLine,
)
from apps.billing.rules import BillingRefused
from apps.billing.services import answers, checkouts
from apps.billing.services.documents import credit_note_pdf, invoice_pdf, quote_pdf
from apps.shared.rest.fields import MoneyField, NothingSerializer, StrictSerializer, TextField
from apps.shared.rest.files import as_download_if_any
from apps.shared.rest.pdf import PDF, PdfRenderer, send_pdf
from apps.shared.rest.problems import Conflict, PreconditionFailed, PreconditionRequired
from apps.shared.rest.schema import IF_MATCH
from apps.shared.rest.views import ListAndDetail


class XmlRenderer(PdfRenderer):
    """Lets a program accept XML; refusals are written as JSON all the same."""

    media_type = "application/xml"
    format = "xml"


XML = extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})


def _pdf_of(page: ListAndDetail, write: Callable[..., bytes]) -> HttpResponse:
    """Send the row that is asked for as the PDF that `write` makes of it, in the reader's language."""
    row, language = page.get_object(), page.access.user.language or settings.LANGUAGE_CODE
    return send_pdf(row, f"{row.number}.pdf", partial(write, row, language=language))


def _xml_of(page: ListAndDetail) -> HttpResponse:
    """Send the e-invoice of the row that is asked for."""
    row = page.get_object()
    return as_download_if_any(queries.e_invoice_of(row), f"{row.number}.xml", "application/xml")


class InvoiceSerializer(serializers.ModelSerializer):
    """An issued invoice: it never changes but for what was paid and credited of it."""

    subtotal = MoneyField(amount="subtotal")
    tax = MoneyField(amount="tax")
    total = MoneyField(amount="total")
    paid = MoneyField(amount="paid")
    credited = MoneyField(amount="credited")
    open = MoneyField(amount="still_open")

    class Meta:
        model = Invoice
        fields = (
            *("id", "number", "state", "issue_date", "due_date"),
            *("subtotal", "tax", "total", "paid", "credited", "open", "created_at"),
        )


class InvoiceLineSerializer(serializers.ModelSerializer):
    """A line of an invoice."""

    unit_price = MoneyField(amount="unit_price", currency="invoice.currency")
    net = MoneyField(amount="net", currency="invoice.currency")
    tax = MoneyField(amount="tax", currency="invoice.currency")

    class Meta:
        model = InvoiceLine
        fields = ("position", "description", "quantity", "unit_price", "tax_percent", "tax_category", "net", "tax")


class WholeInvoiceSerializer(InvoiceSerializer):
    """An invoice with its lines."""

    lines = InvoiceLineSerializer(many=True)

    class Meta(InvoiceSerializer.Meta):
        fields = (*InvoiceSerializer.Meta.fields, "lines")


class CheckoutSerializer(serializers.ModelSerializer):
    """A payment by card: who may see the client's money opens `url` in a browser, and pays on the card service's page.

    It is PAID once the card service has confirmed that, and OPEN until then.
    """

    amount = MoneyField(amount="amount")
    invoice = serializers.UUIDField(source="invoice_id")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Checkout
        fields = ("id", "invoice", "state", "amount", "url", "created_at")

    def get_url(self, checkout: Checkout) -> str:
        return settings.BASE_URL + reverse("pay-checkout", args=[checkout.pk])


class Checkouts(ListAndDetail):
    """The client's payments by card, begun on the page of an invoice or by `invoices/{id}/checkout`."""

    queryset = Checkout.objects.all()
    serializer_class = CheckoutSerializer
    scope = "billing"
    filterset_fields = ("state",)


class Invoices(ListAndDetail):
    """The client's invoices. What is still a draft is the agency's affair."""

    queryset = Invoice.objects.all()
    serializer_class = InvoiceSerializer
    scope = "billing"
    filterset_fields = ("state",)

    def visible(self, rows: QuerySet) -> QuerySet:
        rows = rows.issued()
        if self.action in ("pdf", "xml"):
            return rows.select_related("client")
        return rows if self.action == "list" else rows.prefetch_related("lines__invoice")

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return InvoiceSerializer if self.action == "list" else WholeInvoiceSerializer

    @extend_schema(request=NothingSerializer, responses={201: CheckoutSerializer})
    @action(detail=True, methods=["post"], filterset_fields=())
    def checkout(self, request: Request, **_: Any) -> Response:
        """Begin to pay by card what is open of the invoice; the payment under way for it, where there is one."""
        invoice = self.get_object()
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        try:
            begun = checkouts.begin_checkout(invoice.pk, by=self.access.user.pk, at=timezone.now())
        except checkouts.NothingToPay as refusal:
            raise Conflict(refusal.problem) from refusal
        return Response(CheckoutSerializer(begun).data, status=status.HTTP_201_CREATED)

    @PDF
    @action(detail=True, renderer_classes=[JSONRenderer, PdfRenderer])
    def pdf(self, request: Request, pk: UUID) -> HttpResponse:
        """Download the invoice as a document, in your language, with what was paid and credited up to today."""
        return _pdf_of(self, partial(invoice_pdf, on=timezone.localdate()))

    @XML
    @action(detail=True, renderer_classes=[JSONRenderer, XmlRenderer])
    def xml(self, request: Request, pk: UUID) -> HttpResponse:
        """Download the invoice as an e-invoice, as it was issued: EN 16931 in the syntax of Factur-X (UN/CEFACT CII).

        The PDF has the same file attached. An invoice that was issued without one is answered with 404.
        """
        return _xml_of(self)


class CreditNoteSerializer(serializers.ModelSerializer):
    """A credit note: it takes an invoice back, wholly or in part, and never changes."""

    net = MoneyField(amount="net")
    tax = MoneyField(amount="tax")
    amount = MoneyField(amount="amount")

    class Meta:
        model = CreditNote
        fields = ("id", "number", "invoice", "issue_date", "net", "tax", "amount", "created_at")


class CreditNoteLineSerializer(serializers.ModelSerializer):
    """What of a line of the invoice is credited."""

    position = serializers.IntegerField(source="invoice_line.position")
    description = serializers.CharField(source="invoice_line.description")
    net = MoneyField(amount="net", currency="credit_note.currency")
    tax = MoneyField(amount="tax", currency="credit_note.currency")

    class Meta:
        model = CreditNoteLine
        fields = ("position", "description", "net", "tax")


class WholeCreditNoteSerializer(CreditNoteSerializer):
    """A credit note with its lines."""

    lines = CreditNoteLineSerializer(many=True)

    class Meta(CreditNoteSerializer.Meta):
        fields = (*CreditNoteSerializer.Meta.fields, "lines")


class CreditNotes(ListAndDetail):
    """What was credited of the client's invoices."""

    queryset = CreditNote.objects.all()
    serializer_class = CreditNoteSerializer
    scope = "billing"
    filterset_fields = ("invoice",)

    def visible(self, rows: QuerySet) -> QuerySet:
        if self.action in ("pdf", "xml"):
            return rows.select_related("client", "invoice")
        return rows if self.action == "list" else rows.prefetch_related("lines__invoice_line", "lines__credit_note")

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return CreditNoteSerializer if self.action == "list" else WholeCreditNoteSerializer

    @PDF
    @action(detail=True, renderer_classes=[JSONRenderer, PdfRenderer])
    def pdf(self, request: Request, pk: UUID) -> HttpResponse:
        """Download the credit note as a document, in your language."""
        return _pdf_of(self, credit_note_pdf)

    @XML
    @action(detail=True, renderer_classes=[JSONRenderer, XmlRenderer])
    def xml(self, request: Request, pk: UUID) -> HttpResponse:
        """Download the credit note as an e-invoice of the type 381; one issued without is answered with 404."""
        return _xml_of(self)


class QuoteSerializer(serializers.ModelSerializer):
    """A quote that was sent: it never changes but for its state and its answer."""

    subtotal = MoneyField(amount="subtotal")
    tax = MoneyField(amount="tax")
    total = MoneyField(amount="total")

    class Meta:
        model = Quote
        fields = (
            *("id", "number", "version", "state", "issue_date", "valid_until_date", "subtotal", "tax", "total"),
            *("sha256", "sent_at", "decided_at", "created_at"),
        )


class QuoteLineSerializer(serializers.ModelSerializer):
    """A line of a quote."""

    unit_price = MoneyField(amount="unit_price", currency="quote.currency")
    net = MoneyField(amount="net", currency="quote.currency")
    tax = MoneyField(amount="tax", currency="quote.currency")

    class Meta:
        model = QuoteLine
        fields = ("position", "description", "quantity", "unit_price", "tax_percent", "tax_category", "net", "tax")


class MonthlySerializer(serializers.ModelSerializer):
    """What a quote offers month by month, at the price of one; without `months`, until notice."""

    price = MoneyField(amount="price", currency="quote.currency")
    tax = MoneyField(amount="tax", currency="quote.currency")

    class Meta:
        model = QuotedRetainer
        fields = ("description", "price", "tax_percent", "tax_category", "tax", "start_date", "months")


class WholeQuoteSerializer(QuoteSerializer):
    """A quote with exactly what is to be decided on; its ETag names it. `deposit` is before tax."""

    deposit = MoneyField(amount="deposit", allow_null=True)
    lines = QuoteLineSerializer(many=True)
    monthly = MonthlySerializer(allow_null=True)

    class Meta(QuoteSerializer.Meta):
        fields = (*QuoteSerializer.Meta.fields, "deposit", "terms", "signed_name", "reason", "lines", "monthly")

    def to_representation(self, quote: Quote) -> dict[str, Any]:
        quote.deposit = queries.deposit_of_quote(quote) if quote.has_deposit else None
        return super().to_representation(quote)


class AcceptanceSerializer(StrictSerializer):
    """An acceptance, signed with the name of who accepts."""

    signed_name = TextField(max_length=rules.LONGEST_NAME)


class RefusalSerializer(StrictSerializer):
    """What keeps a client from taking a quote."""

    reason = TextField(max_length=rules.LONGEST_REASON)


class Quotes(ListAndDetail):
    """What the client is offered. What is still a draft is the agency's affair."""

    queryset = Quote.objects.all()
    serializer_class = QuoteSerializer
    scope = "billing"
    scopes: ClassVar = {"accept": "review", "decline": "review"}
    """A token that reads what is owed, as a bookkeeper's program has, signs nothing."""
    filterset_fields = ("state",)

    def visible(self, rows: QuerySet) -> QuerySet:
        rows = rows.sent().select_related("client", "monthly")
        return rows if self.action in ("list", "pdf") else rows.prefetch_related("lines__quote")

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return QuoteSerializer if self.action == "list" else WholeQuoteSerializer

    def etag_of(self, row: Quote) -> str:
        return f'"{row.sha256}"'

    @extend_schema(request=AcceptanceSerializer, responses=WholeQuoteSerializer, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], filterset_fields=())
    def accept(self, request: Request, **_: Any) -> Response:
        """Accept exactly the quote whose ETag is sent as If-Match. The invoice of what is to be paid first follows."""
        return self._answer(request, AcceptanceSerializer, answers.accept_quote)

    @extend_schema(request=RefusalSerializer, responses=WholeQuoteSerializer, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], filterset_fields=())
    def decline(self, request: Request, **_: Any) -> Response:
        """Decline exactly the quote whose ETag is sent as If-Match."""
        return self._answer(request, RefusalSerializer, answers.decline_quote)

    def _answer(self, request: Request, kind: type[StrictSerializer], answer: Callable[..., Quote]) -> Response:
        quote, seen = self.get_object(), request.headers.get("If-Match")
        if seen is None:
            raise PreconditionRequired
        said = kind(data=request.data)
        said.is_valid(raise_exception=True)
        whole = {"sha256": seen.strip('"'), "by": self.access.user.pk, "at": timezone.now()}
        try:
            answer(quote.pk, **said.validated_data, **whole)
        except answers.NotAPayer as refusal:
            raise PermissionDenied(refusal.problem) from refusal
        except answers.QuoteStale as refusal:
            raise PreconditionFailed(refusal.problem) from refusal
        except answers.QuoteClosed as refusal:
            raise Conflict(f"Quote {quote.number}: {refusal.problem}") from refusal
        except BillingRefused as refusal:
            raise ValidationError({refusal.field: [refusal.problem]}) from refusal
        return self.answer_with(self.get_queryset().get(pk=quote.pk))

    @PDF
    @action(detail=True, renderer_classes=[JSONRenderer, PdfRenderer])
    def pdf(self, request: Request, pk: UUID) -> HttpResponse:
        """Download the quote as a document, in your language."""
        return _pdf_of(self, quote_pdf)
