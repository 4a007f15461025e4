"""A client's credit: which money came that no invoice took at once, what it was put to, and what is left of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Sum

from apps.billing import models
from apps.billing.queries.invoices import credit_of_client, credit_to_put, with_credit
from apps.shared.dtos import Money

MOST_LISTED = 200
"""Of a client's payments, the newest; what is left counts the others, too."""


@dataclass(frozen=True)
class CreditedPayment:
    """A payment that is or was credit: what of it was put to invoices or set free, what went back, what is left."""

    payment: models.Payment
    uses: list[models.Allocation]
    refunds: list[models.Refund]
    left: Decimal


@dataclass(frozen=True)
class CreditLedger:
    """The credit of a client in a currency."""

    left: Money
    payments: list[CreditedPayment]


def ledgers_of_client(client_id: UUID) -> list[CreditLedger]:
    """Return what is and was a client's credit, per currency, the newest payment first.

    A payment that its invoice took whole, and kept, never was credit: it is left out.
    """
    left = {each.currency: each for each in credit_of_client(client_id)}
    found: dict[str, list[CreditedPayment]] = {currency: [] for currency in left}
    for row in _credited(client_id):
        found.setdefault(row.payment.currency, []).append(row)
    nothing = Decimal(0)
    return [
        CreditLedger(left.get(currency, Money(amount=nothing, currency=currency)), rows)
        for currency, rows in sorted(found.items())
    ]


def usable_credit(invoice: models.Invoice) -> Decimal:
    """Return how much of what is open of an unpaid invoice its client's credit would pay."""
    rows = with_credit(credit_to_put(invoice.client_id, invoice.currency, but_for=invoice.pk))
    credit = rows.aggregate(sum=Sum("credit", default=Decimal(0)))["sum"]
    return min(credit, invoice.still_open)


def _credited(client_id: UUID) -> Iterator[CreditedPayment]:
    uses = models.Allocation.objects.filter(payment=OuterRef("pk"))
    elsewhere = uses.filter(~Q(invoice=OuterRef("invoice")) | Q(credit_note__isnull=False))
    refunds = models.Refund.objects.filter(payment=OuterRef("pk"))
    payments = with_credit(models.Payment.objects.filter(client_id=client_id))
    was_credit = payments.filter(Q(credit__gt=0) | Exists(elsewhere) | Exists(refunds) | Q(invoice=None))
    listed = was_credit.prefetch_related("allocations__invoice", "allocations__credit_note", "refunds")
    for payment in listed.order_by("-pk")[:MOST_LISTED]:
        yield CreditedPayment(payment, list(payment.allocations.all()), list(payment.refunds.all()), payment.credit)
