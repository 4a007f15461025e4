"""What became of a run's steps."""

import json
from typing import ClassVar
from uuid import UUID

from django.db import connection, models
from django.db.models import QuerySet
from django_fsm import FSMField, transition

from apps.orchestration.models.statements import STEPS
from apps.shared.models import StateModel, UuidModel


class StepRunQuerySet(QuerySet["StepRun"]):
    """Step runs, and the quick way to those of one run."""

    def list_to_take_back(self, run_id: UUID) -> list["StepRun"]:
        """List a run's steps, with no more than what taking them back must know."""
        with connection.cursor() as cursor:
            STEPS.execute(cursor, {"run_id": run_id})
            names = [column.name for column in cursor.description]
            found = [StepRun.from_db(self.db, names, row) for row in cursor.fetchall()]
        for step_run in found:
            step_run.irreversible = json.loads(step_run.irreversible or "null")
        return found


class StepRun(StateModel, UuidModel):
    """One step of one run: its outcome, or what went wrong."""

    class State(models.TextChoices):
        PENDING = "PENDING"
        RUNNING = "RUNNING"
        SUCCEEDED = "SUCCEEDED"
        FAILED = "FAILED"
        SKIPPED = "SKIPPED"
        COMPENSATED = "COMPENSATED"

    run = models.ForeignKey(
        "orchestration.WorkflowRun", on_delete=models.CASCADE, related_name="step_runs", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=80)
    state = FSMField(default=State.PENDING, choices=State, protected=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.JSONField(null=True, help_text="The DTO the step gave, or the verdict it refused with.")
    irreversible = models.JSONField(null=True, help_text="What taking back left, and what to do.")
    error = models.TextField(blank=True)
    trace = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    compensated_at = models.DateTimeField(null=True)

    objects = StepRunQuerySet.as_manager()

    class Meta:
        ordering = ("run", "position", "round")
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "position", "round"], name="step_run_once")]

    def __str__(self) -> str:
        return self.name.replace("_", " ")

    @property
    def milliseconds(self) -> int | None:
        """How long it took, from its last start to its end."""
        if self.started_at is None or self.finished_at is None:
            return None
        return round((self.finished_at - self.started_at).total_seconds() * 1000)

    @transition(state, source=(State.PENDING, State.RUNNING), target=State.RUNNING)
    def start(self) -> None:
        """An attempt begins; from RUNNING when the attempt before it died without a word."""

    @transition(state, source=State.RUNNING, target=State.SUCCEEDED)
    def succeed(self) -> None:
        """Its rows are committed with this."""

    @transition(state, source=State.RUNNING, target=State.PENDING)
    def await_retry(self) -> None:
        """An attempt failed; another follows."""

    @transition(state, source=(State.PENDING, State.RUNNING), target=State.FAILED)
    def fail(self) -> None:
        """It said no, or was tried too often."""

    @transition(state, source=(State.PENDING, State.RUNNING), target=State.SKIPPED)
    def skip(self) -> None:
        """The run goes on without it."""

    @transition(state, source=(State.SUCCEEDED, State.FAILED), target=State.COMPENSATED)
    def compensate(self) -> None:
        """What it did is taken back."""
