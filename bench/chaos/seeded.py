"""The test of the tests: bugs are seeded, alone and together, and each must be caught by a fault named here."""

from dataclasses import dataclass

from bench.chaos.campaign import Options, choose, line_about
from bench.chaos.lanes import Report
from bench.chaos.stage import Stage
from bench.chaos.trial import Outcome, run_trial

QUIET_SECONDS = 16.0
"""A seeded bug is no reason to wait a whole minute for what will not come."""

KINDS = ("doubled", "left", "other", "lost")
"""Kinds of breaches, the most telling first: whatever goes wrong, some run ends late."""

SHARE = 0.6  # of the faults' usual runs

PLAN = (
    ("no_sweeper", "F14"),
    ("no_sweeper", "F43"),
    ("swallowed_undo", "F31a"),
    ("wrong_order", "F5"),
    ("split_commit", "F3"),
    ("split_commit+no_unique", "F3"),
    ("no_fence", "F11a"),
    ("no_fence+no_unique", "F11a"),
    ("no_lease_check", "F25"),
    ("no_lease_check+no_fence", "F25"),
    ("no_lease_check+no_fence+no_unique", "F25"),
    ("no_lease_check+no_position_check+no_fence+no_unique", "F25"),
    ("no_row_lock", "F28"),
    ("no_row_lock+no_unique", "F28"),
    ("no_compensation_lock", "F28"),
    ("no_heartbeat", "L1"),
    ("deaths_uncounted", "F12b"),
    ("expiring_messages", "F37a"),
    ("receipt_ignored", "R1"),
    ("kill_flag_ignored", "K1"),
    ("any_version", "F44c"),
)
"""Which fault is to catch which bug."""


HEAD = ("bug", "fault", "result", "breaches", "the most telling of them")


@dataclass(frozen=True)
class Catch:
    """What came of one bug under one fault."""

    bug: str
    outcome: Outcome

    @property
    def is_caught(self) -> bool:
        return bool(self.outcome.verdict.breaches)

    def row(self) -> tuple[str, ...]:
        """Return the cells of the kill table."""
        breaches = self.outcome.verdict.breaches
        kinds = [f"{self.outcome.verdict.count(kind)} {kind}" for kind in KINDS]
        counts = ", ".join(each for each in kinds if not each.startswith("0 "))
        fault = f"{self.outcome.fault.name} {self.outcome.fault.title}"
        tell = sorted(breaches, key=lambda breach: KINDS.index(breach[0]))
        first = _without_ids(tell[0][1]) if tell else ""
        return (self.bug, fault, "caught" if self.is_caught else "NOT CAUGHT", counts, first)


def run_seeded(stage: Stage, options: Options) -> Report:
    """Hold each fault without a bug first, then with each bug it is to catch; what catches nothing is not clean."""
    wanted = {fault.name for fault in choose(options.names)}
    faults = list(dict.fromkeys(name for _, name in PLAN if name in wanted))[options.lane :: options.lanes]
    report = Report(HEAD)
    for name in faults:
        control = _hold(stage, name, options.seed, "")
        print(line_about(control), flush=True)
        if not control.is_clean:
            report.notes.append(f"{name} finds fault with the engine as it is; what it catches says nothing.")
            report.is_clean = False
    for order, (bug, name) in enumerate(PLAN):
        if name in faults:
            catch = Catch(bug, _hold(stage, name, options.seed, bug))
            report.rows.append((order, catch.row()))
            report.is_clean &= catch.is_caught
            print(" | ".join(catch.row()), flush=True)
    return report


def _hold(stage: Stage, name: str, seed: int, bug: str) -> Outcome:
    fault = next(fault for fault in choose(name) if fault.name == name)
    runs = max(4, round(fault.runs * SHARE))
    quiet = QUIET_SECONDS if bug else 60.0
    return run_trial(stage, fault, runs=runs, seed=seed, quiet_seconds=quiet, bug=bug)


def _without_ids(words: str) -> str:
    """Return a breach in words that stay the same from run to run, and fit into a table."""
    return " ".join("…" if word.count("-") >= 4 else word for word in words.replace("|", "/").split())[:90]
