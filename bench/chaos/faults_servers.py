"""Faults of the broker and of PostgreSQL."""

import time
from collections.abc import Callable
from contextlib import suppress

import psycopg

from bench.chaos.trial import Act, Fault, Trial

AT_WORK = (0.05, 0.15)  # seconds a call of the vendor takes, so that there is work to interrupt
PATIENT_SECONDS = 2.0  # how long a web request may take to accept a run, whatever the broker does


def flushes(trial: Trial) -> None:
    """F14: the broker forgets every message, again and again, while many wait."""
    trial.workers(1, 3)
    trial.stage.vendor.latency = AT_WORK
    lost: list[int] = []

    def flush() -> int:
        lost.append(trial.stage.redis.flush())
        return lost[-1]

    with trial.storm((0.2, 0.5), flush):
        for _ in range(trial.runs):  # far more at once than the workers take out of the broker beforehand
            trial.start()
        time.sleep(4)
    trial.demand(sum(lost) >= trial.runs / 4, f"only {sum(lost)} messages were lost")


def broker_deaths(*, comes_back_empty: bool) -> Act:
    """F15, F16: the broker is killed and comes back after a while, with its file or without."""

    def act(trial: Trial) -> None:
        trial.workers(1, 4)
        trial.stage.start_sweeper()
        trial.stage.vendor.latency = AT_WORK
        redis = trial.stage.redis
        waiting: list[int] = []

        def bounce() -> None:
            waiting.append(redis.waiting())
            redis.kill()
            if comes_back_empty:
                redis.forget()
            time.sleep(trial.random.uniform(0.0, 1.0))
            redis.start()

        with trial.storm((1.0, 2.0), bounce):
            trial.feed(7, _patiently(trial))
        redis.heal()
        if comes_back_empty:
            trial.demand(sum(waiting) > 0, "no message was lost")

    return act


def broker_frozen(trial: Trial) -> None:
    """F17: the broker neither answers nor resets; accepting a run must not hang with it."""
    trial.workers(1, 4)
    trial.stage.start_sweeper()
    trial.stage.vendor.latency = AT_WORK
    before, during = trial.runs // 3, trial.runs - trial.runs // 3
    for _ in range(before):
        trial.start()
    with trial.stage.redis.frozen():
        began = time.monotonic()
        accepted = 0
        while accepted < during and time.monotonic() - began < 6:
            _patiently(trial)(accepted)
            accepted += 1
            trial.hit()
        time.sleep(max(0.0, began + 6 - time.monotonic()))
    trial.demand(accepted > 0, "no run was accepted while the broker was frozen")
    trial.hit()


def _patiently(trial: Trial) -> Callable[[int], None]:
    """Return what accepts a run and notes a request that hung."""

    def start(_number: int) -> None:
        began = time.monotonic()
        trial.start()
        if (took := time.monotonic() - began) > PATIENT_SECONDS:
            trial.breach("other", f"accepting a run took {took:.1f} s")

    return start


def broker_full(trial: Trial) -> None:
    """F18: the broker takes no more messages for a while."""
    trial.workers(1, 4)
    trial.stage.start_sweeper()
    with trial.stage.redis.client() as client:
        try:
            client.config_set("maxmemory", "1")
            for _ in range(trial.runs):
                _patiently(trial)(0)
                trial.hit()
            trial.demand(trial.stage.redis.waiting() == 0, "the broker took a message after all")
            time.sleep(2)
        finally:
            client.config_set("maxmemory", "0")


def crashes(trial: Trial) -> None:
    """F19: PostgreSQL goes down without a checkpoint every few seconds; what a client was told is never lost."""
    trial.workers(1, 4)
    trial.stage.start_sweeper()
    trial.stage.vendor.latency = AT_WORK

    def crash() -> None:
        trial.stage.postgres.crash()
        time.sleep(trial.random.uniform(0.0, 1.0))
        trial.stage.postgres.start()

    with trial.storm((1.5, 3.0), crash):
        trial.feed(8)
    trial.stage.postgres.heal()


