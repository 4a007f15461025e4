"""Faults of the outside: vendors that hang, err and lie, compensations that fail, clocks that are wrong."""

import time
from collections.abc import Callable
from pathlib import Path

from apps.identity.tests.factories import UserFactory
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services import commands
from bench.chaos import ledger
from bench.chaos.trial import COMPENSATED, COMPLETED, STUCK, Act, Fault, Trial

HOUR = 3600


def failing_compensations(trial: Trial) -> None:
    """F31: compensations fail once, before or after they did their work."""
    trial.workers(1, 4)
    steps = ("book", "note_order", "order", "open_case")
    for number in range(trial.runs):
        verb = "withdraw" if number % 2 else "withdrew"
        plan = {f"probe.{verb}_{steps[number // 2 % len(steps)]}": "error"}
        trial.start(COMPENSATED, refuse_at="close_case", plan=plan)


def failing_for_good(trial: Trial) -> None:
    """F31: a compensation fails each time: the run gets stuck with what came later taken back and the rest standing."""
    trial.workers(1, 4)
    what = "withdraw_note_order"
    runs = [trial.start(STUCK, refuse_at="close_case", flags={what: "error"}) for _ in range(trial.runs)]
    trial.wait_until_ended()
    for run in runs:
        trial.hit(len(trial.seen(what, run)))
        states = dict(run.step_runs.values_list("name", "state"))
        wanted = {"open_case": "SUCCEEDED", "order": "SUCCEEDED", "note_order": "SUCCEEDED", "book": "COMPENSATED"}
        if {name: states.get(name) for name in wanted} != wanted:
            trial.breach("other", f"stuck run {run.pk} stands at {states}")


def stuck_and_mended(trial: Trial) -> None:
    """F31: the vendor cancels nothing until a person mended it and pressed the button."""
    trial.workers(1, 4)
    trial.stage.vendor.refuses_to_cancel = True
    runs = [trial.start(COMPENSATED, refuse_at="close_case") for _ in range(trial.runs)]
    stuck = WorkflowRun.objects.filter(state="STUCK")
    trial.wait_until(lambda: stuck.count() == len(runs), "the runs to get stuck", 40)
    trial.hit(len(runs))
    trial.stage.vendor.refuses_to_cancel = False
    somebody = UserFactory()
    for run in runs:
        commands.retry_compensation(run, by=somebody.pk, reason="the vendor is well again")


def hanging_compensations(trial: Trial) -> None:
    """F31: a compensation takes longer than a message is waited for; nobody may begin it a second time meanwhile."""
    trial.workers(1, 6)
    for _ in range(trial.runs):
        trial.start(COMPENSATED, refuse_at="close_case", plan={"probe.withdraw_order": "sleep:4"})


def bad_vendor(modes: tuple[str, ...], *, times: int, ends: tuple[str, ...]) -> Act:
    """F34, F35: the vendor misbehaves the first so many times of each key."""

    def act(trial: Trial) -> None:
        trial.workers(1, 8)
        chosen: dict[str, str] = {}

        def behave(key: str, call: int) -> str:
            mode = chosen.setdefault(key.split(":")[0], modes[len(chosen) % len(modes)])
            if call > times:
                return ""
            trial.hit()
            return mode

        trial.stage.vendor.behaviour = behave
        for _ in range(trial.runs):
            trial.start(ends)
        trial.wait_until_ended()
        met = {fact["mode"] for fact in ledger.read(trial.stage.vendor.path) if fact["asked"] == "do"}
        trial.demand(set(modes) <= met, f"the vendor never did {', '.join(set(modes) - met)}")

    return act


def faketime(seconds: int, file: Path | None = None) -> dict[str, str]:
    """Return the environment that shifts a process's clock; by a file, it can be shifted again while it runs."""
    import libfaketime

    library = Path(libfaketime.__file__).parent / "vendor/libfaketime/src/libfaketime.so.1"
    shift = {"FAKETIME": f"{seconds:+d}"}
    if file is not None:
        file.write_text(f"{seconds:+d}")
        shift = {"FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_CACHE_DURATION": "1"}
    return {"LD_PRELOAD": str(library), "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", **shift}


def wrong_clock(seconds: int) -> Act:
    """F37: the only worker's clock is wrong; messages come from hosts whose clocks are right, and some are lost."""

    def act(trial: Trial) -> None:
        start = _mixed(trial)
        for number in range(trial.runs):
            start(number)
        lost = trial.stage.redis.flush()
        trial.hit(lost)
        trial.demand(lost >= trial.runs, f"only {lost} messages were lost")
        trial.workers(1, 4, AICMO_SWEEP_SECONDS=str(HOUR), **faketime(seconds))
        trial.stage.start_sweeper()
        trial.stage.vendor.latency = (0.05, 0.15)
        trial.feed(2, start)
        trial.wait_until_ended()
        trial.demand(_skew(trial) > 0.9 * abs(seconds), f"the worker's clock was off by {_skew(trial):.0f} s alone")

    return act


def jumping_clock(trial: Trial) -> None:
    """F37: a worker's clock goes back by five minutes while it holds leases."""
    file = trial.stage.folder / "clock"
    trial.workers(1, 4, **faketime(0, file))
    trial.stage.start_sweeper()
    trial.stage.vendor.latency = (0.2, 0.5)
    trial.feed(2)
    file.write_text("-300")
    trial.hit()
    trial.feed(2)
    for child in trial.stage.children():
        child.kill()
        trial.hit()
    trial.wait_until_ended()
    trial.demand(_skew(trial) > 250, f"the worker's clock was off by {_skew(trial):.0f} s alone")


def _mixed(trial: Trial) -> Callable[[int], object]:
    def start(number: int) -> object:
        return trial.start(COMPENSATED, refuse_at="close_case") if number % 4 == 3 else trial.start()

    return start


def _skew(trial: Trial) -> float:
    """Return how far the worker's times are from ours, by its trace."""
    return max((abs(fact["at"] - time.time()) for fact in ledger.read(trial.stage.trace)), default=0.0)


SLOW, ERRORS = ("hang", "drip"), ("429", "500", "529", "cut", "mute", "empty", "garbled", "other", "huge")

FAULTS = [
    Fault("F31a", "compensation fails once", 16, failing_compensations),
    Fault("F31b", "compensation fails for good", 6, failing_for_good),
    Fault("F31c", "stuck, mended, sent back", 6, stuck_and_mended),
    Fault("F31d", "compensation hangs", 6, hanging_compensations),
    Fault("F34a", "vendor hangs or drips twice", 8, bad_vendor(SLOW, times=2, ends=COMPLETED)),
    Fault("F34b", "vendor hangs or drips for good", 8, bad_vendor(SLOW, times=9, ends=COMPENSATED)),
    Fault("F35a", "vendor errs twice", 18, bad_vendor(ERRORS, times=2, ends=COMPLETED)),
    Fault("F35b", "vendor errs for good", 18, bad_vendor(ERRORS, times=9, ends=COMPENSATED)),
    Fault("F35c", "vendor refuses", 8, bad_vendor(("refuse",), times=9, ends=COMPENSATED), calls_once=True),
    Fault("F37a", "worker's clock an hour ahead", 16, wrong_clock(HOUR)),
    Fault("F37b", "worker's clock an hour behind", 16, wrong_clock(-HOUR)),
    Fault("F37c", "worker's clock jumps back", 20, jumping_clock),
]
