"""The same five rows as a `celery-saga`: worker and asker are processes in the virtual environment of the peers.

    celery -A saga_app worker -c 2           python bench/peers/saga_app.py

The asker prints `ready`, then reads lines of run ids, starts a saga for each and answers `asked`; it ends with its
standard input. Servers come from BENCH_DATABASE_URL and BENCH_BROKER_URL.

Settings: the broker options, prefetch and ignored results of our own worker, saga state in the same Redis (its
RedisSagaBackend, the one it advises for production), a compensation named for every step, errors only in the log, one
psycopg connection for each process, a row by one auto-committed statement. With DJANGO_SETTINGS_MODULE set (see
`saga_settings.py`) it works with Django instead, as Celery does unless told otherwise: every task opens a connection of
its own.
"""

import functools
import os
import sys
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import psycopg
from celery import Celery
from celery_saga import Saga, saga_step, set_default_backend
from celery_saga.backends import RedisSagaBackend
from uuid_utils.compat import uuid7

NAMES = ("one", "two", "three", "four", "five")
INSERT = "INSERT INTO probe_proberow (id, created_at, updated_at, run_id, step) VALUES (%s, now(), now(), %s, %s)"

broker = os.environ["BENCH_BROKER_URL"]
app = Celery("saga_app", broker=broker)
app.conf.update(
    task_ignore_result=True,
    task_default_queue="saga",
    worker_prefetch_multiplier=4,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 1, "global_keyprefix": "saga:"},
)


def redis_address(url: str) -> str:
    """Return a broker's URL as the Redis library writes it."""
    parts = urlsplit(url)
    database = parse_qs(parts.query).get("virtual_host", ["0"])[0]
    return f"unix://{parts.path}?db={database}" if parts.scheme == "redis+socket" else url


set_default_backend(RedisSagaBackend(url=redis_address(broker)))


@functools.cache
def database() -> psycopg.Connection:
    """Return this process's connection."""
    return psycopg.connect(os.environ["BENCH_DATABASE_URL"], autocommit=True)


def execute(statement: str, values: list) -> None:
    """Execute one statement, by Django where that is set up."""
    if "DJANGO_SETTINGS_MODULE" not in os.environ:
        database().execute(statement, values)
        return
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def write(run_id: str, name: str) -> dict[str, str]:
    """Write one row and return its id, as a step's output."""
    row = uuid7()
    execute(INSERT, [row, UUID(run_id), name])
    return {name: str(row)}


@app.task(name="remove")
def remove(compensation_data: dict[str, str]) -> None:
    """Take one row back."""
    execute("DELETE FROM probe_proberow WHERE id = ANY(%s::uuid[])", [list(compensation_data.values())])


saga = Saga("five_rows")
for step_name in NAMES:

    @saga_step(compensate="remove")
    @app.task(name=step_name)
    def step(*, run_id: str, step_name: str = step_name, **_: str) -> dict[str, str]:
        """Write the step's row."""
        return write(run_id, step_name)

    saga.add_step(step)


def main() -> int:
    print("ready", flush=True)
    for line in sys.stdin:
        for run_id in line.split():
            saga.run(run_id=run_id)
        print("asked", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
