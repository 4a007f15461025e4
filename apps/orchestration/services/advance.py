"""Take a run's lines, each exactly once.

A step without `prepare` is one transaction: lock the run, call the port, record the step, move on. A step with one
takes a fenced lease first (T1), prepares outside any transaction, and does the rest in T2 if the fence is still its
own. So does a step whose worker may have died of it: the lease counts the attempt before it begins.
"""

import enum
import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction
from django.utils import timezone

from apps.orchestration import rules
from apps.orchestration.models import ClockTimestamp, StepRun, TakenAlready, WorkflowRun, seconds_from_now
from apps.orchestration.services import carry, dispatch, failure, rounds, waits
from apps.orchestration.services.declarations import find_declaration, hand_back, look_later, park
from apps.orchestration.services.lease import kept_lease, owner
from apps.orchestration.services.progress import MOVED, find_step_run, let_go, move_on
from apps.shared.dtos import Dto
from apps.shared.resilience import fault_point, time_limit
from apps.shared.telemetry import note, working_on
from apps.shared.workflow import RunContext, Spec, StepRefused, StepSpec, WaitFor, Workflow

log = logging.getLogger(__name__)

DATABASE_AWAY = (OperationalError, InterfaceError)


class Result(enum.Enum):
    """How a link ended."""

    DONE = "its steps are taken"
    NOTHING = "somebody else has the run, or is past this step"
    LATER = "it will be tried again"
    ELSEWHERE = "it waits, or goes on with a message of its own"
    REFUSED = "a step said no for good"


AFTER = {
    failure.Recorded.NOTHING: Result.NOTHING,
    failure.Recorded.LATER: Result.LATER,
    failure.Recorded.REFUSED: Result.REFUSED,
    failure.Recorded.PASSED_OVER: Result.ELSEWHERE,
}
"""How a link ends by what followed from a failed attempt."""


class _NotOurs(Exception):
    """The run stands elsewhere, or somebody else works on it."""


@dataclass
class _Claim:
    """What is ours of a run while we take one of its lines: the round, once known, and the fence of a lease, if any."""

    turn: int | None = None
    fence: int | None = None


@dataclass
class _Held:
    """A run in our hands: locked, known to this release, and with what its present line needs."""

    run: WorkflowRun
    workflow: Workflow
    arguments: dict[str, Dto | None]

    @property
    def spec(self) -> Spec:
        return self.workflow.specs[self.run.position]


@dataclass
class _Attempt:
    """One try of one step, from the moment its run is locked."""

    run: WorkflowRun
    workflow: Workflow
    spec: StepSpec
    arguments: dict[str, Dto | None]
    context: RunContext
    step_run: StepRun
    carried: dict[type[Dto], Dto | None]

    @property
    def needs_lease(self) -> bool:
        """Tell whether the attempt must be counted before it begins: it is slow, or its last worker may have died."""
        return self.spec.prepare is not None or self.run.attempts > 0 or self.run.is_silent


def run_link(run_id: UUID, position: int) -> Result:
    """Take the lines of the link that begins at a position, back to back, each in a transaction of its own."""
    carried: dict[type[Dto], Dto | None] = {}
    stop: int | None = position + 1
    while position < stop:
        claim = _Claim()
        with working_on(run_id=run_id):
            try:
                stop = _take_line(run_id, position, carried, claim)
            except _NotOurs:
                return Result.NOTHING
            except TakenAlready:
                log.exception("A step was about to be taken twice; the second attempt is dropped.")
                return Result.NOTHING
            except Exception as error:  # noqa: BLE001  (the engine is the door of every step, and records what came out)
                return _record(run_id, position, error, claim)
        if stop is None:
            return Result.ELSEWHERE
        position += 1
    return Result.DONE


def _record(run_id: UUID, position: int, error: Exception, claim: _Claim) -> Result:
    """Record a failed attempt. Where the database is away the sweeper, which needs no record, brings the run back."""
    try:
        outcome = failure.record_attempt(run_id, position, claim.turn, error, claim.fence)
    except DATABASE_AWAY:
        raise
    except Exception as unrecorded:  # noqa: BLE001  (a verdict that cannot be stored as it is must not be lost)
        words = f"{rules.in_words(error)} (and its record failed: {rules.in_words(unrecorded)})"
        outcome = failure.record_attempt(run_id, position, claim.turn, StepRefused(words), claim.fence)
    if outcome is failure.Recorded.NOTHING and claim.fence is not None:
        _give_way(run_id)
    return AFTER[outcome]


def _take_line(run_id: UUID, position: int, carried: dict[type[Dto], Dto | None], claim: _Claim) -> int | None:
    """Take one line and return the position its link stops before, None when the run does not go on in it.

    Raises whatever the step raises.
    """
    with transaction.atomic():
        held = _hold(run_id, position, carried)
        claim.turn = held.run.round if held is not None else claim.turn
        if held is not None and isinstance(held.spec, WaitFor):
            _look(held, held.spec)
            return None
        attempt = None if held is None else _begin(held, carried)
        fence = _take_lease(attempt) if attempt is not None and attempt.needs_lease else None
        goes_on = attempt is not None and fence is None and _take(attempt)
    if attempt is None:
        raise _NotOurs
    if fence is not None:
        claim.fence = fence
        goes_on = _take_under_lease(attempt)
    fault_point(f"{attempt.spec.name}.committed", run_id)
    return rules.link_of(attempt.workflow, position).stop if goes_on else None


