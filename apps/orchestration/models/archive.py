"""What stays in the database of runs that were archived."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q, QuerySet


class ArchivedRunQuerySet(QuerySet["ArchivedRun"]):
    """Archived runs."""

    def of_key(self, key: str) -> "ArchivedRunQuerySet":
        """Narrow to the run that an idempotency key stands for."""
        return self.filter(idempotency_key=key)


class ArchivedRun(models.Model):
    """A run that ended and was moved to a file. It stays, so that its key is never free again.

    `file` holds all that the engine knew of it, `state` is how it ended; the rows it made in the modules, and its audit
    entries, are where they were.
    """

    id = models.UUIDField(primary_key=True, help_text="The run's own id.")
    idempotency_key = models.CharField(max_length=255, unique=True)
    input_digest = models.CharField(max_length=64)
    workflow = models.CharField(max_length=80)
    state = models.CharField(max_length=50)
    month = models.DateField(help_text="The first day of the month it ended in.")
    file = models.CharField(max_length=100)

    objects = ArchivedRunQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=("COMPLETED", "COMPENSATED", "CANCELLED", "FAILED")),
                name="archived_run_has_ended",
            )
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.workflow.replace('_', ' ')} {str(self.pk)[-6:]}"
