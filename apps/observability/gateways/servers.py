"""The servers we stand on, asked in such a way that one which never answers holds nobody up."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from typing import Generic, TypeVar

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

REDIS_SECONDS = 1.0

Answer = TypeVar("Answer")


class Question(Generic[Answer]):
    """A question to a server that may be frozen, asked in a thread of its own.

    A frozen server heeds no time limit of the client's libraries, so the asker stops listening instead. One thread at
    most waits for each server: whoever asks while it does shares its answer.
    """

    def __init__(self, ask: Callable[[], Answer]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._pending: Future[Answer] | None = None

    def put(self) -> "Future[Answer]":
        """Ask, unless the last question is still without an answer; `result(seconds)` of what comes back listens."""
        with self._lock:
            if self._pending is None or self._pending.done():
                self._pending = Future()
                threading.Thread(target=self._wait, args=(self._pending,), daemon=True).start()
            return self._pending

    def _wait(self, pending: "Future[Answer]") -> None:
        try:
            answer = self._ask()
        except Exception as error:  # noqa: BLE001  (it is raised again by whoever listens)
            connections.close_all()
            pending.set_exception(error)
        else:
            connections.close_all()  # a thread has connections of its own
            pending.set_result(answer)


def listen(pending: "Future[Answer]", until: float) -> Answer:
    """Return an answer that comes before the monotonic time `until`. Raises TimeoutError, or what the asking raised."""
    return pending.result(max(0.0, until - time.monotonic()))


def _missing_migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in _shipped_migrations() - set(applied))


@cache
def _shipped_migrations() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations)


def _broker_answers() -> bool:
    with _redis() as redis:
        return bool(redis.ping())


database = Question(_missing_migrations)
"""Ask PostgreSQL which of this release's migrations it lacks. Raises django.db.Error."""

broker = Question(_broker_answers)
"""Ask Redis whether it is there. Raises RedisError."""


def queue_lengths() -> dict[str, int]:
    """Return how many messages wait in each queue. Raises RedisError when Redis does not answer within a second."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    names = [queue.name for queue in settings.CELERY_TASK_QUEUES]
    with _redis() as redis, redis.pipeline(transaction=False) as pipeline:
        for name in names:
            pipeline.llen(f"{prefix}{name}")
        return dict(zip(names, pipeline.execute(), strict=True))


def _redis() -> Redis:
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    return Redis.from_url(
        url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS, retry=Retry(NoBackoff(), 0)
    )
