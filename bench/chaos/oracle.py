"""What the trial's onlooker counts when all is quiet: the engine's own invariants, and the effects outside.

Whatever is wrong is `lost` (a run that did not end, or not as it had to), `doubled` (something done twice), `left`
(something of a run that was taken back remains) or `other`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from apps.orchestration.models import EventReceipt, OutboxEvent, StepRun, WorkflowRun
from apps.orchestration.queries import invariants
from bench.chaos import ledger
from bench.chaos.stage import Stage
from bench.probe.models import CaseRow, ProbeRow

TAKEN_BACK = ("COMPENSATED", "CANCELLED", "FAILED")

DOUBLED = ("twice", "exactly once")
LEFT = ("does not account", "that stands", "belongs to no package", "another client")
LOST = ("lacks the row", "skipped on the way", "too few steps", "did not succeed", "overdue", "not moved", "is missing")


@dataclass(frozen=True)
class Demands:
    """What a trial demands beyond the invariants that always hold.

    `ends` says for each acknowledged run in which of some states it must end. `calls_once` and `steps_once`: nothing
    happened that could excuse a second call to the vendor, or a second execution of a step.
    """

    ends: Mapping[UUID, tuple[str, ...]]
    calls_once: bool = False
    steps_once: bool = False


@dataclass
class Verdict:
    """Breaches by kind, each in words."""

    breaches: list[tuple[str, str]] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, words: str) -> None:
        self.breaches.append((kind, words))

    def count(self, kind: str) -> int:
        return sum(1 for each, _ in self.breaches if each == kind)


def judge(stage: Stage, demands: Demands) -> Verdict:
    """Check everything over the whole database, the vendor's ledger and the trace."""
    verdict = Verdict()
    runs = dict(WorkflowRun.objects.values_list("pk", "state"))
    verdict.states.update(runs.values())
    _check_ends(verdict, runs, demands)
    for breach in invariants.audit_runs().violations:
        verdict.add(_kind_of(breach["check"]), f"{breach['check']}: {breach['subject']} {breach['detail']}")
    _check_rows(verdict, runs)
    trace, facts = ledger.read(stage.trace), ledger.read(stage.vendor.path)
    calls = [fact for fact in facts if fact["asked"] == "do"]
    _check_effects(verdict, runs, facts)
    _check_attempts(verdict, calls)
    _check_lost_leases(verdict, trace)
    if demands.calls_once:
        _check_once(verdict, "the vendor was called again without need", [fact["key"] for fact in calls])
    if demands.steps_once:
        refused = _refused_keys()
        steps = [f"{fact['did']} {fact['key']}" for fact in trace if fact["key"] not in refused]
        _check_once(verdict, "a step was executed again without need", steps)
    _check_reactions(verdict)
    _check_sessions(verdict)
    return verdict


def _kind_of(check: str) -> str:
    for kind, words in (("doubled", DOUBLED), ("left", LEFT), ("lost", LOST)):
        if any(word in check for word in words):
            return kind
    return "other"


def _check_ends(verdict: Verdict, runs: Mapping[UUID, str], demands: Demands) -> None:
    for run_id, wanted in demands.ends.items():
        state = runs.get(run_id, "missing although it was acknowledged")
        if state not in wanted:
            verdict.add("lost", f"run {run_id} is {state}, not {' or '.join(wanted)}")
    for run_id in runs.keys() - demands.ends.keys():
        if runs[run_id] in WorkflowRun.UNFINISHED:
            verdict.add("lost", f"run {run_id}, which nobody acknowledged, is {runs[run_id]}")


def _check_rows(verdict: Verdict, runs: Mapping[UUID, str]) -> None:
    """A completed run has one row for each step; the invariants see rows of the others."""
    rows = Counter(CaseRow.objects.values_list("run_id", "position"))
    for (run_id, position), count in rows.items():
        if count > 1 and runs.get(run_id) not in TAKEN_BACK:
            verdict.add("doubled", f"run {run_id} has {count} rows of step {position}")