def database_frozen(trial: Trial) -> None:
    """F20: PostgreSQL stands still, twice, for longer than a lease."""
    trial.workers(1, 4)
    trial.stage.start_sweeper()
    trial.stage.vendor.latency = AT_WORK

    met: list[int] = []

    def freeze() -> None:
        met.append(trial.unfinished())
        with trial.stage.postgres.frozen():
            time.sleep(4)

    with trial.storm((0.8, 1.2), freeze):
        trial.feed(7)
    trial.demand(sum(met) > 0, "no run was on its way while PostgreSQL stood still")


def terminated_backends(trial: Trial) -> None:
    """F21: single sessions are ended by PostgreSQL, in the middle of whatever they do."""
    trial.workers(1, 4)
    trial.stage.start_sweeper()
    trial.stage.vendor.latency = AT_WORK
    met: list[str] = []

    def terminate() -> int:
        sessions = trial.stage.postgres.execute(
            "SELECT pid, state FROM pg_stat_activity WHERE datname = 'chaos' AND backend_type = 'client backend'"
        )
        met.extend(state for _, state in sessions if state != "idle")
        if sessions:
            trial.stage.postgres.execute("SELECT pg_terminate_backend(%s)", trial.random.choice(sessions)[0])
        return len(sessions)

    with trial.storm((0.05, 0.3), terminate):
        trial.feed(6)
    trial.demand(bool(met), "no session was met at work")


def killed_backends(trial: Trial) -> None:
    """F21: one backend dies by SIGKILL, upon which PostgreSQL ends all of them and recovers."""
    trial.workers(1, 4)
    trial.stage.start_sweeper()
    trial.stage.vendor.latency = AT_WORK

    def kill() -> int:
        with suppress(psycopg.OperationalError):
            rows = trial.stage.postgres.execute("SELECT pid FROM pg_stat_activity WHERE datname = 'chaos'")
            for (pid,) in rows[:1]:
                next(p for p in trial.stage.postgres.family() if p.pid == pid).kill()
            return len(rows)
        return 0

    with trial.storm((1.5, 2.5), kill):
        trial.feed(6)


def unknown_commits(trial: Trial) -> None:
    """F21: the line breaks after COMMIT was sent, before its answer comes: did it happen or not?"""
    trial.workers(2, proxied=True)
    trial.stage.start_sweeper(proxied=True)
    trial.stage.vendor.latency = AT_WORK
    proxy = trial.stage.postgres_proxy

    def plan() -> bool:
        before = proxy.cuts
        proxy.cut_after(b"COMMIT")
        time.sleep(0.05)
        return proxy.cuts > before

    with trial.storm((0.05, 0.2), plan):
        trial.feed(6)
    proxy.heal()
    trial.demand(len(trial.hits) >= 10, f"only {len(trial.hits)} commits were cut off")


def torn_network(trial: Trial) -> None:
    """N1: lines to both servers are slow, cut, refused and fall silent, in turn."""
    trial.workers(2, proxied=True)
    trial.stage.start_sweeper(proxied=True)
    trial.stage.vendor.latency = AT_WORK
    proxies = (trial.stage.postgres_proxy, trial.stage.redis_proxy)

    def tear() -> None:
        proxy, how = trial.random.choice(proxies), trial.random.choice(("slow", "cut", "refused", "silent"))
        try:
            proxy.delay, proxy.silent = (0.05 if how == "slow" else 0.0), how == "silent"
            proxy.refusing = how == "refused"
            if how in ("cut", "refused"):
                proxy.cut(0.5, trial.random)
            time.sleep(trial.random.uniform(0.3, 1.0))
        finally:
            proxy.heal()

    with trial.storm((0.1, 0.4), tear):
        trial.feed(8)
    trial.demand(sum(proxy.cuts for proxy in proxies) > 0, "no line was cut")


