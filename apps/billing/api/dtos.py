"""Nouns of billing. Every amount of one invoice is in its one currency."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from apps.shared.dtos import Dto, Money

CONTRACT_VERSION = "1.0"


class LineItem(Dto):
    """Something to be billed, before tax. `tax_rate_pct` is a percentage: 19, not 0.19."""

    description: str
    quantity: Decimal
    unit_price: Money
    tax_rate_pct: Decimal


class InvoiceLine(LineItem):
    """A line of an invoice; `net` and `tax` are rounded half to even, line by line."""

    position: int
    net: Money
    tax: Money


class Invoice(Dto):
    """An invoice. It has a number and dates from the day it is issued on, and never changes after."""

    id: UUID
    client_id: UUID
    number: str | None
    state: Literal["DRAFT", "ISSUED", "PARTIALLY_PAID", "PAID", "OVERDUE", "VOID"]
    lines: tuple[InvoiceLine, ...]
    subtotal: Money
    tax: Money
    total: Money
    paid: Money
    issue_date: date | None
    due_date: date | None


class Quote(Dto):
    """An offer, valid until a date."""

    id: UUID
    client_id: UUID
    lines: tuple[InvoiceLine, ...]
    total: Money
    valid_until_date: date


class PaymentNotice(Dto):
    """Money that came in, as a provider or a person reports it; provider and transaction id make it one payment."""

    provider: str
    transaction_id: str
    amount: Money
    method: Literal["TRANSFER", "CARD", "DIRECT_DEBIT", "OTHER"]
    paid_at: datetime


class Payment(PaymentNotice):
    """A stored payment."""

    id: UUID
    invoice_id: UUID


class CreditNote(Dto):
    """What takes an issued invoice back, wholly or in part."""

    id: UUID
    invoice_id: UUID
    number: str
    amount: Money
    reason: str
    issue_date: date


class BillingStatus(Dto):
    """What a client owes, one amount per currency."""

    client_id: UUID
    outstanding: tuple[Money, ...]
    overdue_count: int
    last_payment_at: datetime | None
