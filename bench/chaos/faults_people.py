"""Faults around people and releases: cancels at any moment, answers under fire, the kill flag, deploys mid-run."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from uuid import UUID

from django.db import connection
from django.utils import timezone

from apps.identity.tests.factories import UserFactory
from apps.orchestration.models import ControlFlag, StepRun, WorkflowRun
from apps.orchestration.services import commands, control
from bench.chaos import ledger
from bench.chaos.faults_points import AFTER, AFTER_CALL, BEFORE, INSIDE
from bench.chaos.trial import COMPLETED, Fault, Trial
from bench.probe.outside import Case
from bench.probe.people import ProbeApproved, decide
from bench.probe.steps import Seed

CANCELLED = ("CANCELLED",)


def cancel(trial: Trial, run: WorkflowRun, by: UUID) -> None:
    """Have a person cancel a run; what was granted must come true, and what came too late must not be done."""
    try:
        commands.cancel(run, by=by, reason="a person wants it back")
        trial.ends[run.pk] = CANCELLED
    except commands.CommandRefused:
        trial.ends[run.pk] = COMPLETED
    finally:
        connection.close()
    trial.hit()


def cancels(trial: Trial) -> None:
    """F33: a person cancels while a step is at each of its points."""
    trial.workers(1, 8)
    by = UserFactory().pk
    points = list(islice(cycle([*BEFORE, *AFTER_CALL, *INSIDE, *AFTER]), trial.runs))
    waiting = {trial.start(plan={point: "sleep:1.5"}): point for point in points}
    with ThreadPoolExecutor(8) as people:
        while waiting:
            for run, point in list(waiting.items()):
                if trial.fired_pid(point, run):
                    people.submit(cancel, trial, run, by)
                    del waiting[run]
            time.sleep(0.01)
    granted = sum(1 for ends in trial.ends.values() if ends == CANCELLED)
    trial.demand(granted > trial.runs / 2, f"only {granted} of {trial.runs} cancels came in time")


def late_successes(trial: Trial) -> None:
    """F32: the vendor's answer comes after the run is being taken back; it did the thing before, or does it after."""
    trial.workers(1, 8)
    by = UserFactory().pk
    vendor = trial.stage.vendor
    vendor.behaviour = lambda key, call: "late" if UUID(key.split(":")[0]).int % 2 else ""
    vendor.latency = (0.4, 0.4)
    waiting = [trial.start() for _ in range(trial.runs)]
    while waiting:
        for run in list(waiting):
            if trial.seen("prepare", run):
                time.sleep(0.02)
                cancel(trial, run, by)
                waiting.remove(run)
        time.sleep(0.01)
    late = trial.runs - StepRun.objects.filter(name="order", state="SUCCEEDED").count()
    trial.demand(late > trial.runs / 2, f"only {late} answers came late")
    trial.wait_until_ended()
    time.sleep(2)  # for the late answers to come in
    trial.hit()


def answers(trial: Trial) -> None:
    """W1: people answer waiting runs, also before they wait, while workers are killed and the broker forgets."""
    trial.workers(2, 3)
    trial.stage.start_sweeper()
    runs = [trial.start_with((Seed(),), COMPLETED, workflow="probe_wait") for _ in range(trial.runs)]

    def harm() -> None:
        trial.stage.redis.flush()
        trial.kill_child()

    with trial.storm((0.2, 0.5), harm):
        for run in runs:
            given = StepRun.objects.filter(run=run, name="one", state="SUCCEEDED")
            trial.wait_until(given.exists, "the first step to be taken", 30)
            decide(ProbeApproved, UUID(given.get().outcome["id"]))
            time.sleep(trial.random.uniform(0, 0.15))
    trial.wait_until(lambda: _all_ended(runs), "the runs to go on", 60)


def _all_ended(runs: list[WorkflowRun]) -> bool:
    return not WorkflowRun.objects.filter(pk__in=[run.pk for run in runs]).exclude(state="COMPLETED").exists()


def reactions_killed(trial: Trial) -> None:
    """R1: the dispatcher dies in the first reaction to an event, in the second, and between the two."""
    trial.workers(2, 3)
    trial.stage.start_sweeper()
    points = ("react_first.reacting", "react_first.reacted", "react_second.reacting", "react_second.reacted")
    runs = [trial.start_with((Seed(),), COMPLETED, workflow="probe_wait") for _ in range(trial.runs)]
    for run, point in zip(runs, cycle(points), strict=False):
        given = StepRun.objects.filter(run=run, name="one", state="SUCCEEDED")
        trial.wait_until(given.exists, "the first step to be taken", 30)
        event = ProbeApproved(aggregate_id=UUID(given.get().outcome["id"]))
        (trial.stage.faults / f"{point}@{event.event_id}").write_text("kill")
        trial.publish(event)
    trial.wait_until(lambda: _all_ended(runs), "the runs to go on", 60)
    trial.wait_until(lambda: not trial.undispatched(), "all events to be brought out", 60)
    trial.hit()


