"""What a run costs when many have gone before it: two databases side by side, one empty and one that fills up."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from statistics import median

import psycopg
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.identity.tests.factories import UserFactory
from apps.orchestration.services.sweep import sweep
from bench.content import run_once
from bench.engine import step_times
from bench.fill import TABLES, fill, sizes
from bench.goals import Figure
from bench.peers.celery_ways import Engine
from bench.peers.measure import finish, load
from bench.stage import watching

RUNS = 200
ROUNDS = 3
"""Turns at the last level; at those before it one is enough to see where things go."""
LISTS = ("orchestration_workflowrun", "orchestration_steprun", "orchestration_outboxevent", "observability_auditentry")
PACK = "quick_social_basic"


@dataclass(frozen=True)
class Cost:
    """What things cost in one database. CPU in milliseconds per run, times in milliseconds."""

    run_cpu: float
    step: float
    sweep: float
    main_job_cpu: float
    list_runs: float
    worst_list: float
    list_queries: float


def growth_figures(rows: int) -> Iterator[Figure]:
    """Measure with few and with many finished runs in the tables; the goals are those of the most."""
    grown = str(connection.settings_dict["NAME"])
    empty = f"{grown}_empty"
    _copy_database(grown, empty)
    filled = 0
    for level in sorted({min(rows, 100_000), rows}):
        began = time.monotonic()
        fill(level - filled, later=rows - level)
        filled = level
        print(f"\n{level} finished runs in the tables, filled in {time.monotonic() - began:.0f} s")
        _print_sizes(level)
        before, now = _in_turns(empty, grown, ROUNDS if level == rows else 1)
        _print_costs(before, now, level)
    _print_indexes()
    name = f"{filled} finished runs in the tables"
    yield Figure(f"{name} ÷ none", now.run_cpu / before.run_cpu, 1.15, "CPU per run")
    yield Figure(f"client_to_delivery, {filled} runs ÷ none", now.main_job_cpu / before.main_job_cpu, 1.15, "CPU")
    yield Figure(f"admin lists, {name}, worst of {len(LISTS)}", now.worst_list, 150, "ms")
    yield Figure(f"admin lists, {name}, worst", now.list_queries, 12, "queries")


def _in_turns(empty: str, grown: str, rounds: int) -> tuple[Cost, Cost]:
    """Measure both databases in turns, so that a change of the machine's mood meets both; return the medians."""
    found: dict[str, list[Cost]] = {empty: [], grown: []}
    for _ in range(rounds):
        for name, costs in found.items():
            with database(name):
                costs.append(cost())
    return _median(found[empty]), _median(found[grown])


def _median(costs: list[Cost]) -> Cost:
    return Cost(**{field.name: median(getattr(cost, field.name) for cost in costs) for field in fields(Cost)})


def cost() -> Cost:
    """Measure the present database."""
    with Engine() as way, watching() as watcher:
        finish(way, watcher, 20)
        run_cpu = load(way, watcher, RUNS)[0].run
    step = median(step_times(40))
    sweeps = [timed(sweep) for _ in range(20)]
    run_once(PACK, 0, f"warm-{time.monotonic_ns()}")
    main_job = median(run_once(PACK, number, f"grown-{number}-{time.monotonic_ns()}") for number in range(3))
    milliseconds, queries = zip(*map(admin_list, LISTS), strict=True)
    return Cost(
        run_cpu=run_cpu,
        step=step,
        sweep=median(sweeps),
        main_job_cpu=main_job * 1000,
        list_runs=milliseconds[0],
        worst_list=max(milliseconds),
        list_queries=max(queries),
    )


def admin_list(name: str) -> tuple[float, int]:
    """Return the milliseconds an admin list takes on the server, and its number of queries."""
    return desk_page(reverse(f"admin:{name}_changelist"))


def desk_page(url: str) -> tuple[float, int]:
    """Return the milliseconds a page of the desk takes on the server, and its number of queries."""
    boss = get_user_model().objects.filter(is_superuser=True).first() or UserFactory(is_staff=True, is_superuser=True)
    client = Client(SERVER_NAME="localhost")
    client.force_login(boss)

    def get() -> None:
        response = client.get(url)
        if response.status_code != 200:
            raise RuntimeError(f"{url} answered {response.status_code}.")

    get()  # templates are compiled once
    with CaptureQueriesContext(connection) as captured:
        get()
    queries = len(captured)  # the next request forgets them
    return median(timed(get) for _ in range(5)), queries


def timed(function: Callable[[], object]) -> float:
    """Return the milliseconds a call takes."""
    began = time.perf_counter()
    function()
    return (time.perf_counter() - began) * 1000


@contextmanager
def database(name: str) -> Iterator[None]:
    """Point this process, and the workers it starts, at another database of the same server."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _copy_database(source: str, target: str) -> None:
    known = connection.settings_dict
    connection.close()
    with psycopg.connect(host=known["HOST"], user=known["USER"], dbname="postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def _print_sizes(level: int) -> None:
    total = 0
    for table, (rows, heap, indexes) in sizes().items():
        total += heap + indexes
        print(f"  {table:<30}{rows:>10} rows{heap / 2**20:>9.0f} MB{indexes / 2**20:>9.0f} MB of indexes")
    print(f"  together {total / 2**20:.0f} MB, {total / 2**20 / level * 100_000:.0f} MB per 100 000 runs")


def _print_costs(before: Cost, now: Cost, level: int) -> None:
    print(f"  {'in turns':<30}{'empty':>10}{level:>10}{'ratio':>8}")
    for field in fields(Cost):
        few, many = getattr(before, field.name), getattr(now, field.name)
        print(f"  {field.name:<30}{few:>10.2f}{many:>10.2f}{many / few:>8.2f}")


def _print_indexes() -> None:
    """Print which indexes were asked, and how large they have become."""
    print(f"\n  {'index':<58}{'MB':>6}{'scans':>10}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelname, pg_relation_size(indexrelid) / 1048576.0, idx_scan FROM pg_stat_user_indexes"
            " WHERE relname = ANY(%s) ORDER BY 2 DESC",
            [list(TABLES)],
        )
        for name, megabytes, scans in cursor.fetchall():
            print(f"  {name:<58}{megabytes:>6.0f}{scans:>10}")