def rivals(trial: Trial) -> None:
    """F22: another session takes a run's row locks in the reverse order, so that a worker's transaction is ended."""
    trial.workers(1, 4)
    trial.stage.start_sweeper()
    before = _deadlocks(trial)
    for _ in range(trial.runs):
        run = trial.start(plan={"order.written": "sleep:0.15"})
        while trial.fired_pid("order.written", run) is None:
            time.sleep(0.01)
        with (
            trial.stage.postgres.connect("chaos") as rival,
            suppress(psycopg.errors.DeadlockDetected),
            rival.transaction(),
        ):
            rival.execute("SELECT 1 FROM orchestration_steprun WHERE run_id = %s AND position = 1 FOR UPDATE", [run.pk])
            rival.execute("SELECT 1 FROM orchestration_workflowrun WHERE id = %s FOR UPDATE", [run.pk])
        trial.hit()
    time.sleep(1)  # PostgreSQL's statistics lag
    met = _deadlocks(trial) - before
    trial.demand(met >= trial.runs / 2, f"{met} deadlocks in {trial.runs} tries")


def _deadlocks(trial: Trial) -> int:
    return trial.stage.postgres.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = 'chaos'")[0][0]


def crowded(trial: Trial) -> None:
    """F23: all of PostgreSQL's connections but a few are taken, while workers need new ones."""
    trial.workers(1, 4)
    trial.stage.start_sweeper()
    held: list[psycopg.Connection] = []
    before = len((trial.stage.folder / "postgres" / "postgres.log").read_text(errors="replace"))
    try:
        with suppress(psycopg.OperationalError):
            for _ in range(100):
                held.append(trial.stage.postgres.connect("chaos"))
        held.pop().close()  # one is left for the client
        trial.hit()
        for child in trial.stage.children():
            child.kill()
        trial.feed(3)
    finally:
        for connection in held:
            connection.close()
    trial.hit()
    log = (trial.stage.folder / "postgres" / "postgres.log").read_text(errors="replace")[before:]
    trial.demand("too many clients" in log, "no connection was refused")


def read_only(trial: Trial) -> None:
    """F24: PostgreSQL takes no writes for a while, as a full disk or a demoted primary does."""
    trial.workers(1, 4)
    trial.stage.start_sweeper()
    trial.stage.vendor.latency = AT_WORK
    postgres = trial.stage.postgres
    for _ in range(trial.runs):
        trial.start()
    try:
        postgres.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        postgres.execute("SELECT pg_reload_conf()")
        trial.hit()
        time.sleep(3)
    finally:
        with postgres.connect() as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute("ALTER SYSTEM RESET default_transaction_read_only")
            connection.execute("SELECT pg_reload_conf()")
    trial.hit()
    trial.demand(trial.unfinished() > 0, "all runs had ended before")


FAULTS = [
    Fault("F14", "broker flushed", 60, flushes, workers_survive=True),
    Fault("F15", "broker killed, comes back", 40, broker_deaths(comes_back_empty=False), workers_survive=True),
    Fault("F16", "broker killed, comes back empty", 40, broker_deaths(comes_back_empty=True), workers_survive=True),
    Fault("F17", "broker frozen", 30, broker_frozen, workers_survive=True),
    Fault("F18", "broker full", 20, broker_full, workers_survive=True),
    Fault("F19", "PostgreSQL crashes", 40, crashes, workers_survive=True),
    Fault("F20", "PostgreSQL frozen", 30, database_frozen, workers_survive=True),
    Fault("F21a", "sessions terminated", 40, terminated_backends, workers_survive=True),
    Fault("F21b", "backends killed", 40, killed_backends, workers_survive=True),
    Fault("F21c", "line cut after COMMIT", 60, unknown_commits, workers_survive=True),
    Fault("F22", "deadlocks", 10, rivals, workers_survive=True),
    Fault("F23", "connections exhausted", 20, crowded, workers_survive=True),
    Fault("F24", "PostgreSQL read-only", 40, read_only, workers_survive=True),
    Fault("N1", "network slow, cut, refused, silent", 40, torn_network, workers_survive=True),
]