def kill_flag(trial: Trial) -> None:
    """K1: the kill flag stops everything after the present step, and nothing moves until it is lifted."""
    trial.workers(1, 5)
    trial.stage.vendor.latency = (0.6, 0.9)  # so that much is still to be done when everything should stand still
    by = UserFactory().pk
    for _ in range(trial.runs):
        trial.start()
    time.sleep(1)
    _set_kill(by, is_on=True)
    trial.hit()
    trial.demand(trial.unfinished() > trial.runs / 4, f"only {trial.unfinished()} runs were on their way")
    time.sleep(1.5)  # the steps in hand end
    before = len(ledger.read(trial.stage.trace))
    time.sleep(4)
    if moved := len(ledger.read(trial.stage.trace)) - before:
        trial.breach("other", f"{moved} pieces of work were begun although everything is to stand still")
    _set_kill(by, is_on=False)
    trial.hit()


def _set_kill(by: UUID, *, is_on: bool) -> None:
    control.set_flag(ControlFlag.Name.KILL, is_on=is_on, by=by, reason="K1", at=timezone.now())


def two_releases(trial: Trial) -> None:
    """F44: workers of two releases side by side; the old one does not know the new version of the workflow."""
    old = {child.pid for worker in trial.workers(1, 2, AICMO_PROBE_RELEASE="1") for child in worker.children()}
    trial.workers(1, 2, AICMO_PROBE_RELEASE="2")
    trial.stage.vendor.latency = (0.05, 0.15)
    runs = [
        trial.start_with((Case(),), COMPLETED, workflow="probe_deployed", version=1 + number % 2)
        for number in range(trial.runs)
    ]
    trial.wait_until_ended()
    foreign = {str(run.pk) for run in runs if run.version == 2}
    met = [fact for fact in ledger.read(trial.stage.receipts) if fact["of"][:36] in foreign and fact["pid"] in old]
    trial.hit(len(met))
    trial.demand(bool(met), "the old release never got a message of the new version")


def version_gone(trial: Trial) -> None:
    """F44: all workers are exchanged in the middle; the new release takes the old version's runs over by its rule."""
    old = trial.workers(2, 2, AICMO_PROBE_RELEASE="1")
    trial.stage.vendor.latency = (0.2, 0.4)
    for _ in range(trial.runs):
        trial.start_with((Case(),), COMPLETED, workflow="probe_deployed", version=1)
    trial.wait_until(
        lambda: StepRun.objects.filter(name="note_order").count() > trial.runs / 3, "the runs to be under way", 20
    )
    for worker in old:
        worker.end()
    trial.hit(2)
    trial.demand(trial.unfinished() > trial.runs / 4, f"only {trial.unfinished()} runs were on their way")
    trial.workers(2, 2, AICMO_PROBE_RELEASE="3")
    trial.stage.start_sweeper(AICMO_PROBE_RELEASE="3")


def version_unknown(trial: Trial) -> None:
    """F44: for a while nobody knows a version: its runs are parked with a clear message, never half-run."""
    trial.workers(1, 2, AICMO_PROBE_RELEASE="1")
    runs = [trial.start_with((Case(),), COMPLETED, workflow="probe_deployed", version=2) for _ in range(trial.runs)]
    parked = WorkflowRun.objects.exclude(parked="")
    trial.wait_until(lambda: parked.count() == len(runs), "the runs to be parked", 20)
    trial.hit(len(runs))
    if ledger.read(trial.stage.trace):
        trial.breach("other", "a release that does not know the version took some of its steps")
    trial.workers(1, 2, AICMO_PROBE_RELEASE="2")


FAULTS = [
    Fault("F32", "late success of what is taken back", 10, late_successes),
    Fault("F33", "cancelled at each point of each step", 24, cancels),
    Fault("F44a", "two releases side by side", 20, two_releases, calls_once=True, steps_once=True),
    Fault("F44b", "a version gone in the middle", 16, version_gone),
    Fault("F44c", "a version unknown for a while", 8, version_unknown, calls_once=True, steps_once=True),
    Fault("W1", "answers under fire", 20, answers),
    Fault("R1", "killed in reactions", 8, reactions_killed),
    Fault("K1", "kill flag", 30, kill_flag, calls_once=True, steps_once=True),
]
