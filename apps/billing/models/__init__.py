"""Quotes, retainers, invoices, what was paid and credited of them, the rates and numbers, and the proofs of it all."""

from apps.billing.models.bank import BankLine, BankMatch, BankStatement
from apps.billing.models.cards import Checkout, Handling, VendorEvent
from apps.billing.models.documents import BillingAddress, IssuedDocument
from apps.billing.models.invoices import Invoice, InvoiceLine, InvoiceQuerySet
from apps.billing.models.payments import Allocation, CreditNote, CreditNoteLine, Payment, Refund, Reversal
from apps.billing.models.proofs import PROVED_WITHIN, BookProof
from apps.billing.models.quotes import Quote, QuotedRetainer, QuoteLetter, QuoteLine
from apps.billing.models.rates import NumberSeries, TaxRate
from apps.billing.models.reminders import Reminder, ReminderHold, ReminderLetter
from apps.billing.models.retainers import Retainer, RetainerPeriod

__all__ = [
    "PROVED_WITHIN",
    "Allocation",
    "BankLine",
    "BankMatch",
    "BankStatement",
    "BillingAddress",
    "BookProof",
    "Checkout",
    "CreditNote",
    "CreditNoteLine",
    "Handling",
    "Invoice",
    "InvoiceLine",
    "InvoiceQuerySet",
    "IssuedDocument",
    "NumberSeries",
    "Payment",
    "Quote",
    "QuoteLetter",
    "QuoteLine",
    "QuotedRetainer",
    "Refund",
    "Reminder",
    "ReminderHold",
    "ReminderLetter",
    "Retainer",
    "RetainerPeriod",
    "Reversal",
    "TaxRate",
    "VendorEvent",
]
