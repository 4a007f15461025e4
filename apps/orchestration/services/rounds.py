"""Lines taken again until their check is content, or a person decides.

A run counts its rounds with one number, through rounds within rounds too: what a line made in which round, and in
which order all of it goes back, is told by that number alone.
"""

from typing import Any

from django.db.models import Max

from apps.orchestration.api.events import DecisionNeeded
from apps.orchestration.models import ROUND_DECISION, StepRun, WorkflowRun
from apps.orchestration.services import dispatch
from apps.orchestration.services.progress import save, stand_at, tell
from apps.shared.workflow import Round, Workflow


def is_another_due(workflow: Workflow, run: WorkflowRun, outcome: Any) -> bool:
    """Tell whether the outcome of the present position is that of a check which is not content."""
    rounds = workflow.checked_at(run.position)
    return rounds is not None and not rounds.until(outcome)


def turn(workflow: Workflow, run: WorkflowRun, taken: StepRun) -> None:
    """Send a run from its check back to the first line; after the last round, make it wait for a person instead."""
    rounds = workflow.checked_at(run.position)
    taken_rounds = 0 if rounds.at_most is None else _count_taken(workflow, run, rounds)
    if rounds.at_most is None or taken_rounds < rounds.at_most:
        begin_round(workflow, run, taken=taken)
        return
    run.wait()
    stand_at(workflow, run, run.position)
    run.waiting_for, run.waiting_on, run.wake_at = [ROUND_DECISION], run.pk, None
    save(run, taken)
    tell(DecisionNeeded, run, step=workflow.specs[run.position].name, rounds=taken_rounds)


def _count_taken(workflow: Workflow, run: WorkflowRun, rounds: Round) -> int:
    """Count the rounds a check has ended, the present one included, since the rounds around them began anew."""
    around = workflow.rounds_at(rounds.check)[1:]
    if not around and not workflow.within(rounds):
        return run.round
    steps = StepRun.objects.filter(run=run, round__lt=run.round)
    turned = steps.filter(position__in=[each.check for each in around]).aggregate(last=Max("round"))["last"] or 0
    return steps.filter(position=rounds.check, round__gt=turned).count() + 1


def begin_round(workflow: Workflow, run: WorkflowRun, *, instruction: str = "", taken: StepRun | None = None) -> None:
    """Begin the next round of the rounds whose check a run stands at, with a person's instruction if there is one."""
    stand_at(workflow, run, workflow.checked_at(run.position).start)
    run.round += 1
    run.instruction = instruction
    save(run, taken)
    dispatch.ring_on_commit(workflow, run)
