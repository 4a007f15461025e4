"""Behind PgBouncer in transaction mode, where each transaction may meet another server connection."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from apps.orchestration.models import WorkflowRun
from apps.orchestration.tests.conftest import kill_group, wait_for_end, worker_environment
from bench.probe.models import ProbeRow
from bench.probe.people import ProbeApproved, decide

BINARY = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
SERVER_CONNECTIONS = 2

pytestmark = [
    pytest.mark.worker,
    pytest.mark.skipif(BINARY is None, reason="There is no pgbouncer on PATH (Debian: apt install pgbouncer)"),
]

Run = Callable[..., WorkflowRun]

CONFIGURATION = """
[databases]
* = host={server} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
admin_users = {user}
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 200
user = {owner}
"""


@pytest.fixture
def bouncer(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """The URL of the test database through PgBouncer with two server connections."""
    database = connection.settings_dict
    port = _free_port()
    # It refuses to serve as root, and must reach the server's socket.
    owner = Path(database["HOST"]).owner() if os.getuid() == 0 else ""
    configuration = tmp_path / "pgbouncer.ini"
    configuration.write_text(
        CONFIGURATION.format(
            server=database["HOST"], user=database["USER"], port=port, size=SERVER_CONNECTIONS, owner=owner
        )
    )
    with (tmp_path / "pgbouncer.log").open("w") as log:
        process = subprocess.Popen([str(BINARY), str(configuration)], stderr=log, start_new_session=True)
    url = f"postgresql://{database['USER']}@127.0.0.1:{port}/{database['NAME']}"
    try:
        _wait_for(url)
        yield url
    finally:
        kill_group(process)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def _wait_for(url: str) -> None:
    for _ in range(50):
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("pgbouncer does not answer")


@pytest.fixture
def environment(bouncer: str) -> dict[str, str]:
    """The environment of processes that reach the database through PgBouncer alone."""
    return worker_environment() | {"DATABASE_URL": bouncer, "AICMO_PGBOUNCER": "1"}


@pytest.fixture
def workers(environment: dict[str, str]) -> Iterator[None]:
    """Two workers with more processes than there are server connections."""
    command = [sys.executable, "-m", "celery", "-A", "aicmo_site", "worker", "-c", "3", "-l", "WARNING"]
    started = [
        subprocess.Popen([*command, "-n", f"{name}@%h"], env=environment, start_new_session=True)
        for name in ("left", "right")
    ]
    yield
    for process in started:
        kill_group(process)


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "the runs do not move"
        time.sleep(0.1)


def _approve(run: WorkflowRun) -> None:
    """Answer a run that waits, once it does."""
    _wait_until(lambda: WorkflowRun.objects.filter(pk=run.pk, state="WAITING").exists())
    decide(ProbeApproved, ProbeRow.objects.of_run(run.pk).get(step="one").pk, words="well done")


def test_refuses_limits_on_connecting_so_that_they_must_come_from_the_role(bouncer: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="unsupported startup parameter"):
        psycopg.connect(bouncer, options="-c jit=off")


def test_runs_end_as_they_do_without_it(
    start_probe: Run, workers: None, environment: dict[str, str], bouncer: str
) -> None:
    done = [start_probe("probe_prepared") for _ in range(12)]
    refused = [start_probe("probe_prepared", refuse_at="five") for _ in range(4)]
    approved = [start_probe("probe_wait") for _ in range(4)]
    unanswered = [start_probe("probe_expire") for _ in range(2)]
    for run in approved:
        _approve(run)
    _wait_until(lambda: not WorkflowRun.objects.exclude(state__in=("COMPLETED", "COMPENSATED")).exists())
    wait_for_end(*done, *refused, *approved, *unanswered)
    assert {run.state for run in (*done, *approved)} == {"COMPLETED"}
    assert {run.state for run in (*refused, *unanswered)} == {"COMPENSATED"}
    assert ProbeRow.objects.filter(run_id__in=[run.pk for run in done]).count() == 5 * len(done)
    audit = subprocess.run(
        [sys.executable, "manage.py", "audit_runs"], env=environment, capture_output=True, text=True, check=False
    )
    assert audit.returncode == 0, audit.stdout + audit.stderr
    with psycopg.connect(bouncer.rsplit("/", 1)[0] + "/pgbouncer", autocommit=True) as console:
        servers = console.execute("SHOW SERVERS").fetchall()
    assert 0 < len(servers) <= SERVER_CONNECTIONS
