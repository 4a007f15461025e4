"""Take a run back: its succeeded steps in reverse order, one transaction each."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.orchestration import rules
from apps.orchestration.api.events import CompensationFailed, RunCancelled, RunCompensated, RunStuck
from apps.orchestration.models import StepRun, WorkflowRun, seconds_from_now
from apps.orchestration.services.declarations import find_declaration, hand_back
from apps.orchestration.services.lease import owner
from apps.orchestration.services.progress import MOVED, let_go, tell
from apps.shared.resilience import fault_point, pause_before_attempt, time_limit
from apps.shared.telemetry import note, working_on
from apps.shared.workflow import Irreversible, RetryPolicy, RunContext, Workflow

log = logging.getLogger(__name__)

LIMIT_SECONDS = 25.0
"""How long one compensation may take; PostgreSQL ends a transaction in which nothing was asked for half a minute."""


class DiedOfIt(Exception):
    """A compensation ended its workers every time."""


def retry_policy() -> RetryPolicy:
    """Return how often a compensation is tried before a person is called."""
    return RetryPolicy(
        attempts=settings.RUN_COMPENSATION_ATTEMPTS, first_seconds=settings.RUN_COMPENSATION_PAUSE_SECONDS
    )


def take_back(run_id: UUID) -> None:
    """Compensate what a run did, last step first; may be called twice, by two workers, and after a kill.

    A compensation that fails is tried again later with growing pauses; after the last attempt the run is STUCK: what is
    taken back stays so, the rest stays where it is, and a person is called.
    """
    plan = _Plan()
    is_going_on = True
    while is_going_on:
        lease = _Lease()
        with working_on(run_id=run_id):
            try:
                is_going_on = _take_one_back(run_id, lease, plan)
            except Exception as error:  # noqa: BLE001  (the engine is the door of every step back, and records what came out)
                _record_failure(run_id, error, lease.fence)
                return


@dataclass
class _Lease:
    """The fence of the lease a compensation took, if it needed one."""

    fence: int | None = None


@dataclass
class _Plan:
    """What still stood when this process last looked, the step taken last at the end; None before the first look."""

    standing: list[StepRun] | None = None


def _take_one_back(run_id: UUID, lease: _Lease, plan: _Plan) -> bool:
    """Take back the last step that stands, or end the run when none does; tell whether there may be more to do."""
    with transaction.atomic():
        run = WorkflowRun.objects.claim_compensation(run_id)
        if run is None:
            return False
        if find_declaration(run) is None:
            hand_back(run)
            return False
        if not run.is_silent:
            return _go_back(run, plan)
        fence = _count_attempt(run)
    lease.fence = fence
    with transaction.atomic():
        run = WorkflowRun.objects.claim_compensation(run_id, fence)
        return run is not None and _go_back(run, plan)


def _count_attempt(run: WorkflowRun) -> int:
    """Take a lease that counts the attempt before it begins: the last worker may have died of it."""
    if run.attempts >= retry_policy().attempts:
        raise DiedOfIt(f"Given up after {run.attempts} attempts; the last one died without a word.")
    run.attempts += 1
    run.fence += 1
    run.lease_owner = owner()
    run.lease_until = run.wake_at = seconds_from_now(settings.RUN_LEASE_SECONDS)
    run.save(update_fields=MOVED)
    return run.fence


def _go_back(run: WorkflowRun, plan: _Plan) -> bool:
    """Take back the last standing step of a locked run, or end it; tell whether there may be more to do."""
    workflow = find_declaration(run)
    if plan.standing is None:
        plan.standing = list_standing(workflow, run)
    if not plan.standing:
        _finish(workflow, run)
        transaction.on_commit(lambda: fault_point("run.taken_back", run.pk))
        return False
    step_run = plan.standing.pop()
    if not _compensate(workflow, run, step_run):
        plan.standing = None  # another process was faster
    transaction.on_commit(lambda: fault_point(f"{step_run.name}.compensated", run.pk))
    return True


def list_standing(workflow: Workflow, run: WorkflowRun) -> list[StepRun]:
    """List the steps of a run whose effects stand, in the order they were taken."""
    standing = run.step_runs.filter(state=StepRun.State.SUCCEEDED).defer("outcome", "trace").order_by()
    return sorted(standing, key=lambda step_run: rules.place_in_time(workflow, step_run))


def _compensate(workflow: Workflow, run: WorkflowRun, step_run: StepRun) -> bool:
    """Take one step back; tell whether it still stood. Taking back twice does no harm."""
    note(step=step_run.name, attempt=run.attempts or 1, client_id=run.client_id)
    fault_point(f"{step_run.name}.compensating", run.pk)
    left = _call_compensation(workflow, run, step_run, timezone.now())
    fault_point(f"{step_run.name}.withdrawn", run.pk)
    step_run.compensate()
    grace = timedelta(seconds=settings.RUN_DISPATCH_GRACE_SECONDS)
    return WorkflowRun.objects.record_back(step_run, [each.model_dump(mode="json") for each in left], grace)


def _call_compensation(
    workflow: Workflow, run: WorkflowRun, step_run: StepRun, at: datetime
) -> tuple[Irreversible, ...]:
    """Take one step's effects back and return what could not be."""
    compensate = workflow.specs[step_run.position].compensate
    if compensate is None:
        return ()
    context = RunContext(id=run.pk, client_id=run.client_id, position=step_run.position, round=step_run.round, at=at)
    with working_on(f"take back {step_run.name}", traceparent=run.traceparent), time_limit(LIMIT_SECONDS):
        return tuple(compensate(run=context) or ())


