"""The same five rows as a `dbos` workflow: a process of its own, in the virtual environment of the peers.

    python bench/peers/dbos_app.py steps|transactions direct|queued DATABASE_URL EXECUTOR

Prints `ready`, then reads lines of run ids and asks for a workflow for each; ends with its standard input. Two such
processes run side by side, with executor ids of their own.

`steps`: a step writes its row by psycopg in a transaction of its own, and dbos records the step in another.
`transactions`: both are one commit, by dbos' SQLAlchemy datasource: the promise our engine makes.
`direct`: the process that is asked does the work (`DBOS.start_workflow`). `queued`: runs are handed over through a
queue in the database (`DBOS.enqueue_workflow`), as ours are handed from the web to a worker.

Settings: two threads in each process, as other ways have two processes of one; a queue without limits, polled ten
times a second; READ COMMITTED in place of its default, SERIALIZABLE; warnings only in the log; no OpenTelemetry and no
Conductor. Everything else is its default.

Tried with `steps`, 150 runs, once each on a busy machine, CPU ms per run: in process with 2 or 10 threads 18.5, 17.1;
queued with limit and seconds between polls: none, 0.1: 18.9; none, 1 (its default): 17.4; 10, 0.1: 18.9; 2, 0.05: 20.0.
The differences are within what repeating gives. Polling once a second is no dearer but makes a single run wait for
620 ms in place of 58, so the tenth of a second was taken for the sake of latency.
"""

import sys
import time
from collections.abc import Callable
from uuid import UUID

import sqlalchemy
from dbos import DBOS, DBOSConfig, SetWorkflowID, SQLAlchemyDatasource
from psycopg_pool import ConnectionPool
from uuid_utils.compat import uuid7

THREADS = 2
QUEUE = "rows"
POLL_SECONDS = 0.1
NAMES = ("one", "two", "three", "four", "five")
INSERT = "INSERT INTO probe_proberow (id, created_at, updated_at, run_id, step) VALUES ({}, now(), now(), {}, {})"
BY_PSYCOPG = INSERT.format("%s", "%s", "%s")
BY_SQLALCHEMY = sqlalchemy.text(INSERT.format(":id", ":run_id", ":step"))

Write = Callable[[str, str], str]


def make_steps(url: str) -> Write:
    """Return the function that writes one row as a step."""
    pool = ConnectionPool(url, min_size=THREADS, max_size=THREADS, open=True)

    @DBOS.step()
    def write(run_id: str, name: str) -> str:
        row = uuid7()
        with pool.connection() as connection:
            connection.execute(BY_PSYCOPG, [row, UUID(run_id), name])
        return str(row)

    return write


def make_transactions(url: str) -> Write:
    """Return the function that writes one row as a transaction."""
    source = SQLAlchemyDatasource.create(url)

    @source.transaction(isolation_level="READ COMMITTED")
    def write(run_id: str, name: str) -> str:
        row = uuid7()
        source.sql_session().execute(BY_SQLALCHEMY, {"id": row, "run_id": UUID(run_id), "step": name})
        return str(row)

    return write


def main() -> int:
    kind, hand_over, url, executor = sys.argv[1:]
    config: DBOSConfig = {
        "name": "bench",
        "system_database_url": url,
        "executor_id": executor,
        "application_version": kind,
        "log_level": "WARNING",
        "max_executor_threads": THREADS,
    }
    DBOS(config=config)
    write = {"steps": make_steps, "transactions": make_transactions}[kind](url)

    @DBOS.workflow()
    def five_rows(run_id: str) -> None:
        for name in NAMES:
            write(run_id, name)

    DBOS.launch()
    if hand_over == "queued":
        DBOS.register_queue(QUEUE, polling_interval_sec=POLL_SECONDS)
        time.sleep(2)  # a manager thread takes up new queues once a second
    print("ready", flush=True)
    for line in sys.stdin:
        for run_id in line.split():
            with SetWorkflowID(run_id):
                if hand_over == "queued":
                    DBOS.enqueue_workflow(QUEUE, five_rows, run_id)
                else:
                    DBOS.start_workflow(five_rows, run_id)
    DBOS.destroy()
    return 0


if __name__ == "__main__":
    sys.exit(main())
