"""Facts of billing."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from apps.shared.dtos import Money
from apps.shared.events import Event


class InvoiceDrafted(Event):
    """An invoice was drafted; it has no number yet."""

    aggregate: ClassVar[str] = "billing.invoice"
    total: Money


class InvoiceRevised(Event):
    """A person added, changed or removed a line of a draft."""

    aggregate: ClassVar[str] = "billing.invoice"
    total: Money


class InvoiceIssued(Event):
    """An invoice got its number and went out."""

    aggregate: ClassVar[str] = "billing.invoice"
    number: str
    total: Money
    due_date: date


class PaymentReceived(Event):
    """Money came in for an invoice; what the invoice did not need is the client's credit."""

    aggregate: ClassVar[str] = "billing.payment"
    invoice_id: UUID
    amount: Money


class PaymentFailed(Event):
    """A payment was tried and did not go through."""

    aggregate: ClassVar[str] = "billing.invoice"
    reason: str


class CheckoutBegun(Event):
    """A client began to pay by card what is open of an invoice."""

    aggregate: ClassVar[str] = "billing.checkout"
    invoice_id: UUID
    amount: Money


class CheckoutEnded(Event):
    """A payment by card is PAID, FAILED or EXPIRED."""

    aggregate: ClassVar[str] = "billing.checkout"
    invoice_id: UUID
    state: str


class PaymentRefunded(Event):
    """Money of a payment went back to who paid it."""

    aggregate: ClassVar[str] = "billing.payment"
    amount: Money


class PaymentReversed(Event):
    """A payment counts no more: the money went back (RETURNED), or it was recorded by mistake (MISTAKE)."""

    aggregate: ClassVar[str] = "billing.payment"
    invoice_id: UUID | None
    amount: Money
    kind: str
    reason: str


class InvoiceReopened(Event):
    """An invoice asks again for money that a payment had brought."""

    aggregate: ClassVar[str] = "billing.invoice"
    number: str
    open: Money


class VendorEventReceived(Event):
    """A payment service told something, and that came of it: UNMATCHED and REFUNDED need a person."""

    aggregate: ClassVar[str] = "billing.vendorevent"
    kind: str
    outcome: str


class VendorEventHandled(Event):
    """A person dealt with what a payment service told: as the payment of an invoice, or elsewhere."""

    aggregate: ClassVar[str] = "billing.vendorevent"
    payment_id: UUID | None
    reason: str


class DepositPaid(Event):
    """What a client agreed to pay first came in: its work may start."""

    aggregate: ClassVar[str] = "billing.invoice"
    number: str


class InvoicePartlyPaid(Event):
    """Money was put to an invoice, which is not settled by it."""

    aggregate: ClassVar[str] = "billing.invoice"
    number: str
    open: Money


class InvoicePaid(Event):
    """Nothing is left to be paid of an invoice."""

    aggregate: ClassVar[str] = "billing.invoice"
    number: str
    total: Money


class InvoiceOverdue(Event):
    """An invoice is unpaid after its due date. `reminder` counts the reminders sent, 0 to 3."""

    aggregate: ClassVar[str] = "billing.invoice"
    number: str
    days_overdue: int
    reminder: int


class InvoiceVoided(Event):
    """An invoice counts no more: a draft thrown away, or one issued and credited in full."""

    aggregate: ClassVar[str] = "billing.invoice"
    number: str | None
    reason: str


class InvoiceWithdrawn(Event):
    """The draft of a run that was taken back is gone."""

    aggregate: ClassVar[str] = "billing.invoice"


class InvoiceRunWithdrawn(Event):
    """The run that had drafted an invoice was taken back when the invoice was issued already: it stands."""

    aggregate: ClassVar[str] = "billing.invoice"
    number: str


class CreditNoteIssued(Event):
    """An issued invoice was credited, wholly or in part."""

    aggregate: ClassVar[str] = "billing.creditnote"
    invoice_id: UUID
    number: str
    amount: Money


class QuoteDrafted(Event):
    """A quote was written, or a later version of one begun; no client has seen it yet."""

    aggregate: ClassVar[str] = "billing.quote"
    version: int
    total: Money


class QuoteRevised(Event):
    """The draft of a quote says something else."""

    aggregate: ClassVar[str] = "billing.quote"
    total: Money


