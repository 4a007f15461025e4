"""Take a run back: its succeeded steps in reverse order, one transaction each."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.orchestration import rules
from apps.orchestration.api.events import CompensationFailed, RunCancelled, RunCompensated, RunStuck
from apps.orchestration.models import StepRun, WorkflowRun, seconds_from_now
from apps.orchestration.queries.runs import in_order, may_have_prepared
from apps.orchestration.services.declarations import find_declaration, hand_back
from apps.orchestration.services.lease import owner
from apps.orchestration.services.progress import MOVED, tell
from apps.shared.resilience import fault_point, pause_before_attempt, time_limit
from apps.shared.telemetry import note, working_on
from apps.shared.workflow import Irreversible, RetryPolicy, RunContext, Workflow

log = logging.getLogger(__name__)


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
    """What this process knows of a run and its steps since it last looked; nothing before the first look."""

    run: WorkflowRun | None = None
    standing: list[StepRun] = field(default_factory=list)
    """The steps whose effects stand, the one taken last at the end."""
    begun: list[StepRun] = field(default_factory=list)
    """Those that gave nothing, but may have prepared something."""
    left: list[dict[str, Any]] = field(default_factory=list)
    """What could not be taken back, and what a person must do about it."""


def _take_one_back(run_id: UUID, lease: _Lease, plan: _Plan) -> bool:
    """Take back the last step that stands, or end the run when none does; tell whether there may be more to do."""
    with transaction.atomic():
        if plan.run is not None and WorkflowRun.objects.hold_compensation(plan.run):
            return _go_back(plan)
        run = WorkflowRun.objects.claim_compensation(run_id)
        if run is None:
            return False
        if find_declaration(run) is None:
            hand_back(run)
            return False
        if not run.is_silent:
            _look(run, plan)
            return _go_back(plan)
        fence = _count_attempt(run)
    lease.fence = fence
    with transaction.atomic():
        run = WorkflowRun.objects.claim_compensation(run_id, fence)
        if run is None:
            return False
        _look(run, plan)
        return _go_back(plan)


def _count_attempt(run: WorkflowRun) -> int:
    """Take a lease that counts the attempt before it begins: the last worker may have died of it."""
    run.deaths += run.lost_its_worker
    if run.deaths >= rules.MOST_DEATHS or run.attempts >= retry_policy().attempts:
        raise DiedOfIt(rules.words_of_deaths(run))
    run.attempts += 1
    run.fence += 1
    run.lease_owner = owner()
    run.lease_until = run.wake_at = seconds_from_now(settings.RUN_LEASE_SECONDS)
    run.save(update_fields=MOVED)
    return run.fence


def _look(run: WorkflowRun, plan: _Plan) -> None:
    """Read what is to be taken back, and what is left of what was: nobody changes either while the run is as it is."""
    workflow, steps = find_declaration(run), StepRun.objects.list_to_take_back(run.pk)
    plan.run = run
    plan.standing = in_order(workflow, steps)
    plan.begun = [step_run for step_run in steps if may_have_prepared(workflow, step_run)]
    compensated = [step_run for step_run in steps if step_run.state == StepRun.State.COMPENSATED]
    plan.left = [one for step_run in compensated for one in step_run.irreversible or ()]


def _go_back(plan: _Plan) -> bool:
    """Take back the last standing step of a locked run, or end it; tell whether there may be more to do.

    The run ends with its first step's compensation where nothing else can fail after that.
    """
    run, workflow = plan.run, find_declaration(plan.run)
    if plan.standing:
        step_run = plan.standing.pop()
        if not _compensate(workflow, run, step_run):
            plan.run = None  # another process was faster
            return True
        plan.left += step_run.irreversible or ()
        if plan.standing or plan.begun:
            return True
    _finish(workflow, plan)
    return False


def _compensate(workflow: Workflow, run: WorkflowRun, step_run: StepRun) -> bool:
    """Take one step back; tell whether it still stood. Taking back twice does no harm."""
    note(step=step_run.name, attempt=run.attempts or 1, client_id=run.client_id)
    fault_point(f"{step_run.name}.compensating", run.pk)
    step_run.irreversible = _call_compensation(workflow, run, step_run, timezone.now()) or None
    fault_point(f"{step_run.name}.withdrawn", run.pk)
    step_run.compensate()
    transaction.on_commit(lambda: fault_point(f"{step_run.name}.compensated", run.pk))
    return WorkflowRun.objects.record_back(step_run, timedelta(seconds=settings.RUN_DISPATCH_GRACE_SECONDS))


def _call_compensation(workflow: Workflow, run: WorkflowRun, step_run: StepRun, at: datetime) -> list[dict[str, Any]]:
    """Take one step's effects back and return, as JSON, what could not be."""
    compensate = workflow.specs[step_run.position].compensate
    if compensate is None:
        return []
    context = RunContext(id=run.pk, client_id=run.client_id, position=step_run.position, round=step_run.round, at=at)
    with working_on(f"take back {step_run.name}", traceparent=run.traceparent), time_limit(rules.COMPENSATION_SECONDS):
        left: Iterable[Irreversible] = compensate(run=context) or ()
    return [each.model_dump(mode="json") for each in left]


def _finish(workflow: Workflow, plan: _Plan) -> None:
    """End the run. What a refused or skipped step prepared, files for one, goes with its own compensation."""
    run, at, left = plan.run, timezone.now(), list(plan.left)
    for step_run in plan.begun:
        irreversible = _call_compensation(workflow, run, step_run, at) or None
        if irreversible != step_run.irreversible:
            step_run.irreversible = irreversible
            step_run.save(update_fields=("irreversible", "updated_at"))
        left += irreversible or ()
    run.finished_at = at
    if run.is_cancelled:
        run.finish_cancellation()
    else:
        run.finish_compensation()
    WorkflowRun.objects.end_back(run)
    tell(RunCancelled if run.is_cancelled else RunCompensated, run, left=left)
    transaction.on_commit(lambda: fault_point("run.taken_back", run.pk))


def _record_failure(run_id: UUID, error: Exception, fence: int | None) -> None:
    policy = retry_policy()
    with transaction.atomic():
        run = WorkflowRun.objects.claim_compensation(run_id, fence)
        workflow = run and find_declaration(run)
        if workflow is None:
            return
        is_given_up = isinstance(error, DiedOfIt)
        if fence is None and not is_given_up:
            run.attempts += 1
        words = rules.in_words(error)
        step = _note_on_step(workflow, run, words, rules.trace_of(error))
        run.lease_owner = ""
        if is_given_up or run.attempts >= policy.attempts:
            _get_stuck(run, step, words)
            return
        pause = pause_before_attempt(policy, run.attempts + 1)
        run.lease_until = run.wake_at = seconds_from_now(pause)
        run.save(update_fields=MOVED)
        tell(CompensationFailed, run, step=step, attempt=run.attempts, error=words)
    log.warning("Run %s: taking back %s failed, attempt %s: %s", run_id, step, run.attempts, words)


def _note_on_step(workflow: Workflow, run: WorkflowRun, words: str, trace: str) -> str:
    """Put a failed compensation's words where a person looks for them, and return the step's name."""
    standing = in_order(workflow, run.step_runs.defer("outcome"))
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
