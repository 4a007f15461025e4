"""Runs and their steps. PostgreSQL holds the truth; a Celery message is only a wake-up."""

import json
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Q, QuerySet
from django_fsm import FSMField, transition
from psycopg.types.json import Jsonb

from apps.orchestration.models.clock import SavedAtField, StatementTimestamp
from apps.orchestration.models.statements import CLAIM, CLAIM_BACK, LOCK_FAILED, RECLAIM, RECORD, RECORD_BACK
from apps.shared.models import StateModel, UuidModel

ROUND_DECISION = "RoundDecided"
"""What a run waits for after its last round: the event of the person's decision."""


def silence() -> timedelta:
    """Return how long a run must not have been heard of to be suspect: longer than its message needs."""
    return timedelta(seconds=2 * settings.RUN_DISPATCH_GRACE_SECONDS)


class TakenAlready(Exception):
    """A step was taken twice, against lock and lease; the second time must leave nothing."""


class WorkflowRunQuerySet(QuerySet["WorkflowRun"]):
    """Runs, and the ways to take hold of one."""

    def unfinished(self) -> "WorkflowRunQuerySet":
        """Narrow to runs that the engine still has to move; one that waits is not among them."""
        return self.filter(state__in=WorkflowRun.UNFINISHED)

    def ended(self) -> "WorkflowRunQuerySet":
        """Narrow to runs that nothing moves any more."""
        return self.filter(state__in=WorkflowRun.ENDED)

    def due(self) -> "WorkflowRunQuerySet":
        """Narrow to runs that have not ended and whose wake-up time has passed by the database's clock."""
        return self.filter(state__in=WorkflowRun.WOKEN, wake_at__lte=StatementTimestamp())

    def waiting_for(self, event: str, about: UUID) -> "WorkflowRunQuerySet":
        """Narrow to the runs that wait for such an event about this row."""
        return self.filter(state="WAITING", waiting_on=about, waiting_for__contains=[event])

    def claim(self, run_id: UUID, position: int, *, whole: bool = True) -> "WorkflowRun | None":
        """Lock a run that stands at this step and that nobody works on; None when there is nothing to do here.

        The lock is the lease: it dies with the connection. None means that somebody else has the run, or is done with
        the step, that the message is stale, or that the engine is paused. `is_silent` on the result tells that nothing
        was heard of the run for longer than its message needs: its last worker may have died of it. The inputs are
        left out unless the `whole` run is asked for.
        """
        columns = WHOLE if whole else LEAN
        return self._one(CLAIM, columns, [silence(), run_id, position])

    def reclaim(self, run_id: UUID, position: int, fence: int) -> "WorkflowRun | None":
        """Lock a run whose lease is still ours by its fence; None when we were fenced out meanwhile."""
        return self._one(RECLAIM, LEAN, [run_id, position, fence])

    def _one(self, statement: str, columns: list[str], parameters: list[Any]) -> "WorkflowRun | None":
        """Return the run a written-out statement finds, with these columns; one more, the last, is `is_silent`."""
        with connection.cursor() as cursor:
            cursor.execute(statement.format(columns=", ".join(columns)), parameters)
            row = cursor.fetchone()
        if row is None:
            return None
        *values, is_silent = row
        if columns is WHOLE:
            values[INPUTS] = json.loads(values[INPUTS])
        run = WorkflowRun.from_db(self.db, columns, values)
        run.is_silent = is_silent
        return run

    def record(self, run: "WorkflowRun", taken: "StepRun", wakes_after: timedelta | None) -> None:
        """Store a step that was taken and the place its run has now; the run's row must be locked.

        Raises TakenAlready when somebody else has taken the step: then nothing of this attempt may be committed.
        """
        values = {
            "id": taken.pk,
            "run_id": run.pk,
            "step_position": taken.position,
            "step_round": taken.round,
            "name": taken.name,
            "step_state": taken.state,
            "step_attempts": taken.attempts,
            "outcome": Jsonb(taken.outcome),
            "step_started_at": taken.started_at,
            "step_finished_at": taken.finished_at,
            "state": run.state,
            "position": run.position,
            "round": run.round,
            "instruction": run.instruction,
            "waiting_for": run.waiting_for,
            "waiting_on": run.waiting_on,
            "wakes_after": wakes_after,
            "started_at": run.started_at,
            "finished_at": run.finished_at,
        }
        with connection.cursor() as cursor:
            cursor.execute(RECORD, values)
            if cursor.rowcount != 1:
                raise TakenAlready(f"{taken.name} of run {run.pk}, round {taken.round}, was taken already.")

    def record_back(self, taken: "StepRun", irreversible: list[dict[str, Any]], wakes_after: timedelta) -> bool:
        """Store that a step was taken back; tell whether it still stood. Its run's row must be locked."""
        with connection.cursor() as cursor:
            cursor.execute(RECORD_BACK, [Jsonb(irreversible) if irreversible else None, taken.pk, wakes_after])
            return cursor.rowcount == 1

    def lock_for_failure(
        self, run_id: UUID, position: int, turn: int | None, fence: int | None
    ) -> "WorkflowRun | None":
        """Lock a run whose step failed in our hands; None when somebody else has taken it over meanwhile.

        `turn` is the round in which it failed, None for any; `fence` that of our lease, None for a step that needs
        none, which no lease may stand against.
        """
        return self._one(LOCK_FAILED, LEAN, [run_id, position, turn, turn, fence, fence is None])

    def claim_compensation(self, run_id: UUID, fence: int | None = None) -> "WorkflowRun | None":
        """Lock a run that is being taken back and does not rest after a failure; None when there is nothing to do.

        With a `fence` the run is ours if nobody took another lease since. `is_silent` on the result tells that it was
        tried before, or was not heard of for long: its last worker may have died of it.
        """
        return self._one(CLAIM_BACK, LEAN, [silence(), run_id, fence])