class QuoteSent(Event):
    """A quote got its number and is in front of the client."""

    aggregate: ClassVar[str] = "billing.quote"
    number: str
    version: int
    total: Money
    valid_until_date: date
    sha256: str


class QuoteMailed(Event):
    """One of the client's people was mailed of a quote, or could not be: `outcome` is how that mail ended."""

    aggregate: ClassVar[str] = "billing.quote"
    number: str
    outcome: str


class QuoteAccepted(Event):
    """A client accepted exactly the quote with this hash."""

    aggregate: ClassVar[str] = "billing.quote"
    number: str
    version: int
    total: Money
    sha256: str
    signed_name: str


class QuoteDeclined(Event):
    """A client declined exactly the quote with this hash."""

    aggregate: ClassVar[str] = "billing.quote"
    number: str
    version: int
    sha256: str
    reason: str


class QuoteExpired(Event):
    """Nobody answered a quote while it was valid."""

    aggregate: ClassVar[str] = "billing.quote"
    number: str


class QuoteWithdrawn(Event):
    """A quote is offered no more: its draft was put aside, it was taken back, or a later version replaces it."""

    aggregate: ClassVar[str] = "billing.quote"
    number: str | None
    reason: str


class BillingAddressSet(Event):
    """It was said to whom a client's invoices are written from now on."""

    aggregate: ClassVar[str] = "billing.billingaddress"
    country: str


class InvoiceReminded(Event):
    """A client was reminded of an unpaid invoice, for the first, second or third time."""

    aggregate: ClassVar[str] = "billing.invoice"
    number: str
    level: int
    open: Money
    days_overdue: int


class ReminderMailed(Event):
    """One of the client's people was reminded by mail, or could not be: `outcome` is how that mail ended."""

    aggregate: ClassVar[str] = "billing.invoice"
    number: str
    level: int
    outcome: str


class ReminderRetried(Event):
    """A person has a reminder's mail sent once more to somebody whom it may not have reached."""

    aggregate: ClassVar[str] = "billing.invoice"
    number: str
    level: int


class RemindersHeld(Event):
    """A person keeps reminders back: of one invoice up to a day, or of all of a client's."""

    aggregate: ClassVar[str] = "billing.reminderhold"
    invoice_id: UUID | None
    until_date: date | None
    reason: str


class RemindersReleased(Event):
    """A person lets reminders go out again that were kept back."""

    aggregate: ClassVar[str] = "billing.reminderhold"
    invoice_id: UUID | None
    reason: str


class RetainerStarted(Event):
    """A client is billed regularly from now on."""

    aggregate: ClassVar[str] = "billing.retainer"
    price: Money
    every_months: int


class RetainerPaused(Event):
    """No period of a retainer is billed until it is resumed."""

    aggregate: ClassVar[str] = "billing.retainer"
    reason: str


class RetainerResumed(Event):
    """The periods of a retainer that begin from now on are billed again."""

    aggregate: ClassVar[str] = "billing.retainer"
    reason: str


class RetainerCreditChosen(Event):
    """Whether a client's credit is put to a retainer's invoices once they are issued was decided anew."""

    aggregate: ClassVar[str] = "billing.retainer"
    uses_credit: bool


class RetainerEnded(Event):
    """A retainer is billed no more."""

    aggregate: ClassVar[str] = "billing.retainer"
    reason: str


class StatementImported(Event):
    """A statement of the bank was taken in: its new lines, those known before, and the rows that were refused."""

    aggregate: ClassVar[str] = "billing.bankstatement"
    line_count: int
    known_count: int
    refused_count: int


class BankLineMatched(Event):
    """A line of the bank was booked as the payments that it is."""

    aggregate: ClassVar[str] = "billing.bankline"
    payment_count: int


class BankLineUnmatched(Event):
    """A line of the bank is open again: what it was booked as was a mistake."""

    aggregate: ClassVar[str] = "billing.bankline"
    reason: str


class BankLineIgnored(Event):
    """A person said that a line of the bank pays no invoice."""

    aggregate: ClassVar[str] = "billing.bankline"
    reason: str


class TaxRateAdded(Event):
    """Lines may be written at one more tax rate."""

    aggregate: ClassVar[str] = "billing.taxrate"
    country: str
    percent: str


class BooksChecked(Event):
    """All of the books were checked; without a breach they are proved."""

    aggregate: ClassVar[str] = "billing.bookproof"
    check_count: int
    breach_count: int
