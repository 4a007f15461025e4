"""Quotes, invoices, what was paid and credited of them, the rates and numbers of both, and the proofs of it all."""

from apps.billing.models.invoices import Invoice, InvoiceLine, InvoiceQuerySet
from apps.billing.models.payments import Allocation, CreditNote, CreditNoteLine, Payment
from apps.billing.models.proofs import PROVED_WITHIN, BookProof
from apps.billing.models.quotes import Quote, QuoteLetter, QuoteLine
from apps.billing.models.rates import NumberSeries, TaxRate

__all__ = [
    "PROVED_WITHIN",
    "Allocation",
    "BookProof",
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
