"""One trial: a fault, its runs, its hits, and what was found afterwards."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from typing import Self
from uuid import UUID

import psutil
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from apps.orchestration.models import OutboxEvent, WorkflowRun
from apps.orchestration.services.start import start_run
from apps.orchestration.workflows import get_workflow
from apps.shared.dtos import Dto
from apps.shared.events import Event, publish
from bench.chaos import bugs, ledger
from bench.chaos.oracle import Demands, Verdict, judge
from bench.chaos.servers import wait_until
from bench.chaos.stage import LONG_LEASE_SECONDS, SHORT_LEASE_SECONDS, Stage
from bench.chaos.workers import Worker
from bench.probe.outside import Case

QUIET_SECONDS = 60.0
"""How long after the last fault everything must have ended."""

COMPLETED, COMPENSATED, STUCK = ("COMPLETED",), ("COMPENSATED",), ("STUCK",)

Plan = dict[str, str]
"""Faults to plan for one run: by point, what is to happen there."""


Act = Callable[["Trial"], None]
"""What a fault does in a trial: start the runs, and do the harm."""


@dataclass(frozen=True)
class Fault:
    """A way of doing harm. `act` starts the runs and does the harm; how many runs, the command line scales.

    `calls_once` and `steps_once`: the fault is no excuse for a second call, or a second execution of a step;
    `workers_survive`: nor for a worker to end by itself. `lease_seconds`: how long leases are. Where a second execution
    has no excuse they are long, or a machine that stands still for three seconds would be one.
    """

    name: str
    title: str
    runs: int
    act: Act
    calls_once: bool = False
    steps_once: bool = False
    workers_survive: bool = False
    lease_seconds: int = SHORT_LEASE_SECONDS

    @classmethod
    def without_excuse(cls, name: str, title: str, runs: int, act: Act) -> Self:
        """Return one that is no excuse for doing anything twice: leases are long."""
        return cls(name, title, runs, act, calls_once=True, steps_once=True, lease_seconds=LONG_LEASE_SECONDS)

    @property
    def number(self) -> str:
        """The fault's number, without the letter that tells its kinds apart."""
        return self.name.rstrip("abcdefgh")


