"""Reads that span runs and steps."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from apps.identity.models import User
from apps.orchestration.api import dtos
from apps.orchestration.models import StepRun, WorkflowRun
from apps.orchestration.rules import place_in_time
from apps.orchestration.workflows import UnknownWorkflow, get_workflow
from apps.shared.models import created_since
from apps.shared.workflow import Workflow


def find_run(run_id: UUID) -> dtos.Run | None:
    """Return a run with a line for each of its steps, None when there is no such run."""
    run = WorkflowRun.objects.filter(pk=run_id).first()
    return run and describe_run(run)


def get_row(run_id: UUID) -> WorkflowRun:
    """Return a run's row. Raises ObjectDoesNotExist."""
    return WorkflowRun.objects.get(pk=run_id)


def find_run_at(run_id: UUID | None, step: str) -> WorkflowRun | None:
    """Return a run that goes forward and stands at this step; None when it stands elsewhere."""
    run = WorkflowRun.objects.filter(pk=run_id, state__in=WorkflowRun.FORWARD).first()
    return run if run is not None and stands_at(run) == step else None


def get_person(user_id: UUID) -> User:
    """Return the person who gives a command. Raises ObjectDoesNotExist."""
    return User.objects.get(pk=user_id)


def describe_run(run: WorkflowRun) -> dtos.Run:
    """Return a run as a DTO; steps not begun yet come from its workflow's declaration."""
    return dtos.Run(
        id=run.pk,
        workflow=run.workflow,
        version=run.version,
        client_id=run.client_id,
        state=run.state,
        error=run.error,
        waits_for=tuple(run.waiting_for or ()),
        parked=run.parked,
        started_at=run.started_at,
        finished_at=run.finished_at,
        steps=tuple(map(_step, list_lines(run))),
    )


def list_lines(run: WorkflowRun) -> list[StepRun]:
    """Return a run's steps in the order they were taken, then those to come, of which there are no rows yet."""
    workflow = declared(run)
    begun = {(step.position, step.round): step for step in run.step_runs.all()}
    known = {step.position for step in begun.values()}
    for position, spec in enumerate(workflow.specs if workflow else ()):
        if position not in known:
            is_of_round = workflow.round_at(position) is workflow.round_at(run.position)
            ahead = StepRun(run=run, name=spec.name, position=position, round=run.round if is_of_round else 1)
            begun[position, ahead.round] = ahead
    return sorted(begun.values(), key=lambda step: _place(workflow, step))


def count_runs_of_unknown_versions() -> dict[tuple[str, int], int]:
    """Count the unfinished runs of each workflow and version that this release can neither run nor take over."""
    unfinished = WorkflowRun.objects.exclude(state__in=WorkflowRun.ENDED).order_by()
    counted = unfinished.values_list("workflow", "version").annotate(count=Count("pk"))
    return {(name, version): count for name, version, count in counted if not _is_known(name, version)}


def count_by_day(runs: QuerySet[WorkflowRun], since: datetime) -> dict[tuple[date, str], int]:
    """Count runs by the day on which they were asked for, in the current time zone, and by their state."""
    days = runs.filter(created_since(since)).order_by().annotate(day=TruncDate("created_at"))
    counted = days.values_list("day", "state").annotate(count=Count("pk"))
    return {(day, state): count for day, state, count in counted}


def _is_known(name: str, version: int) -> bool:
    try:
        return version in get_workflow(name).takes_over or bool(get_workflow(name, version))
    except UnknownWorkflow:
        return False


def stands_at(run: WorkflowRun) -> str:
    """Return the name of the step a run stands at, empty past its last."""
    workflow = declared(run)
    specs = workflow.specs if workflow else ()
    return specs[run.position].name if run.position < len(specs) else ""


def declared(run: WorkflowRun) -> Workflow | None:
    """Return a run's workflow; None when the release that knew it is gone, for its rows remain."""
    try:
        return get_workflow(run.workflow, run.version)
    except UnknownWorkflow:
        return None


def in_order(workflow: Workflow, steps: Iterable[StepRun]) -> list[StepRun]:
    """Return those of a run's steps whose effects stand, in the order they were taken."""
    standing = [step_run for step_run in steps if step_run.state == StepRun.State.SUCCEEDED]
    return sorted(standing, key=lambda step_run: place_in_time(workflow, step_run))


def may_have_prepared(workflow: Workflow, step_run: StepRun) -> bool:
    """Tell whether a step that gave nothing may have left something all the same, such as files; its rows are gone."""
    state = StepRun.State
    is_begun = step_run.attempts > 0 and step_run.state not in (state.SUCCEEDED, state.COMPENSATED)
    return (is_begun or step_run.state == state.FAILED) and workflow.specs[step_run.position].prepare is not None


def _place(workflow: Workflow | None, step: StepRun) -> tuple[int, ...]:
    return (step.position, step.round) if workflow is None else place_in_time(workflow, step)


def _step(step: StepRun) -> dtos.StepRun:
    return dtos.StepRun(
        name=step.name,
        position=step.position,
        round=step.round,
        state=step.state,
        attempts=step.attempts,
        milliseconds=step.milliseconds,
        error=step.error,
        left=tuple(step.irreversible or ()),
        counts=(step.outcome or {}).get("counts"),
    )
