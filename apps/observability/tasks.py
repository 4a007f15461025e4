"""What beat starts, and the heartbeat of every worker."""

import logging
import os
import socket
from typing import Any, ClassVar

from celery import current_app, shared_task
from celery.bootsteps import StartStopStep
from celery.signals import worker_process_shutdown, worker_shutdown
from celery.worker import WorkController
from celery.worker.consumer import Consumer
from django.conf import settings
from django.db import Error, close_old_connections
from django.utils import timezone

from apps.observability import services
from apps.observability.rules import HEARTBEAT

log = logging.getLogger(__name__)


@shared_task(name="observability.seal_audit")
def seal_audit() -> None:
    """Seal whatever has no seal yet, in transactions of bounded size."""
    while services.seal_audit():
        pass


@shared_task(name="observability.forget_silent_workers")
def forget_silent_workers() -> None:
    """Remove workers not heard of for a week."""
    services.forget_silent_workers()


class Heartbeat(StartStopStep):
    """Every worker says that it is alive; one that cannot reach the broker takes no work, and falls silent."""

    requires: ClassVar = {"celery.worker.consumer.tasks:Tasks"}

    def __init__(self, consumer: Consumer, **options: Any) -> None:
        self.started_at = timezone.now()
        super().__init__(consumer, **options)

    def start(self, consumer: Consumer) -> None:
        self._beat(consumer)
        self.timer = consumer.timer.call_repeatedly(HEARTBEAT.total_seconds(), self._beat, (consumer,))

    def stop(self, consumer: Consumer) -> None:
        self.timer.cancel()

    def _beat(self, consumer: Consumer) -> None:
        close_old_connections()  # PostgreSQL may have been restarted since the last time
        try:
            services.report_worker(
                **_identity(consumer.hostname),
                queues=list(consumer.app.amqp.queues.consume_from),
                concurrency=consumer.controller.concurrency,
                started_at=self.started_at,
            )
        except Error as error:  # a worker works on without being seen
            log.warning("Worker %s could not say that it is alive: %s", consumer.hostname, error)


def _identity(name: str) -> dict[str, Any]:
    return {"name": name, "host": socket.gethostname(), "pid": os.getpid()}


@worker_shutdown.connect
def sign_off(sender: WorkController, **_: object) -> None:
    """Leave in order."""
    try:
        services.sign_worker_off(**_identity(sender.hostname))
    except Error as error:
        log.warning("Worker %s could not sign off: %s", sender.hostname, error)


@worker_process_shutdown.connect
def send_last_spans(**_: object) -> None:
    """Let go of no span when a worker's process is exchanged for a fresh one."""
    if settings.OTLP_ENDPOINT:
        from apps.observability.gateways import traces

        traces.flush()


current_app.steps["consumer"].add(Heartbeat)
