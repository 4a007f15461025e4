"""Quality reports: every evaluation of every draft, with what each rule found."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from apps.identity.models import Client
from apps.shared.models import OfRunQuerySet, RunModel, UuidModel, created_since


class QcReportQuerySet(OfRunQuerySet):
    """Reports, and which of them somebody should look at."""

    def unresolved_since(self, at: datetime) -> Self:
        """Narrow to reports made since then that are not content, and that no later one of the work has replaced."""
        later = QcReport.objects.filter(pk__gt=OuterRef("pk"))
        of_the_draft = Exists(later.filter(draft_id=OuterRef("draft_id")))
        of_the_run = Exists(later.filter(run_id=OuterRef("run_id")))  # the next round's draft is another
        return self.filter(created_since(at), ~of_the_draft, ~of_the_run).exclude(verdict=QcReport.Verdict.PASS)


class QcReport(RunModel):
    """One evaluation of a draft; a new evaluation is a new row, so that the history stays."""

    class Verdict(models.TextChoices):
        PASS = "PASS"  # noqa: S105  (a verdict)
        WARN = "WARN"
        FAIL = "FAIL"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    draft_id = models.UUIDField(db_index=True)
    sequence = models.PositiveIntegerField(help_text="1 for the first evaluation of the draft")
    score = models.PositiveSmallIntegerField(help_text="0 to 100")
    verdict = models.CharField(max_length=8, choices=Verdict)
    rules_checked = models.PositiveSmallIntegerField()
    passed = models.BooleanField(default=True, db_default=True, help_text="Unset: it stops the work.")
    evaluated_at = models.DateTimeField()

    objects = QcReportQuerySet.as_manager()

    class Meta:
        ordering = ("-evaluated_at", "-sequence")
        verbose_name = "quality report"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft_id", "sequence"], name="qcreport_sequence_once_per_draft"),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="qcreport_sequence_from_1"),
            models.CheckConstraint(condition=Q(score__lte=100), name="qcreport_score_up_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.score} (evaluation {self.sequence})"


class QcFinding(UuidModel):
    """Something a rule found in one section, or in the draft as a whole (then `section` is empty)."""

    class Severity(models.TextChoices):
        BLOCKER = "BLOCKER"
        MAJOR = "MAJOR"
        MINOR = "MINOR"

    class Status(models.TextChoices):
        FAIL = "FAIL"
        WARN = "WARN"

    report = models.ForeignKey(QcReport, on_delete=models.CASCADE, related_name="findings")
    position = models.PositiveSmallIntegerField()
    rule_code = models.CharField(max_length=48, db_index=True)
    severity = models.CharField(max_length=8, choices=Severity)
    status = models.CharField(max_length=8, choices=Status)
    section = models.CharField(max_length=64, blank=True)
    message = models.TextField()
    evidence = models.TextField(blank=True, help_text="The offending words, marked, in their place")
    fix = models.TextField(help_text="What to do about it")
    auto_fixable = models.BooleanField(default=False)
    lesson_id = models.UUIDField(null=True, blank=True, help_text="The lesson that asked for it, where one did")

    class Meta:
        ordering = ("position",)
        verbose_name = "finding"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "position"], name="qcfinding_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_code} in {self.section or 'the draft'}"
