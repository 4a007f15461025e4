"""Take a run back: its succeeded steps in reverse order, one transaction each."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.orchestration import rules
from apps.orchestration.api.events import CompensationFailed, RunCancelled, RunCompensated, RunStuck
from apps.orchestration.models import ClockTimestamp, StepRun, WorkflowRun, seconds_from_now
from apps.orchestration.services.declarations import find_declaration
from apps.orchestration.services.lease import owner
from apps.orchestration.services.progress import MOVED, let_go
from apps.shared.events import publish
from apps.shared.resilience import fault_point, pause_before_attempt, time_limit
from apps.shared.workflow import Irreversible, RetryPolicy, RunContext, Workflow

log = logging.getLogger(__name__)

LIMIT_SECONDS = 60.0
"""How long one compensation may take."""


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
    is_going_on = True
    while is_going_on:
        fence: int | None = None
        try:
            fence = _count_attempt(run_id)
            is_going_on = _compensate_last_step(run_id, fence)
        except Exception as error:  # noqa: BLE001  (the engine is the door of every compensation, and records what came out)
            _record_failure(run_id, error, fence)
            return


def _count_attempt(run_id: UUID) -> int | None:
    """Take a lease that counts the attempt before it begins, where the last worker may have died of it."""
    silence = ClockTimestamp() - timedelta(seconds=2 * settings.RUN_DISPATCH_GRACE_SECONDS)
    suspect = WorkflowRun.objects.filter(Q(attempts__gt=0) | Q(updated_at__lt=silence), pk=run_id)
    with transaction.atomic():
        run = WorkflowRun.objects.claim_compensation(run_id) if suspect.exists() else None
        if run is None:
            return None
        if run.attempts >= retry_policy().attempts:
            raise DiedOfIt(f"Given up after {run.attempts} attempts; the last one died without a word.")
        run.attempts += 1
        run.fence += 1
        run.lease_owner = owner()
        run.lease_until = run.wake_at = seconds_from_now(settings.RUN_LEASE_SECONDS)
        run.save(update_fields=MOVED)
    return run.fence


def _compensate_last_step(run_id: UUID, fence: int | None) -> bool:
    """Take back the last step that stands, or end the run when none does; tell whether there may be more to do."""
    with transaction.atomic():
        run = WorkflowRun.objects.claim_compensation(run_id, fence)
        workflow = run and find_declaration(run)
        if workflow is None:
            return False
        step_run = last_standing(workflow, run)
        if step_run is None:
            _finish(workflow, run)
        else:
            _compensate(workflow, run, step_run)
    fault_point("run.taken_back" if step_run is None else f"{step_run.name}.compensated", run_id)
    return step_run is not None


def last_standing(workflow: Workflow, run: WorkflowRun) -> StepRun | None:
    """Return the step of a run taken last whose effects stand, None when there are none."""
    standing = run.step_runs.filter(state=StepRun.State.SUCCEEDED)
    return max(standing, key=lambda step_run: rules.place_in_time(workflow, step_run), default=None)


def _compensate(workflow: Workflow, run: WorkflowRun, step_run: StepRun) -> None:
    fault_point(f"{step_run.name}.compensating", run.pk)
    left = _call_compensation(workflow, run, step_run, timezone.now())
    fault_point(f"{step_run.name}.withdrawn", run.pk)
    step_run.compensate()
    step_run.compensated_at = ClockTimestamp()  # one clock for all, or their order could not be told
    step_run.irreversible = [each.model_dump(mode="json") for each in left] or None
    step_run.error = step_run.trace = ""
    step_run.save()
    let_go(run)
    run.wake_at = seconds_from_now(settings.RUN_DISPATCH_GRACE_SECONDS)
    run.save(update_fields=MOVED)


def _call_compensation(
    workflow: Workflow, run: WorkflowRun, step_run: StepRun, at: datetime
) -> tuple[Irreversible, ...]:
    """Take one step's effects back and return what could not be."""
    compensate = workflow.specs[step_run.position].compensate
    if compensate is None:
        return ()
    context = RunContext(id=run.pk, client_id=run.client_id, position=step_run.position, round=step_run.round, at=at)
    with time_limit(LIMIT_SECONDS):
        return tuple(compensate(run=context) or ())


def _finish(workflow: Workflow, run: WorkflowRun) -> None:
    """End the run. What the refused step prepared, files for one, goes with its own compensation."""
    at = timezone.now()
    refused = run.step_runs.filter(state=StepRun.State.FAILED).first()
    if refused is not None:
        _call_compensation(workflow, run, refused, at)
    let_go(run)
    run.wake_at = None
    run.finished_at = at
    if run.is_cancelled:
        run.finish_cancellation()
    else:
        run.finish_compensation()
    run.save(update_fields=MOVED)
    left = [one for step in run.step_runs.exclude(irreversible=None) for one in step.irreversible]
    ended = RunCancelled if run.is_cancelled else RunCompensated
    publish(ended(**_about(run), left=left))


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
        publish(CompensationFailed(**_about(run), step=step, attempt=run.attempts, error=words))
    log.warning("Run %s: taking back %s failed, attempt %s: %s", run_id, step, run.attempts, words)


def _note_on_step(workflow: Workflow, run: WorkflowRun, words: str, trace: str) -> str:
    """Put a failed compensation's words where a person looks for them, and return the step's name."""
    step_run = last_standing(workflow, run)
    if step_run is None:
        return "what the refused step prepared"
    step_run.error = f"Compensation, attempt {run.attempts}: {words}"
    step_run.trace = trace
    step_run.save()
    return step_run.name


def _get_stuck(run: WorkflowRun, step: str, words: str) -> None:
    run.get_stuck()
    run.lease_until = run.wake_at = None
    run.error = f"{run.error}\nStuck while taking back {step}: {words}".strip()
    run.save(update_fields=MOVED)
    publish(RunStuck(**_about(run), step=step, error=words))
    log.error("Run %s is stuck while taking back %s: %s. See docs/runbook.md, 'A run is stuck'.", run.pk, step, words)


def _about(run: WorkflowRun) -> dict[str, Any]:
    return {"aggregate_id": run.pk, "run_id": run.pk, "client_id": run.client_id, "workflow": run.workflow}
