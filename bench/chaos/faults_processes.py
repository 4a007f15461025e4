"""Faults of processes: killed, cut off, shut down, frozen, poisoned."""

import os
import signal
import time

from apps.orchestration.models import WorkflowRun
from bench.chaos.trial import COMPENSATED, COMPLETED, STUCK, Act, Fault, Trial
from bench.chaos.workers import Worker

MOST_DEATHS = 3  # promised of what kills its workers
AT_WORK = (0.2, 0.5)  # seconds a call of the vendor takes, so that there is work to interrupt


def storm_of_child_kills(trial: Trial) -> None:
    """F7: a random pool process dies every third of a second."""
    trial.workers(2)
    trial.stage.start_sweeper()
    trial.stage.vendor.latency = AT_WORK
    with trial.storm((0.15, 0.5), trial.kill_child):
        trial.feed(6)
    trial.demand(trial.repeated() > 0, "no kill met a step at work")


def power_cuts(trial: Trial) -> None:
    """F8: a whole worker dies at once, and another takes its place."""
    trial.workers(2)
    trial.stage.start_sweeper()
    trial.stage.vendor.latency = AT_WORK
    with trial.storm((0.8, 1.5), trial.cut_worker):
        trial.feed(10)
    trial.demand(trial.repeated() > 0, "no cut met a step at work")


def shut_downs(how: signal.Signals, *, is_warm: bool) -> Act:
    """F10: workers are asked to leave in the middle of their work, as a deploy does."""

    def act(trial: Trial) -> None:
        workers = trial.workers(2)
        trial.stage.start_sweeper()
        trial.stage.vendor.latency = (0.4, 0.8)
        leaving: list[Worker] = []
        met: list[int] = []

        def ask_one() -> bool:
            busy = trial.at_work({child.pid for child in workers[0].children()})
            if not busy or not all(worker.is_ready for worker in workers):
                return False
            met.append(busy)
            leaving.append(workers.pop(0))
            leaving[-1].leave(how)
            workers.append(trial.stage.start_worker(3))
            return True

        with trial.storm((0.5, 1.5), ask_one):
            trial.feed(8)
        for worker in leaving:
            trial.wait_until(lambda worker=worker: not worker.is_alive(), "a worker to leave", 25)
        trial.demand(sum(met) > 0, "no shut-down met a step at work")
        if not is_warm:
            trial.demand(trial.repeated() > 0, "no shut-down broke a step off")

    return act


def zombies(trial: Trial) -> None:
    """F11: the holder of a lease freezes, another takes over, and the first wakes while the second is at work."""
    trial.workers(2, 5)
    trial.stage.vendor.latency = (0.8, 0.8)
    # The second holder sleeps: the first is frozen before it comes to this point.
    runs = [trial.start(plan={"order.prepared": "sleep:1.2"}) for _ in range(trial.runs)]
    frozen: dict[WorkflowRun, int] = {}
    deadline = time.monotonic() + 40
    try:
        while (len(frozen) < len(runs) or any(frozen.values())) and time.monotonic() < deadline:
            for run in runs:
                _freeze_or_wake(trial, run, frozen)
            time.sleep(0.01)
    finally:
        for pid in filter(None, frozen.values()):
            os.kill(pid, signal.SIGCONT)
    contended = sum(1 for run in runs if trial.begun("prepare", run, position=1) > 1)
    trial.demand(contended >= 0.8 * len(runs), f"only {contended} of {len(runs)} leases were taken over")


def _freeze_or_wake(trial: Trial, run: WorkflowRun, frozen: dict[WorkflowRun, int]) -> None:
    """Freeze a run's first holder once it calls; wake it while its successor sleeps between call and commit."""
    sleeper = trial.fired_pid("order.prepared", run)
    if run not in frozen:
        if pids := trial.seen("prepare", run):
            os.kill(pids[0], signal.SIGSTOP)
            frozen[run] = pids[0]
            trial.hit()
    elif sleeper == frozen[run] and not trial.planned("order.prepared", run):  # it was quicker: keep it for the next
        trial.plan("order.prepared", run, "sleep:1.2")
    elif frozen[run] and sleeper not in (None, frozen[run]):
        time.sleep(0.1)
        os.kill(frozen[run], signal.SIGCONT)
        frozen[run] = 0


def frozen_in_transaction(trial: Trial) -> None:
    """F11: a worker freezes while it holds the row's lock; the run must go on without it."""
    trial.workers(1, 6)
    runs = [trial.start(plan={"note_order.claimed": "sleep:1"}) for _ in range(trial.runs)]
    pids: list[int] = []
    try:
        for run in runs:
            trial.wait_until(
                lambda run=run: trial.fired_pid("note_order.claimed", run), "a worker to sleep in a transaction"
            )
            pids.append(trial.fired_pid("note_order.claimed", run))
            os.kill(pids[-1], signal.SIGSTOP)
            trial.hit()
        deadline = time.monotonic() + 25
        while trial.unfinished() and time.monotonic() < deadline:
            time.sleep(0.2)
        for run in WorkflowRun.objects.unfinished().filter(pk__in=[run.pk for run in runs]):
            trial.breach("lost", f"run {run.pk} waits 25 s for a frozen worker's lock")
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def poison(what: str, ends: tuple[str, ...], **seed: str) -> Act:
    """F12: a piece of work kills its worker each time; others must not suffer, and it must end."""

    def act(trial: Trial) -> None:
        trial.workers(1, 4)
        poisoned = []
        for number in range(trial.runs):
            is_poisoned = number % 4 == 0
            run = trial.start(
                ends if is_poisoned else COMPENSATED if seed else COMPLETED,
                **seed,
                flags={what: "kill"} if is_poisoned else None,
            )
            poisoned += [run] if is_poisoned else []
        deadline = time.monotonic() + min(40, 2 * trial.quiet_seconds)
        while trial.unfinished() and time.monotonic() < deadline:
            time.sleep(0.1)
        for run in poisoned:
            (trial.stage.flags / f"{what}@{run.pk}").unlink()
            deaths = len(trial.seen(what, run))
            trial.hit(deaths)
            trial.demand(deaths > 0, f"{what} of run {run.pk} killed nobody")
            if deaths > MOST_DEATHS:
                trial.breach("other", f"run {run.pk} killed {deaths} workers, one after the other")

    return act


FAULTS = [
    Fault("F7", "pool processes killed", 70, storm_of_child_kills),
    Fault("F8", "whole workers killed", 60, power_cuts),
    Fault(
        "F10a", "workers shut down warm", 40, shut_downs(signal.SIGTERM, is_warm=True), calls_once=True, steps_once=True
    ),
    Fault("F10b", "workers shut down cold", 40, shut_downs(signal.SIGQUIT, is_warm=False)),
    Fault("F11a", "worker frozen longer than its lease", 6, zombies),
    Fault("F11b", "worker frozen inside a transaction", 3, frozen_in_transaction),
    Fault("F12a", "poison in an outside call", 8, poison("prepare", COMPENSATED)),
    Fault("F12b", "poison in a step of rows", 8, poison("note_order", COMPENSATED)),
    Fault("F12c", "poison in a compensation", 8, poison("withdraw_note_order", STUCK, refuse_at="close_case")),
]
