"""Faults at a planned instruction: each run is hit at a point of its own."""

from itertools import cycle, islice

from bench.chaos.trial import COMPENSATED, COMPLETED, Act, Fault, Trial

ROWS_ONLY, CALLING = ("open_case", "note_order", "close_case"), ("order", "book")
STEPS = ("open_case", "order", "note_order", "book", "close_case")

BEFORE = [f"{step}.claimed" for step in ROWS_ONLY] + [f"{step}.leased" for step in CALLING]
AFTER_CALL = [f"{step}.prepared" for step in CALLING] + ["probe.answered"]
INSIDE = [f"{step}.written" for step in STEPS]
AFTER = [f"{step}.committed" for step in STEPS]
GOING_BACK = [f"{step}.{point}" for step in STEPS[:-1] for point in ("compensating", "withdrawn", "compensated")]


def kill_each_at(points: list[str], *, way_back: bool = False) -> Act:
    """Return what kills the worker of each run once, at one of the points in turn."""

    def act(trial: Trial) -> None:
        trial.workers(1, 4)
        for point in islice(cycle(points), trial.runs):
            if way_back:
                trial.start(COMPENSATED, refuse_at="close_case", plan={point: "kill"})
            else:
                trial.start(COMPLETED, plan={point: "kill"})

    return act


LAST_MOMENTS = ["close_case.claimed", "close_case.written", "close_case.committed"]
LAST_MOMENTS_BACK = ["open_case.withdrawn", "open_case.compensated", "run.taken_back"]


def kill_around_ends(trial: Trial) -> None:
    """F6: the worker dies just before or after a run's last state change, on either road."""
    trial.workers(1, 5)
    for number in range(trial.runs):
        if number % 2:
            trial.start(COMPENSATED, refuse_at="close_case", plan={LAST_MOMENTS_BACK[number // 2 % 3]: "kill"})
        else:
            trial.start(COMPLETED, plan={LAST_MOMENTS[number // 2 % 3]: "kill"})


def long_calls(trial: Trial) -> None:
    """L1: an outside call takes longer than a lease; the heartbeat keeps others away."""
    trial.workers(1, 5)
    for _ in range(trial.runs):
        trial.start(COMPLETED, plan={"probe.answered": "sleep:5"})


FAULTS = [
    Fault("F1", "killed before a step's transaction", 20, kill_each_at(BEFORE)),
    Fault("F2", "killed after the outside call, before the commit", 20, kill_each_at(AFTER_CALL)),
    Fault("F3", "killed inside the transaction", 20, kill_each_at(INSIDE)),
    Fault.without_excuse("F4", "killed after the commit", 20, kill_each_at(AFTER)),
    Fault("F5", "killed on the way back", 24, kill_each_at(GOING_BACK, way_back=True)),
    Fault("L1", "call longer than a lease", 5, long_calls, calls_once=True, steps_once=True),
    Fault("F6", "killed around a run's end", 18, kill_around_ends),
]
