"""Proofs of the books: what was found whenever all of them were checked."""

from datetime import timedelta
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from apps.shared.models import UuidModel

PROVED_WITHIN = timedelta(days=2)
"""Beat proves the books every night; one night may be missed."""


class BookProofQuerySet(models.QuerySet["BookProof"]):
    """Proofs, and the last of them."""

    def newest(self) -> "BookProof | None":
        """Return the last proof."""
        return self.order_by("-id").first()


class BookProof(UuidModel):
    """One reading of all the books: the checks, with how many rows broke each. It belongs to no client.

    `breaches` names the rows, up to `MOST_NAMED`; `breach_count` counts all of them.
    """

    MOST_NAMED = 1000

    proved_at = models.DateTimeField()
    rows = models.JSONField(help_text="How many rows of each table were read")
    checks = models.JSONField(help_text="What was checked, and how many rows broke it")
    breach_count = models.PositiveIntegerField()
    breaches = models.JSONField(default=list, help_text="Which check, which row, and what people call it")

    objects = BookProofQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = "proof of the books"
        verbose_name_plural = "proofs of the books"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(breach_count=0, breaches=[]) | (Q(breach_count__gt=0) & ~Q(breaches=[])),
                name="bookproof_names_what_it_counts",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Proof {str(self.pk)[-6:]}"

    @property
    def told(self) -> str:
        """How much was checked, and what was found."""
        return f"{len(self.checks)} checks, {self.breach_count} breach{'' if self.breach_count == 1 else 'es'}"
