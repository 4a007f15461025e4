"""Reads that span runs and steps."""

from uuid import UUID

from apps.orchestration.api import dtos
from apps.orchestration.models import StepRun, WorkflowRun
from apps.orchestration.workflows import UnknownWorkflow, get_workflow
from apps.shared.workflow import StepSpec


def find_run(run_id: UUID) -> dtos.Run | None:
    """Return a run with a line for each of its steps, None when there is no such run."""
    run = WorkflowRun.objects.filter(pk=run_id).first()
    return run and describe_run(run)


def describe_run(run: WorkflowRun) -> dtos.Run:
    """Return a run as a DTO; steps not begun yet come from its workflow's declaration."""
    begun = {(step.position, step.round): _step(step) for step in run.step_runs.all()}
    for position, spec in enumerate(_declared(run)):
        begun.setdefault((position, 1), _waiting_step(spec.name, position))
    return dtos.Run(
        id=run.pk,
        workflow=run.workflow,
        version=run.version,
        client_id=run.client_id,
        state=run.state,
        error=run.error,
        started_at=run.started_at,
        finished_at=run.finished_at,
        steps=tuple(begun[place] for place in sorted(begun)),
    )


def stands_at(run: WorkflowRun) -> str:
    """Return the name of the step a run stands at, empty past its last."""
    return dict(enumerate(spec.name for spec in _declared(run))).get(run.position, "")


def _declared(run: WorkflowRun) -> tuple[StepSpec, ...]:
    """Return the steps of a run's workflow; none when the release that knew it is gone, for its rows remain."""
    try:
        return get_workflow(run.workflow, run.version).specs
    except UnknownWorkflow:
        return ()


def _step(step: StepRun) -> dtos.StepRun:
    return dtos.StepRun(
        name=step.name,
        position=step.position,
        round=step.round,
        state=step.state,
        attempts=step.attempts,
        milliseconds=step.milliseconds,
        error=step.error,
    )


def _waiting_step(name: str, position: int) -> dtos.StepRun:
    return dtos.StepRun(name=name, position=position, round=1, state="PENDING", attempts=0, milliseconds=None, error="")
