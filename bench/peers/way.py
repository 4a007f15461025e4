"""One way of doing the same work, and what it cost."""

import os
from abc import ABC, abstractmethod
from contextlib import ExitStack
from dataclasses import dataclass
from typing import ClassVar, Self
from uuid import UUID

NAMES = ("one", "two", "three", "four", "five")


class Way(ABC):
    """A way of writing five rows per run. Inside `with way:` its processes are up and take runs.

    `done` counts the runs that ended, `done_one` gives a row once the run asked for has.
    """

    name: ClassVar[str]
    done: ClassVar[str] = "SELECT count(*) FROM probe_proberow WHERE step = 'five'"
    done_one: ClassVar[str] = "SELECT 1 FROM probe_proberow WHERE run_id = %s AND step = 'five'"

    def __init__(self) -> None:
        self.workers: list[int] = []
        """Roots of the process trees that do the work."""
        self.starters: list[int] = [os.getpid()]
        """Processes that ask for runs; empty where those that do the work ask for it themselves."""
        self.stack = ExitStack()

    def __enter__(self) -> Self:
        try:
            self.bring_up()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    @abstractmethod
    def bring_up(self) -> None:
        """Start what the way needs, and leave on `self.stack` how it ends. Raises CannotRun where it does not start."""

    @abstractmethod
    def start(self, count: int) -> list[UUID]:
        """Ask for runs, and return by which ids they will be known, without waiting for them to end."""


@dataclass(frozen=True)
class Cpu:
    """CPU milliseconds per run, by who spent them."""

    starter: float
    worker: float
    postgres: float
    redis: float

    @property
    def run(self) -> float:
        """What a run costs once it is asked for."""
        return self.worker + self.postgres + self.redis

    @property
    def whole(self) -> float:
        """What it costs with the asking: fair also to ways in which worker and asker are one process."""
        return self.run + self.starter


@dataclass(frozen=True)
class Sample:
    """One turn of a way: what a load of runs cost, how long it took, and the latencies of runs by themselves in ms."""

    cpu: Cpu
    seconds: float
    latencies: list[float]
    statements: float
    transactions: float


@dataclass(frozen=True)
class Measured:
    """What a way cost, over all its turns. Latencies from asking to the last row, one run at a time."""

    name: str
    cpu: Cpu
    runs_per_second: float
    p50: float
    p95: float
    statements: float
    transactions: float
