"""What a run carries: the DTOs it started with and those its lines gave."""

from pydantic import ValidationError

from apps.learning.api.dtos import Guidance
from apps.orchestration.models import StepRun, WorkflowRun
from apps.shared.dtos import Dto
from apps.shared.workflow import Workflow


class Unreadable(Exception):
    """A DTO was written by a release whose shape of it this one does not know."""


def load(run: WorkflowRun, workflow: Workflow, kinds: set[type[Dto]], carried: dict[type[Dto], Dto | None]) -> None:
    """Put the DTOs of these types beside what is at hand already, with at most one query.

    Of what several rounds gave, the last counts; a type that no line has given yet is left out. Lessons are those that
    were in force when the run began: None where there were none. Raises Unreadable.
    """
    missing = kinds.difference(carried)
    for kind in missing.intersection(workflow.starts_with):
        if kind.__name__ not in run.inputs:
            raise Unreadable(f"Waits for a release that can do without a {kind.__name__}: it was started with none.")
        carried[kind] = _read(kind, run.inputs[kind.__name__])
    if Guidance in missing:
        given = run.inputs.get(Guidance.__name__)
        carried[Guidance] = None if given is None else _read(Guidance, given)
    givers = {position for position in range(len(workflow.specs)) if missing.intersection(workflow.given_at(position))}
    if not givers:
        return
    taken = StepRun.objects.filter(run=run, position__in=givers, state=StepRun.State.SUCCEEDED).order_by("round")
    for position, outcome in taken.values_list("position", "outcome"):
        dto = read_outcome(workflow, position, outcome)
        carried[type(dto)] = dto


def read_outcome(workflow: Workflow, position: int, outcome: dict) -> Dto:
    """Return what a line gave as its DTO; a wait's is kept under its event's name. Raises Unreadable."""
    kinds = workflow.given_at(position)
    if len(kinds) == 1 and kinds[0].__name__ not in outcome:
        return _read(kinds[0], outcome)
    for kind in kinds:
        if kind.__name__ in outcome:
            return _read(kind, outcome[kind.__name__])
    raise Unreadable(f"Waits for a release that knows {', '.join(outcome)}.")


def _read(kind: type[Dto], value: dict) -> Dto:
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise Unreadable(f"Waits for a release that can read its {kind.__name__}: {error}") from error
