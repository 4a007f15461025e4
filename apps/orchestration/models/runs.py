"""Runs and their steps. PostgreSQL holds the truth; a Celery message is only a wake-up."""

import json
from datetime import datetime, timedelta
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Q, QuerySet
from django_fsm import FSMField, transition
from psycopg.types.json import Jsonb

from apps.orchestration.models.clock import SavedAtField, StatementTimestamp
from apps.orchestration.models.statements import (
    CLAIM,
    CLAIM_BACK,
    END_BACK,
    HOLD_BACK,
    KEY_IS_KNOWN,
    LOCK_FAILED,
    RECLAIM,
    RECORD,
    RECORD_BACK,
)
from apps.orchestration.models.steps import StepRun
from apps.shared.models import StateModel, UuidModel, created_since
from apps.shared.statements import Statement

ROUND_DECISION = "RoundDecided"
"""What a run waits for after its last round: the event of the person's decision."""


def silence() -> timedelta:
    """Return how long a run must not have been heard of to be suspect: when the sweeper first looks after it."""
    return timedelta(seconds=settings.RUN_DISPATCH_GRACE_SECONDS)


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

    def find_under_way(self, workflow: str) -> "WorkflowRun | None":
        """Return a run of a workflow that has not ended, None when there is none."""
        # The states that lead to an index first: one that ended long ago must not be looked at.
        return self.filter(state__in=(*WorkflowRun.WOKEN, "STUCK"), workflow=workflow).first()

    def hold_back_others(self, workflow: str) -> None:
        """Let nobody else who asks for this go on before our transaction has ended."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"run alone: {workflow}"])

    def out_of_routine(self, routine: list[str]) -> "WorkflowRunQuerySet":
        """Leave out runs of these workflows that ended well: there are hundreds a day, and nothing to see in them."""
        return self.exclude(workflow__in=routine, state="COMPLETED", error="")

    def needing_person(self) -> "WorkflowRunQuerySet":
        """Narrow to runs that stand still until a person moves them: parked, or after their last round."""
        is_parked = Q(state="WAITING") & (Q(waiting_for=None) | Q(waiting_for=[]))
        has_no_release = Q(state__in=WorkflowRun.UNFINISHED) & ~Q(parked="")
        asks = Q(state="WAITING", waiting_for=[ROUND_DECISION])
        # Said twice, the states lead to their index: without, PostgreSQL goes through the runs of all times.
        return self.filter(is_parked | has_no_release | asks, state__in=WorkflowRun.WOKEN)

    def failed_since(self, at: datetime) -> "WorkflowRunQuerySet":
        """Narrow to runs asked for since then of which a step said no, or was tried too often."""
        return self.filter(created_since(at), state__in=("FAILED", "COMPENSATED"))

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
        values = {"silence": silence(), "run_id": run_id, "position": position}
        return self._one(CLAIM, WHOLE if whole else LEAN, values)

    def reclaim(self, run_id: UUID, position: int, fence: int) -> "WorkflowRun | None":
        """Lock a run whose lease is still ours by its fence; None when we were fenced out meanwhile."""
        return self._one(RECLAIM, LEAN, {"run_id": run_id, "position": position, "fence": fence})

    def lock_for_failure(
        self, run_id: UUID, position: int, turn: int | None, fence: int | None
    ) -> "WorkflowRun | None":
        """Lock a run whose step failed in our hands; None when somebody else has taken it over meanwhile.

        `turn` is the round in which it failed, None for any; `fence` that of our lease, None for a step that needs
        none, which no lease may stand against.
        """
        return self._one(LOCK_FAILED, LEAN, {"run_id": run_id, "position": position, "round": turn, "fence": fence})

    def claim_compensation(self, run_id: UUID, fence: int | None = None) -> "WorkflowRun | None":
        """Lock a run that is being taken back and does not rest after a failure; None when there is nothing to do.

        With a `fence` the run is ours if nobody took another lease since. `is_silent` on the result tells that it was
        tried before, or was not heard of for long: its last worker may have died of it.
        """
        return self._one(CLAIM_BACK, LEAN, {"silence": silence(), "run_id": run_id, "fence": fence})

    def hold_compensation(self, run: "WorkflowRun") -> bool:
        """Lock a run again that was claimed for its compensation, and is as it was then; tell whether it is."""
        values = {"run_id": run.pk, "fence": run.fence, "silence": silence()}
        with connection.cursor() as cursor:
            HOLD_BACK.execute(cursor, values)
            return cursor.fetchone() is not None

    def _one(self, statement: Statement, columns: list[str], values: dict[str, Any]) -> "WorkflowRun | None":
        """Return the run a written-out statement finds, with these columns; one more, the last, is `is_silent`."""
        with connection.cursor() as cursor:
            _reading(statement, is_whole=columns is WHOLE).execute(cursor, values)
            row = cursor.fetchone()
        if row is None:
            return None
        *found, is_silent = row
        if columns is WHOLE:
            found[INPUTS] = json.loads(found[INPUTS])
        run = WorkflowRun.from_db(self.db, columns, found)
        run.is_silent = is_silent
        return run

    def is_key_known(self, key: str) -> bool:
        """Tell whether a key stands for a run already, be it archived."""
        with connection.cursor() as cursor:
            KEY_IS_KNOWN.execute(cursor, {"key": key})
            return cursor.fetchone() is not None

    def record(self, run: "WorkflowRun", taken: StepRun, wakes_after: timedelta | None) -> None:
        """Store what became of a step, and the place its run has now; the run's row must be locked.

        Raises TakenAlready when somebody else has ended the step: then nothing of this attempt may be committed.
        """
        values = {
            "step_run_id": taken.pk,
            "run_id": run.pk,
            "step_position": taken.position,
            "step_round": taken.round,
            "name": taken.name,
            "step_state": taken.state,
            "step_attempts": taken.attempts,
            "outcome": None if taken.outcome is None else Jsonb(taken.outcome),
            "step_error": taken.error,
            "trace": taken.trace,
            "step_started_at": taken.started_at,
            "step_finished_at": taken.finished_at,
            "state": run.state,
            "position": run.position,
            "round": run.round,
            "instruction": run.instruction,
            "waiting_for": run.waiting_for,
            "waiting_on": run.waiting_on,
            "error": run.error,
            "wakes_after": wakes_after,
            "started_at": run.started_at,
            "finished_at": run.finished_at,
        }
        with connection.cursor() as cursor:
            RECORD.execute(cursor, values)
            if cursor.rowcount != 1:
                raise TakenAlready(f"{taken.name} of run {run.pk}, round {taken.round}, was taken already.")

    def record_back(self, taken: StepRun, wakes_after: timedelta) -> bool:
        """Store that a step was taken back; tell whether it still stood. Its run's row must be locked."""
        left = None if taken.irreversible is None else Jsonb(taken.irreversible)
        values = {"irreversible": left, "step_run_id": taken.pk, "wakes_after": wakes_after}
        with connection.cursor() as cursor:
            RECORD_BACK.execute(cursor, values)
            return cursor.rowcount == 1

    def end_back(self, run: "WorkflowRun") -> None:
        """Store that a run is taken back whole; its row must be locked."""
        with connection.cursor() as cursor:
            END_BACK.execute(cursor, {"state": run.state, "finished_at": run.finished_at, "run_id": run.pk})


class WorkflowRun(StateModel, UuidModel):
    """One execution of a workflow, and where it stands.

    `position` and `round` are where it stands, `attempts` how often that step (or, going back, the present
    compensation) was tried, `deaths` how often that ended its worker without a word, `retried` how often a person gave
    it all its attempts anew. `fence` counts the leases
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
    deaths = models.PositiveSmallIntegerField(default=0, db_default=0)
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
            ("start_run", "Can start a run from a client's intake"),
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

    is_silent = False
    """Whether it was not heard of for so long that its worker may have died; known of a run that was claimed."""

    @property
    def lost_its_worker(self) -> bool:
        """Tell whether its last attempt ended without a word: its lease ran out, or it took none and is silent."""
        return bool(self.lease_owner) or (self.is_silent and self.lease_until is None)

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


@cache
def _reading(statement: Statement, *, is_whole: bool) -> Statement:
    """Return a statement that reads these columns of a run."""
    columns = ", ".join(WHOLE if is_whole else LEAN)
    return Statement(statement.name + "_whole" * is_whole, statement.sql.format(columns=columns))
