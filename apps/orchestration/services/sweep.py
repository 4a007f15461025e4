"""The sure road: take up every run whose message or worker was lost. Any number of sweepers may run at once."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest, Least

from apps.orchestration.models import ClockTimestamp, ControlFlag, WorkflowRun
from apps.orchestration.services import advance, compensate, control, deliveries, dispatch, outbox
from apps.orchestration.services.declarations import declared, find_declaration, known
from apps.shared.telemetry import working_on
from apps.shared.workflow import Workflow

log = logging.getLogger(__name__)

BY_HAND = 3
LONGEST_WAIT = timedelta(minutes=5)

A_FEW = 20
"""Due runs that are rung for without asking how many messages wait."""
LATE = timedelta(seconds=30)
"""For how long a run may stand still behind a long queue before it is rung for in any case."""


@dataclass(frozen=True)
class Due:
    """A run whose wake-up time has passed, and what it goes by; nothing for a run of another release."""

    run: WorkflowRun
    workflow: Workflow | None

    @property
    def is_late(self) -> bool:
        """Tell whether it has stood still for long: its wake-ups have grown that far apart."""
        return self.run.wake_at - self.run.updated_at >= LATE


def sweep(*, by_hand: bool = True) -> int:
    """Wake due runs again and return for how many was rung; the same for events and webhooks that
    nobody brought out.

    Without a broker, some of both are moved right here, unless not `by_hand`: work that kills its process, or keeps it,
    must not take a worker's main process along. The wake-ups of one run grow apart: each waits as long as the run has
    not moved. And a queue is topped up, not flooded: where it is long, a run's message is most likely in it. So a lost
    message costs seconds, and a run that stands in a long queue gets a handful of spare messages, never a storm.
    """
    flags = control.flags_on()
    if ControlFlag.Name.KILL in flags:
        return 0
    due = _without_queued(_take_up(settings.RUN_SWEEP_BATCH, is_paused=ControlFlag.Name.PAUSE in flags))
    for number, each in enumerate(due):
        if not _ring(each):
            if by_hand:
                _move_by_hand(due[number : number + BY_HAND])
            break
    is_heard = not outbox.is_any_due() or dispatch.ring_for_events()
    if by_hand and not is_heard:
        outbox.dispatch_events()
    is_heard = not deliveries.is_any_due() or _ring_for_webhooks()
    if by_hand and not is_heard:
        deliveries.deliver_due(BY_HAND)
    return len(due)


def _ring_for_webhooks() -> bool:
    """Have webhooks sent, unless messages that ask for it wait already; tell whether the broker took it."""
    return dispatch.count_waiting()["outreach"] > A_FEW or dispatch.ring_for_webhooks()


def _take_up(most: int, *, is_paused: bool) -> list[Due]:
    """Claim due runs, oldest first, by moving their wake-up forward; those of another release are left to it."""
    with transaction.atomic():
        due = WorkflowRun.objects.due().defer("inputs").order_by("wake_at").select_for_update(skip_locked=True)
        if is_paused:
            due = due.filter(state=WorkflowRun.State.COMPENSATING)
        runs = list(due.filter(known())[:most])
        if runs:
            WorkflowRun.objects.filter(pk__in=[run.pk for run in runs]).update(wake_at=_next_wake_up())
        for run in due.exclude(known()).filter(parked="")[:most]:
            _declaration(run)  # says in its row why it is not taken up
        return [Due(run, _declaration(run)) for run in runs]


def _without_queued(due: list[Due]) -> list[Due]:
    """Leave out runs whose queue is longer than a sweep would make it, unless they are late."""
    if len(due) <= A_FEW:
        return due
    waiting = dispatch.count_waiting()
    rung = []
    for each in due:
        queue = dispatch.queue_of(each.workflow, each.run) if each.workflow else ""
        if each.is_late or waiting[queue] < settings.RUN_SWEEP_BATCH:
            waiting[queue] += 1
            rung.append(each)
    return rung


def _declaration(run: WorkflowRun) -> Workflow | None:
    """Find what a run goes by; one that cannot be taken over must not keep the sweeper from the others."""
    workflow = declared(run)
    if workflow is not None and run.position < len(workflow.specs):
        return workflow
    try:
        with transaction.atomic():
            return find_declaration(run)
    except DatabaseError:
        log.exception("Run %s cannot be taken over by this release.", run.pk)
        return None


def _next_wake_up() -> Combinable:
    """Return when to look again: after the grace, or after as long as the run stands still, at most five minutes."""
    standing_still = ClockTimestamp() - F("updated_at")
    grace = Value(timedelta(seconds=settings.RUN_DISPATCH_GRACE_SECONDS))
    return ClockTimestamp() + Least(Greatest(standing_still, grace), Value(LONGEST_WAIT))


def _ring(due: Due) -> bool:
    """Send a run's message; tell whether the broker took it. A run of another release needs none."""
    if due.workflow is None:
        return True
    with working_on("wake", traceparent=due.run.traceparent, run_id=due.run.pk):
        if due.run.state == WorkflowRun.State.COMPENSATING:
            return dispatch.ring_back(due.run.pk)
        return dispatch.ring_forward(due.workflow, due.run.pk, due.run.position)


def _move_by_hand(due: list[Due]) -> None:
    log.warning("The broker does not answer; moving %s due runs without it.", len(due))
    for each in due:
        try:
            move(each.run.pk)
        except Exception:  # the sweeper is a door: one run that cannot be moved must not keep it from the others
            log.exception("Run %s could not be moved by the sweeper; it is tried again.", each.run.pk)


def move(run_id: UUID) -> None:
    """Move a run as far as it goes, in this process: PostgreSQL alone is enough to make progress."""
    result = advance.Result.DONE
    while result in (advance.Result.DONE, advance.Result.ELSEWHERE):
        before = WorkflowRun.objects.defer("inputs").get(pk=run_id)
        if before.state not in WorkflowRun.FORWARD:
            break
        with working_on("move", traceparent=before.traceparent):
            result = advance.run_link(run_id, before.position)
        if result is advance.Result.ELSEWHERE and not _has_moved(before):
            break
    compensate.take_back(run_id)


def _has_moved(before: WorkflowRun) -> bool:
    """Tell whether a run stands elsewhere than it did: what waits, waits."""
    now = WorkflowRun.objects.defer("inputs").get(pk=before.pk)
    return (now.state, now.position, now.round) != (before.state, before.position, before.round)
