"""All trials of one call of the harness, and their table."""

import time
from dataclasses import dataclass

from bench.chaos import (
    faults_messages,
    faults_outside,
    faults_people,
    faults_points,
    faults_processes,
    faults_servers,
    faults_together,
)
from bench.chaos.lanes import Report
from bench.chaos.stage import Stage
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


HEAD = (
    "fault", "runs", "faults", "completed", "compensated", "stuck", "lost", "doubled", "left behind", "other",
    "recovery s", "trial s",
)  # fmt: skip


def outcome_row(outcome: Outcome) -> tuple[str, ...]:
    """Return the cells of one trial."""
    verdict = outcome.verdict
    taken_back = verdict.states["COMPENSATED"] + verdict.states["CANCELLED"]
    states = [str(verdict.states["COMPLETED"]), str(taken_back), str(verdict.states["STUCK"])]
    kinds = [str(verdict.count(kind)) for kind in ("lost", "doubled", "left", "other")]
    name = f"{outcome.fault.name} {outcome.fault.title}"
    return (
        name,
        str(outcome.runs),
        str(outcome.hits),
        *states,
        *kinds,
        f"{outcome.recovery:.1f}",
        f"{outcome.seconds:.0f}",
    )


QUICK = ("F3", "F4", "F5", "F11a", "F19", "F25", "F29", "F31a", "F43")
"""What the variant of 90 seconds holds: one of each kind."""
QUICK_SHARE = 0.3
MINUTES = 12.0
"""After this long no further trial begins. A trial that was not held proves nothing: it counts as failed."""


class UnknownFault(ValueError):
    """A fault was asked for that the harness does not have."""


def choose(names: str) -> list[Fault]:
    """Return the faults of these names or numbers (F10 is F10a and F10b); all of them where none is named.

    Raises UnknownFault for a name that nothing has.
    """
    wanted = [name.strip().upper() for name in names.split(",") if name.strip()]
    known = {fault.name.upper() for fault in FAULTS} | {fault.number for fault in FAULTS}
    if unknown := [name for name in wanted if name not in known]:
        raise UnknownFault(f"There is no fault {', '.join(unknown)}. Known: {', '.join(f.name for f in FAULTS)}.")
    return [fault for fault in FAULTS if not wanted or {fault.name.upper(), fault.number} & set(wanted)]


@dataclass(frozen=True)
class Options:
    """How the harness was called: `lane` of `lanes` holds every so manieth trial, of its own number of runs if none
    is given."""

    names: str = ""
    runs: int | None = None
    seed: int = 1
    is_quick: bool = False
    lane: int = 0
    lanes: int = 1


def run_faults(stage: Stage, options: Options) -> Report:
    """Hold the trials, print a line about each as it comes, and report them."""
    chosen = choose(options.names)
    faults = [fault for fault in chosen if fault.name in QUICK or not options.is_quick][options.lane :: options.lanes]
    usual, asked_for = sum(fault.runs for fault in faults), sum(_runs(fault, options) for fault in faults)
    deadline = time.monotonic() + 60 * MINUTES * max(1.0, asked_for / usual)
    report = Report(HEAD)
    for fault in faults:
        if time.monotonic() > deadline:
            report.notes.append(f"{fault.name} was not held: {MINUTES:.0f} minutes are over.")
            report.is_clean = False
            continue
        outcome = run_trial(stage, fault, runs=_runs(fault, options), seed=options.seed)
        report.rows.append((FAULTS.index(fault), outcome_row(outcome)))
        report.is_clean &= outcome.is_clean
        print(line_about(outcome), flush=True)
    return report


def _runs(fault: Fault, options: Options) -> int:
    """Return how many runs a fault's trial has."""
    return options.runs or max(4, round(fault.runs * (QUICK_SHARE if options.is_quick else 1.0)))


def line_about(outcome: Outcome) -> str:
    """Say in a line how a trial went, and below it what was wrong."""
    mark = "ok" if outcome.is_clean else "FAILED"
    lines = [f"{outcome.fault.name:<5}{mark:<8}{outcome.hits} faults on {outcome.runs} runs in {outcome.seconds:.0f} s"]
    lines += [f"       did not bite: {words}" for words in outcome.missed]
    lines += [f"       {kind}: {words}" for kind, words in outcome.verdict.breaches[:12]]
    return "\n".join(lines)
