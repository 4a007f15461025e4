"""The engine in numbers, read from its rows whenever somebody looks.

Every question is answered by an index over what is unfinished or recent, so that a million finished runs cost nothing
(docs/decisions/0004-observability.md has the figures).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import inf
from typing import Any
from uuid import UUID

from django.db import connection

from apps.orchestration.models import ControlFlag, WorkflowRun
from apps.shared.telemetry import Distribution, Metric, Sample

RECENT = timedelta(minutes=5)
"""How far back "recent" numbers look: long enough for four scrapes, short enough to show a change."""

STEP_BOUNDS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Upper bounds, in seconds, of the classes that steps are counted in."""

NOT_ENDED = (*WorkflowRun.WOKEN, WorkflowRun.State.STUCK)

ENDS = {
    "RunCompleted": "COMPLETED",
    "RunCompensated": "COMPENSATED",
    "RunCancelled": "CANCELLED",
    "RunStuck": "STUCK",
}
"""What happened to a run, by the event that tells of it."""

UNFINISHED = """
SELECT workflow, state, count(*),
       extract(epoch FROM clock_timestamp() - min(created_at)),
       count(*) FILTER (WHERE parked <> '')
FROM orchestration_workflowrun WHERE state = ANY(%s) GROUP BY workflow, state"""

OVERDUE = """
SELECT extract(epoch FROM clock_timestamp() - min(wake_at)) FROM orchestration_workflowrun
WHERE state IN ('PENDING', 'RUNNING', 'WAITING', 'COMPENSATING') AND parked = '' AND wake_at < clock_timestamp()"""

STEPS = """
SELECT name, width_bucket(seconds, %s), count(*), sum(seconds) FROM (
    SELECT name, extract(epoch FROM finished_at - started_at)::float AS seconds FROM orchestration_steprun
    WHERE id >= %s AND state = 'SUCCEEDED' AND started_at IS NOT NULL AND finished_at IS NOT NULL
) AS taken GROUP BY 1, 2"""

HAPPENED = """
SELECT name, payload->>'workflow', coalesce(payload->>'step', ''), count(*) FROM orchestration_outboxevent
WHERE id >= %s AND aggregate = 'orchestration.workflowrun' GROUP BY 1, 2, 3"""

OUTBOX = """
SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(occurred_at)), 0)
FROM orchestration_outboxevent WHERE dispatched_at IS NULL"""

DEAD = "SELECT reaction, count(*) FROM orchestration_eventreceipt WHERE state = 'DEAD' GROUP BY reaction"


def measure(at: datetime) -> Iterator[Metric]:
    """Return how the runs, their steps and the outbox stand, and what happened to them in the last five minutes."""
    since = _first_id(at - RECENT)
    yield from _of_unfinished()
    yield from _of_recent(_rows(HAPPENED, [since]))
    yield _of_steps(_rows(STEPS, [list(STEP_BOUNDS), since]))
    yield from _of_outbox()
    yield _of_flags()


def _of_unfinished() -> Iterator[Metric]:
    rows = _rows(UNFINISHED, [list(NOT_ENDED)])
    by = ("workflow", "state")
    told = [dict(zip(by, row[:2], strict=True)) for row in rows]
    yield Metric(
        "aicmo_runs",
        "Runs that have not ended, by workflow and state; stuck ones included.",
        tuple(Sample(row[2], labels) for row, labels in zip(rows, told, strict=True)),
        labels=by,
    )
    yield Metric(
        "aicmo_oldest_run_seconds",
        "Age of the oldest run that has not ended.",
        tuple(Sample(float(row[3]), labels) for row, labels in zip(rows, told, strict=True)),
        labels=by,
    )
    yield Metric("aicmo_runs_parked", "Runs that no release running here can move.", (Sample(sum(r[4] for r in rows)),))
    (overdue,) = _rows(OVERDUE)[0]
    yield Metric(
        "aicmo_runs_overdue_seconds",
        "For how long the run that waits longest for somebody to wake it has been waiting.",
        (Sample(float(overdue or 0)),),
    )


def _of_recent(rows: Sequence[tuple]) -> Iterator[Metric]:
    ends = tuple(
        Sample(count, {"workflow": workflow, "state": ENDS[name]}) for name, workflow, _, count in rows if name in ENDS
    )
    yield Metric("aicmo_recent_ends", "Runs that ended in the last five minutes.", ends, labels=("workflow", "state"))
    for event, metric, help_text in (
        ("AttemptFailed", "aicmo_recent_retries", "Attempts of a step that failed in the last five minutes."),
        ("RunRefused", "aicmo_recent_refusals", "Runs turned back at a step in the last five minutes."),
        ("StepFailed", "aicmo_recent_failed_steps", "Independent steps that failed for good in the last five minutes."),
        ("CompensationFailed", "aicmo_recent_failed_compensations", "Failed attempts to take a step back, likewise."),
        ("WaitOverdue", "aicmo_recent_overdue_waits", "Waits that nobody answered in time, likewise."),
    ):
        found = tuple(
            Sample(count, {"workflow": workflow, "step": step}) for name, workflow, step, count in rows if name == event
        )
        yield Metric(metric, help_text, found, labels=("workflow", "step"))


def _of_steps(rows: Sequence[tuple]) -> Metric:
    bounds = (*STEP_BOUNDS, inf)
    names = sorted({name for name, *_ in rows})
    return Metric(
        "aicmo_step_seconds",
        "How long the steps took that began in the last five minutes and succeeded.",
        tuple(_distribution(name, [row[1:] for row in rows if row[0] == name], bounds) for name in names),
        labels=("step",),
    )


def _distribution(name: str, classes: Sequence[tuple], bounds: Sequence[float]) -> Distribution:
    counts = dict.fromkeys(bounds, 0)
    for place, count, _ in classes:
        counts[bounds[place]] += count
    return Distribution(counts, total=sum(seconds for *_, seconds in classes), labels={"step": name})


def _of_outbox() -> Iterator[Metric]:
    count, lag = _rows(OUTBOX)[0]
    yield Metric("aicmo_outbox_events", "Events that some reaction has not been done for.", (Sample(count),))
    yield Metric("aicmo_outbox_lag_seconds", "Age of the oldest of them.", (Sample(float(lag)),))
    dead = tuple(Sample(number, {"reaction": reaction}) for reaction, number in _rows(DEAD))
    yield Metric("aicmo_dead_letters", "Reactions given up, which wait for a person.", dead, labels=("reaction",))


def _of_flags() -> Metric:
    flags = dict(ControlFlag.objects.values_list("name", "is_on"))
    return Metric(
        "aicmo_control_flag",
        "1 while a person holds the switch on.",
        tuple(Sample(flags.get(name, False), {"flag": name}) for name in ControlFlag.Name.values),
        labels=("flag",),
    )


def _first_id(at: datetime) -> UUID:
    """Return the smallest UUIDv7 of a moment: what was made since then has a greater key."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def _rows(sql: str, parameters: Sequence[Any] = ()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
