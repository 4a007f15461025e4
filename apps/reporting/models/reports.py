"""What was measured, and the reports made of it. What a client was shown is kept as it is by the database itself."""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition
from uuid_utils.compat import uuid7

from apps.identity.models import Client, User
from apps.reporting.models.imports import MetricImport
from apps.shared.models import OfRunQuerySet, RunModel, StateModel


class MetricPoint(models.Model):
    """One measured value of a client. It belongs to no run and never changes: what counts no more, another point tells.

    `source` names the row behind it, `packages:<id>`; of a value that came in a file that is one of the file's.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=200, help_text="The row behind it")
    at = models.DateTimeField()
    value = models.DecimalField(max_digits=20, decimal_places=4)
    unit = models.CharField(max_length=120, blank=True)
    metric_import = models.ForeignKey(
        MetricImport, null=True, blank=True, on_delete=models.PROTECT, related_name="points", db_index=False
    )
    row = models.PositiveIntegerField(null=True, blank=True, help_text="Of the file, below its column names")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [("take_back_metricpoint", "Can say of measured values that they count no more")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name", "source", "at"], name="metric_point_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "at"], name="metric_points_of_period"),
            models.Index(
                fields=["metric_import"], name="metric_points_of_file", condition=Q(metric_import__isnull=False)
            ),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.name


class ReportQuerySet(OfRunQuerySet):
    """Reports, and who sees which."""

    def published(self) -> Self:
        """Narrow to what clients may read."""
        return self.filter(state=Report.State.PUBLISHED)

    def unpublished(self) -> Self:
        """Narrow to drafts, which somebody has to look over."""
        return self.filter(state=Report.State.DRAFT)


class Report(RunModel, StateModel):
    """One version of a client's report on a period, both days included; published, it never changes."""

    class State(models.TextChoices):
        DRAFT = "DRAFT"
        PUBLISHED = "PUBLISHED"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    start_date = models.DateField()
    end_date = models.DateField()
    version = models.PositiveIntegerField()
    state = FSMField(choices=State.choices, default=State.DRAFT, protected=True)
    strategy_id = models.UUIDField(null=True, blank=True, help_text="Whose targets the numbers are held against")
    content = models.JSONField(help_text="Metrics, KPIs and insights, each with the rows behind it")
    note = models.TextField(blank=True, help_text="What a person adds, above the numbers")
    sha256 = models.CharField(max_length=64)
    generated_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [
            ("generate_report", "Can make a client's report"),
            ("publish_report", "Can publish a report to its client"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "start_date", "end_date", "version"], name="report_version_once_per_period"
            ),
            models.UniqueConstraint(
                fields=["client", "start_date", "end_date"],
                condition=Q(state="DRAFT"),
                name="report_one_draft_per_period",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="report_version_from_1"),
            models.CheckConstraint(condition=Q(end_date__gte=F("start_date")), name="report_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state="DRAFT", published_at__isnull=True, published_by__isnull=True)
                | Q(state="PUBLISHED", published_at__isnull=False, published_by__isnull=False),
                name="report_publication_names_who_and_when",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["id"], name="report_to_publish", condition=Q(state="DRAFT"))]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="published_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.state = 'PUBLISHED'"),
            ),
        ]

    def __str__(self) -> str:
        again = f", version {self.version}" if self.version > 1 else ""
        return f"Report {self.start_date} to {self.end_date}{again}"

    @property
    def file_name(self) -> str:
        """What its file is called, without an extension."""
        again = f"-v{self.version}" if self.version > 1 else ""
        return f"report-{self.start_date}-{self.end_date}{again}"

    @transition(field=state, source=State.DRAFT, target=State.PUBLISHED)
    def publish(self) -> None:
        """Let the client read it."""
