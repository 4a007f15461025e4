"""Fill the engine's tables with finished runs: copies of one real run, by INSERT … SELECT."""

import psycopg
from django.db import connection
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.identity.tests.factories import ClientFactory
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services import advance
from apps.orchestration.services.start import start_run
from apps.orchestration.workflows import get_workflow
from bench.probe.steps import Seed

TABLES = {
    "orchestration_workflowrun": "id",
    "orchestration_steprun": "run_id",
    "orchestration_outboxevent": "run_id",
    "observability_auditentry": "run_id",
}
"""The tables that grow with every run, and the column that names it."""

CLIENTS = 50
BATCH = 100_000
SECONDS_BETWEEN_RUNS = 10

UUID7 = """(lpad(to_hex(({now_ms} - {age_ms})::bigint), 12, '0') || '7' || substr(md5({salt}), 1, 3)
            || '8' || substr(md5({salt}), 4, 15))::uuid"""
"""A UUIDv7 of that age whose random bits are a digest: the same wherever it is made from the same salt."""


def fill(number: int, later: int = 0) -> None:
    """Add finished runs, each older than the one after it, with the steps, events and audit entries of a real one.

    They are as old as they would be had as many as `later` come after them: fill in order of time, as time does, or the
    indexes grow larger than they would.
    """
    template = _finish_one()
    clients = [client.pk for client in ClientFactory.create_batch(CLIENTS)]
    first = WorkflowRun.objects.count()
    now_ms = int(timezone.now().timestamp() * 1000)
    for begin in range(0, number, BATCH):
        values = {
            "template": template.pk,
            "clients": clients,
            "first": first,
            "begin": begin,
            "end": min(begin + BATCH, number) - 1,
            "number": number + later,
            "now_ms": now_ms,
        }
        with _raw().transaction():
            _raw().execute("SET LOCAL session_replication_role = replica")  # the rows are consistent as they are made
            _raw().execute("SET LOCAL synchronous_commit = off")
            for table, run_column in TABLES.items():
                _raw().execute(_copy(table, run_column), values)
    for table in TABLES:
        _raw().execute(f"VACUUM (ANALYZE) {table}")
    _raw().execute("CHECKPOINT")


def sizes() -> dict[str, tuple[int, int, int]]:
    """Return rows, bytes of the table and bytes of its indexes, for each table that grows."""
    found = {}
    for table in TABLES:
        rows, heap, indexes = (
            _raw()
            .execute(
                f"SELECT (SELECT count(*) FROM {table}), pg_table_size('{table}'), pg_indexes_size('{table}')",
            )
            .fetchone()
        )
        found[table] = (rows, heap, indexes)
    return found


def _raw() -> psycopg.Connection:
    connection.ensure_connection()
    return connection.connection


def _finish_one() -> WorkflowRun:
    run = start_run(get_workflow("probe_five"), (Seed(),), key=f"template-{uuid7()}", at=timezone.now())
    result = advance.run_link(run.pk, 0)
    if result is not advance.Result.DONE:
        raise RuntimeError(f"The run that is to be copied did not end: {result.value}.")
    return run


def _copy(table: str, run_column: str) -> str:
    """Return the statement that copies a template's rows of one table, once for each number."""
    columns = {
        name: kind
        for name, kind, made_by_database in _raw()
        .execute(
            "SELECT column_name, data_type, is_identity = 'YES' OR column_default LIKE 'nextval%%'"
            " FROM information_schema.columns WHERE table_name = %s",
            [table],
        )
        .fetchall()
        if not made_by_database
    }
    values = [_value(name, kind, table, run_column) for name, kind in columns.items()]
    return f"""
        INSERT INTO {table} ({", ".join(columns)})
        SELECT {", ".join(values)}
        FROM generate_series(%(begin)s::bigint, %(end)s::bigint) AS n
        CROSS JOIN LATERAL (SELECT (%(number)s - n) * {SECONDS_BETWEEN_RUNS * 1000} AS age_ms) AS made
        CROSS JOIN (SELECT * FROM {table} WHERE {run_column} = %(template)s) AS t
        ORDER BY n"""


def _value(name: str, kind: str, table: str, run_column: str) -> str:
    """Return what a column of a copied row holds: its own id and time, and all else as in the template."""
    of_run = UUID7.format(now_ms="%(now_ms)s", age_ms="age_ms", salt="'run' || (%(first)s + n)")
    if name in (run_column, "aggregate_id", "object_id"):
        return of_run
    if name in ("id", "event_id"):
        return UUID7.format(now_ms="%(now_ms)s", age_ms="age_ms", salt=f"'{table}' || t.id || (%(first)s + n)")
    if name == "idempotency_key":
        return "'grown-' || (%(first)s + n)"
    if name == "client_id":
        return f"(%(clients)s::uuid[])[1 + n %% {CLIENTS}]"
    if kind == "timestamp with time zone":
        return f"t.{name} - age_ms * interval '1 millisecond'"
    return f"t.{name}"