class WorkflowRun(StateModel, UuidModel):
    """One execution of a workflow, and where it stands.

    `position` and `round` are where it stands, `attempts` how often that step (or, going back, the present
    compensation) was tried, `retried` how often a person gave it all its attempts anew. `fence` counts the leases
    given, `wake_at` is when the sweeper looks after it next. A lease without an owner is the pause after a failed
    attempt: a message that comes too early finds it closed. A run that waits names the events and the row they must be
    about; `wait_until` is when somebody is alerted.
    """

    class State(models.TextChoices):
        PENDING = "PENDING"
        RUNNING = "RUNNING"
        WAITING = "WAITING"
        COMPLETED = "COMPLETED"
        COMPENSATING = "COMPENSATING"
        COMPENSATED = "COMPENSATED"
        CANCELLED = "CANCELLED"
        STUCK = "STUCK"
        FAILED = "FAILED"

    FORWARD: ClassVar = ("PENDING", "RUNNING", "WAITING")
    UNFINISHED: ClassVar = ("PENDING", "RUNNING", "COMPENSATING")
    WOKEN: ClassVar = ("PENDING", "RUNNING", "WAITING", "COMPENSATING")
    ENDED: ClassVar = ("COMPLETED", "COMPENSATED", "CANCELLED", "FAILED")

    workflow = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    client = models.ForeignKey("identity.Client", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = FSMField(default=State.PENDING, choices=State, protected=True)
    inputs = models.JSONField(help_text="The DTOs it started with, by type.")
    input_digest = models.CharField(max_length=64, help_text="SHA-256 of the inputs: one key, one request.")
    idempotency_key = models.CharField(max_length=255)
    position = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1, db_default=1)
    instruction = models.TextField(
        blank=True, default="", db_default="", help_text="What a person asked for in the present round."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    retried = models.PositiveSmallIntegerField(default=0, db_default=0)
    waiting_for = ArrayField(models.CharField(max_length=80), null=True)
    waiting_on = models.UUIDField(null=True)
    wait_until = models.DateTimeField(null=True)
    is_cancelled = models.BooleanField(
        default=False, db_default=False, help_text="A person asked for it to be taken back."
    )
    parked = models.TextField(blank=True, default="", db_default="", help_text="Why nobody can move it at present.")
    fence = models.PositiveBigIntegerField(default=0)
    lease_owner = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    started_by = models.ForeignKey(
        "identity.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    rerun_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="reruns", db_index=False)
    traceparent = models.CharField(
        max_length=55, blank=True, default="", db_default="", help_text="The W3C trace its steps belong to."
    )
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    updated_at = SavedAtField(editable=False)

    objects = WorkflowRunQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)  # UUIDv7: newest first, without an index of its own
        permissions: ClassVar = [
            ("retry_compensation", "Can send a stuck run back to its compensation"),
            ("retry_step", "Can give a step all its attempts anew"),
            ("resume_run", "Can make a parked run look again"),
            ("cancel_run", "Can cancel a run: what it did is taken back"),
            ("compensate_run", "Can take a completed run back"),
            ("skip_step", "Can let a run go on without a step"),
            ("rerun_run", "Can start an ended run again from the same inputs"),
            ("decide_round", "Can decide what follows the last round"),
        ]
        # Every index is written with each step: those that Django makes by itself and nobody asks are left out.
        constraints: ClassVar = [models.UniqueConstraint(fields=["idempotency_key"], name="run_once_per_key")]
        indexes: ClassVar = [
            # The sweeper's only question stays cheap whatever number of finished runs the table holds.
            models.Index(
                fields=["wake_at"],
                name="run_due",
                condition=Q(state__in=("PENDING", "RUNNING", "WAITING", "COMPENSATING")),
            ),
            models.Index(fields=["waiting_on"], name="run_waiting_on", condition=Q(state="WAITING")),
            models.Index(fields=["rerun_of"], name="run_again", condition=Q(rerun_of__isnull=False)),
            models.Index(fields=["client", "-id"], name="run_of_client"),
            models.Index(fields=["state", "-id"], name="run_by_state"),
        ]

    @property
    def needs_decision(self) -> bool:
        """Tell whether its last round is over, and a person must say what follows."""
        return self.state == self.State.WAITING and self.waiting_for == [ROUND_DECISION]

    @property
    def needs_person(self) -> bool:
        """Tell whether no event can move it: a person has to, at a parked step or after the last round."""
        return self.needs_decision or (self.state == self.State.WAITING and not self.waiting_for)

    def __str__(self) -> str:
        return f"{self.workflow.replace('_', ' ')} {str(self.pk)[-6:]}"

    @transition(state, source=State.PENDING, target=State.RUNNING)
    def start(self) -> None:
        """A worker took it up."""

    @transition(state, source=State.RUNNING, target=State.WAITING)
    def wait(self) -> None:
        """It stands still until somebody, or something, outside the engine moves."""

    @transition(state, source=State.WAITING, target=State.RUNNING)
    def go_on(self) -> None:
        """What it waited for has come."""

    @transition(state, source=State.RUNNING, target=State.COMPLETED)
    def complete(self) -> None:
        """Its last step succeeded."""

    @transition(state, source=State.RUNNING, target=State.COMPENSATING)
    def begin_compensation(self) -> None:
        """A step said no: what was done goes back."""

    @transition(state, source=State.RUNNING, target=State.FAILED)
    def fail(self) -> None:
        """Its first step said no: nothing had been done."""

    @transition(
        state, source=(State.RUNNING, State.WAITING), target=State.COMPENSATING, permission="orchestration.cancel_run"
    )
    def cancel(self) -> None:
        """A person asked for it to be taken back."""

    @transition(state, source=State.PENDING, target=State.CANCELLED, permission="orchestration.cancel_run")
    def cancel_unbegun(self) -> None:
        """A person asked for it to be taken back before anything was done."""

    @transition(state, source=State.COMPLETED, target=State.COMPENSATING, permission="orchestration.compensate_run")
    def compensate_completed(self) -> None:
        """A person asked for it to be taken back after its end."""

    @transition(state, source=State.COMPENSATING, target=State.COMPENSATED)
    def finish_compensation(self) -> None:
        """Nothing of it is left."""

    @transition(state, source=State.COMPENSATING, target=State.CANCELLED)
    def finish_cancellation(self) -> None:
        """Nothing of it is left, as a person asked."""

    @transition(state, source=State.COMPENSATING, target=State.STUCK)
    def get_stuck(self) -> None:
        """A compensation failed too often."""

    @transition(state, source=State.STUCK, target=State.COMPENSATING, permission="orchestration.retry_compensation")
    def retry_compensation(self) -> None:
        """A person mended the cause."""


WHOLE = [field.attname for field in WorkflowRun._meta.concrete_fields]
INPUTS = WHOLE.index("inputs")
LEAN = WHOLE[:INPUTS] + WHOLE[INPUTS + 1 :]
"""The columns of a run, in their order, with and without its inputs."""


class StepRun(StateModel, UuidModel):
    """One step of one run: its outcome, or what went wrong."""

    class State(models.TextChoices):
        PENDING = "PENDING"
        RUNNING = "RUNNING"
        SUCCEEDED = "SUCCEEDED"
        FAILED = "FAILED"
        SKIPPED = "SKIPPED"
        COMPENSATED = "COMPENSATED"

    run = models.ForeignKey(WorkflowRun, on_delete=models.CASCADE, related_name="step_runs", db_index=False)
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
