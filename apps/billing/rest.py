"""The portal's API: what the client is asked to pay."""

import logging
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from apps.billing.models import Invoice, InvoiceLine
from apps.billing.services.documents import DocumentUnavailable, invoice_pdf
from apps.shared.rest.fields import MoneyField
from apps.shared.rest.files import as_download
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

    @extend_schema(
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            503: OpenApiResponse(description="It cannot be made at present."),
        }
    )
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
