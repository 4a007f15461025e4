"""The test of the tests: bugs are seeded, alone and together, and each must be caught by a fault named here."""

from dataclasses import dataclass

from bench.chaos.campaign import choose, print_table
from bench.chaos.stage import Stage
from bench.chaos.table import markdown
from bench.chaos.trial import Outcome, run_trial

QUIET_SECONDS = 12.0
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
    ("no_position_check", "F25"),
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


def run_seeded(stage: Stage, *, names: str, seed: int) -> int:
    """Hold each fault without a bug first, then with each bug it is to catch; return the exit code."""
    wanted = {fault.name for fault in choose(names)}
    plan = [(bug, name) for bug, name in PLAN if name in wanted]
    controls = [_hold(stage, name, seed, "") for name in dict.fromkeys(name for _, name in plan)]
    print_table(controls)
    catches = []
    for bug, name in plan:
        catches.append(Catch(bug, _hold(stage, name, seed, bug)))
        print(" | ".join(catches[-1].row()), flush=True)
    print()
    print(markdown([("bug", "fault", "result", "breaches", "the first of them"), *(each.row() for each in catches)]))
    caught = {each.bug for each in catches if each.is_caught}
    missed = [bug for bug in dict.fromkeys(bug for bug, _ in plan) if bug not in caught]
    print(
        f"\n{len(caught)} of {len(caught) + len(missed)} bugs caught"
        + (f"; not: {', '.join(missed)}" if missed else "")
    )
    return int(bool(missed) or not all(outcome.is_clean for outcome in controls))


def _hold(stage: Stage, name: str, seed: int, bug: str) -> Outcome:
    fault = next(fault for fault in choose(name) if fault.name == name)
    runs = max(4, round(fault.runs * SHARE))
    quiet = QUIET_SECONDS if bug else 60.0
    return run_trial(stage, fault, runs=runs, seed=seed, quiet_seconds=quiet, bug=bug)


def _without_ids(words: str) -> str:
    """Return a breach in words that stay the same from run to run, and fit into a table."""
    return " ".join("…" if word.count("-") >= 4 else word for word in words.replace("|", "/").split())[:90]
