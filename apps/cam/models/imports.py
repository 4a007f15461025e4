"""Files of leads: what became of each, and the rows that were not taken."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from apps.cam.models.campaigns import Campaign
from apps.identity.models import User
from apps.shared.models import FileOfRows


class ImportBatch(FileOfRows):
    """One file of leads for one campaign, known by its content. `rows` is how far it was read: it goes on there."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="imports", db_index=False)
    mapping = models.JSONField(help_text="The place of each field's column")
    created = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0, help_text="Rows of leads the campaign had")
    imported_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-id",)
        verbose_name = "import"
        permissions: ClassVar = [("import_leads", "Can import leads from a file")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "sha256"], name="import_once_per_campaign"),
            models.CheckConstraint(
                condition=Q(rows=models.F("created") + models.F("duplicates") + models.F("refused")),
                name="import_counts_add_up",
            ),
            models.CheckConstraint(condition=Q(rows__lte=models.F("rows_total")), name="import_reads_its_rows_once"),
            models.CheckConstraint(condition=~Q(state="FAILED") | ~Q(error=""), name="import_failure_says_why"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="import_unfinished", condition=Q(state="RUNNING")),
        ]


class ImportRefusal(models.Model):
    """One row of a file that was not taken, as it came, and what is wrong with each field."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="refusals", db_index=False)
    row = models.PositiveIntegerField(help_text="Counted from 1 below the column names")
    cells = models.JSONField()
    problems = models.JSONField()

    class Meta:
        ordering = ("row",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "row"], name="import_refuses_a_row_once"),
        ]

    def __str__(self) -> str:
        return f"Row {self.row}"