@dataclass
class Trial:
    """One fault on its stage. Whatever it notes as missed makes the trial a failure of the harness."""

    stage: Stage
    fault: Fault
    runs: int
    random: Random
    quiet_seconds: float = QUIET_SECONDS
    ends: dict[UUID, tuple[str, ...]] = field(default_factory=dict)
    hits: list[float] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    breaches: list[tuple[str, str]] = field(default_factory=list)

    # --- what takes part

    def workers(
        self, count: int = 1, concurrency: int = 3, *, proxied: bool = False, **environment: str
    ) -> list[Worker]:
        """Start workers and wait until they take messages."""
        workers = [self.stage.start_worker(concurrency, proxied=proxied, **environment) for _ in range(count)]
        for worker in workers:
            worker.wait_until_ready()
        return workers

    def start(
        self, ends: tuple[str, ...] = COMPLETED, *, plan: Plan | None = None, flags: Plan | None = None, **seed: str
    ) -> WorkflowRun:
        """Accept a run as a web request would, and plan its faults before anybody hears of it."""
        return self.start_with((Case(**seed),), ends, workflow="probe_outside", plan=plan, flags=flags)

    def start_with(
        self,
        inputs: tuple[Dto, ...],
        ends: tuple[str, ...],
        *,
        workflow: str,
        version: int | None = None,
        plan: Plan | None = None,
        flags: Plan | None = None,
    ) -> WorkflowRun:
        """Accept a run of any workflow. `plan` is hit once by point; `flags` make a piece of work suffer each time."""
        with transaction.atomic():
            key = f"{self.fault.name}-{len(self.ends)}"  # a client that heard nothing asks again with the same key
            run = start_run(get_workflow(workflow, version), inputs, key=key, at=timezone.now())
            for folder, planned in ((self.stage.faults, plan), (self.stage.flags, flags)):
                for name, kind in (planned or {}).items():
                    (folder / f"{name}@{run.pk}").write_text(kind)
        self.ends[run.pk] = ends
        return run

    def publish(self, event: Event) -> None:
        """Publish an event as the module that owns its row would."""
        with transaction.atomic():
            publish(event)

    # --- harm

    def hit(self, count: int = 1) -> None:
        """Note that the fault was done just now."""
        self.hits += [time.time()] * count

    def kill_child(self) -> bool:
        """Kill a pool process at random, of those that began some work just now if there are any; tell if there was."""
        children = self.stage.children()
        children = [child for child in children if self.at_work({child.pid})] or children
        with suppress(psutil.NoSuchProcess):
            if children:
                self.random.choice(children).kill()
                return True
        return False

    def cut_worker(self) -> bool:
        """Kill the worker that has lived longest, with all its processes, unless it is the last that takes messages."""
        ready = sorted((each for each in self.stage.workers() if each.is_ready), key=lambda worker: worker.born)
        if len(ready) > 1:
            ready[0].cut_power()
        return len(ready) > 1

    def demand(self, is_true: bool, words: str) -> None:
        """Note that the fault did not bite unless something is true."""
        if not is_true:
            self.missed.append(words)

    def breach(self, kind: str, words: str) -> None:
        """Note something that the oracle cannot see afterwards."""
        self.breaches.append((kind, words))

    @contextmanager
    def storm(self, every: tuple[float, float], harm: Callable[[], object]) -> Iterator[None]:
        """Do harm again and again while the block lasts; a harm that returns 0 or False found nothing to hit."""
        over = threading.Event()
        errors: list[Exception] = []

        def rage() -> None:
            while not over.wait(self.random.uniform(*every)):
                try:
                    if harm() not in (0, False):
                        self.hit()
                except Exception as error:  # noqa: BLE001  (told below: an injector that died is no trial)
                    errors.append(error)
                    return

        thread = threading.Thread(target=rage, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
        for error in errors:
            self.missed.append(f"the injector died: {error!r}")

    def feed(self, seconds: float, start: Callable[[int], object] | None = None) -> None:
        """Start the trial's runs evenly over some seconds; while PostgreSQL is away, try again as a client does."""
        start = start or (lambda number: self.start())
        began = time.monotonic()
        for number in range(self.runs):
            time.sleep(max(0.0, began + seconds * number / self.runs - time.monotonic()))
            self.insist(lambda number=number: start(number))
        time.sleep(max(0.0, began + seconds - time.monotonic()))

    def insist(self, act: Callable[[], object], seconds: float = 30) -> None:
        """Do something, again and again while PostgreSQL is away."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                act()
                return
            except (OperationalError, InterfaceError):
                connection.close()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    # --- the end

    def repeated(self) -> int:
        """Count the pieces of work that were begun more than once: where a fault had to be made good."""
        begun = Counter((fact["did"], fact["key"]) for fact in ledger.read(self.stage.trace))
        return sum(1 for count in begun.values() if count > 1)

    def seen(self, did: str, run: WorkflowRun) -> list[int]:
        """Return the processes that began a piece of a run's work, in their order."""
        facts = ledger.read(self.stage.trace)
        return [fact["pid"] for fact in facts if fact["did"] == did and fact["run"] == str(run.pk)]

    def begun(self, did: str, run: WorkflowRun, *, position: int) -> int:
        """Return how often a piece of a run's work was begun at one position."""
        facts = ledger.read(self.stage.trace)
        return sum(1 for fact in facts if fact["did"] == did and fact["key"] == f"{run.pk}:{position}:1")

    def at_work(self, pids: set[int]) -> int:
        """Count the pieces of work that these processes began just now."""
        facts = ledger.read(self.stage.trace)
        return sum(1 for fact in facts if fact["pid"] in pids and fact["at"] > time.time() - 0.3)

    def fired_pid(self, point: str, run: WorkflowRun) -> int | None:
        """Return the process that a planned fault hit last, None while it has not hit any."""
        marks = [name for name in self.stage.fired() if name.startswith(f"fired-{point}@{run.pk}")]
        last = max(marks, key=lambda name: int(name.rsplit("-", 1)[-1]), default="")
        return int(last.split("-")[-2]) if last else None

    def plan(self, point: str, run: WorkflowRun, kind: str) -> None:
        """Plan a fault for a run that is on its way."""
        (self.stage.faults / f"{point}@{run.pk}").write_text(kind)

    def planned(self, point: str, run: WorkflowRun) -> bool:
        """Tell whether a fault still waits for a run."""
        return (self.stage.faults / f"{point}@{run.pk}").exists()

    def unfinished(self) -> int:
        """Count the runs that somebody still has to move."""
        return WorkflowRun.objects.unfinished().count()

    def undispatched(self) -> int:
        """Count the events that wait for their reactions."""
        return OutboxEvent.objects.filter(dispatched_at=None).count()

    def wait_until(self, condition: Callable[[], bool], what: str, seconds: float = QUIET_SECONDS) -> None:
        """Wait until a condition holds. Raises TimeoutError, sooner where the whole trial is to be short."""
        wait_until(condition, what, min(seconds, self.quiet_seconds))

    def wait_until_ended(self) -> None:
        """Wait until nobody has to move any run."""
        self.wait_until(lambda: self.unfinished() == 0, "the runs to end")

    def wait_for_quiet(self) -> float:
        """Wait until all runs have ended, or too long; return the seconds since the last fault."""
        last = max([time.time(), *self.hits[-1:]]) if not self.hits else self.hits[-1]
        deadline = max(time.time(), last) + self.quiet_seconds
        while self._is_busy() and time.time() < deadline:
            time.sleep(0.1)
        return max(0.0, time.time() - last)

    def _is_busy(self) -> bool:
        try:
            return self.unfinished() + self.undispatched() > 0
        except (OperationalError, InterfaceError):
            connection.close()
            return True

    def recovery(self, waited: float) -> float:
        """Return the longest time from a fault to the end of a run it hit, in seconds."""
        fired = self._fired_at()
        ends = WorkflowRun.objects.filter(pk__in=fired).exclude(finished_at=None).values_list("pk", "finished_at")
        spans = [end.timestamp() - fired[pk] for pk, end in ends]
        return max([*spans, waited if self.hits else 0.0])

    def _fired_at(self) -> dict[UUID, float]:
        """Return when planned faults hit their runs, by the wall clock; the mark tells it by the monotonic one."""
        offset = time.time() - time.monotonic()
        fired: dict[UUID, float] = {}
        for name in self.stage.fired():
            mark, _, rest = name.removeprefix("fired-").partition("@")
            key, _, at = rest[:36], rest[36:], rest.rsplit("-", 1)[-1]
            if mark and key.count("-") == 4:
                fired[UUID(key)] = int(at) / 1e9 + offset
        return fired


@dataclass(frozen=True)
class Outcome:
    """A line of the table."""

    fault: Fault
    runs: int
    hits: int
    verdict: Verdict
    recovery: float
    seconds: float
    missed: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Nothing was lost, doubled or left behind, and the fault bit."""
        return not self.verdict.breaches and not self.missed


def run_trial(
    stage: Stage, fault: Fault, *, runs: int, seed: int, quiet_seconds: float = QUIET_SECONDS, bug: str = ""
) -> Outcome:
    """Hold one trial from an empty database to the verdict; with a seeded bug, if one is named."""
    began = time.monotonic()
    stage.bug, stage.lease_seconds = bug, fault.lease_seconds
    stage.renew(*bugs.alterations(bug))
    trial = Trial(stage, fault, runs, Random(f"{seed}-{fault.name}"), quiet_seconds)
    stage.vendor.random = trial.random
    try:
        with stage.supervised():
            try:
                fault.act(trial)
            except TimeoutError as error:
                trial.missed.append(str(error))
            waited = trial.wait_for_quiet()
        trial.demand(not stage.planned_left(), f"{len(stage.planned_left())} planned faults did not fire")
        hits = len(trial.hits) + len(stage.fired())
        trial.demand(hits > 0, "nothing was done")
        verdict = judge(stage, Demands(trial.ends, fault.calls_once, fault.steps_once))
        verdict.breaches += trial.breaches
        if fault.workers_survive:
            verdict.breaches += [("other", crash) for crash in stage.crashes]
        recovery = trial.recovery(waited)
    finally:
        stage.end_processes()
    return Outcome(fault, len(trial.ends), hits, verdict, recovery, time.monotonic() - began, tuple(trial.missed))