def _finish(workflow: Workflow, run: WorkflowRun) -> None:
    """End the run. What a refused or skipped step prepared, files for one, goes with its own compensation."""
    at = timezone.now()
    begun = Q(state=StepRun.State.FAILED) | Q(state=StepRun.State.SKIPPED, attempts__gt=0)
    told = list(run.step_runs.filter(begun | Q(irreversible__isnull=False)).defer("trace"))
    for refused in (step_run for step_run in told if step_run.state in (StepRun.State.FAILED, StepRun.State.SKIPPED)):
        left = _call_compensation(workflow, run, refused, at)
        refused.irreversible = [each.model_dump(mode="json") for each in left] or None
        refused.save(update_fields=("irreversible", "updated_at"))
    let_go(run)
    run.wake_at = None
    run.finished_at = at
    if run.is_cancelled:
        run.finish_cancellation()
    else:
        run.finish_compensation()
    run.save(update_fields=MOVED)
    left = [one for step_run in told for one in step_run.irreversible or ()]
    ended = RunCancelled if run.is_cancelled else RunCompensated
    tell(ended, run, left=left)


def _record_failure(run_id: UUID, error: Exception, fence: int | None) -> None:
    policy = retry_policy()
    with transaction.atomic():
        run = WorkflowRun.objects.claim_compensation(run_id, fence)
        workflow = run and find_declaration(run)
        if workflow is None:
            return
        if fence is None and not isinstance(error, DiedOfIt):
            run.attempts += 1
        words = rules.in_words(error)
        step = _note_on_step(workflow, run, words, rules.trace_of(error))
        run.lease_owner = ""
        if run.attempts >= policy.attempts:
            _get_stuck(run, step, words)
            return
        pause = pause_before_attempt(policy, run.attempts + 1)
        run.lease_until = run.wake_at = seconds_from_now(pause)
        run.save(update_fields=MOVED)
        tell(CompensationFailed, run, step=step, attempt=run.attempts, error=words)
    log.warning("Run %s: taking back %s failed, attempt %s: %s", run_id, step, run.attempts, words)


def _note_on_step(workflow: Workflow, run: WorkflowRun, words: str, trace: str) -> str:
    """Put a failed compensation's words where a person looks for them, and return the step's name."""
    standing = list_standing(workflow, run)
    if not standing:
        return "what the refused step prepared"
    step_run = standing[-1]
    step_run.error = f"Compensation, attempt {run.attempts}: {words}"
    step_run.trace = trace
    step_run.save()
    return step_run.name


def _get_stuck(run: WorkflowRun, step: str, words: str) -> None:
    run.get_stuck()
    run.lease_until = run.wake_at = None
    run.error = f"{run.error}\nStuck while taking back {step}: {words}".strip()
    run.save(update_fields=MOVED)
    tell(RunStuck, run, step=step, error=words)
    log.error("Run %s is stuck while taking back %s: %s. See docs/runbook.md, 'A run is stuck'.", run.pk, step, words)
