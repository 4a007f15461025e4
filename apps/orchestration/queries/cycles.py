"""A run of the acquisition cycle as client acquisition keeps it."""

from uuid import UUID

from apps.cam.api.dtos import Cycle, CycleStep, StepReport
from apps.orchestration.models import StepRun, WorkflowRun

OUTCOMES = {StepRun.State.SUCCEEDED: "OK", StepRun.State.SKIPPED: "SKIPPED"}


def get_cycle(run_id: UUID) -> Cycle:
    """Return a cycle that ended, with what became of each step. Raises ObjectDoesNotExist."""
    run = WorkflowRun.objects.defer("inputs").get(pk=run_id)
    steps = map(_step, run.step_runs.order_by("position"))
    return Cycle(id=run.pk, started_at=run.started_at, finished_at=run.finished_at, steps=tuple(steps))


def _step(step: StepRun) -> CycleStep:
    report = StepReport.model_validate(step.outcome) if step.state == StepRun.State.SUCCEEDED else StepReport(items=0)
    return CycleStep(
        position=step.position,
        name=step.name,
        outcome=OUTCOMES.get(step.state, "FAILED"),
        error=step.error or ("" if step.state in OUTCOMES else "It failed without a word."),
        started_at=step.started_at,
        finished_at=step.finished_at,
        **report.model_dump(),
    )
