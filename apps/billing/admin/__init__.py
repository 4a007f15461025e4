"""The desk of finance: what is offered, what is to be billed, what came in, and what is overdue."""

from apps.billing.admin.bookings import CreditNoteAdmin, PaymentAdmin, TaxRateAdmin
from apps.billing.admin.invoices import InvoiceAdmin
from apps.billing.admin.quotes import QuoteAdmin

__all__ = ["CreditNoteAdmin", "InvoiceAdmin", "PaymentAdmin", "QuoteAdmin", "TaxRateAdmin"]
