"""What a test knows of invoices by books of its own, in whole coins, with none of billing's code."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.billing.rules import BillingRefused


@dataclass
class Known:
    """What the machine knows of an invoice, its money in coins."""

    pk: UUID
    owner: int
    lines: list[tuple[int, int]]
    due: date | None = None
    paid: int = 0
    credited: int = 0
    first_line: list[tuple[int, int]] = field(default_factory=list)
    is_voided: bool = False
    is_overdue: bool = False
    is_touched: bool = False
    reminded: list[date] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(net + tax for net, tax in self.lines)

    @property
    def open(self) -> int:
        return 0 if self.due is None or self.is_voided else self.total - self.paid - self.credited

    @property
    def state(self) -> str:
        if self.is_voided:
            return "VOID"
        if self.due is None:
            return "DRAFT"
        if not self.open:
            return "PAID"
        return "OVERDUE" if self.is_overdue else "PARTIALLY_PAID" if self.paid else "ISSUED"

    def credit(self, amount: int) -> None:
        """Take an amount off what is asked for; what was paid of it is free."""
        self.credited += amount
        self.paid = min(self.paid, self.total - self.credited)
        self.is_voided = self.credited == self.total


def is_done(deed: Callable[[], Any]) -> Any:
    """Do it and return what it gives, or nothing where it is refused: then it has changed nothing."""
    try:
        with transaction.atomic():
            return deed()
    except BillingRefused:
        return None
