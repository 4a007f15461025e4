"""The sure road: take up every run whose message or worker was lost. Any number of sweepers may run at once."""

import logging
from collections import Counter
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.orchestration.models import WorkflowRun, seconds_from_now
from apps.orchestration.services import advance, compensate, dispatch
from apps.orchestration.services.declarations import find_declaration

log = logging.getLogger(__name__)

BY_HAND = 3


def sweep() -> int:
    """Wake runs that are due and that no message waits for; return how many. Without a broker, move a few right here.

    A due run is either lost or stands in a queue that is long. Which, nobody can tell one by one; but as many messages
    as wait in a queue need no second one, so only the difference is sent: a backlog never becomes a storm.
    """
    if not WorkflowRun.objects.due().exists():
        return 0
    waiting = _messages_waiting()
    due = _take_up(BY_HAND if waiting is None else settings.RUN_QUEUE_TOP_UP)
    if waiting is None:
        for run in due:
            move(run.pk)
        return len(due)
    return sum(_ring(run, waiting) for run in due)


def _messages_waiting() -> Counter[str] | None:
    """Count the messages in each queue; None when the broker does not answer."""
    try:
        return dispatch.queue_lengths()
    except dispatch.BROKER_ERRORS as error:
        log.warning("The broker does not answer; moving due runs without it: %s", error)
        return None


def _take_up(most: int) -> list[WorkflowRun]:
    """Claim due runs, oldest first, by moving their wake-up forward."""
    with transaction.atomic():
        due = WorkflowRun.objects.due().defer("inputs").order_by("wake_at").select_for_update(skip_locked=True)
        runs = list(due[:most])
        WorkflowRun.objects.filter(pk__in=[run.pk for run in runs]).update(
            wake_at=seconds_from_now(settings.RUN_DISPATCH_GRACE_SECONDS)
        )
    return runs


def _ring(run: WorkflowRun, waiting: Counter[str]) -> bool:
    """Send a run's message unless one that waits in its queue may be its own; tell whether it was sent."""
    workflow = find_declaration(run, run.position)
    if workflow is None:
        return False
    goes_back = run.state == WorkflowRun.State.COMPENSATING
    queue = "system" if goes_back else workflow.specs[run.position].queue
    if waiting[queue] > 0:
        waiting[queue] -= 1
        return False
    return dispatch.ring_back(run.pk) if goes_back else dispatch.ring_forward(workflow, run.pk, run.position)


def move(run_id: UUID) -> None:
    """Move a run as far as it goes, in this process: PostgreSQL alone is enough to make progress."""
    result = advance.Result.DONE
    while result is advance.Result.DONE:
        run = WorkflowRun.objects.get(pk=run_id)
        if run.state not in WorkflowRun.FORWARD:
            break
        result = advance.run_link(run_id, run.position)
    compensate.take_back(run_id)
