"""Find what a run was started under, across releases."""

import logging
from collections.abc import Mapping

from django.db.models import Case, F, Q, Value, When

from apps.orchestration.models import StepRun, WorkflowRun, seconds_from_now
from apps.orchestration.workflows import UnknownWorkflow, get_workflow, list_workflows
from apps.shared.workflow import Workflow

log = logging.getLogger(__name__)

OUT_OF_THE_WAY = 10_000
"""Moved step runs pass through here: no two may stand at one position, not even for a moment."""


def find_declaration(run: WorkflowRun) -> Workflow | None:
    """Return the workflow a run goes by; None, with the run parked, when this release does not know it.

    Another release started the run, and may be running beside this one: it is never half-run under another version. A
    version that is gone is taken over by the newest one where that declares how. The run's row must be locked.
    """
    workflow = declared(run) or _taken_over(run)
    if workflow is None:
        park(run, f"Waits for a release that knows {run.workflow} v{run.version}.")
        return None
    if run.position >= len(workflow.specs):
        park(run, f"Waits for a release that knows step {run.position + 1} of {run.workflow} v{run.version}.")
        return None
    run.parked = ""
    return workflow


def park(run: WorkflowRun, why: str) -> None:
    """Note why nobody can move a run at present; it is looked at again, at growing intervals."""
    if WorkflowRun.objects.filter(pk=run.pk).exclude(parked=why).update(parked=why):
        log.error("Run %s is parked. %s See docs/runbook.md, 'A run waits for a release'.", run.pk, why)
    run.parked = why


def hand_back(run: WorkflowRun) -> None:
    """Make a run due soon whose message came to a worker of the wrong release; not one that nobody can place."""
    if not WorkflowRun.objects.filter(known(), pk=run.pk).exists():
        look_later(run, seconds=1)


def look_later(run: WorkflowRun, *, seconds: float) -> None:
    """Put off a run's next wake-up."""
    WorkflowRun.objects.filter(pk=run.pk).update(wake_at=seconds_from_now(seconds))


def known() -> Q:
    """Return the condition of the runs that this release can move, or take over."""
    return Q(
        *(
            Q(workflow=workflow.name, version__in=[workflow.version, *workflow.takes_over])
            for workflow in list_workflows()
        ),
        _connector=Q.OR,
    )


def declared(run: WorkflowRun) -> Workflow | None:
    """Return the very version a run was started under, None when this release does not declare it."""
    try:
        return get_workflow(run.workflow, run.version)
    except UnknownWorkflow:
        return None


def _taken_over(run: WorkflowRun) -> Workflow | None:
    """Move a run of a version that is gone to the newest one, by that one's explicit rule."""
    try:
        newest = get_workflow(run.workflow)
    except UnknownWorkflow:
        return None
    new_positions = newest.takes_over.get(run.version)
    if new_positions is None or run.position not in new_positions:
        return None
    if run.step_runs.exclude(position__in=new_positions).exists():
        return None  # nothing under the new version could take that step back
    _move_step_runs(run, new_positions)
    log.warning("Run %s goes on under v%s of %s.", run.pk, newest.version, newest.name)
    run.version, run.position = newest.version, new_positions[run.position]
    run.fence += 1  # whoever works on it by the old declaration must not write any more
    WorkflowRun.objects.filter(pk=run.pk).update(version=run.version, position=run.position, fence=run.fence)
    return newest


def _move_step_runs(run: WorkflowRun, new_positions: Mapping[int, int]) -> None:
    moved = Case(*(When(position=old, then=Value(new + OUT_OF_THE_WAY)) for old, new in new_positions.items()))
    steps = StepRun.objects.filter(run=run)
    steps.filter(position__in=new_positions).update(position=moved)
    steps.filter(position__gte=OUT_OF_THE_WAY).update(position=F("position") - OUT_OF_THE_WAY)
