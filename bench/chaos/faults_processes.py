"""Faults of processes: killed, cut off, shut down, frozen."""

import signal
from contextlib import suppress

import psutil

from bench.chaos.trial import Fault, Trial


def storm_of_child_kills(trial: Trial) -> None:
    """F7: a random pool process dies every half second."""
    workers = trial.workers(2)
    trial.stage.start_sweeper()
    trial.stage.vendor.latency = (0.05, 0.2)

    def kill_one() -> bool:
        child = trial.random.choice([child for worker in workers for child in worker.children()])
        with suppress(psutil.NoSuchProcess):
            child.send_signal(signal.SIGKILL)
            return True
        return False

    with trial.storm((0.15, 0.5), kill_one):
        trial.feed(8)
    trial.demand(trial.repeated() > 0, "no kill met a step at work")


def power_cuts(trial: Trial) -> None:
    """F8: a whole worker dies at once, and another takes its place."""
    workers = trial.workers(2)
    trial.stage.start_sweeper()
    trial.stage.vendor.latency = (0.05, 0.2)

    def cut_one() -> None:
        worker = workers.pop(0)
        worker.cut_power()
        workers.append(trial.stage.start_worker(3))

    with trial.storm((0.8, 1.5), cut_one):
        trial.feed(9)
    trial.demand(trial.repeated() > 0, "no cut met a step at work")


FAULTS = [
    Fault("F7", "pool processes killed", 100, storm_of_child_kills),
    Fault("F8", "whole workers killed", 80, power_cuts),
]
