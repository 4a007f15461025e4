"""The memory of the engine. PostgreSQL holds the truth; a Celery message is only a wake-up."""

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Func, Q, QuerySet
from django.db.models.expressions import Combinable
from django_fsm import FSMField, transition

from apps.shared.models import StateModel, UuidModel


class ClockTimestamp(Func):
    """PostgreSQL's clock as of now, not as of the transaction's start: the only clock that leases trust."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()
    arity = 0


class StatementTimestamp(Func):
    """PostgreSQL's clock at the start of the statement: steady within it, so that an index can be asked by it."""

    function = "statement_timestamp"
    output_field = models.DateTimeField()
    arity = 0


def seconds_from_now(seconds: float) -> Combinable:
    """Return the database's time that many seconds ahead, as an expression."""
    return ClockTimestamp() + models.Value(timedelta(seconds=seconds), models.DurationField())


CLAIM = """
SELECT * FROM orchestration_workflowrun
WHERE id = %s AND position = %s AND state IN ('PENDING', 'RUNNING')
  AND (lease_until IS NULL OR lease_until < clock_timestamp())
FOR UPDATE SKIP LOCKED"""
"""The engine's hottest statement, written out: building it anew costs more than running it."""


NOBODYS = Q(lease_until=None) | Q(lease_until__lt=ClockTimestamp())
"""Nobody holds a lease on the run. After a failure nobody does, but it lasts: that is the pause."""


class WorkflowRunQuerySet(QuerySet["WorkflowRun"]):
    """Runs, and the ways to take hold of one."""

    def unfinished(self) -> "WorkflowRunQuerySet":
        """Narrow to runs that somebody still has to move."""
        return self.filter(state__in=WorkflowRun.UNFINISHED)

    def due(self) -> "WorkflowRunQuerySet":
        """Narrow to unfinished runs whose wake-up time has passed by the database's clock."""
        return self.unfinished().filter(wake_at__lte=StatementTimestamp())

    def claim(self, run_id: UUID, position: int) -> "WorkflowRun | None":
        """Lock a run that stands at this step and that nobody works on; None when there is nothing to do here.

        The lock is the lease: it dies with the connection. None means that somebody else has the run, or is done with
        the step, or that the message is stale.
        """
        return next(iter(self.raw(CLAIM, [run_id, position])), None)

    def reclaim(self, run_id: UUID, position: int, fence: int) -> "WorkflowRun | None":
        """Lock a run whose lease is still ours by its fence; None when we were fenced out meanwhile."""
        return self.filter(pk=run_id, position=position, fence=fence, state="RUNNING").select_for_update().first()

    def lock_for_failure(self, run_id: UUID, position: int, fence: int | None) -> "WorkflowRun | None":
        """Lock a run whose step failed in our hands; None when somebody else has taken it over meanwhile.

        `fence` is that of our lease; None for a step that needs none, which no lease may stand against.
        """
        standing_here = self.filter(pk=run_id, position=position, state__in=WorkflowRun.FORWARD)
        ours = Q(fence=fence) if fence is not None else NOBODYS
        return standing_here.filter(ours).select_for_update().first()

    def claim_compensation(self, run_id: UUID) -> "WorkflowRun | None":
        """Lock a run that is being taken back and does not rest after a failure; None when there is nothing to do."""
        going_back = self.filter(NOBODYS, pk=run_id, state="COMPENSATING")
        return going_back.select_for_update(skip_locked=True).first()


