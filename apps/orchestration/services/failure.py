"""Record what went wrong in a step, and decide: once more, or back."""

import logging
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.orchestration import rules
from apps.orchestration.api.events import AttemptFailed, RunRefused
from apps.orchestration.models import StepRun, WorkflowRun, seconds_from_now
from apps.orchestration.workflows import get_workflow
from apps.shared.events import Event, publish
from apps.shared.resilience import pause_before_attempt
from apps.shared.workflow import StepRefused, StepSpec

log = logging.getLogger(__name__)


def record_attempt(run_id: UUID, position: int, error: Exception, fence: int | None) -> bool | None:
    """Record a failed attempt; tell whether the step is refused for good (True) or will be tried again (False).

    A StepRefused is final at once; anything else is taken for transient up to the step's limit. `fence` is that of the
    attempt's lease, None when it took none. None as the answer means that the run is not ours any more, so that nothing
    was recorded.
    """
    with transaction.atomic():
        run = WorkflowRun.objects.lock_for_failure(run_id, position, fence)
        if run is None:
            return None
        spec = get_workflow(run.workflow, run.version).specs[position]
        if fence is None and run.attempts < spec.retry.attempts:  # a lease has counted its attempt already
            run.attempts += 1
        step_run = _failed_step_run(run, spec, error)
        if isinstance(error, StepRefused) or run.attempts >= spec.retry.attempts:
            _refuse(run, step_run, error)
            return True
        _try_later(run, step_run, spec)
    log.warning("Run %s, step %s, attempt %s failed: %s", run_id, spec.name, run.attempts, step_run.error)
    return False


def _failed_step_run(run: WorkflowRun, spec: StepSpec, error: Exception) -> StepRun:
    """Give the lease back and put the error's words into the step's record."""
    found = StepRun.objects.filter(run=run, position=run.position, round=1).first()
    step_run = found or StepRun(run=run, position=run.position, round=1, name=spec.name)
    run.lease_owner = ""
    run.lease_until = None
    step_run.attempts = run.attempts
    step_run.started_at = step_run.started_at or timezone.now()
    refused = isinstance(error, StepRefused)
    step_run.error = rules.storable(error.reason) if refused else rules.in_words(error)
    step_run.trace = "" if refused else rules.trace_of(error)
    return step_run


def _try_later(run: WorkflowRun, step_run: StepRun, spec: StepSpec) -> None:
    if step_run.state == StepRun.State.RUNNING:
        step_run.await_retry()
    step_run.save()
    run.lease_until = run.wake_at = seconds_from_now(pause_before_attempt(spec.retry, run.attempts + 1))
    run.save()
    _tell(AttemptFailed, run, step=spec.name, attempt=run.attempts, error=step_run.error)


def _refuse(run: WorkflowRun, step_run: StepRun, error: Exception) -> None:
    """Record the verdict, and turn the run round; with nothing done before it has simply failed."""
    at = timezone.now()
    if isinstance(error, StepRefused):
        step_run.outcome = error.outcome and rules.storable(error.outcome.model_dump(mode="json"))
        for event in error.events:
            publish(event)
    step_run.fail()
    step_run.finished_at = at
    step_run.save()
    if run.state == WorkflowRun.State.PENDING:
        run.start()
        run.started_at = at
    run.error = f"{step_run.name}: {step_run.error}"
    run.attempts = 0
    if run.position == 0:
        run.fail()
        run.finished_at = at
        run.wake_at = None
    else:
        run.begin_compensation()
        run.wake_at = seconds_from_now(0)
    run.save()
    _tell(RunRefused, run, step=step_run.name, reason=step_run.error)


def _tell(event: type[Event], run: WorkflowRun, **facts: Any) -> None:
    about = {"aggregate_id": run.pk, "run_id": run.pk, "client_id": run.client_id, "workflow": run.workflow}
    publish(event(**about, **facts))
