"""What the engine costs, beside a bare Celery chain and plain psycopg doing the same writes, in one run.

    python -m bench.engine [RUNS]

Wall time on a shared machine is noisy; the steady figure is CPU milliseconds, summed over the worker, PostgreSQL and
Redis from /proc.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

os.environ["DJANGO_SETTINGS_MODULE"] = "aicmo_site.settings_test"
os.environ.setdefault("AICMO_MEDIA_ROOT", tempfile.mkdtemp(prefix="aicmo-media-"))

import django

django.setup()

import psutil
from celery import chain
from django.db import connection
from django.test.utils import CaptureQueriesContext, get_runner
from django.utils import timezone
from uuid_utils.compat import uuid7

from aicmo_site.celery import app
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services import advance
from apps.orchestration.services.start import start_run
from apps.orchestration.tests.conftest import kill_group, worker_environment
from apps.orchestration.workflows import get_workflow
from bench.probe.models import ProbeRow
from bench.probe.steps import Seed
from bench.probe.tasks import bare_step

QUICKENED = ("AICMO_LEASE_SECONDS", "AICMO_DISPATCH_GRACE_SECONDS", "AICMO_SWEEP_SECONDS")
"""What tests make short so that they need not wait."""

NAMES = ("one", "two", "three", "four", "five")


@dataclass
class Measured:
    """One way of doing the same work. Times in milliseconds."""

    name: str
    runs_per_second: float
    cpu_per_run: float


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
def worker() -> Iterator[subprocess.Popen]:
    """A real prefork worker of two, warm."""
    app.control.purge()
    command = [sys.executable, "-m", "celery", "-A", "aicmo_site", "worker", "-c", "2", "-l", "ERROR"]
    command += ["--without-gossip", "--without-mingle"]
    as_deployed = {name: value for name, value in worker_environment().items() if name not in QUICKENED}
    process = subprocess.Popen(command, env=as_deployed, start_new_session=True)
    try:
        ProbeRow.objects.all().delete()
        send_bare([str(uuid7()) for _ in range(20)])
        wait_for_rows(100)
        ProbeRow.objects.all().delete()
        yield process
    finally:
        kill_group(process)


def cpu_seconds(worker_pid: int) -> float:
    """Sum the CPU time of the worker's processes and of the servers it uses."""
    groups = [psutil.Process(worker_pid)]
    groups += [p for p in psutil.process_iter(["name"]) if p.info["name"] in ("postgres", "redis-server")]
    groups = [p for p in groups if p.pid == worker_pid or _is_ours(p)]
    members = {p.pid: p for group in groups for p in (group, *group.children(recursive=True))}
    times = [p.cpu_times() for p in members.values() if p.is_running()]
    ended = sum(p.cpu_times().children_user + p.cpu_times().children_system for p in groups)
    return sum(t.user + t.system for t in times) + ended


def _is_ours(process: psutil.Process) -> bool:
    """Tell this checkout's own servers from others on the machine, and a postmaster from its children."""
    host = connection.settings_dict["HOST"]
    line = " ".join(process.cmdline())
    return host in line or ("redis" in line and str(Path(host).parent) in line)


def measured(name: str, pid: int, runs: int, work: Callable[[], None]) -> Measured:
    """Do the work once and measure it."""
    cpu, wall = cpu_seconds(pid), time.perf_counter()
    work()
    wall = time.perf_counter() - wall
    return Measured(name, runs / wall, (cpu_seconds(pid) - cpu) * 1000 / runs)


def wait_for_rows(count: int) -> None:
    deadline = time.monotonic() + 120
    while ProbeRow.objects.count() < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{ProbeRow.objects.count()} of {count} rows after two minutes")
        time.sleep(0.05)


def send_bare(run_ids: list[str]) -> None:
    for run_id in run_ids:
        chain(*[bare_step.si(run_id, name).set(queue="system") for name in NAMES]).apply_async()


def start_runs(workflow: str, count: int) -> None:
    declared = get_workflow(workflow)
    for _ in range(count):
        start_run(declared, (Seed(),), key=str(uuid7()), at=timezone.now())


def by_psycopg(runs: int) -> float:
    """Write the same five rows in five transactions a run, by plain psycopg; return runs a second."""
    sql = "INSERT INTO probe_proberow (id, created_at, updated_at, run_id, step) VALUES (%s, now(), now(), %s, %s)"
    raw = connection.connection
    began = time.perf_counter()
    for _ in range(runs):
        run_id = uuid7()
        for name in NAMES:
            with raw.transaction():
                raw.execute(sql, [uuid7(), run_id, name])
    return runs / (time.perf_counter() - began)


def step_times(runs: int) -> tuple[list[float], float]:
    """Take runs in this process; return milliseconds per step, and statements per step beside the step's own."""
    milliseconds = []
    start_runs("probe_five", runs)
    waiting = list(WorkflowRun.objects.filter(state="PENDING").values_list("pk", flat=True))
    for pk in waiting[:-1]:
        began = time.perf_counter()
        advance.run_link(pk, 0)
        milliseconds.append((time.perf_counter() - began) * 1000 / 5)
    with CaptureQueriesContext(connection) as captured:
        advance.run_link(waiting[-1], 0)
    words = ("probe_proberow", "outboxevent", "auditentry")
    engines = [
        query
        for query in captured
        if query["sql"] not in ("BEGIN", "COMMIT") and not any(w in query["sql"] for w in words)
    ]
    return milliseconds, len(engines) / 5


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with bench_database():
        steps, statements = step_times(runs)
        psycopg = by_psycopg(runs)
        WorkflowRun.objects.all().delete()
        app.control.purge()
        with worker() as process:
            ways = []
            for name, work in _ways(runs):
                before = ProbeRow.objects.count()

                def whole(work: Callable[[], None] = work, before: int = before) -> None:
                    work()
                    wait_for_rows(before + 5 * runs)

                ways.append(measured(name, process.pid, runs, whole))
    return _report(runs, steps, statements, psycopg, ways)


def _ways(runs: int) -> list[tuple[str, Callable[[], None]]]:
    return [
        ("bare Celery chain", lambda: send_bare([str(uuid7()) for _ in range(runs)])),
        ("engine, five steps of rows", lambda: start_runs("probe_five", runs)),
        ("engine, two of five prepared", lambda: start_runs("probe_prepared", runs)),
    ]


def _report(runs: int, steps: list[float], statements: float, psycopg: float, ways: list[Measured]) -> int:
    bare, engine = ways[0], ways[1]
    print(f"{runs} runs of five steps, worker concurrency 2\n")
    print(f"{'way':<32}{'CPU ms/run':>12}{'runs/s':>10}{'CPU : bare':>12}")
    for way in ways:
        ratio = way.cpu_per_run / bare.cpu_per_run
        print(f"{way.name:<32}{way.cpu_per_run:>12.1f}{way.runs_per_second:>10.0f}{ratio:>12.2f}")
    print(f"{'plain psycopg, in process':<32}{'':>12}{psycopg:>10.0f}\n")
    p95 = quantiles(steps, n=20)[-1]
    print(f"engine time per step, in process: p50 {median(steps):.2f} ms, p95 {p95:.2f} ms")
    goals = [
        ("statements per step beside its own", statements, 4),
        ("CPU ms per run", engine.cpu_per_run, 14),
        ("CPU against the bare chain", engine.cpu_per_run / bare.cpu_per_run, 1),
    ]
    for name, value, goal in goals:
        print(f"{name:<38}{value:>8.2f}  goal ≤ {goal:<5} {'reached' if value <= goal else 'MISSED'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
