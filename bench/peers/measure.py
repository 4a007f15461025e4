"""Measure ways of doing the same work, one after the other, on the same servers."""

import time
from collections.abc import Callable, Sequence
from dataclasses import fields
from statistics import fmean

import psycopg

from bench.meters import count_statements, cpu_seconds, own_cpu_seconds, percentile
from bench.peers.way import Cpu, Measured, Sample, Way
from bench.stage import CannotRun, server_pids, statements_logged, wait_until, watching

WARM_UP = 20
COUNTED = 20
"""Runs whose statements are counted, in each turn."""

HEAD = f"{'way':<34}{'CPU ms per run: worker':>24}{'PostgreSQL':>12}{'Redis':>7}{'sum':>7}{'starter':>9}"
HEAD += f"{'runs/s':>8}{'p50 ms':>8}{'p95 ms':>8}{'SQL':>7}{'trans.':>8}"


def side_by_side(ways: Sequence[type[Way]], runs: int, idle: int) -> dict[str, Measured]:
    """Measure each way twice, there and back again, and print a table of them.

    So a machine that grows slower or quicker meanwhile does the same to all. A way that cannot run here says why.
    """
    samples: dict[str, list[Sample]] = {way.name: [] for way in ways}
    failures: dict[str, CannotRun] = {}
    for turn in (ways, ways[::-1]):
        for kind in turn:
            if kind.name not in failures:
                try:
                    samples[kind.name].append(take_turn(kind(), runs, idle))
                except CannotRun as reason:
                    failures[kind.name] = reason
    measured = {name: summary(name, found, runs) for name, found in samples.items() if name not in failures}
    print(HEAD)
    for name in samples:
        print(line(measured[name]) if name in measured else f"{name:<34} not measured: {failures[name]}")
    return measured


def take_turn(way: Way, runs: int, idle: int) -> Sample:
    """Bring a way up, load it, ask it for runs one at a time, and count what it says to PostgreSQL."""
    with way, watching() as watcher:
        finish(way, watcher, WARM_UP)
        cpu, seconds = load(way, watcher, runs)
        latencies = [_latency(way, watcher) for _ in range(idle)]
        with statements_logged(watcher) as lines:
            finish(way, watcher, COUNTED)
    counted = count_statements(lines)
    return Sample(cpu, seconds, latencies, counted.statements / COUNTED, counted.transactions / COUNTED)


def summary(name: str, samples: list[Sample], runs: int) -> Measured:
    """Return the means over a way's turns, and the percentiles of all its latencies."""
    latencies = [latency for sample in samples for latency in sample.latencies]
    return Measured(
        name=name,
        cpu=Cpu(**{part.name: fmean(getattr(sample.cpu, part.name) for sample in samples) for part in fields(Cpu)}),
        runs_per_second=runs / fmean(sample.seconds for sample in samples),
        p50=percentile(latencies, 0.5),
        p95=percentile(latencies, 0.95),
        statements=fmean(sample.statements for sample in samples),
        transactions=fmean(sample.transactions for sample in samples),
    )


def line(it: Measured) -> str:
    """Return a way's figures as a line of the table."""
    cpu = it.cpu
    return (
        f"{it.name:<34}{cpu.worker:>24.1f}{cpu.postgres:>12.1f}{cpu.redis:>7.1f}{cpu.run:>7.1f}{cpu.starter:>9.1f}"
        f"{it.runs_per_second:>8.0f}{it.p50:>8.1f}{it.p95:>8.1f}{it.statements:>7.1f}{it.transactions:>8.1f}"
    )


def load(way: Way, watcher: psycopg.Connection, runs: int) -> tuple[Cpu, float]:
    """Ask for runs all at once; return the CPU milliseconds per run, and the seconds until the last had ended."""
    postgres, redis = server_pids()
    groups = {"worker": way.workers, "postgres": [postgres], "redis": [redis]}
    before = {who: cpu_seconds(pids) for who, pids in groups.items()}
    before_starter = own_cpu_seconds(way.starters)
    began = time.perf_counter()
    until = _all_done(way, watcher, runs)
    way.start(runs)
    starter = own_cpu_seconds(way.starters) - before_starter
    wait_until(until, f"{runs} runs of {way.name}")
    wall = time.perf_counter() - began
    spent = {who: (cpu_seconds(pids) - before[who]) * 1000 / runs for who, pids in groups.items()}
    return Cpu(starter=starter * 1000 / runs, **spent), wall


def finish(way: Way, watcher: psycopg.Connection, runs: int) -> None:
    """Ask for runs and wait for the last to end."""
    until = _all_done(way, watcher, runs)
    way.start(runs)
    wait_until(until, f"{runs} runs of {way.name}")


def _all_done(way: Way, watcher: psycopg.Connection, runs: int) -> Callable[[], bool]:
    there = _count(way, watcher)
    return lambda: _count(way, watcher) >= there + runs


def _count(way: Way, watcher: psycopg.Connection) -> int:
    row = watcher.execute(way.done).fetchone()
    return row[0] if row else 0


def _latency(way: Way, watcher: psycopg.Connection) -> float:
    began = time.perf_counter()
    (run_id,) = way.start(1)
    wait_until(
        lambda: watcher.execute(way.done_one, [run_id]).fetchone() is not None, f"a run of {way.name}", every=0.001
    )
    took = time.perf_counter() - began
    time.sleep(0.02)  # let what follows the last row end
    return took * 1000
