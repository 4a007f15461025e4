"""Files of leads: what became of each, and the rows that were not taken."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from apps.cam.models.campaigns import Campaign
from apps.identity.models import User
from apps.shared.models import StateModel, UuidModel


class ImportBatchQuerySet(models.QuerySet):
    """Imports, and which of them nobody works on."""

    def left_since(self, at: datetime) -> Self:
        """Narrow to imports that are under way and that nobody has worked on since then, or ever."""
        return self.filter(Q(touched_at=None) | Q(touched_at__lt=at), state=ImportBatch.State.RUNNING)


class ImportBatch(StateModel, UuidModel):
    """One file of leads for one campaign, known by its content. `rows` is how far it was read: it goes on there."""

    class State(models.TextChoices):
        RUNNING = "RUNNING"
        COMPLETED = "COMPLETED"
        FAILED = "FAILED"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="imports", db_index=False)
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    headers = models.JSONField(help_text="The file's column names")
    mapping = models.JSONField(help_text="The place of each field's column")
    rows_total = models.PositiveIntegerField()
    rows = models.PositiveIntegerField(default=0, help_text="Read so far")
    created = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0, help_text="Rows of leads the campaign had")
    refused = models.PositiveIntegerField(default=0)
    state = FSMField(choices=State.choices, default=State.RUNNING, protected=True)
    touched_at = models.DateTimeField(null=True, blank=True, help_text="When somebody last read on")
    error = models.TextField(blank=True)
    imported_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

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

    def __str__(self) -> str:
        return self.file_name

    @transition(field=state, source=State.RUNNING, target=State.COMPLETED)
    def complete(self) -> None:
        """Be read to the end."""

    @transition(field=state, source=State.RUNNING, target=State.FAILED)
    def fail(self) -> None:
        """Stop: the file cannot be read on."""

    @transition(field=state, source=State.FAILED, target=State.RUNNING)
    def try_again(self) -> None:
        """Go on where it stopped."""


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
