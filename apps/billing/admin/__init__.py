"""The desk of finance: what is to be billed, what came in, and what is overdue."""

from apps.billing.admin.bookings import CreditNoteAdmin, PaymentAdmin, TaxRateAdmin
from apps.billing.admin.invoices import InvoiceAdmin

__all__ = ["CreditNoteAdmin", "InvoiceAdmin", "PaymentAdmin", "TaxRateAdmin"]
