"""Files of measured values: how a client's tables are read, what became of each, and the rows that were not taken."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from apps.identity.models import Client, User
from apps.shared.models import FileOfRows, UuidModel


class ColumnMapping(UuidModel):
    """How a client's tables from one origin are read; kept under its name for the next file."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=40)
    slug = models.CharField(max_length=40, editable=False, help_text="What sources of its values begin with")
    spec = models.JSONField(help_text="What each column is, and how numbers and days are written")
    confirmed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["client", "slug"], name="column_mapping_once")]

    def __str__(self) -> str:
        return self.name


class MetricImport(FileOfRows):
    """One file of a client's, read in one way; the same again is the same import. It goes on behind `rows`."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=64, editable=False, help_text="SHA-256 of the file and of how it is read")
    mapping_name = models.CharField(max_length=40)
    spec = models.JSONField(help_text="What each column is, and how numbers and days are written")
    replaces = models.BooleanField(help_text="Known values that differ are taken back for those of the file")
    created = models.PositiveIntegerField(default=0, help_text="Values that were new")
    known = models.PositiveIntegerField(default=0, help_text="Values that were known")
    differing = models.PositiveIntegerField(default=0, help_text="Values known otherwise, and left as they are")
    replaced = models.PositiveIntegerField(default=0, help_text="Values taken back for those of the file")
    imported_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-id",)
        verbose_name = "import of metrics"
        verbose_name_plural = "imports of metrics"
        permissions: ClassVar = [("import_metrics", "Can import measured values from a file")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "key"], name="metric_import_once"),
            models.CheckConstraint(condition=Q(rows__lte=F("rows_total")), name="metric_import_reads_its_rows_once"),
            models.CheckConstraint(condition=Q(refused__lte=F("rows")), name="metric_import_refuses_rows_it_read"),
            models.CheckConstraint(condition=~Q(state="FAILED") | ~Q(error=""), name="metric_import_failure_says_why"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="metric_import_unfinished", condition=Q(state="RUNNING")),
        ]


class MetricRefusal(models.Model):
    """One row of a file with something that was not taken, as it came, and what is wrong with each field."""

    id = models.BigAutoField(primary_key=True)
    metric_import = models.ForeignKey(MetricImport, on_delete=models.CASCADE, related_name="refusals", db_index=False)
    row = models.PositiveIntegerField(help_text="Counted from 1 below the column names")
    cells = models.JSONField()
    problems = models.JSONField()

    class Meta:
        ordering = ("row",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["metric_import", "row"], name="metric_import_refuses_a_row_once"),
        ]

    def __str__(self) -> str:
        return f"Row {self.row}"
