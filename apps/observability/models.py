"""What happened, append-only, and the seals that show it was not changed afterwards."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from uuid_utils.compat import uuid7


class AuditEntry(models.Model):
    """One state change: who changed what, when and why, and how it looked before and after.

    Plain identifiers instead of foreign keys: an entry outlives everything it speaks of.
    """

    SEALED_COLUMNS = (
        "id",
        "event_id",
        "occurred_at",
        "actor_id",
        "action",
        "object_type",
        "object_id",
        "client_id",
        "run_id",
        "request_id",
        "reason",
        "facts",
        "before",
        "after",
    )
    """What a seal covers. Never changed: a column added later stays outside, or every older seal would seem broken."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event_id = models.UUIDField()
    occurred_at = models.DateTimeField()
    actor_id = models.UUIDField(null=True, help_text="Empty when the machine did it.")
    action = models.CharField(max_length=100, help_text="Name of the event")
    object_type = models.CharField(max_length=100, help_text="Table of the row, such as strategy.strategy")
    object_id = models.UUIDField()
    client_id = models.UUIDField(null=True)
    run_id = models.UUIDField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict, help_text="The event's own fields")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes: ClassVar = [
            models.Index(fields=["occurred_at", "id"], name="audit_by_time"),
            models.Index(fields=["object_id"], name="audit_by_object"),
            models.Index(fields=["run_id"], name="audit_by_run", condition=models.Q(run_id__isnull=False)),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.action} {self.occurred_at:%Y-%m-%d %H:%M}"

    def content(self) -> dict[str, Any]:
        """Return what a seal covers, as the database holds it: read the row first, JSON comes back changed in form."""
        return {column: getattr(self, column) for column in self.SEALED_COLUMNS}


class AuditSeal(models.Model):
    """The hash that ties one entry to the entry sealed before it in the same chain.

    There is one chain per client, and one called "agency" for what belongs to none.
    """

    entry = models.OneToOneField(AuditEntry, primary_key=True, on_delete=models.PROTECT, related_name="seal")
    chain = models.CharField(max_length=36)
    sequence = models.PositiveBigIntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="audit_seal_once_per_place"),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.chain} #{self.sequence}"
