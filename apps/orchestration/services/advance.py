"""Take a run's steps, each exactly once.

A step without `prepare` is one transaction: lock the run, call the port, record the step, move on. A step with one
takes a fenced lease first (T1), prepares outside any transaction, and does the rest in T2 if the fence is still its
own.
"""

import enum
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.orchestration import rules
from apps.orchestration.api.events import RunCompleted
from apps.orchestration.models import StepRun, WorkflowRun, seconds_from_now
from apps.orchestration.services import failure
from apps.orchestration.services.declarations import find_declaration
from apps.orchestration.services.lease import kept_lease, owner
from apps.shared.dtos import Dto
from apps.shared.events import publish
from apps.shared.resilience import fault_point
from apps.shared.workflow import RunContext, StepRefused, StepSpec, Workflow

LEASED = ("state", "attempts", "fence", "lease_owner", "lease_until", "wake_at", "started_at", "updated_at")
MOVED = (*LEASED, "position", "finished_at")
"""What changes in a run on the way: its inputs, above all, stay where they are."""


class Result(enum.Enum):
    """How a link ended."""

    DONE = "its steps are taken"
    NOTHING = "somebody else has the run, or is past this step"
    LATER = "it will be tried again"
    REFUSED = "a step said no for good"


class _NotOurs(Exception):
    """The run stands elsewhere, or somebody else works on it."""


@dataclass
class _Lease:
    """The fence of the lease a step took, if it needed one."""

    fence: int | None = None


@dataclass
class _Attempt:
    """One try of one step, from the moment its run is locked."""

    run: WorkflowRun
    workflow: Workflow
    spec: StepSpec
    arguments: dict[str, Dto]
    context: RunContext
    step_run: StepRun = field(init=False)


def run_link(run_id: UUID, position: int) -> Result:
    """Take the steps of the link that begins at a position, back to back, each in a transaction of its own."""
    carried: dict[type[Dto], Dto] = {}
    stop = position + 1
    while position < stop:
        lease = _Lease()
        try:
            stop = _take_step(run_id, position, carried, lease)
        except _NotOurs:
            return Result.NOTHING
        except Exception as error:  # noqa: BLE001  (the engine is the door of every step, and records what came out)
            return _record(run_id, position, error, lease)
        position += 1
    return Result.DONE


def _record(run_id: UUID, position: int, error: Exception, lease: _Lease) -> Result:
    """Record a failed attempt. Where not even that is possible the sweeper, which needs no record, brings it back."""
    outcome = failure.record_attempt(run_id, position, error, lease.fence)
    return {None: Result.NOTHING, True: Result.REFUSED, False: Result.LATER}[outcome]


def _take_step(run_id: UUID, position: int, carried: dict[type[Dto], Dto], lease: _Lease) -> int:
    """Take one step and return the position its link stops before. Raises whatever the step raises."""
    with transaction.atomic():
        attempt = _claim(run_id, position, carried)
        if attempt.spec.prepare is None:
            fault_point(f"{attempt.spec.name}.claimed", run_id)
            outcome = _take(attempt)
        else:
            _take_lease(attempt)
    if attempt.spec.prepare is not None:
        lease.fence = attempt.run.fence
        fault_point(f"{attempt.spec.name}.leased", run_id)
        outcome = _prepare_and_take(attempt, attempt.spec.prepare)
    fault_point(f"{attempt.spec.name}.committed", run_id)
    carried[attempt.spec.gives] = outcome
    return rules.link_of(attempt.workflow, position).stop


def _claim(run_id: UUID, position: int, carried: dict[type[Dto], Dto]) -> _Attempt:
    run = WorkflowRun.objects.claim(run_id, position)
    if run is None:
        raise _NotOurs
    workflow = find_declaration(run, position)
    if workflow is None:
        raise _NotOurs
    spec = workflow.specs[position]
    if run.attempts >= spec.retry.attempts:
        raise StepRefused(f"Given up after {run.attempts} attempts; the last one died without a word.")
    at = timezone.now()
    if run.state == WorkflowRun.State.PENDING:
        run.start()
        run.started_at = at
    attempt = _Attempt(
        run=run,
        workflow=workflow,
        spec=spec,
        arguments=_arguments(run, workflow, spec, carried),
        context=RunContext(id=run.pk, client_id=run.client_id, position=position, round=1, at=at),
    )
    attempt.step_run = find_step_run(run, spec)
    attempt.step_run.start()
    attempt.step_run.started_at = at
    attempt.step_run.attempts = run.attempts + 1
    return attempt


