"""Nouns of billing. Every amount of one invoice is in its one currency."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints

from apps.shared.dtos import Dto, Money

CONTRACT_VERSION = "3.2"

TaxCategory = Literal["STANDARD", "REDUCED", "ZERO", "EXEMPT", "REVERSE_CHARGE"]
PaymentMethod = Literal["TRANSFER", "CARD", "DIRECT_DEBIT", "OTHER"]


class LineItem(Dto):
    """Something to be billed, before tax. Without a price or a tax rate it is open: finance sets both before issuing.

    `question` says why a price is open.
    """

    description: Annotated[str, StringConstraints(strip_whitespace=True)]
    quantity: Decimal = Decimal(1)
    unit_price: Money | None = None
    tax_rate_id: UUID | None = None
    question: str = ""


class Deposit(Dto):
    """What a client agreed to pay before the work begins, of what it is a part, and in which language to ask for it.

    `percent` is None where an amount was agreed on.
    """

    deal_id: UUID
    amount: Money
    of: Money
    percent: Decimal | None = None
    language: str = ""


class InvoiceLine(Dto):
    """A line of an invoice; `net` and `tax` are rounded half to even, line by line, and nought while it is open.

    `tax_rate_pct` is a percentage, 19 and not 0.19; it and the category are those of the day the line was written.
    """

    position: int
    description: str
    quantity: Decimal
    unit_price: Money | None
    tax_rate_pct: Decimal | None
    tax_category: TaxCategory | None
    net: Money
    tax: Money


class Invoice(Dto):
    """An invoice. It has a number and dates from the day it is issued on, and never changes after.

    What is still to be paid is `total` less `paid` and `credited`.
    """

    id: UUID
    client_id: UUID
    package_id: UUID | None
    number: str | None
    state: Literal["DRAFT", "ISSUED", "PARTIALLY_PAID", "PAID", "OVERDUE", "VOID"]
    lines: tuple[InvoiceLine, ...]
    subtotal: Money
    tax: Money
    total: Money
    paid: Money
    credited: Money
    issue_date: date | None
    due_date: date | None


class MonthlyOffer(Dto):
    """What a quote offers month by month: its price for one, before tax, and when the first begins.

    Without `months` it goes on until notice.
    """

    description: Annotated[str, StringConstraints(strip_whitespace=True)]
    price: Decimal
    tax_rate_id: UUID
    start_date: date
    months: int | None = None


class Offer(Dto):
    """What a quote is to say, in the client's currency: changed as a whole until it is sent.

    `deposit_percent`, or `deposit_amount` before tax, is to be paid before the work begins. The client can accept it up
    to the end of `valid_until_date`, where the client is.
    """

    lines: tuple[LineItem, ...]
    monthly: MonthlyOffer | None = None
    valid_until_date: date
    deposit_percent: Decimal | None = None
    deposit_amount: Decimal | None = None
    terms: Annotated[str, StringConstraints(strip_whitespace=True)] = ""


class Quote(Dto):
    """An offer to a client, valid until a date. Once sent it has a number and a hash, and never changes.

    `deposit` is what is asked for before the work begins, before tax, and None where the whole is billed at once.
    `monthly` is what a month costs of what it offers month by month, before tax; `total` has nothing of that.
    """

    id: UUID
    client_id: UUID
    version: int
    number: str | None
    state: Literal["DRAFT", "SENT", "ACCEPTED", "DECLINED", "EXPIRED", "WITHDRAWN"]
    lines: tuple[InvoiceLine, ...]
    subtotal: Money
    tax: Money
    total: Money
    deposit: Money | None
    monthly: Money | None = None
    valid_until_date: date
    sha256: str


class PaymentNotice(Dto):
    """Money that came in, as a provider or a person reports it; provider and transaction id make it one payment."""

    provider: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    transaction_id: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    amount: Money
    method: PaymentMethod
    paid_at: AwareDatetime


class Payment(PaymentNotice):
    """A stored payment, and how much of it is the client's credit because no invoice needed it."""

    id: UUID
    invoice_id: UUID | None
    credit: Money


class LineCredit(Dto):
    """How much of a line, before tax, is credited; its tax follows."""

    position: int
    net: Decimal


class CreditNote(Dto):
    """What takes an issued invoice back, wholly or in part; `amount` includes the tax."""

    id: UUID
    invoice_id: UUID
    number: str
    net: Money
    tax: Money
    amount: Money
    reason: str
    issue_date: date


class BillingStatus(Dto):
    """What a client owes, and what it has in credit: one amount per currency."""

    client_id: UUID
    outstanding: tuple[Money, ...]
    credit: tuple[Money, ...]
    overdue_count: int
    last_payment_at: datetime | None
