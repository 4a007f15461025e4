"""What the agency saw, append-only, and what clients said of each section: what lessons are drawn from."""

from typing import ClassVar

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from uuid_utils.compat import uuid7

from apps.identity.models import Client

IS_NO_FORGETTING = """
NEW.client_id IS NOT NULL OR NEW.context <> '{}'::jsonb
OR (OLD.id, OLD.kind, OLD.outcome, OLD.source_event_id, OLD.observed_at)
   IS DISTINCT FROM (NEW.id, NEW.kind, NEW.outcome, NEW.source_event_id, NEW.observed_at)
"""
"""An update that does anything but take away whom an observation was about."""


class LearningEvent(models.Model):
    """One observation: something that went well, or badly, or whose worth is not known yet.

    It belongs to no run: what was observed stays observed when the run that caused it is taken back. The audit entry of
    `source_event_id` leads to the run. The one change that PostgreSQL lets through is to forget whom it was about: its
    client and what was seen go, that something was seen stays.
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
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="only_forgotten",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(IS_NO_FORGETTING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome.lower()}"


class JudgedSection(models.Model):
    """A section of a draft as its client judged it: accepted with the draft, or objected to in words.

    Kept with its text, so that a rule can be tried on what was really written before anybody is asked to accept it.
    """

    class Verdict(models.TextChoices):
        ACCEPTED = "ACCEPTED"
        REFUSED = "REFUSED"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    observation = models.ForeignKey(LearningEvent, on_delete=models.PROTECT, related_name="sections")
    draft_id = models.UUIDField()
    section = models.CharField(max_length=64)
    text = models.TextField()
    verdict = models.CharField(max_length=8, choices=Verdict)
    remarks = models.JSONField(default=list, help_text="What the client said of it, in their words")
    judged_at = models.DateTimeField()

    class Meta:
        ordering = ("-judged_at", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["observation", "section"], name="judged_section_once"),
            models.CheckConstraint(
                condition=models.Q(verdict__in=("ACCEPTED", "REFUSED")), name="judged_section_verdict_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-judged_at"], name="judged_by_client"),
            models.Index(fields=["draft_id"], name="judged_by_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.verdict.lower()}"
