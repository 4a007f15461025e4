"""Work and check, taken again until the check is content, or a person decides."""

from typing import Any

from apps.orchestration.api.events import DecisionNeeded
from apps.orchestration.models import ROUND_DECISION, StepRun, WorkflowRun
from apps.orchestration.services import dispatch
from apps.orchestration.services.progress import save, stand_at, tell
from apps.shared.workflow import Workflow


def is_another_due(workflow: Workflow, run: WorkflowRun, outcome: Any) -> bool:
    """Tell whether the outcome of the present position is that of a check which is not content."""
    rounds = workflow.round_at(run.position)
    return rounds is not None and rounds.check == run.position and not rounds.until(outcome)


def turn(workflow: Workflow, run: WorkflowRun, taken: StepRun) -> None:
    """Send a run from its check back to the work; after the last round, make it wait for a person instead."""
    rounds = workflow.round_at(run.position)
    if run.round < rounds.at_most:
        begin_round(workflow, run, taken=taken)
        return
    run.wait()
    stand_at(workflow, run, run.position)
    run.waiting_for, run.waiting_on, run.wake_at = [ROUND_DECISION], run.pk, None
    save(run, taken)
    tell(DecisionNeeded, run, step=workflow.specs[run.position].name, rounds=run.round)


def begin_round(workflow: Workflow, run: WorkflowRun, *, instruction: str = "", taken: StepRun | None = None) -> None:
    """Begin the next round of the rounds a run stands in, with a person's instruction if there is one."""
    stand_at(workflow, run, workflow.round_at(run.position).work)
    run.round += 1
    run.instruction = instruction
    save(run, taken)
    dispatch.ring_on_commit(workflow, run)
