"""What a person may do to a run. Every command says who and why, and is audited.

Each locks the run's row anew, so that it sees what the engine last committed; a worker in the middle of something is
fenced out and drops its result. CommandRefused tells in words why a command is not possible now.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed
from psycopg.errors import LockNotAvailable
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from apps.identity.api.ports import ClientEnded
from apps.orchestration import rules
from apps.orchestration.api.events import (
    CancellationAsked,
    CompensationRetried,
    RoundDecided,
    RunCancelled,
    RunRerun,
    RunResumed,
    StepRetried,
    StepSkipped,
)
from apps.orchestration.models import ClockTimestamp, StepRun, WorkflowRun, seconds_from_now
from apps.orchestration.services import dispatch, rounds
from apps.orchestration.services.control import ReasonMissing
from apps.orchestration.services.declarations import declared, find_declaration
from apps.orchestration.services.progress import MOVED, find_step_run, go_on, let_go, tell
from apps.orchestration.services.start import start_run
from apps.orchestration.workflows import UnknownWorkflow, get_workflow
from apps.shared.events import AuditNote, Event
from apps.shared.workflow import StepSpec, Workflow

State = WorkflowRun.State


class CommandRefused(Exception):
    """A command that is not possible in the state the run is in."""


@transaction.atomic
def retry_step(run: WorkflowRun, *, by: UUID, reason: str = "") -> None:
    """Let the present step try again now, with all its attempts anew: after a pause, or parked for a person."""
    run, workflow = _held(run, *WorkflowRun.FORWARD)
    if rules.is_waiting_line(workflow, run.position) or run.waiting_for:
        raise CommandRefused(f"It waits for {_awaited(run)}, not for a step to succeed.")
    if run.lease_owner and _is_leased(run):
        raise CommandRefused(f"{run.lease_owner} is working on it now; let it finish.")
    before = _standing(run)
    if run.state == State.WAITING:
        run.go_on()
    retried = run.retried + 1
    let_go(run)
    run.retried = retried
    _wake_forward(workflow, run)
    _tell(StepRetried, run, by, reason, before, step=workflow.specs[run.position].name)


@transaction.atomic
def resume(run: WorkflowRun, *, by: UUID, reason: str = "") -> None:
    """Make a run that stands still look again now: parked, waiting for an event, or overdue."""
    run = _locked(run)
    if run.state not in (*WorkflowRun.FORWARD, State.COMPENSATING):
        raise CommandRefused(f"The run is {run.state}; there is nothing to resume.")
    before = _standing(run)
    workflow = find_declaration(run)
    if workflow is None:
        raise CommandRefused(run.parked)
    if run.needs_person:
        raise CommandRefused("A person has to move first: let the step try again, or decide on the rounds.")
    if run.lease_owner and _is_leased(run):
        raise CommandRefused(f"{run.lease_owner} is working on it now; let it finish.")
    run.lease_until = None  # or it rests after a failed attempt
    run.wake_at = seconds_from_now(0)
    run.save(update_fields=MOVED)
    _ring(workflow, run)
    _tell(RunResumed, run, by, reason, before)


@transaction.atomic
def retry_compensation(run: WorkflowRun, *, by: UUID, reason: str = "") -> None:
    """Send a stuck run back to its compensation, with all attempts anew; what is taken back is not touched again."""
    run = _locked(run)
    if run.state != State.STUCK:
        raise CommandRefused(f"The run is {run.state}, not STUCK.")
    before = _standing(run)
    run.retry_compensation()
    _wake_back(run)
    _tell(CompensationRetried, run, by, reason, before)


@transaction.atomic
def cancel(run: WorkflowRun, *, by: UUID, reason: str) -> None:
    """Take a run back that has not ended; one that has not begun ends at once."""
    _demand(reason)
    run = _locked(run)
    if run.state not in WorkflowRun.FORWARD:
        raise CommandRefused(f"The run is {run.state}; only a run that goes forward can be cancelled.")
    if problem := rules.going_back_problem(declared(run), is_begun=run.state != State.PENDING):
        raise CommandRefused(problem)
    before = _standing(run)
    run.is_cancelled = True
    run.error = f"Cancelled: {reason}"
    _give_up_present_step(run, reason)
    if run.state == State.PENDING:
        run.cancel_unbegun()
        let_go(run)
        run.wake_at = None
        run.finished_at = timezone.now()
        run.save()
        tell(RunCancelled, run)
    else:
        run.cancel()
        _wake_back(run, at_work=run.lease_owner if _is_leased(run) else "")
    _tell(CancellationAsked, run, by, reason, before, was=before["state"])


@transaction.atomic
def compensate_run(run: WorkflowRun, *, by: UUID, reason: str) -> None:
    """Take a completed run back: all its steps, last first."""
    _demand(reason)
    run = _locked(run)
    if run.state != State.COMPLETED:
        raise CommandRefused(f"The run is {run.state}, not COMPLETED.")
    if problem := rules.going_back_problem(declared(run)):
        raise CommandRefused(problem)
    before = _standing(run)
    run.compensate_completed()
    run.is_cancelled = True
    run.finished_at = None
    run.error = f"Taken back: {reason}"
    _wake_back(run)
    _tell(CancellationAsked, run, by, reason, before, was=before["state"])


@transaction.atomic
def skip_step(run: WorkflowRun, *, by: UUID, reason: str) -> None:
    """Let a run go on without its present step or wait, if nothing later needs what it would have given."""
    _demand(reason)
    run, workflow = _held(run, State.PENDING, State.RUNNING, State.WAITING)
    if run.needs_decision:
        raise CommandRefused("The last round is over: decide on it instead.")
    if problem := rules.skip_problem(workflow, run.position):
        raise CommandRefused(problem)
    before = _standing(run)
    if run.state == State.PENDING:
        run.start()
        run.started_at = timezone.now()
    name = workflow.specs[run.position].name
    step_run = find_step_run(run, name)
    step_run.skip()
    step_run.error = f"Skipped: {reason}"
    step_run.finished_at = timezone.now()
    step_run.save()
    if run.state == State.WAITING:
        run.go_on()
    run.fence += 1
    go_on(workflow, run)
    _tell(StepSkipped, run, by, reason, before, step=name)


@transaction.atomic
def rerun(run: WorkflowRun, *, by: UUID, reason: str = "", at: datetime | None = None) -> WorkflowRun:
    """Start an ended run again, as a new run of the newest version, from the same inputs; return the new one."""
    run = _locked(run)
    if run.state not in WorkflowRun.ENDED:
        raise CommandRefused(f"The run is {run.state}; only one that has ended can be run again.")
    unfinished = run.reruns.exclude(state__in=WorkflowRun.ENDED).first()
    if unfinished is not None:
        raise CommandRefused(f"It is being run again already: run {unfinished.pk} is {unfinished.state}.")
    try:
        workflow = get_workflow(run.workflow)
        inputs = tuple(kind.model_validate(run.inputs[kind.__name__]) for kind in workflow.starts_with)
    except (UnknownWorkflow, KeyError, ValidationError) as error:
        raise CommandRefused(f"{run.workflow} cannot start from its inputs any more: {error}") from error
    key, at = f"rerun:{run.pk}:{uuid7()}", at or timezone.now()
    try:
        new = start_run(workflow, inputs, key=key, at=at, client_id=run.client_id, by=by, rerun_of=run)
    except ClientEnded as ended:
        raise CommandRefused(str(ended)) from ended
    _tell(RunRerun, run, by, reason, _standing(run), new_run_id=new.pk)
    return new


@transaction.atomic
def rework(run: WorkflowRun, *, by: UUID, reason: str) -> None:
    """Order one more round after the last; `reason` is the instruction that the work gets."""
    _demand(reason)
    run, workflow = _undecided(run)
    before = _standing(run)
    run.go_on()
    rounds.begin_round(workflow, run, instruction=reason)
    _tell(RoundDecided, run, by, reason, before, decision="REWORK", words=reason)


@transaction.atomic
def accept_round(run: WorkflowRun, *, by: UUID, reason: str) -> None:
    """Let a run go on with what its last round made, though the check was not content."""
    _demand(reason)
    run, workflow = _undecided(run)
    before = _standing(run)
    run.go_on()
    go_on(workflow, run)
    _tell(RoundDecided, run, by, reason, before, decision="ACCEPT", words=reason)


def _locked(run: WorkflowRun) -> WorkflowRun:
    try:
        return WorkflowRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    except WorkflowRun.DoesNotExist as gone:
        raise CommandRefused("The run was archived meanwhile.") from gone
    except OperationalError as locked:
        if not isinstance(locked.__cause__, LockNotAvailable):
            raise
        raise CommandRefused("A worker is in the middle of its step; try again when that is done.") from locked


def _held(run: WorkflowRun, *states: str) -> tuple[WorkflowRun, Workflow]:
    """Return the run, locked, and its workflow. Raises CommandRefused in other states, or for an unknown version."""
    seen, run = run, _locked(run)
    if run.state not in states:
        raise CommandRefused(f"The run is {run.state}.")
    if (seen.position, seen.round) != (run.position, run.round):
        raise CommandRefused(f"The run has moved on to line {run.position + 1}, round {run.round}. Look at it again.")
    workflow = find_declaration(run)
    if workflow is None:
        raise CommandRefused(run.parked)
    return run, workflow


def _undecided(run: WorkflowRun) -> tuple[WorkflowRun, Workflow]:
    run, workflow = _held(run, State.WAITING)
    if not run.needs_decision:
        raise CommandRefused(f"It waits for {_awaited(run)}, not for a decision on its rounds.")
    return run, workflow


def _demand(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing("Say why; the reason is kept in the audit.")


def _awaited(run: WorkflowRun) -> str:
    return " or ".join(run.waiting_for or ["a person"])


def _is_leased(run: WorkflowRun) -> bool:
    return WorkflowRun.objects.filter(pk=run.pk, lease_until__gt=ClockTimestamp()).exists()


def _standing(run: WorkflowRun) -> dict[str, Any]:
    return {"state": run.state, "position": run.position, "round": run.round, "attempts": run.attempts}


def _give_up_present_step(run: WorkflowRun, reason: str) -> None:
    """Note the step in hand as failed: what it has prepared so far goes with its own compensation."""
    steps = StepRun.objects.filter(run=run, position=run.position, round=run.round)
    for step_run in steps.filter(state__in=(StepRun.State.PENDING, StepRun.State.RUNNING)):
        step_run.fail()
        step_run.error = f"Cancelled: {reason}"
        step_run.finished_at = timezone.now()
        step_run.save()


def _wake_forward(workflow: Workflow, run: WorkflowRun) -> None:
    run.fence += 1
    run.wake_at = seconds_from_now(settings.RUN_DISPATCH_GRACE_SECONDS)
    run.save(update_fields=MOVED)
    dispatch.ring_on_commit(workflow, run)


def _wake_back(run: WorkflowRun, *, at_work: str = "") -> None:
    """Give the run to its compensation: now, or when whoever is at work on it has noticed, or his lease would be over.

    What he prepares is not written any more. But taking back before he is done would leave what he made after it.
    """
    let_go(run)
    run.fence += 1
    run.wake_at = seconds_from_now(settings.RUN_DISPATCH_GRACE_SECONDS)
    if at_work:
        run.lease_owner = at_work
        run.lease_until = run.wake_at = seconds_from_now(max(settings.RUN_LEASE_SECONDS, _limit_seconds(run)))
    run.save(update_fields=(*MOVED, "is_cancelled"))
    dispatch.ring_back_on_commit(run)


def _limit_seconds(run: WorkflowRun) -> float:
    """Return how long the present step may prepare."""
    workflow = declared(run)
    spec = workflow.specs[run.position] if workflow else None
    return spec.limit_seconds if isinstance(spec, StepSpec) else 0


def _ring(workflow: Workflow, run: WorkflowRun) -> None:
    if run.state == State.COMPENSATING:
        dispatch.ring_back_on_commit(run)
    else:
        dispatch.ring_on_commit(workflow, run)


def _tell(event: type[Event], run: WorkflowRun, by: UUID, reason: str, before: dict[str, Any], **facts: Any) -> None:
    note = AuditNote(actor_id=by, reason=reason, before=before, after=_standing(run))
    tell(event, run, note, **facts)


@dataclass(frozen=True)
class Command:
    """What every door must know of a command: the verb, who may give it, and whether to ask why."""

    service: Callable[..., WorkflowRun | None]
    permission: str
    needs_reason: bool = False

    def give(self, run: WorkflowRun, *, by: UUID, reason: str = "") -> WorkflowRun:
        """Give the command; return the run as it then stands, of a re-run the new one.

        Raises ReasonMissing, and CommandRefused where it is not possible now.
        """
        if self.needs_reason:
            _demand(reason)
        try:
            return self.service(run, by=by, reason=reason) or WorkflowRun.objects.get(pk=run.pk)
        except TransitionNotAllowed as error:
            raise CommandRefused(f"The run is {run.state}, and its step is past this. {error}") from error


COMMANDS = {
    "retry-step": Command(retry_step, "orchestration.retry_step"),
    "resume": Command(resume, "orchestration.resume_run"),
    "cancel": Command(cancel, "orchestration.cancel_run", needs_reason=True),
    "compensate": Command(compensate_run, "orchestration.compensate_run", needs_reason=True),
    "skip-step": Command(skip_step, "orchestration.skip_step", needs_reason=True),
    "rerun": Command(rerun, "orchestration.rerun_run"),
    "rework": Command(rework, "orchestration.decide_round", needs_reason=True),
    "accept": Command(accept_round, "orchestration.decide_round", needs_reason=True),
    "retry-compensation": Command(retry_compensation, "orchestration.retry_compensation", needs_reason=True),
}
"""The commands of the desk, the command line and the ports, which give them by these names alone."""
