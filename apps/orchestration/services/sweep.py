"""The sure road: take up every run whose message or worker was lost. Any number of sweepers may run at once."""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest, Least

from apps.orchestration.models import ClockTimestamp, WorkflowRun
from apps.orchestration.services import advance, compensate, dispatch
from apps.orchestration.services.declarations import find_declaration

log = logging.getLogger(__name__)

BY_HAND = 3
LONGEST_WAIT = timedelta(minutes=5)


def sweep() -> int:
    """Wake every due run again and return how many there were; without a broker, move a few of them right here.

    The wake-ups of one run grow apart: each waits as long as the run has not moved. So a lost message costs seconds,
    and a run that stands in a long queue gets a handful of spare messages, never a storm of them.
    """
    due = _take_up(settings.RUN_SWEEP_BATCH)
    for number, run in enumerate(due):
        if not _ring(run):
            _move_by_hand(due[number : number + BY_HAND])
            break
    return len(due)


def _take_up(most: int) -> list[WorkflowRun]:
    """Claim due runs, oldest first, by moving their wake-up forward."""
    with transaction.atomic():
        due = WorkflowRun.objects.due().defer("inputs").order_by("wake_at").select_for_update(skip_locked=True)
        runs = list(due[:most])
        if runs:
            WorkflowRun.objects.filter(pk__in=[run.pk for run in runs]).update(wake_at=_next_wake_up())
    return runs


def _next_wake_up() -> Combinable:
    """Return when to look again: after the grace, or after as long as the run stands still, at most five minutes."""
    standing_still = ClockTimestamp() - F("updated_at")
    grace = Value(timedelta(seconds=settings.RUN_DISPATCH_GRACE_SECONDS))
    return ClockTimestamp() + Least(Greatest(standing_still, grace), Value(LONGEST_WAIT))


def _ring(run: WorkflowRun) -> bool:
    """Send a run's message; tell whether the broker took it. A run of another release needs none."""
    workflow = find_declaration(run, run.position)
    if workflow is None:
        return True
    if run.state == WorkflowRun.State.COMPENSATING:
        return dispatch.ring_back(run.pk)
    return dispatch.ring_forward(workflow, run.pk, run.position)


def _move_by_hand(runs: list[WorkflowRun]) -> None:
    log.warning("The broker does not answer; moving %s due runs without it.", len(runs))
    for run in runs:
        move(run.pk)


def move(run_id: UUID) -> None:
    """Move a run as far as it goes, in this process: PostgreSQL alone is enough to make progress."""
    result = advance.Result.DONE
    while result is advance.Result.DONE:
        run = WorkflowRun.objects.get(pk=run_id)
        if run.state not in WorkflowRun.FORWARD:
            break
        result = advance.run_link(run_id, run.position)
    compensate.take_back(run_id)
