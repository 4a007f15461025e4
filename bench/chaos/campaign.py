"""All trials of one call of the harness, and their table."""

import time

from bench.chaos import (
    faults_messages,
    faults_outside,
    faults_people,
    faults_points,
    faults_processes,
    faults_servers,
    faults_together,
)
from bench.chaos.stage import Stage
from bench.chaos.table import HEAD, markdown, outcome_row
from bench.chaos.trial import Fault, Outcome, run_trial

MODULES = (
    faults_points,
    faults_processes,
    faults_servers,
    faults_messages,
    faults_outside,
    faults_people,
    faults_together,
)
FAULTS: list[Fault] = [fault for module in MODULES for fault in module.FAULTS]


QUICK = ("F3", "F5", "F8", "F11a", "F14", "F19", "F25", "F31a", "F43")
"""What the variant of 90 seconds holds: one of each kind."""
QUICK_SHARE = 0.3
MINUTES = 12.0
"""After this long no further trial begins. A trial that was not held proves nothing: it counts as failed."""


def choose(names: str) -> list[Fault]:
    """Return the faults of these names or numbers (F10 is F10a and F10b); all of them where none is named.

    Raises ValueError for a name that nothing has.
    """
    wanted = [name.strip().upper() for name in names.split(",") if name.strip()]
    known = {fault.name.upper() for fault in FAULTS} | {fault.number for fault in FAULTS}
    if unknown := [name for name in wanted if name not in known]:
        raise ValueError(f"There is no fault {', '.join(unknown)}. Known: {', '.join(f.name for f in FAULTS)}.")
    return [fault for fault in FAULTS if not wanted or {fault.name.upper(), fault.number} & set(wanted)]


def run_faults(stage: Stage, *, names: str, factor: float, seed: int, is_quick: bool) -> int:
    """Hold the trials, print each line as it comes and the table at the end; return the exit code."""
    faults = [fault for fault in choose(names) if fault.name in QUICK or not is_quick]
    factor *= QUICK_SHARE if is_quick else 1.0
    deadline = time.monotonic() + 60 * MINUTES * max(1.0, factor)
    outcomes: list[Outcome] = []
    for fault in faults:
        if time.monotonic() > deadline:
            break
        outcomes.append(run_trial(stage, fault, runs=max(4, round(fault.runs * factor)), seed=seed))
        print(_line(outcomes[-1]), flush=True)
    print_table(outcomes)
    if unheld := [fault.name for fault in faults[len(outcomes) :]]:
        print(f"Not held within {MINUTES:.0f} minutes: {', '.join(unheld)}")
    return int(bool(unheld) or not all(outcome.is_clean for outcome in outcomes))


def print_table(outcomes: list[Outcome]) -> None:
    """Print a line for each outcome, under a head."""
    print()
    print(markdown([HEAD, *(outcome_row(outcome) for outcome in outcomes)]))
    print()


def _line(outcome: Outcome) -> str:
    mark = "ok" if outcome.is_clean else "FAILED"
    lines = [f"{outcome.fault.name:<5}{mark:<8}{outcome.hits} faults on {outcome.runs} runs in {outcome.seconds:.0f} s"]
    lines += [f"       did not bite: {words}" for words in outcome.missed]
    lines += [f"       {kind}: {words}" for kind, words in outcome.verdict.breaches[:12]]
    return "\n".join(lines)
