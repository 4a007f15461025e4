"""Measure ways of doing the same work, one after the other, on the same servers."""

import sys
import time
from collections.abc import Callable, Iterable

import psycopg

from bench.meters import count_statements, cpu_seconds, percentile
from bench.peers.way import Cpu, Measured, Way
from bench.stage import CannotRun, server_pids, statements_logged, wait_until, watching

WARM_UP = 20
COUNTED = 40
"""Runs whose statements are counted."""

HEAD = f"{'way':<34}{'CPU ms per run: worker':>24}{'PostgreSQL':>12}{'Redis':>7}{'sum':>7}{'starter':>9}"
HEAD += f"{'runs/s':>8}{'p50 ms':>8}{'p95 ms':>8}{'SQL':>7}{'trans.':>8}"


def side_by_side(ways: Iterable[Way], runs: int, idle: int) -> dict[str, Measured]:
    """Measure each way and print a line of it at once; a way that cannot run here says so instead."""
    measured = {}
    print(HEAD)
    for way in ways:
        try:
            with way, watching() as watcher:
                measured[way.name] = _measure(way, watcher, runs, idle)
        except CannotRun as reason:
            print(f"{way.name:<34} not measured: {reason}")
            continue
        print(line(measured[way.name]))
        sys.stdout.flush()
    return measured


def line(it: Measured) -> str:
    """Return a way's figures as a line of the table."""
    cpu = it.cpu
    return (
        f"{it.name:<34}{cpu.worker:>24.1f}{cpu.postgres:>12.1f}{cpu.redis:>7.1f}{cpu.run:>7.1f}{cpu.starter:>9.1f}"
        f"{it.runs_per_second:>8.0f}{it.p50:>8.1f}{it.p95:>8.1f}{it.statements:>7.1f}{it.transactions:>8.1f}"
    )


def _measure(way: Way, watcher: psycopg.Connection, runs: int, idle: int) -> Measured:
    finish(way, watcher, WARM_UP)
    cpu, wall = load(way, watcher, runs)
    latencies = [_latency(way, watcher) for _ in range(idle)]
    with statements_logged(watcher) as lines:
        finish(way, watcher, COUNTED)
    counted = count_statements(lines)
    return Measured(
        name=way.name,
        cpu=cpu,
        runs_per_second=runs / wall,
        p50=percentile(latencies, 0.5),
        p95=percentile(latencies, 0.95),
        statements=counted.statements / COUNTED,
        transactions=counted.transactions / COUNTED,
    )


def load(way: Way, watcher: psycopg.Connection, runs: int) -> tuple[Cpu, float]:
    """Ask for runs all at once; return the CPU milliseconds per run, and the seconds until the last had ended."""
    postgres, redis = server_pids()
    groups = {"worker": way.workers, "postgres": [postgres], "redis": [redis]}
    before = {who: cpu_seconds(pids) for who, pids in groups.items()}
    before_starter = cpu_seconds(way.starters)
    began = time.perf_counter()
    until = _all_done(way, watcher, runs)
    way.start(runs)
    starter = cpu_seconds(way.starters) - before_starter
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
