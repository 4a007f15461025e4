"""The desk of finance: what is to be billed, what came in, what is overdue, and whether the books add up."""

from apps.billing.admin.bookings import CreditNoteAdmin, PaymentAdmin, TaxRateAdmin
from apps.billing.admin.invoices import InvoiceAdmin
from apps.billing.admin.proofs import BookProofAdmin

__all__ = ["BookProofAdmin", "CreditNoteAdmin", "InvoiceAdmin", "PaymentAdmin", "TaxRateAdmin"]
