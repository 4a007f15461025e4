"""What was seen of clients."""

from typing import ClassVar

import pgtrigger
from django.db import models
from uuid_utils.compat import uuid7

from apps.identity.models import Client

ENGAGEMENTS = ("INTAKE_SENT", "REVIEW_DECIDED", "COMMENTED", "SURVEY_ANSWERED")
"""What somebody of the client's did; what we did for them is no engagement of theirs."""


class Signal(models.Model):
    """What one event of another module tells of a client. It never changes: what counts no more, TAKEN_BACK tells."""

    class Kind(models.TextChoices):
        DELIVERED = "DELIVERED"
        INTAKE_SENT = "INTAKE_SENT"
        REVIEW_DECIDED = "REVIEW_DECIDED"
        COMMENTED = "COMMENTED"
        SURVEY_ANSWERED = "SURVEY_ANSWERED"
        ROUND_PLANNED = "ROUND_PLANNED"
        QC_PASSED = "QC_PASSED"
        QC_FAILED = "QC_FAILED"
        INVOICE_ISSUED = "INVOICE_ISSUED"
        INVOICE_OVERDUE = "INVOICE_OVERDUE"
        INVOICE_SETTLED = "INVOICE_SETTLED"
        REPORT_PUBLISHED = "REPORT_PUBLISHED"
        TAKEN_BACK = "TAKEN_BACK"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind)
    about_id = models.UUIDField(help_text="The row it is about")
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True, help_text="Of a value that is money")
    source_event_id = models.UUIDField(unique=True, help_text="The event it was seen by: one event, one signal")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        indexes: ClassVar = [models.Index(fields=["client", "kind", "at"], name="signals_of_client")]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.get_kind_display().replace("_", " ").capitalize()
