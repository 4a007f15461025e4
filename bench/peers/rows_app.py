"""The five rows without anything around them: what is left is the cost of the rows.

    python -m bench.peers.rows_app psycopg|django

Prints `ready`, then reads lines of run ids and writes five rows for each, in a transaction each; ends with its
standard input. Two such processes run side by side.
"""

import sys
from uuid import UUID

import django

django.setup()

from django.db import connection, transaction
from uuid_utils.compat import uuid7

from bench.peers.way import NAMES
from bench.probe.models import ProbeRow

INSERT = "INSERT INTO probe_proberow (id, created_at, updated_at, run_id, step) VALUES (%s, now(), now(), %s, %s)"


def by_psycopg(run_id: UUID) -> None:
    raw = connection.connection
    for name in NAMES:
        with raw.transaction():
            raw.execute(INSERT, [uuid7(), run_id, name])


def by_django(run_id: UUID) -> None:
    for name in NAMES:
        with transaction.atomic():
            ProbeRow.objects.create(run_id=run_id, step=name)


def main() -> int:
    write = {"psycopg": by_psycopg, "django": by_django}[sys.argv[1]]
    connection.ensure_connection()
    print("ready", flush=True)
    for line in sys.stdin:
        for run_id in line.split():
            write(UUID(run_id))
    return 0


if __name__ == "__main__":
    sys.exit(main())
