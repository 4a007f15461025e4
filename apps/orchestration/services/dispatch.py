"""Ring the workers' bell. A lost message costs one period of the sweeper, never a run."""

import logging
from uuid import UUID

from celery import chain, signature
from celery.canvas import Signature
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from apps.orchestration.rules import link_of
from apps.shared.workflow import Workflow

log = logging.getLogger(__name__)

BROKER_ERRORS = (OperationalError, RedisError)


def ring_forward(workflow: Workflow, run_id: UUID, position: int) -> bool:
    """Send the rest of a run's stretch as one chain of links; tell whether the broker took it."""
    links = []
    while position < len(workflow.specs):
        link = link_of(workflow, position)
        links.append(_wake("orchestration.run_link", workflow.specs[link.start].queue, str(run_id), link.start))
        position = link.stop
    stretch = chain(*links).on_error(_wake("orchestration.take_back", "system", str(run_id)))
    return _send(stretch, run_id)


def ring_back(run_id: UUID) -> bool:
    """Send the wake-up of a run's compensation; tell whether the broker took it."""
    return _send(_wake("orchestration.take_back", "system", str(run_id)), run_id)


def _wake(task: str, queue: str, *ids: str | int) -> Signature:
    return signature(task, args=ids, immutable=True, queue=queue)


def _send(message: Signature, run_id: UUID) -> bool:
    try:
        message.apply_async()
    except BROKER_ERRORS as error:
        log.warning("The broker does not answer; the sweeper takes run %s up: %s", run_id, error)
        return False
    return True
