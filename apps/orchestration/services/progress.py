"""How a run gets from one line to the next, whoever moves it; always inside the transaction that holds its lock."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from apps.orchestration.api.events import RunCompleted
from apps.orchestration.models import StepRun, WorkflowRun, seconds_from_now
from apps.orchestration.services import dispatch
from apps.shared.events import AuditNote, Event, publish
from apps.shared.workflow import Workflow

MOVED = (
    *("state", "position", "round", "instruction", "attempts", "deaths", "retried", "parked"),
    *("waiting_for", "waiting_on", "wait_until", "fence", "lease_owner", "lease_until", "wake_at"),
    *("error", "started_at", "finished_at", "updated_at"),
)
"""What changes in a run on the way: its inputs, above all, stay where they are."""


def find_step_run(run: WorkflowRun, name: str) -> StepRun:
    """Return the record of the line a run stands at: a new one, unsaved, before the first attempt."""
    new = StepRun(run=run, position=run.position, round=run.round, name=name)
    if run.attempts == 0 and run.retried == 0 and run.state != WorkflowRun.State.WAITING:
        return new
    return StepRun.objects.filter(run=run, position=run.position, round=run.round).first() or new


def let_go(run: WorkflowRun) -> None:
    """Forget who worked on the run, how often, and what it waited for or stood still for."""
    run.attempts = run.deaths = run.retried = 0
    run.lease_owner = run.parked = ""
    run.lease_until = None
    run.waiting_for = run.waiting_on = run.wait_until = None


def stand_at(workflow: Workflow, run: WorkflowRun, position: int) -> None:
    """Put a run on a position that another line of its workflow leads to."""
    let_go(run)
    if workflow.round_at(position) is not workflow.round_at(run.position):
        run.round = 1
        run.instruction = ""
    run.position = position
    run.wake_at = seconds_from_now(settings.RUN_DISPATCH_GRACE_SECONDS)


def move_on(workflow: Workflow, run: WorkflowRun, taken: StepRun | None = None) -> None:
    """Put a run on its next position, or end it, and store the step it took; the caller holds the run's lock."""
    if run.position + 1 < len(workflow.specs):
        stand_at(workflow, run, run.position + 1)
    else:
        let_go(run)
        run.complete()
        run.wake_at = None
        run.finished_at = timezone.now()
        tell(RunCompleted, run)
    save(run, taken)


def go_on(workflow: Workflow, run: WorkflowRun, taken: StepRun | None = None) -> None:
    """Move a run on that nobody works on from here, and ring for its next line if there is one."""
    move_on(workflow, run, taken)
    if run.state == WorkflowRun.State.RUNNING:
        dispatch.ring_on_commit(workflow, run)


def tell(event: type[Event], run: WorkflowRun, note: AuditNote | None = None, **facts: Any) -> None:
    """Publish what befell a run, or what a person did to it."""
    about = {"aggregate_id": run.pk, "run_id": run.pk, "client_id": run.client_id, "workflow": run.workflow}
    publish(event(**about, **facts), note)


def save(run: WorkflowRun, taken: StepRun | None = None) -> None:
    """Store the place of a run, and with it the step it just took."""
    if taken is None:
        run.save(update_fields=MOVED)
        return
    wakes_after = None if run.wake_at is None else timedelta(seconds=settings.RUN_DISPATCH_GRACE_SECONDS)
    WorkflowRun.objects.record(run, taken, wakes_after)
