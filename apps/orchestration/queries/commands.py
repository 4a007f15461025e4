"""Which commands a run would obey now: the same answers as the services give, without giving the command."""

from collections.abc import Callable

from pydantic import ValidationError

from apps.orchestration.models import ClockTimestamp, WorkflowRun
from apps.orchestration.queries.runs import declared
from apps.orchestration.rules import going_back_problem, is_waiting_line, skip_problem
from apps.orchestration.workflows import UnknownWorkflow, get_workflow
from apps.shared.workflow import Workflow

State = WorkflowRun.State


def possible_commands(run: WorkflowRun) -> list[str]:
    """List the commands that a run would obey now."""
    return [name for name, is_possible in POSSIBLE.items() if is_possible(run)]


def _known(run: WorkflowRun) -> Workflow | None:
    """Return a run's workflow where this release knows the line it stands at."""
    workflow = declared(run)
    return workflow if workflow is not None and run.position < len(workflow.specs) else None


def _can_retry_step(run: WorkflowRun) -> bool:
    if run.state not in WorkflowRun.FORWARD or run.waiting_for:
        return False
    workflow = _known(run)
    return workflow is not None and not is_waiting_line(workflow, run.position) and not _is_in_hand(run)


def _is_in_hand(run: WorkflowRun) -> bool:
    held = WorkflowRun.objects.filter(pk=run.pk, lease_until__gt=ClockTimestamp())
    return bool(run.lease_owner) and held.exists()


def _can_resume(run: WorkflowRun) -> bool:
    is_under_way = run.state in (*WorkflowRun.FORWARD, State.COMPENSATING)
    return is_under_way and not run.needs_person and not _is_in_hand(run) and _known(run) is not None


def _can_cancel(run: WorkflowRun) -> bool:
    problem = going_back_problem(declared(run), is_begun=run.state != State.PENDING)
    return run.state in WorkflowRun.FORWARD and not problem


def _can_take_back(run: WorkflowRun) -> bool:
    return run.state == State.COMPLETED and not going_back_problem(declared(run))


def _can_skip(run: WorkflowRun) -> bool:
    if run.state not in WorkflowRun.FORWARD or run.needs_decision:
        return False
    workflow = _known(run)
    return workflow is not None and not skip_problem(workflow, run.position)


def _can_rerun(run: WorkflowRun) -> bool:
    if run.state not in WorkflowRun.ENDED:
        return False
    try:
        for kind in get_workflow(run.workflow).starts_with:
            kind.model_validate(run.inputs[kind.__name__])
    except (UnknownWorkflow, KeyError, ValidationError):
        return False
    return not run.reruns.exclude(state__in=WorkflowRun.ENDED).exists()


def _can_decide(run: WorkflowRun) -> bool:
    return run.needs_decision and _known(run) is not None


POSSIBLE: dict[str, Callable[[WorkflowRun], bool]] = {
    "retry-step": _can_retry_step,
    "resume": _can_resume,
    "cancel": _can_cancel,
    "compensate": _can_take_back,
    "skip-step": _can_skip,
    "rerun": _can_rerun,
    "rework": _can_decide,
    "accept": _can_decide,
    "retry-compensation": lambda run: run.state == State.STUCK,
}
