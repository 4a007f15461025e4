"""What the main job costs: CPU and memory of each step, and the engine's share of the whole."""

import json
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from django.db import connection
from django.utils import timezone

from aicmo_site.celery import app
from apps.onboarding.api.ports import read_submission
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services.intake import submit_intake
from apps.orchestration.services.sweep import move
from apps.orchestration.workflows import get_workflow
from apps.shared.workflow import StepSpec
from bench.goals import Figure
from bench.meters import memory_megabytes
from bench.stage import wait_until, worker

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
WORKFLOW = "client_to_delivery"
PACKS = ("quick_social_basic", "strategy_campaign_standard")
INTAKES = ("dental_clinic", "b2b_saas")
RUNS = 10
RUNS_BY_WORKER = 6


def content_figures() -> Iterator[Figure]:
    """Measure the main job with each pack; the goals are those of the larger one."""
    for pack in PACKS:
        with watched(get_workflow(WORKFLOW).specs) as spent:
            run_once(pack, 0, f"warm-{pack}")
            spent.clear()
            totals = [run_once(pack, number, f"{pack}-{number}") for number in range(RUNS)]
        total, share = median(totals), 1 - sum(map(sum, spent.values())) / sum(totals)
        print(f"{pack}, median of {RUNS} runs in this process, PostgreSQL included: {total:.2f} s CPU")
        for name, seconds in spent.items():
            print(f"  {name:<30}{median(seconds) * 1000:>8.1f} ms CPU")
    yield Figure(f"{WORKFLOW}, {PACKS[-1]}", total, 1.0, "CPU s per run")
    yield Figure("engine's share of it", share * 100, 5, "%")
    yield Figure("peak memory of a worker's process and its renderers", peak_memory(PACKS[-1]), 250, "MB")


def cpu_of_everything() -> float:
    """Return the CPU time of this process, of the renderers it has ended, and of PostgreSQL's process that serves it.

    All three to the microsecond, and read in less than a tenth of a millisecond: the reading is measured along.
    """
    own, renderers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    connection.ensure_connection()
    server = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]
    return own.ru_utime + own.ru_stime + renderers.ru_utime + renderers.ru_stime + int(server) / 1e9


def run_once(pack: str, number: int, key: str) -> float:
    """Run the main job in this process and return its CPU seconds, PostgreSQL's included."""
    run = submit(pack, number, key)
    app.control.purge()
    began = cpu_of_everything()
    move(run.pk)
    if WorkflowRun.objects.get(pk=run.pk).state != "COMPLETED":
        raise RuntimeError(f"Run {run.pk} did not complete.")
    return cpu_of_everything() - began


def submit(pack: str, number: int, key: str) -> WorkflowRun:
    """Submit one of the sample intakes, in turns."""
    data = json.loads((SAMPLES / f"intake_{INTAKES[number % len(INTAKES)]}.json").read_text())
    return submit_intake(read_submission(data=data), workflow=WORKFLOW, pack=pack, key=key, at=timezone.now())


@contextmanager
def watched(specs: tuple[StepSpec, ...]) -> Iterator[dict[str, list[float]]]:
    """Time the prepare and the port of every step; what a run takes beyond them is the engine's."""
    spent: dict[str, list[float]] = defaultdict(list)
    originals = [(spec, part, getattr(spec, part)) for spec in specs for part in ("prepare", "port")]
    for spec, part, function in originals:
        if function is not None:
            object.__setattr__(spec, part, _timed(function, spent, f"{spec.name}.{part}"))
    try:
        yield spent
    finally:
        for spec, part, function in originals:
            object.__setattr__(spec, part, function)


def _timed(function: Callable[..., Any], spent: dict[str, list[float]], name: str) -> Callable[..., Any]:
    def wrapped(*arguments: Any, **options: Any) -> Any:
        began = cpu_of_everything()
        try:
            return function(*arguments, **options)
        finally:
            spent[name].append(cpu_of_everything() - began)

    return wrapped


def peak_memory(pack: str) -> float:
    """Run the main job by a real worker; return the most memory that a pool process and its renderers ever held."""
    peaks = [0.0]
    with worker(concurrency=1) as process:
        for number in range(RUNS_BY_WORKER):
            submit(pack, number, f"memory-{pack}-{number}-{time.monotonic_ns()}")

        def all_ended() -> bool:
            peaks.extend(map(_memory_of, psutil.Process(process.pid).children()))
            return not WorkflowRun.objects.unfinished().exists()

        wait_until(all_ended, f"{RUNS_BY_WORKER} runs of {WORKFLOW}", every=0.02)
    return max(peaks)


def _memory_of(process: psutil.Process) -> float:
    try:
        return memory_megabytes(process.pid)
    except psutil.NoSuchProcess:
        return 0.0