def find_step_run(run: WorkflowRun, spec: StepSpec) -> StepRun:
    """Return the record of the step a run stands at: a new one, unsaved, before the first attempt."""
    new = StepRun(run=run, position=run.position, round=1, name=spec.name)
    if run.attempts == 0:
        return new
    return StepRun.objects.filter(run=run, position=run.position, round=1).first() or new


def _arguments(run: WorkflowRun, workflow: Workflow, spec: StepSpec, carried: dict[type[Dto], Dto]) -> dict[str, Dto]:
    """Return the DTOs a step asks for, loading what is not at hand with at most one query."""
    missing = {kind for kind in spec.needs.values() if kind not in carried}
    for kind in missing.intersection(workflow.starts_with):
        carried[kind] = kind.model_validate(run.inputs[kind.__name__])
    givers = {position: other.gives for position, other in enumerate(workflow.specs) if other.gives in missing}
    if givers:
        taken = StepRun.objects.filter(run=run, position__in=givers, state=StepRun.State.SUCCEEDED)
        for position, outcome in taken.values_list("position", "outcome"):
            carried[givers[position]] = givers[position].model_validate(outcome)
    return {name: carried[kind] for name, kind in spec.needs.items()}


def _take_lease(attempt: _Attempt) -> None:
    """T1: from here on the run is ours until the lease ends, by the fence we take."""
    run = attempt.run
    run.attempts += 1
    run.fence += 1
    run.lease_owner = owner()
    run.lease_until = run.wake_at = seconds_from_now(settings.RUN_LEASE_SECONDS)
    run.save(update_fields=LEASED)
    attempt.step_run.save()


def _prepare_and_take(attempt: _Attempt, prepare: Any) -> Dto:
    """Prepare outside any transaction, then T2; drop the result if we were fenced out meanwhile."""
    with kept_lease(attempt.run.pk, attempt.run.fence):
        prepared = prepare(**attempt.arguments, run=attempt.context)
    fault_point(f"{attempt.spec.name}.prepared", attempt.run.pk)
    with transaction.atomic():
        run = WorkflowRun.objects.reclaim(attempt.run.pk, attempt.context.position, attempt.run.fence)
        if run is None:
            raise _NotOurs
        attempt.run = run
        return _take(attempt, prepared=prepared)


def _take(attempt: _Attempt, **prepared: Any) -> Dto:
    """Call the port and move the run on: rows, events, audit, the step's record and the run's place are one commit."""
    outcome = attempt.spec.port(**attempt.arguments, **prepared, run=attempt.context)
    if not isinstance(outcome, attempt.spec.gives):
        raise TypeError(f"{attempt.spec.name} gave {type(outcome).__name__}, not {attempt.spec.gives.__name__}.")
    fault_point(f"{attempt.spec.name}.written", attempt.run.pk)
    step_run = attempt.step_run
    step_run.succeed()
    step_run.outcome = outcome.model_dump(mode="json")
    step_run.error = step_run.trace = ""
    step_run.finished_at = timezone.now()
    step_run.save()
    _move_on(attempt)
    return outcome


def _move_on(attempt: _Attempt) -> None:
    run = attempt.run
    run.attempts = 0
    run.lease_owner = ""
    run.lease_until = None
    if run.position + 1 < len(attempt.workflow.specs):
        run.position += 1
        run.wake_at = seconds_from_now(settings.RUN_DISPATCH_GRACE_SECONDS)
    else:
        run.complete()
        run.wake_at = None
        run.finished_at = attempt.step_run.finished_at
        publish(RunCompleted(aggregate_id=run.pk, run_id=run.pk, client_id=run.client_id, workflow=run.workflow))
    run.save(update_fields=MOVED)
