"""Celery's entries of the engine: messages carry ids, tasks call one service."""

from uuid import UUID

from celery import shared_task
from celery.exceptions import Ignore

from apps.orchestration.services import advance, compensate
from apps.orchestration.services import sweep as sweeping


class LinkRefused(Exception):
    """Raised so that Celery calls the chain's on-failure task; the refusal itself is recorded already."""


@shared_task(name="orchestration.run_link", throws=(LinkRefused,))
def run_link(run_id: str, position: int) -> None:
    """Take the steps of one link; end the chain when there is nothing to do or it must wait, fail it on a refusal."""
    result = advance.run_link(UUID(run_id), position)
    if result is advance.Result.REFUSED:
        raise LinkRefused(f"run {run_id} is refused at position {position} or later in its link")
    if result is not advance.Result.DONE:
        raise Ignore(result.value)


@shared_task(name="orchestration.take_back")
def take_back(run_id: str) -> None:
    """Compensate a run: the chain's on-failure task, and the sweeper's."""
    compensate.take_back(UUID(run_id))


@shared_task(name="orchestration.sweep")
def sweep() -> None:
    """Take up runs whose message or worker was lost."""
    sweeping.sweep()
