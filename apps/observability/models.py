"""What happened, append-only, with the seals that show it was not changed afterwards; and who is at work now."""

from datetime import timedelta
from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
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
            models.Index(fields=["client_id", "-id"], name="audit_of_client"),
            models.Index(fields=["run_id"], name="audit_by_run", condition=models.Q(run_id__isnull=False)),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.action} {timezone.localtime(self.occurred_at):%Y-%m-%d %H:%M}"

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


class AuditRedaction(models.Model):
    """An entry whose words were taken out, because its client or person was erased.

    Its seal stays, and with it the chain; that the words went by right, and not by tampering, shows in the digest of
    the batch, which stands in an entry of its own (`AuditRedacted`) that is sealed like any other.
    """

    entry = models.OneToOneField(AuditEntry, primary_key=True, on_delete=models.PROTECT, related_name="redaction")
    batch_id = models.UUIDField(db_index=True)
    content_sha256 = models.CharField(max_length=64, help_text="Of what is left of the entry.")

    class Meta:
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.entry_id} in {self.batch_id}"


class WorkerHeartbeatQuerySet(QuerySet["WorkerHeartbeat"]):
    """Workers, judged by the database's clock: theirs may differ."""

    def with_silence(self) -> "WorkerHeartbeatQuerySet":
        """Add `silence`: how long ago each was last heard of."""
        return self.annotate(silence=ExpressionWrapper(Now() - F("last_seen_at"), output_field=DurationField()))

    def silent_for(self, silence: timedelta) -> "WorkerHeartbeatQuerySet":
        """Narrow to workers not heard of for so long."""
        return self.filter(last_seen_at__lt=Now() - silence)

    def heard_within(self, silence: timedelta) -> "WorkerHeartbeatQuerySet":
        """Narrow to workers heard of so recently that they are taken to be alive."""
        return self.filter(last_seen_at__gte=Now() - silence)


class WorkerHeartbeat(models.Model):
    """A worker, and when it was last heard of; the next worker of the same name takes the row over."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=255, unique=True, help_text="Celery's name of it: `celery -n`.")
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField("process")
    queues = ArrayField(models.CharField(max_length=80), help_text="The queues it serves.")
    concurrency = models.PositiveSmallIntegerField()
    release = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(help_text="By the database's clock.")

    objects = WorkerHeartbeatQuerySet.as_manager()

    class Meta:
        verbose_name = "worker"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
