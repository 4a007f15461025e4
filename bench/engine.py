"""The engine by itself: a step in this process, a run taken back, more workers, and a worker killed in a step."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from uuid_utils.compat import uuid7

from aicmo_site.celery import app
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services import advance
from apps.orchestration.services.start import start_run
from apps.orchestration.tests.conftest import kill_group
from apps.orchestration.workflows import get_workflow
from bench.goals import Figure
from bench.meters import percentile
from bench.peers.celery_ways import Engine, EngineCompensated
from bench.peers.measure import finish, load
from bench.probe.steps import Seed
from bench.stage import wait_until, watching, worker

OWN_WRITES = ("probe_proberow", "outboxevent", "auditentry")
"""What a step writes itself: its rows, and what its events leave."""

MANY_WORKERS = 8
KILLS = 5
QUEUES = ("system", "thinking", "writing", "outreach")


def engine_figures(runs: int) -> Iterator[Figure]:
    """Measure what concerns the engine alone."""
    milliseconds = step_times(50)
    p50, p95 = percentile(milliseconds, 0.5), percentile(milliseconds, 0.95)
    print(f"a step in this process: p50 {p50:.2f} ms, p95 {p95:.2f} ms")
    statements, commits = statements_per_step()
    yield Figure("SQL per step beside the step's own writes", statements, 4, "statements")
    yield Figure("SQL per step", commits, 1, "commits")
    completed, compensated = taken_back(runs)
    yield Figure("a compensated run ÷ a completed one", compensated / completed, 2, "CPU")
    one, many = throughput(1, runs), throughput(MANY_WORKERS, runs)
    print(f"runs a second: {one:.0f} with one worker, {many:.0f} with {MANY_WORKERS}")
    cores = len(os.sched_getaffinity(0))
    yield Figure(f"{MANY_WORKERS} workers ÷ 1 on {cores} cores", many / one, 0.8 * cores, "runs/s", at_least=True)
    pauses = [seconds_after_a_kill() for _ in range(KILLS)]
    print(f"next attempt after SIGKILL in a step: {', '.join(f'{pause:.1f}' for pause in pauses)} s")
    yield Figure(f"next attempt after SIGKILL in a step, worst of {KILLS}", max(pauses), 5, "s")


def accept(count: int) -> list[WorkflowRun]:
    """Accept runs of the five trivial steps."""
    workflow = get_workflow("probe_five")
    return [start_run(workflow, (Seed(),), key=str(uuid7()), at=timezone.now()) for _ in range(count)]


def step_times(runs: int) -> list[float]:
    """Take runs in this process, without a worker; return the milliseconds of a step, averaged over each run."""
    milliseconds = []
    for run in accept(runs):
        began = time.perf_counter()
        advance.run_link(run.pk, 0)
        milliseconds.append((time.perf_counter() - began) * 1000 / 5)
    app.control.purge()
    return milliseconds


def statements_per_step() -> tuple[float, float]:
    """Return how many statements and how many commits a step costs, beside its own writes."""
    (run,) = accept(1)
    with CaptureQueriesContext(connection) as captured:
        advance.run_link(run.pk, 0)
    app.control.purge()
    said = [query["sql"] for query in captured]
    commits = said.count("COMMIT")
    engines = [sql for sql in said if sql not in ("BEGIN", "COMMIT") and not any(own in sql for own in OWN_WRITES)]
    return len(engines) / 5, commits / 5


def taken_back(runs: int) -> tuple[float, float]:
    """Return the CPU milliseconds of a completed run and of one that is taken back, measured in turns."""
    spent: dict[type[Engine], list[float]] = {Engine: [], EngineCompensated: []}
    for _ in range(2):
        for kind, found in spent.items():
            with kind() as way, watching() as watcher:
                finish(way, watcher, 20)
                found.append(load(way, watcher, runs // 2)[0].run)
    completed, compensated = (sum(found) / len(found) for found in spent.values())
    print(f"CPU ms per run: completed {completed:.1f}, taken back {compensated:.1f}")
    return completed, compensated


def throughput(workers: int, runs: int) -> float:
    """Return the runs a second that so many workers of one process each finish, once all of them are awake.

    The runs are accepted while nobody listens, so that accepting them takes no part.
    """
    way = Engine()
    with ExitStack() as stack, watching() as watcher:
        for _ in range(workers):
            stack.enter_context(worker(concurrency=1, AICMO_DISPATCH_GRACE_SECONDS="60"))
        wait_until(lambda: len(app.control.ping(timeout=0.5)) == workers, f"{workers} workers", seconds=60)
        finish(way, watcher, 10 * workers)
        _listen("cancel_consumer", workers)
        way.start(runs)
        began = time.perf_counter()
        _listen("add_consumer", workers)
        unfinished = WorkflowRun.objects.unfinished()
        wait_until(lambda: not unfinished.exists(), f"{runs} runs by {workers} workers")
        return runs / (time.perf_counter() - began)


def _listen(how: str, workers: int) -> None:
    """Tell all workers to begin or to cease taking messages, and wait for as many answers as there are workers."""
    for queue in QUEUES:
        app.control.broadcast(how, arguments={"queue": queue}, reply=how == "cancel_consumer", limit=workers, timeout=5)


def seconds_after_a_kill() -> float:
    """Kill a worker while it takes the third of five steps; return the seconds until the step is tried again."""
    with TemporaryDirectory(prefix="aicmo-faults-") as folder, ExitStack() as stack:
        faults = Path(folder)
        workers = [stack.enter_context(worker(AICMO_FAULTS_DIR=folder)) for _ in range(2)]
        wait_until(lambda: len(app.control.ping(timeout=0.5)) == len(workers), "two workers", seconds=60)
        (faults / "three.written@any").write_text("sleep:60")
        accept(1)
        process = int(_fired(faults, "three.written").name.split("-")[-2])
        (faults / "three.claimed@any").write_text("sleep:0")
        kill_group(next(one for one in workers if process in _pids_of(one.pid)))
        killed = time.monotonic()
        _fired(faults, "three.claimed")
        return time.monotonic() - killed


def _fired(faults: Path, point: str) -> Path:
    """Wait for a planned fault to be taken, and return the file whose name tells by which process."""
    found: list[Path] = []

    def is_there() -> bool:
        found.extend(faults.glob(f"fired-{point}@any-*"))
        return bool(found)

    wait_until(is_there, f"the fault {point}", every=0.005, seconds=60)
    return found[0]


def _pids_of(root: int) -> set[int]:
    return {root, *(child.pid for child in psutil.Process(root).children(recursive=True))}
