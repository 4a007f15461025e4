"""Quotes, invoices, what was paid and credited of them, and the rates and numbers they are made with."""

from apps.billing.models.invoices import Invoice, InvoiceLine, InvoiceQuerySet
from apps.billing.models.payments import Allocation, CreditNote, CreditNoteLine, Payment
from apps.billing.models.quotes import Quote, QuoteLetter, QuoteLine
from apps.billing.models.rates import NumberSeries, TaxRate

__all__ = [
    "Allocation",
    "CreditNote",
    "CreditNoteLine",
    "Invoice",
    "InvoiceLine",
    "InvoiceQuerySet",
    "NumberSeries",
    "Payment",
    "Quote",
    "QuoteLetter",
    "QuoteLine",
    "TaxRate",
]
