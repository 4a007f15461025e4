"""The desk of finance: what is offered, to be billed, came in or is overdue, and whether the books add up."""

from apps.billing.admin.bookings import CreditNoteAdmin, PaymentAdmin, TaxRateAdmin
from apps.billing.admin.invoices import InvoiceAdmin
from apps.billing.admin.proofs import BookProofAdmin
from apps.billing.admin.quotes import QuoteAdmin

__all__ = ["BookProofAdmin", "CreditNoteAdmin", "InvoiceAdmin", "PaymentAdmin", "QuoteAdmin", "TaxRateAdmin"]
