"""What a bench needs around it: a throw-away database, real workers, and eyes that do not disturb what they watch.

Import it first: it sets Django up.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "aicmo_site.settings_test"
os.environ.setdefault("AICMO_MEDIA_ROOT", tempfile.mkdtemp(prefix="aicmo-media-"))

import django

django.setup()

import psycopg
from django.conf import settings
from django.db import connection
from django.test.utils import get_runner

from aicmo_site.celery import app
from apps.orchestration.tests.conftest import kill_group, worker_environment

QUICKENED = ("AICMO_LEASE_SECONDS", "AICMO_DISPATCH_GRACE_SECONDS", "AICMO_SWEEP_SECONDS")
"""What tests make short so that they need not wait."""

LONGEST_WAIT = 180.0


class CannotRun(Exception):
    """Something that was to be measured does not run here; the message says why."""


@contextmanager
def bench_database() -> Iterator[None]:
    """A throw-away database with all tables."""
    runner = get_runner(None, "django.test.runner.DiscoverRunner")(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        yield
    finally:
        connection.close()
        runner.teardown_databases(databases)


@contextmanager
def worker(concurrency: int = 2, **environment: str) -> Iterator[subprocess.Popen]:
    """A real prefork worker on the bench's database, set as deployed but for the variables given."""
    app.control.purge()
    command = [sys.executable, "-m", "celery", "-A", "aicmo_site", "worker", "-c", str(concurrency), "-l", "ERROR"]
    command += ["--without-gossip", "--without-mingle", "-n", f"bench{time.monotonic_ns()}@%h"]
    as_deployed = {name: value for name, value in worker_environment().items() if name not in QUICKENED}
    with log_of("worker").open("a") as log:
        process = subprocess.Popen(
            command, env=as_deployed | environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        kill_group(process)


def log_of(name: str) -> Path:
    """Return where the words of a process of the bench go."""
    folder = settings.DATA_DIR / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.log"


def server_pids() -> tuple[int, int]:
    """Return the process ids of the embedded PostgreSQL and Redis. Raises CannotRun where they are not embedded."""
    files = (settings.DATA_DIR / "postgres" / "postmaster.pid", settings.DATA_DIR / "redis" / "redis.pid")
    try:
        postgres, redis = (int(file.read_text().split()[0]) for file in files)
    except FileNotFoundError as error:
        why = f"The bench reads CPU times of servers it started itself, and {error.filename} is not there."
        raise CannotRun(why) from error
    return postgres, redis


def database_url() -> str:
    """Return the bench database's URL in the form that libpq and SQLAlchemy both read."""
    known = connection.settings_dict
    return f"postgresql://{known['USER']}@/{known['NAME']}?host={known['HOST']}"


@contextmanager
def watching() -> Iterator[psycopg.Connection]:
    """A connection for looking on, which leaves no trace in PostgreSQL's log."""
    with psycopg.connect(database_url(), autocommit=True) as watcher:
        watcher.execute("SET log_statement = 'none'")
        yield watcher


@contextmanager
def statements_logged(watcher: psycopg.Connection) -> Iterator[list[str]]:
    """Have PostgreSQL log every statement of every session; the lines are in the list once the block has ended."""
    log = settings.DATA_DIR / "postgres" / "log"
    lines: list[str] = []
    _set_logging(watcher, "SET log_statement = 'all'")
    begin = log.stat().st_size
    try:
        yield lines
    finally:
        time.sleep(0.1)  # the log is written by another process
        end = log.stat().st_size
        _set_logging(watcher, "RESET log_statement")
    with log.open("rb") as file:
        file.seek(begin)
        lines += file.read(end - begin).decode(errors="replace").splitlines()


def _set_logging(watcher: psycopg.Connection, how: str) -> None:
    watcher.execute(f"ALTER SYSTEM {how}")
    watcher.execute("SELECT pg_reload_conf()")
    time.sleep(0.3)  # sessions hear of it by a signal


def wait_until(condition: Callable[[], bool], what: str, every: float = 0.05, seconds: float = LONGEST_WAIT) -> None:
    """Return once a condition holds. Raises CannotRun when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise CannotRun(f"Waited {seconds:.0f} s for {what}.")
        time.sleep(every)
