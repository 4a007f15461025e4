"""Cycles: what each step of client acquisition did, every few minutes."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from apps.shared.models import UuidModel

STREAK = 3
"""Once may be chance, three times running somebody has to look."""


class CycleRunQuerySet(models.QuerySet["CycleRun"]):
    """Cycles, and the last of them."""

    def last_ended(self) -> "CycleRun | None":
        """Return the cycle that ended last."""
        return self.order_by("-id").first()

    def overdue(self, before: datetime) -> Self:
        """Narrow to the last cycle, where it ended before then: none has ended since."""
        last = self.order_by("-id").values("pk")[:1]
        return self.filter(pk__in=last, finished_at__lt=before)


class CycleRun(UuidModel):
    """One cycle that ended; its id is that of its run. It belongs to no client."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    failed_count = models.PositiveSmallIntegerField(help_text="Steps that failed")

    objects = CycleRunQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = "cycle"

    def __str__(self) -> str:
        return f"Cycle {str(self.pk)[-6:]}"


class CycleStepQuerySet(models.QuerySet["CycleStep"]):
    """Steps of cycles, and which of them keep failing."""

    def keeping_failing(self) -> Self:
        """Narrow to the steps of the last cycle that failed in the ones before it, too."""
        newest = CycleRun.objects.order_by("-id").values("pk")
        failed = CycleStep.objects.filter(cycle__in=newest[:STREAK], outcome="FAILED").order_by().values("name")
        often = failed.annotate(times=models.Count("*")).filter(times=STREAK).values("name")
        return self.filter(cycle__in=newest[:1], name__in=often)

    def first_of_streak(self, step: "CycleStep") -> "CycleStep":
        """Return the failure with which a step's present row of failures began."""
        ended_well = self.filter(name=step.name, pk__lt=step.pk).exclude(outcome="FAILED").order_by("-id").first()
        since = self.filter(name=step.name, pk__lte=step.pk)
        return (since if ended_well is None else since.filter(pk__gt=ended_well.pk)).order_by("id")[0]


class CycleStep(UuidModel):
    """What one step of a cycle did: how many of what, or why it failed."""

    class Outcome(models.TextChoices):
        OK = "OK", "OK"
        FAILED = "FAILED"
        SKIPPED = "SKIPPED"

    cycle = models.ForeignKey(CycleRun, on_delete=models.CASCADE, related_name="steps", db_index=False)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    outcome = models.CharField(max_length=8, choices=Outcome)
    items = models.PositiveIntegerField(default=0, help_text="Rows it handled")
    counts = models.JSONField(default=dict, help_text="How many of what")
    notes = models.JSONField(default=list, help_text="What people should know, such as which mailbox is ill")
    error = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = CycleStepQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cycle", "position"], name="cycle_step_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["OK", "FAILED", "SKIPPED"]), name="cycle_step_outcome_is_known"
            ),
            models.CheckConstraint(condition=~Q(outcome="FAILED") | ~Q(error=""), name="cycle_step_says_why_it_failed"),
        ]
        indexes: ClassVar = [models.Index(fields=["name", "-id"], name="cycle_step_by_name")]

    def __str__(self) -> str:
        return self.name.replace("_", " ").capitalize()