def _check_effects(verdict: Verdict, runs: Mapping[UUID, str], facts: list[dict[str, Any]]) -> None:
    """What the vendor holds is what the database says it was asked for."""
    held: dict[str, bool] = {}
    for fact in facts:
        if fact["effect"]:
            held[fact["key"]] = fact["asked"] == "do"
    for key, is_held in held.items():
        state = runs.get(UUID(key.split(":")[0]), "unknown")
        if is_held and state in (*TAKEN_BACK, "unknown"):
            verdict.add("left", f"the vendor still holds {key} of a run that is {state}")
    for row in CaseRow.objects.exclude(attempt=""):
        if runs.get(row.run_id) == "COMPLETED" and not held.get(_key_of(row)):
            verdict.add("lost", f"the vendor does not hold {_key_of(row)} of a completed run")


def _key_of(row: CaseRow) -> str:
    """Return the key that the row's step gave to the vendor."""
    return f"{row.run_id}:{row.position}:{row.round}"


def _check_attempts(verdict: Verdict, calls: list[dict[str, Any]]) -> None:
    """Nothing is tried more often than its limit says, by the engine's own count and by the vendor's."""
    limit = 4
    for key, count in Counter(fact["key"] for fact in calls).items():
        if count > limit:
            verdict.add("other", f"the vendor was called {count} times for {key}, where {limit} attempts are the limit")
    for step in StepRun.objects.filter(attempts__gt=limit, run__workflow="probe_outside"):
        verdict.add("other", f"step {step.name} of run {step.run_id} says {step.attempts} attempts, {limit} allowed")


def _check_lost_leases(verdict: Verdict, trace: list[dict[str, Any]]) -> None:
    """A row stems from the attempt that began last: who began earlier had lost the lease by then."""
    last = {fact["key"]: fact["attempt"] for fact in trace if fact["did"] == "prepare"}
    for row in CaseRow.objects.exclude(attempt=""):
        if row.attempt != last.get(_key_of(row)):
            verdict.add("doubled", f"{_key_of(row)} was written by a worker that had lost its lease")


def _refused_keys() -> set[str]:
    """Return the keys of steps that said no: until that is recorded, a copy of the message may ask once more."""
    refused = StepRun.objects.filter(state=StepRun.State.FAILED).values_list("run_id", "position", "round")
    return {f"{run_id}:{position}:{round_}" for run_id, position, round_ in refused}


def _check_once(verdict: Verdict, words: str, keys: list[str]) -> None:
    for key, count in Counter(keys).items():
        if count > 1:
            verdict.add("doubled", f"{words}: {key}, {count} times")


def _check_reactions(verdict: Verdict) -> None:
    """Every event was brought out, to each of its reactions once; the harness's own reactions leave rows to count."""
    for event in OutboxEvent.objects.filter(dispatched_at=None):
        verdict.add("lost", f"event {event.name} {event.pk} was not brought out, after {event.attempts} attempts")
    for receipt in EventReceipt.objects.exclude(state=EventReceipt.State.DONE):
        verdict.add("lost", f"reaction {receipt.reaction} to {receipt.event_id} is {receipt.state}: {receipt.error}")
    made = Counter(ProbeRow.objects.filter(step__startswith="reacted").values_list("step", flat=True))
    _check_once(verdict, "a reaction was done again", list(made.elements()))
    for event_id in OutboxEvent.objects.filter(name="ProbeApproved").values_list("pk", flat=True):
        for name in ("first", "second"):
            if not made[f"reacted {name} {str(event_id)[-12:]}"]:
                verdict.add("lost", f"the {name} reaction to {event_id} left no row")


def _check_sessions(verdict: Verdict) -> None:
    """Nobody sits on a lock when all is quiet."""
    sql = """SELECT pid, state, now() - state_change FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND state LIKE 'idle in transaction%' AND now() - state_change > interval '2 seconds'"""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        for pid, state, since in cursor.fetchall():
            verdict.add("other", f"session {pid} is {state} for {since}")
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        if count := cursor.fetchone()[0]:
            verdict.add("other", f"{count} advisory locks are left")
