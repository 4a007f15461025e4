"""What is priced, line by line: on invoices and on quotes."""

from decimal import Decimal

from django.db import models

from apps.billing.models.rates import TaxRate
from apps.shared.models import UuidModel


class Amount(models.DecimalField):
    """Money, in the currency of its row; four decimals are more than any currency has."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"max_digits": 18, "decimal_places": 4, "default": Decimal(0), **options})


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
