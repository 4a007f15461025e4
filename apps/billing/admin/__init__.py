"""The desk of finance: what is offered, to be billed, came in or is overdue, and whether the books add up."""

from apps.billing.admin.bank import BankLineAdmin, BankStatementAdmin
from apps.billing.admin.bookings import CreditNoteAdmin, PaymentAdmin, TaxRateAdmin
from apps.billing.admin.cards import VendorEventAdmin
from apps.billing.admin.invoices import InvoiceAdmin
from apps.billing.admin.proofs import BookProofAdmin
from apps.billing.admin.quotes import QuoteAdmin
from apps.billing.admin.reminders import ReminderAdmin, ReminderHoldAdmin
from apps.billing.admin.retainers import RetainerAdmin

__all__ = [
    "BankLineAdmin",
    "BankStatementAdmin",
    "BookProofAdmin",
    "CreditNoteAdmin",
    "InvoiceAdmin",
    "PaymentAdmin",
    "QuoteAdmin",
    "ReminderAdmin",
    "ReminderHoldAdmin",
    "RetainerAdmin",
    "TaxRateAdmin",
    "VendorEventAdmin",
]
