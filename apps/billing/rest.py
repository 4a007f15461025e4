"""The portal's API: what the client is offered, and what it is asked to pay."""

import logging
from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, PermissionDenied, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.billing import queries, rules
from apps.billing.models import Invoice, InvoiceLine, Quote, QuoteLine
from apps.billing.rules import BillingRefused
from apps.billing.services import answers
from apps.billing.services.documents import DocumentUnavailable, invoice_pdf, quote_pdf
from apps.shared.rest.fields import MoneyField, StrictSerializer, TextField
from apps.shared.rest.files import as_download
from apps.shared.rest.problems import Conflict, PreconditionFailed, PreconditionRequired
from apps.shared.rest.schema import IF_MATCH
from apps.shared.rest.views import ListAndDetail

log = logging.getLogger(__name__)


class Unavailable(APIException):
    """It is here, and cannot be given at the moment."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "The document cannot be made at present; try again, or write to your account manager."
    default_code = "unavailable"


class PdfRenderer(JSONRenderer):
    """Lets a program accept PDFs; refusals are written as JSON all the same."""

    media_type = "application/pdf"
    format = "pdf"


PDF = extend_schema(
    responses={
        (200, "application/octet-stream"): OpenApiTypes.BINARY,
        503: OpenApiResponse(description="It cannot be made at present."),
    }
)


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


class Invoices(ListAndDetail):
    """The client's invoices. What is still a draft is the agency's affair."""

    queryset = Invoice.objects.all()
    serializer_class = InvoiceSerializer
    scope = "billing"
    filterset_fields = ("state",)

    def visible(self, rows: QuerySet) -> QuerySet:
        rows = rows.issued()
        if self.action == "pdf":
            return rows.select_related("client")
        return rows if self.action == "list" else rows.prefetch_related("lines__invoice")

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return InvoiceSerializer if self.action == "list" else WholeInvoiceSerializer

    @PDF
    @action(detail=True, renderer_classes=[JSONRenderer, PdfRenderer])
    def pdf(self, request: Request, pk: UUID) -> HttpResponse:
        """Download the invoice as a document, in your language, with what was paid and credited up to today."""
        invoice = self.get_object()
        try:
            content = invoice_pdf(
                invoice, language=self.access.user.language or settings.LANGUAGE_CODE, on=timezone.localdate()
            )
        except DocumentUnavailable as problem:
            log.exception("A client could not be given an invoice")
            raise Unavailable from problem
        return as_download(content, f"{invoice.number}.pdf", "application/pdf")


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


class WholeQuoteSerializer(QuoteSerializer):
    """A quote with exactly what is to be decided on; its ETag names it. `deposit` is before tax."""

    deposit = MoneyField(amount="deposit", allow_null=True)
    lines = QuoteLineSerializer(many=True)

    class Meta(QuoteSerializer.Meta):
        fields = (*QuoteSerializer.Meta.fields, "deposit", "terms", "signed_name", "reason", "lines")

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
        rows = rows.sent().select_related("client")
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
        quote = self.get_object()
        try:
            content = quote_pdf(quote, language=self.access.user.language or settings.LANGUAGE_CODE)
        except DocumentUnavailable as problem:
            log.exception("A client could not be given a quote")
            raise Unavailable from problem
        return as_download(content, f"{quote.number}.pdf", "application/pdf")
