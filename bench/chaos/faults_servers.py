"""Faults of the broker and of PostgreSQL."""

from bench.chaos.trial import Fault, Trial


def flushes(trial: Trial) -> None:
    """F14: the broker forgets every message, again and again."""
    trial.workers(1, 2)
    trial.stage.vendor.latency = (0.05, 0.15)
    lost: list[int] = []

    def flush() -> int:
        lost.append(trial.stage.redis.flush())
        return lost[-1]

    with trial.storm((0.3, 0.8), flush):
        trial.feed(8)
    trial.demand(sum(lost) >= trial.runs / 4, f"only {sum(lost)} messages were lost")


FAULTS = [Fault("F14", "broker flushed", 100, flushes)]
