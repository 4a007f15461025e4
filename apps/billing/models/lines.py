"""What is priced, line by line: on invoices and on quotes."""

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from apps.billing.models.rates import TaxRate
from apps.shared.models import UuidModel


class Amount(models.DecimalField):
    """Money, in the currency of its row; four decimals are more than any currency has."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"max_digits": 18, "decimal_places": 4, "default": Decimal(0), **options})


def touched(columns: tuple[str, ...]) -> str:
    """Return as SQL whether an update changes one of these columns."""
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


def sums_at_commit(of: str, func: str, operation: pgtrigger.Operation, column: str) -> pgtrigger.Trigger:
    """Make the trigger that holds what a document `told` against what is `summed`, at commit: rows come one by one.

    `of` is what `func` calls the document's id, and `column` where a row has it.
    """
    return pgtrigger.Trigger(
        name="sums_add_up",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=operation,
        timing=pgtrigger.Deferred,
        func=func,
        declare=[
            (of, f"uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.{column} ELSE NEW.{column} END"),
            ("told", "record"),
            ("summed", "record"),
        ],
    )


class LineModel(UuidModel):
    """Something priced; its rate and category are copied, so that it says for ever what it said."""

    position = models.PositiveSmallIntegerField()
    description = models.TextField()
    quantity = models.DecimalField(max_digits=14, decimal_places=4)
    unit_price = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    tax_rate = models.ForeignKey(TaxRate, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    tax_percent = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    tax_category = models.CharField(max_length=16, blank=True, choices=TaxRate.Category)
    net = Amount()
    tax = Amount()

    class Meta:
        abstract = True
        ordering = ("position",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="%(class)s_quantity_above_nought"),
            models.CheckConstraint(
                condition=Q(unit_price__isnull=True, net=0, tax=0)
                | Q(unit_price__isnull=False, unit_price__gte=0, net__gte=0, tax__gte=0),
                name="%(class)s_without_price_is_nought",
            ),
            models.CheckConstraint(
                condition=Q(tax_rate__isnull=True, tax_percent__isnull=True, tax_category="", tax=0)
                | (Q(tax_rate__isnull=False, tax_percent__isnull=False) & ~Q(tax_category="")),
                name="%(class)s_rate_is_copied",
            ),
        ]
