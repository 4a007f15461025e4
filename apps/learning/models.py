"""What the agency saw, append-only: what lessons are drawn from later."""

from typing import ClassVar

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from uuid_utils.compat import uuid7

from apps.identity.models import Client


class LearningEvent(models.Model):
    """One observation: something that went well, or badly, or whose worth is not known yet.

    It belongs to no run: what was observed stays observed when the run that caused it is taken back. The audit entry of
    `source_event_id` leads to the run.
    """

    class Outcome(models.TextChoices):
        GOOD = "GOOD"
        BAD = "BAD"
        UNKNOWN = "UNKNOWN"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=100)
    outcome = models.CharField(max_length=7, choices=Outcome)
    context = models.JSONField(encoder=DjangoJSONEncoder)
    client = models.ForeignKey(Client, null=True, on_delete=models.PROTECT, related_name="+")
    source_event_id = models.UUIDField(unique=True, help_text="The event it was seen by: one event, one observation.")
    observed_at = models.DateTimeField()

    class Meta:
        ordering = ("-observed_at", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=("GOOD", "BAD", "UNKNOWN")), name="learning_event_outcome_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-observed_at", "-id"], name="learning_by_time"),
            models.Index(fields=["kind", "outcome"], name="learning_by_kind"),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome.lower()}"