class WorkflowRun(StateModel, UuidModel):
    """One execution of a workflow, and where it stands.

    `position` is the step it stands at, `attempts` how often that step (or, going back, the present compensation) was
    tried, `fence` counts the leases given, `wake_at` is when the sweeper looks after it next. A lease without an owner
    is the pause after a failed attempt: a message that comes too early finds it closed.
    """

    class State(models.TextChoices):
        PENDING = "PENDING"
        RUNNING = "RUNNING"
        COMPLETED = "COMPLETED"
        COMPENSATING = "COMPENSATING"
        COMPENSATED = "COMPENSATED"
        STUCK = "STUCK"
        FAILED = "FAILED"

    FORWARD: ClassVar = ("PENDING", "RUNNING")
    UNFINISHED: ClassVar = ("PENDING", "RUNNING", "COMPENSATING")

    workflow = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    client = models.ForeignKey("identity.Client", null=True, on_delete=models.PROTECT, related_name="+")
    state = FSMField(default=State.PENDING, choices=State, protected=True)
    inputs = models.JSONField(help_text="The DTOs it started with, by type.")
    input_digest = models.CharField(max_length=64, help_text="SHA-256 of the inputs: one key, one request.")
    idempotency_key = models.CharField(max_length=255, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveBigIntegerField(default=0)
    lease_owner = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    started_by = models.ForeignKey("identity.User", null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = WorkflowRunQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)  # UUIDv7: newest first, without an index of its own
        permissions: ClassVar = [("retry_compensation", "Can send a stuck run back to its compensation")]
        indexes: ClassVar = [
            # The sweeper's only question stays cheap whatever number of finished runs the table holds.
            models.Index(
                fields=["wake_at"], name="run_due", condition=Q(state__in=("PENDING", "RUNNING", "COMPENSATING"))
            ),
            models.Index(fields=["client", "-id"], name="run_of_client"),
            models.Index(fields=["state", "-id"], name="run_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.workflow.replace('_', ' ')} {str(self.pk)[-6:]}"

    @transition(state, source=State.PENDING, target=State.RUNNING)
    def start(self) -> None:
        """A worker took it up."""

    @transition(state, source=State.RUNNING, target=State.COMPLETED)
    def complete(self) -> None:
        """Its last step succeeded."""

    @transition(state, source=State.RUNNING, target=State.COMPENSATING)
    def begin_compensation(self) -> None:
        """A step said no: what was done goes back."""

    @transition(state, source=State.RUNNING, target=State.FAILED)
    def fail(self) -> None:
        """Its first step said no: nothing had been done."""

    @transition(state, source=State.COMPENSATING, target=State.COMPENSATED)
    def finish_compensation(self) -> None:
        """Nothing of it is left."""

    @transition(state, source=State.COMPENSATING, target=State.STUCK)
    def get_stuck(self) -> None:
        """A compensation failed too often."""

    @transition(state, source=State.STUCK, target=State.COMPENSATING, permission="orchestration.retry_compensation")
    def retry_compensation(self) -> None:
        """A person mended the cause."""


class StepRun(StateModel, UuidModel):
    """One step of one run: its outcome, or what went wrong."""

    class State(models.TextChoices):
        PENDING = "PENDING"
        RUNNING = "RUNNING"
        SUCCEEDED = "SUCCEEDED"
        FAILED = "FAILED"
        SKIPPED = "SKIPPED"
        COMPENSATED = "COMPENSATED"

    run = models.ForeignKey(WorkflowRun, on_delete=models.CASCADE, related_name="step_runs")
    position = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=80)
    state = FSMField(default=State.PENDING, choices=State, protected=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.JSONField(null=True, help_text="The DTO the step gave, or the verdict it refused with.")
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

    @transition(state, source=(State.SUCCEEDED, State.FAILED), target=State.COMPENSATED)
    def compensate(self) -> None:
        """What it did is taken back."""


class OutboxEvent(models.Model):
    """An event that committed with the change it tells of, and waits to be dispatched to the reactions."""

    id = models.UUIDField(primary_key=True, help_text="The event's own id.")
    name = models.CharField(max_length=80)
    aggregate = models.CharField(max_length=80)
    aggregate_id = models.UUIDField()
    client_id = models.UUIDField(null=True)
    run_id = models.UUIDField(null=True)
    payload = models.JSONField()
    occurred_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes: ClassVar = [
            models.Index(fields=["id"], name="outbox_undispatched", condition=Q(dispatched_at=None)),
            models.Index(fields=["aggregate_id"], name="outbox_of_aggregate"),
            models.Index(fields=["run_id"], name="outbox_of_run"),
        ]

    def __str__(self) -> str:
        return self.name
