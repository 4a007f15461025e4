"""The sure road: take up every run whose message or worker was lost. Any number of sweepers may run at once."""

import logging
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.orchestration.models import WorkflowRun, seconds_from_now
from apps.orchestration.services import advance, compensate, dispatch
from apps.orchestration.workflows import UnknownWorkflow, get_workflow

log = logging.getLogger(__name__)

BY_HAND = 3


def sweep() -> int:
    """Wake runs that are due and that no message waits for; return how many. Without a broker, move a few right here.

    A due run is either lost or stands in a queue that is long. Which, nobody can tell one by one; but as many messages
    as wait need no second one, so only the difference is sent, oldest first: a backlog never becomes a storm.
    """
    due = WorkflowRun.objects.due()[: settings.RUN_QUEUE_TOP_UP].count()
    if not due:
        return 0
    waiting = _messages_waiting()
    taken_up = _take_up(BY_HAND if waiting is None else max(0, due - waiting))
    for run in taken_up:
        if waiting is None or not _ring(run):
            move(run.pk)
    return len(taken_up)


def _messages_waiting() -> int | None:
    """Count the messages in all queues; None when the broker does not answer."""
    try:
        return dispatch.queue_length()
    except dispatch.BROKER_ERRORS as error:
        log.warning("The broker does not answer; moving due runs without it: %s", error)
        return None


def _take_up(most: int) -> list[WorkflowRun]:
    """Claim due runs, oldest first, by moving their wake-up forward."""
    with transaction.atomic():
        due = list(WorkflowRun.objects.due().order_by("wake_at").select_for_update(skip_locked=True)[:most])
        WorkflowRun.objects.filter(pk__in=[run.pk for run in due]).update(
            wake_at=seconds_from_now(settings.RUN_DISPATCH_GRACE_SECONDS)
        )
    return due


def _ring(run: WorkflowRun) -> bool:
    if run.state == WorkflowRun.State.COMPENSATING:
        return dispatch.ring_back(run.pk)
    try:
        workflow = get_workflow(run.workflow, run.version)
    except UnknownWorkflow as error:  # another release started it, and may be running beside this one
        log.error("Run %s waits for a release that knows it: %s", run.pk, error)
        return True
    return dispatch.ring_forward(workflow, run.pk, run.position)


def move(run_id: UUID) -> None:
    """Move a run as far as it goes, in this process: PostgreSQL alone is enough to make progress."""
    result = advance.Result.DONE
    while result is advance.Result.DONE:
        run = WorkflowRun.objects.get(pk=run_id)
        if run.state not in WorkflowRun.FORWARD:
            break
        result = advance.run_link(run_id, run.position)
    compensate.take_back(run_id)
