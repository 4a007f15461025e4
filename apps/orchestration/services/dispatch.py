"""Ring the workers' bell. A lost message costs one period of the sweeper, never a run."""

import logging
from collections import Counter
from uuid import UUID

from celery import chain, current_app, signature
from celery.canvas import Signature
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from apps.orchestration.models import WorkflowRun
from apps.orchestration.rules import COMPENSATION_SECONDS, link_of
from apps.shared.telemetry import working_on
from apps.shared.workflow import StepSpec, WaitFor, Workflow

log = logging.getLogger(__name__)

BACK = "system"
"""The queue of compensations."""

BROKER_ERRORS = (OperationalError, RedisError)


def ring_on_commit(workflow: Workflow, run: WorkflowRun) -> None:
    """Ring for a run's present position once this transaction is committed."""
    position = run.position

    def ring() -> None:
        with working_on("wake", traceparent=run.traceparent, run_id=run.pk):
            ring_forward(workflow, run.pk, position)

    transaction.on_commit(ring, robust=True)


def ring_back_on_commit(run: WorkflowRun) -> None:
    """Ring for a run's compensation once this transaction is committed."""

    def ring() -> None:
        with working_on("wake", traceparent=run.traceparent, run_id=run.pk):
            ring_back(run.pk)

    transaction.on_commit(ring, robust=True)


def ring_forward(workflow: Workflow, run_id: UUID, position: int) -> bool:
    """Send the rest of a run's stretch as one chain of links; tell whether the broker took it.

    A stretch ends where the run waits: what follows is sent by whoever finds the event there.
    """
    links = []
    while position < len(workflow.specs):
        link = link_of(workflow, position)
        links.append(_link(workflow, run_id, link))
        position = link.stop
        if isinstance(workflow.specs[position - 1], WaitFor):
            break
    stretch = chain(*links).on_error(signature("orchestration.on_failure"))
    return _send(stretch, run_id)


def _link(workflow: Workflow, run_id: UUID, link: range) -> Signature:
    """Make a link's message, with a hard time limit for its steps, for the way back, and for the engine around them."""
    specs = [workflow.specs[position] for position in link]
    limits = [2 * spec.limit_seconds for spec in specs if isinstance(spec, StepSpec)]  # to prepare, and to write
    back = link.stop * COMPENSATION_SECONDS  # a refused link takes the run back in the same task
    wake_up = _wake("orchestration.run_link", specs[0].queue, str(run_id), link.start)
    return wake_up.set(time_limit=sum(limits) + back + settings.CELERY_TASK_TIME_LIMIT)


def ring_back(run_id: UUID) -> bool:
    """Send the wake-up of a run's compensation; tell whether the broker took it."""
    return _send(_wake("orchestration.take_back", BACK, str(run_id)), run_id)


def count_waiting() -> Counter[str]:
    """Return how many messages wait in each queue; nothing where the broker does not answer."""
    try:
        with current_app.producer_pool.acquire(block=True) as producer:
            names = [queue.name for queue in settings.CELERY_TASK_QUEUES]
            return Counter({name: producer.channel.queue_declare(name).message_count for name in names})
    except BROKER_ERRORS as error:
        log.warning("The broker does not say how many messages wait: %s", error)
        return Counter()


def queue_of(workflow: Workflow, run: WorkflowRun) -> str:
    """Return the queue in which a run's next message belongs."""
    if run.state == WorkflowRun.State.COMPENSATING:
        return BACK
    return workflow.specs[run.position].queue


def ring_for_events() -> bool:
    """Send the wake-up of the dispatcher of events; tell whether the broker took it."""
    return _send(_wake("orchestration.dispatch_events", "system"), "the outbox")


def ring_for_webhooks() -> bool:
    """Send the wake-up of who sends webhooks; tell whether the broker took it."""
    return _send(_wake("orchestration.deliver_webhooks", "outreach"), "the webhooks")


def _wake(task: str, queue: str, *ids: str | int) -> Signature:
    return signature(task, args=ids, immutable=True, queue=queue)


def _send(message: Signature, subject: UUID | str) -> bool:
    try:
        message.apply_async()
    except BROKER_ERRORS as error:
        log.warning("The broker does not answer; the sweeper takes up %s: %s", subject, error)
        return False
    return True