def _look(held: _Held, wait: WaitFor) -> None:
    try:
        waits.look(held.run, held.workflow, wait)
    except carry.Unreadable as unreadable:  # raised before anything is written
        park(held.run, str(unreadable))
        look_later(held.run, seconds=60)


def _hold(run_id: UUID, position: int, carried: dict[type[Dto], Dto | None]) -> _Held | None:
    """Lock a run for its present line; None when there is nothing for us to do there."""
    run = WorkflowRun.objects.claim(run_id, position, whole=not carried)
    workflow = run and find_declaration(run)
    if workflow is None:
        if run is not None:
            hand_back(run)
        return None
    if run.position != position:  # a newer version took it over just now
        dispatch.ring_on_commit(workflow, run)
        return None
    spec = workflow.specs[position]
    if run.state == WorkflowRun.State.WAITING and not isinstance(spec, WaitFor):
        if run.needs_person:
            return None
        run.go_on()  # its wait went with the version that declared it
        let_go(run)
    try:
        carry.load(run, workflow, set(spec.needs.values()), carried)
    except carry.Unreadable as unreadable:
        park(run, str(unreadable))
        return None
    if run.state == WorkflowRun.State.PENDING:
        run.start()
        run.started_at = timezone.now()
    return _Held(run, workflow, {name: carried.get(kind) for name, kind in spec.needs.items()})


def _begin(held: _Held, carried: dict[type[Dto], Dto | None]) -> _Attempt:
    run, spec = held.run, held.spec
    run.deaths += run.lost_its_worker
    if run.deaths >= rules.MOST_DEATHS or run.attempts >= spec.retry.attempts:
        raise failure.GivenUp(rules.words_of_deaths(run))
    at = timezone.now()
    context = RunContext(
        id=run.pk,
        client_id=run.client_id,
        position=run.position,
        round=run.round,
        at=at,
        instruction=run.instruction,
    )
    step_run = find_step_run(run, spec.name)
    step_run.start()
    step_run.started_at = at
    step_run.attempts = run.attempts + 1
    note(step=spec.name, attempt=step_run.attempts, client_id=run.client_id)
    fault_point(f"{spec.name}.claimed", run.pk)
    return _Attempt(run, held.workflow, spec, held.arguments, context, step_run, carried)


def _take_lease(attempt: _Attempt) -> int:
    """T1: from here on the run is ours until the lease ends, by the fence we take."""
    run = attempt.run
    run.attempts += 1
    run.fence += 1
    run.lease_owner = owner()
    run.lease_until = run.wake_at = seconds_from_now(settings.RUN_LEASE_SECONDS)
    run.save(update_fields=MOVED)
    attempt.step_run.save()
    return run.fence


def _take_under_lease(attempt: _Attempt) -> bool:
    """Prepare outside any transaction, then T2; drop the result if we were fenced out meanwhile."""
    fault_point(f"{attempt.spec.name}.leased", attempt.run.pk)
    prepared = {} if attempt.spec.prepare is None else {"prepared": _prepare(attempt, attempt.spec.prepare)}
    fault_point(f"{attempt.spec.name}.prepared", attempt.run.pk)
    with transaction.atomic():
        run = WorkflowRun.objects.reclaim(attempt.run.pk, attempt.context.position, attempt.run.fence)
        if run is not None:
            attempt.run = run
            return _take(attempt, **prepared)
    _give_way(attempt.run.pk)
    raise _NotOurs


def _give_way(run_id: UUID) -> None:
    """Tell a run that was cancelled under us, and waits for us, that we are done."""
    waits_for_us = WorkflowRun.objects.filter(pk=run_id, state=WorkflowRun.State.COMPENSATING, lease_owner=owner())
    if waits_for_us.update(lease_owner="", lease_until=None, wake_at=ClockTimestamp()):
        dispatch.ring_back(run_id)


def _prepare(attempt: _Attempt, prepare: Any) -> Any:
    limit = attempt.spec.limit_seconds
    traced = working_on(f"prepare {attempt.spec.name}", traceparent=attempt.run.traceparent)
    with traced, kept_lease(attempt.run.pk, attempt.run.fence, limit), time_limit(limit):
        prepared = prepare(**attempt.arguments, run=attempt.context)
    if not connection.in_atomic_block:
        close_old_connections()  # PostgreSQL may have been restarted: what was prepared is worth a new connection
    return prepared


def _take(attempt: _Attempt, **prepared: Any) -> bool:
    """Call the port and move the run on: rows, events, audit, the step's record and the run's place are one commit.

    Tells whether the run goes on with the next line of its link.
    """
    traced = working_on(f"step {attempt.spec.name}", traceparent=attempt.run.traceparent)
    with traced, time_limit(attempt.spec.limit_seconds):
        outcome = attempt.spec.port(**attempt.arguments, **prepared, run=attempt.context)
    if not isinstance(outcome, attempt.spec.gives):
        raise TypeError(f"{attempt.spec.name} gave {type(outcome).__name__}, not {attempt.spec.gives.__name__}.")
    fault_point(f"{attempt.spec.name}.written", attempt.run.pk)
    step_run = attempt.step_run
    step_run.succeed()
    step_run.error = step_run.trace = ""
    step_run.outcome = outcome.model_dump(mode="json")
    step_run.finished_at = timezone.now()
    attempt.carried[attempt.spec.gives] = outcome
    if rounds.is_another_due(attempt.workflow, attempt.run, outcome):
        rounds.turn(attempt.workflow, attempt.run, step_run)
        return False
    move_on(attempt.workflow, attempt.run, step_run)
    return True
