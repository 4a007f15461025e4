"""Celery's entries of the engine: messages carry ids, tasks call one service.

A worker keeps its database connection from task to task (CELERY_DB_REUSE_MAX), so each task first lets go of one that
is too old, or broke under the task before it.
"""

from typing import ClassVar
from uuid import UUID

from celery import current_app, shared_task
from celery.app.task import Context
from celery.bootsteps import StartStopStep
from celery.exceptions import Ignore
from celery.worker.consumer import Consumer
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from apps.orchestration.services import advance, compensate, cycles, data_requests, deliveries, forget, outbox
from apps.orchestration.services.sweep import sweep


class LinkRefused(Exception):
    """Raised so that Celery calls the chain's on-failure task; the refusal itself is recorded already."""


@shared_task(name="orchestration.run_link", throws=(LinkRefused,))
def run_link(run_id: str, position: int) -> None:
    """Take the steps of one link; end the chain when there is nothing to do or it must wait, fail it on a refusal."""
    close_old_connections()
    result = advance.run_link(UUID(run_id), position)
    if result is advance.Result.REFUSED:
        raise LinkRefused(f"run {run_id} is refused at position {position} or later in its link")
    if result is not advance.Result.DONE:
        raise Ignore(result.value)


@shared_task(name="orchestration.on_failure")
def on_failure(request: Context, error: Exception, traceback: str) -> None:
    """Compensate the run whose link was refused: the chain's on-failure task.

    Celery calls an on-failure task with these three parameters where the link failed, in the same process and without
    a message. It calls it, too, in a worker's main process whose child was lost; that run is refused by nobody, and the
    sweeper brings it back.
    """
    if isinstance(error, LinkRefused):
        run_id, *_ = request.args
        compensate.take_back(UUID(run_id))


@shared_task(name="orchestration.take_back")
def take_back(run_id: str) -> None:
    """Compensate a run: a command's wake-up, and the sweeper's."""
    close_old_connections()
    compensate.take_back(UUID(run_id))


@shared_task(name="orchestration.dispatch_events")
def dispatch_events() -> None:
    """Bring out the events that wait for their reactions."""
    close_old_connections()
    outbox.dispatch_events()


@shared_task(name="orchestration.deliver_webhooks")
def deliver_webhooks() -> None:
    """Send the webhooks that are due."""
    close_old_connections()
    deliveries.deliver_due()


@shared_task(name="orchestration.tidy_webhooks")
def tidy_webhooks() -> None:
    """Forget what webhooks need no longer."""
    close_old_connections()
    deliveries.tidy_webhooks(at=timezone.now())


@shared_task(name="orchestration.start_cycle")
def start_cycle() -> None:
    """Begin the next cycle of client acquisition."""
    close_old_connections()
    cycles.start_cycle(at=timezone.now())


@shared_task(name="orchestration.start_renewal_check")
def start_renewal_check() -> None:
    """Begin today's check of who may leave and whose contract ends."""
    close_old_connections()
    cycles.start_renewal_check(at=timezone.now())


@shared_task(name="orchestration.start_monthly_reports")
def start_monthly_reports() -> None:
    """Begin the reports of months that are over."""
    close_old_connections()
    cycles.start_monthly_reports(at=timezone.now())


@shared_task(name="orchestration.forget_runs")
def forget_runs() -> None:
    """Forget runs of workflows that are kept for a while only."""
    close_old_connections()
    forget.forget_runs(at=timezone.now())


class Sweeper(StartStopStep):
    """Every worker sweeps: where one works, no run is lost, whether or not beat runs."""

    requires: ClassVar = {"celery.worker.consumer.tasks:Tasks"}

    def start(self, consumer: Consumer) -> None:
        self.timer = consumer.timer.call_repeatedly(settings.RUN_SWEEP_SECONDS, _sweep)

    def stop(self, consumer: Consumer) -> None:
        self.timer.cancel()


def _sweep() -> None:
    close_old_connections()  # PostgreSQL may have been restarted since the last time
    sweep(by_hand=False)


current_app.steps["consumer"].add(Sweeper)


@shared_task(name="orchestration.serve_data_requests")
def serve_data_requests() -> None:
    """Prepare exports, look at what erasures would do, and erase what is confirmed."""
    close_old_connections()
    data_requests.serve_data_requests(at=timezone.now())
