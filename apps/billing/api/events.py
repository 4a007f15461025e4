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


class InvoiceIssued(Event):
    """An invoice got its number and went out."""

    aggregate: ClassVar[str] = "billing.invoice"
    number: str
    total: Money
    due_date: date


class PaymentReceived(Event):
    """Money came in for an invoice."""

    aggregate: ClassVar[str] = "billing.payment"
    invoice_id: UUID
    amount: Money


class PaymentFailed(Event):
    """A payment was tried and did not go through."""

    aggregate: ClassVar[str] = "billing.invoice"
    reason: str


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


class CreditNoteIssued(Event):
    """An issued invoice was credited, wholly or in part."""

    aggregate: ClassVar[str] = "billing.creditnote"
    invoice_id: UUID
    number: str
    amount: Money
