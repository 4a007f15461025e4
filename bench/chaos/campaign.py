"""All trials of one call of the harness, and their table."""

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
    outcomes = []
    for fault in choose(names):
        outcomes.append(run_trial(stage, fault, runs=max(1, round(fault.runs * factor)), seed=seed))
        print(_line(outcomes[-1]), flush=True)
    print_table(outcomes)
    return int(not all(outcome.is_clean for outcome in outcomes))


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
