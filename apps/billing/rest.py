"""The portal's API: what the client is asked to pay."""

from django.db.models import QuerySet
from rest_framework import serializers

from apps.billing.models import Invoice, InvoiceLine
from apps.shared.rest.fields import MoneyField
from apps.shared.rest.views import ListAndDetail


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
        return rows if self.action == "list" else rows.prefetch_related("lines__invoice")

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return InvoiceSerializer if self.action == "list" else WholeInvoiceSerializer
