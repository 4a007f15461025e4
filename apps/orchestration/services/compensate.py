"""Take a run back: its succeeded steps in reverse order, one transaction each."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.orchestration import rules
from apps.orchestration.api.events import CompensationFailed, CompensationRetried, RunCompensated, RunStuck
from apps.orchestration.models import ClockTimestamp, StepRun, WorkflowRun, seconds_from_now
from apps.orchestration.services import dispatch
from apps.orchestration.services.declarations import find_declaration
from apps.orchestration.workflows import get_workflow
from apps.shared.events import AuditNote, publish
from apps.shared.resilience import fault_point, pause_before_attempt
from apps.shared.workflow import RunContext

log = logging.getLogger(__name__)


def take_back(run_id: UUID) -> None:
    """Compensate what a run did, last step first; may be called twice, by two workers, and after a kill.

    A compensation that fails is tried again later with growing pauses; after the last attempt the run is STUCK: what is
    taken back stays so, the rest stays where it is, and a person is called.
    """
    while True:
        try:
            if not _compensate_last_step(run_id):
                return
        except Exception as error:  # noqa: BLE001  (the engine is the door of every compensation, and records what came out)
            _record_failure(run_id, error)
            return


def _compensate_last_step(run_id: UUID) -> bool:
    """Take back the last step that stands, or end the run when none does; tell whether there may be more to do."""
    with transaction.atomic():
        run = WorkflowRun.objects.claim_compensation(run_id)
        if run is None or find_declaration(run, run.position) is None:
            return False
        step_run = last_standing(run)
        if step_run is None:
            _finish(run)
            return False
        _compensate(run, step_run)
    fault_point(f"{step_run.name}.compensated", run_id)
    return True


def last_standing(run: WorkflowRun) -> StepRun | None:
    """Return the last step of a run whose effects stand, None when there are none."""
    return run.step_runs.filter(state=StepRun.State.SUCCEEDED).order_by("-position", "-round").first()


def _compensate(run: WorkflowRun, step_run: StepRun) -> None:
    at = timezone.now()
    fault_point(f"{step_run.name}.compensating", run.pk)
    _call_compensation(run, step_run, at)
    fault_point(f"{step_run.name}.withdrawn", run.pk)
    step_run.compensate()
    step_run.compensated_at = ClockTimestamp()  # one clock for all, or their order could not be told
    step_run.error = step_run.trace = ""
    step_run.save()
    run.attempts = 0
    run.lease_until = None
    run.wake_at = seconds_from_now(settings.RUN_DISPATCH_GRACE_SECONDS)
    run.save()


def _call_compensation(run: WorkflowRun, step_run: StepRun, at: datetime) -> None:
    spec = get_workflow(run.workflow, run.version).specs[step_run.position]
    if spec.compensate is not None:
        spec.compensate(
            run=RunContext(id=run.pk, client_id=run.client_id, position=step_run.position, round=step_run.round, at=at)
        )


def _finish(run: WorkflowRun) -> None:
    """End the run. What the refused step prepared, files for one, goes with its own compensation."""
    at = timezone.now()
    refused = run.step_runs.filter(state=StepRun.State.FAILED).first()
    if refused is not None:
        _call_compensation(run, refused, at)
    run.finish_compensation()
    run.finished_at = at
    run.lease_until = run.wake_at = None
    run.attempts = 0
    run.save()
    publish(RunCompensated(**_about(run)))


def _record_failure(run_id: UUID, error: Exception) -> None:
    with transaction.atomic():
        run = WorkflowRun.objects.claim_compensation(run_id)
        if run is None:
            return
        run.attempts += 1
        words = rules.in_words(error)
        step = _note_on_step(run, words, rules.trace_of(error))
        if run.attempts >= rules.COMPENSATION_RETRY.attempts:
            _get_stuck(run, step, words)
            return
        pause = pause_before_attempt(rules.COMPENSATION_RETRY, run.attempts + 1)
        run.lease_until = run.wake_at = seconds_from_now(pause)
        run.save()
        publish(CompensationFailed(**_about(run), step=step, attempt=run.attempts, error=words))
    log.warning("Run %s: taking back %s failed, attempt %s: %s", run_id, step, run.attempts, words)


def _note_on_step(run: WorkflowRun, words: str, trace: str) -> str:
    """Put a failed compensation's words where a person looks for them, and return the step's name."""
    step_run = last_standing(run)
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
    run.save()
    publish(RunStuck(**_about(run), step=step, error=words))
    log.error("Run %s is stuck while taking back %s: %s. See docs/runbook.md, 'A run is stuck'.", run.pk, step, words)


def _about(run: WorkflowRun) -> dict[str, Any]:
    return {"aggregate_id": run.pk, "run_id": run.pk, "client_id": run.client_id, "workflow": run.workflow}


def retry_compensation(run: WorkflowRun, *, by: UUID, reason: str = "") -> None:
    """Send a stuck run back to its compensation, with all attempts anew. Raises TransitionNotAllowed unless STUCK."""
    with transaction.atomic():
        before = run.state
        run.retry_compensation()
        run.attempts = 0
        run.wake_at = seconds_from_now(settings.RUN_DISPATCH_GRACE_SECONDS)
        run.save()
        publish(
            CompensationRetried(**_about(run)),
            AuditNote(actor_id=by, reason=reason, before={"state": before}, after={"state": run.state}),
        )
        transaction.on_commit(lambda: dispatch.ring_back(run.pk))
