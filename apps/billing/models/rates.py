"""Tax rates, and the series that numbers come from."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from apps.shared.models import UuidModel


class TaxRate(UuidModel):
    """What is to be charged in a country from a day on; it gives way to the next of its name, and never changes."""

    class Category(models.TextChoices):
        STANDARD = "STANDARD"
        REDUCED = "REDUCED"
        ZERO = "ZERO"
        EXEMPT = "EXEMPT"
        REVERSE_CHARGE = "REVERSE_CHARGE", "Reverse charge"

    name = models.CharField(max_length=80, help_text="As it stands on invoices, such as VAT 23 %")
    country = models.CharField(max_length=2, help_text="ISO 3166-1, two letters")
    category = models.CharField(max_length=16, choices=Category)
    percent = models.DecimalField(max_digits=6, decimal_places=3, help_text="19, not 0.19")
    valid_from = models.DateField()

    class Meta:
        ordering = ("country", "name", "-valid_from")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["country", "name", "valid_from"],
                name="taxrate_once_per_day",
                violation_error_message="This rate is there for this day already; choose another name or day.",
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100),
                name="taxrate_is_percent",
                violation_error_message="A rate is 0 to 100 percent.",
            ),
            models.CheckConstraint(
                condition=Q(category__in=("STANDARD", "REDUCED")) | Q(percent=0),
                name="taxrate_untaxed_is_nought",
                violation_error_message="Of this category the rate is 0 percent.",
            ),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.country}: {self.name}"


class NumberSeries(UuidModel):
    """The last number given to a kind of document in a year. Its row is locked until what got the number commits."""

    class Kind(models.TextChoices):
        INVOICE = "INVOICE"
        CREDIT_NOTE = "CREDIT_NOTE"
        QUOTE = "QUOTE"

    kind = models.CharField(max_length=16, choices=Kind)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()
    last_date = models.DateField(help_text="Numbers and dates rise together: the next is not dated before this")

    class Meta:
        verbose_name_plural = "number series"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "year"], name="numberseries_once_per_year"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="counts_by_one",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.last <> OLD.last + 1 OR NEW.last_date < OLD.last_date"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"
