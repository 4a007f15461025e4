"""Reads for archiving: what may go, what must stay, and where a run went."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import connection

from apps.orchestration.workflows import list_kept_for_a_while

MONTHS = """
WITH busy AS (
  SELECT e.run_id FROM orchestration_outboxevent e WHERE e.dispatched_at IS NULL
  UNION SELECT e.run_id FROM orchestration_eventreceipt c JOIN orchestration_outboxevent e ON e.id = c.event_id
    WHERE c.state <> 'DONE')
SELECT date_trunc('month', r.finished_at AT TIME ZONE 'UTC')::date AS month,
  count(*) FILTER (WHERE busy.run_id IS NULL) AS ready, count(busy.run_id) AS staying
FROM orchestration_workflowrun r LEFT JOIN busy ON busy.run_id = r.id
WHERE r.state IN ('COMPLETED', 'COMPENSATED', 'CANCELLED', 'FAILED') AND r.finished_at < %s
  AND r.workflow <> ALL(%s) GROUP BY 1 ORDER BY 1"""

READY = """
SELECT r.id FROM orchestration_workflowrun r
WHERE r.state IN ('COMPLETED', 'COMPENSATED', 'CANCELLED', 'FAILED')
  AND r.finished_at >= %s AND r.finished_at < %s AND r.id > %s AND r.workflow <> ALL(%s) AND NOT EXISTS (
    SELECT 1 FROM orchestration_outboxevent e LEFT JOIN orchestration_eventreceipt c ON c.event_id = e.id
    WHERE e.run_id = r.id AND (e.dispatched_at IS NULL OR c.state <> 'DONE'))
ORDER BY r.id LIMIT %s FOR UPDATE OF r SKIP LOCKED"""
"""Runs that have ended, and whose events have brought about all they should: no reaction is due, and none is dead."""

OLD = """
SELECT r.id, ARRAY(SELECT e.id FROM orchestration_outboxevent e WHERE e.run_id = r.id)
FROM orchestration_workflowrun r
WHERE r.state IN ('COMPLETED', 'COMPENSATED', 'CANCELLED', 'FAILED') AND r.workflow = %s AND r.finished_at < %s
  AND NOT EXISTS (
    SELECT 1 FROM orchestration_outboxevent e LEFT JOIN orchestration_eventreceipt c ON c.event_id = e.id
    WHERE e.run_id = r.id AND (e.dispatched_at IS NULL OR c.state <> 'DONE'))
ORDER BY r.id LIMIT %s FOR UPDATE OF r SKIP LOCKED"""
"""The same of one workflow, and what they told of."""

LINES = """
SELECT jsonb_build_object(
    'run', to_jsonb(r),
    'step_runs', COALESCE((SELECT jsonb_agg(to_jsonb(s) ORDER BY s.position, s.round)
      FROM orchestration_steprun s WHERE s.run_id = r.id), '[]'),
    'events', COALESCE((SELECT jsonb_agg(to_jsonb(e) || jsonb_build_object('receipts', COALESCE((
        SELECT jsonb_agg(to_jsonb(c) ORDER BY c.id) FROM orchestration_eventreceipt c WHERE c.event_id = e.id), '[]'))
      ORDER BY e.sequence) FROM orchestration_outboxevent e WHERE e.run_id = r.id), '[]'))::text,
  ARRAY(SELECT e.id FROM orchestration_outboxevent e WHERE e.run_id = r.id)
FROM orchestration_workflowrun r WHERE r.id = ANY(%s) ORDER BY r.id"""
"""One line a run, with everything the engine knows of it, whatever columns its tables have by now."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month with ended runs: how many may be archived, and how many must stay because a reaction is not done."""

    first_day: date
    ready: int
    staying: int


def list_months(before: date) -> list[Month]:
    """Return the months before this one in which runs ended that are still in the tables, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(MONTHS, [first_moment(before), list_kept_for_a_while()])
        return [Month(*row) for row in cursor.fetchall()]


def lock_ready(month: date, after: UUID, most: int) -> list[UUID]:
    """Lock ended runs of a month, in the order of their ids from the one after this, and return their ids."""
    with connection.cursor() as cursor:
        months = [first_moment(month), first_moment(following(month))]
        cursor.execute(READY, [*months, after, list_kept_for_a_while(), most])
        return [run_id for (run_id,) in cursor.fetchall()]


def lock_old(workflow: str, before: datetime, most: int) -> list[tuple[UUID, list[UUID]]]:
    """Lock runs of a workflow that ended before then, the oldest first; return each one's id, and its events'."""
    with connection.cursor() as cursor:
        cursor.execute(OLD, [workflow, before, most])
        return cursor.fetchall()


def lines_of(run_ids: list[UUID]) -> list[tuple[str, list[UUID]]]:
    """Return of each run its JSON line, and the ids of the events in it."""
    with connection.cursor() as cursor:
        cursor.execute(LINES, [run_ids])
        return cursor.fetchall()


def following(month: date) -> date:
    """Return the first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def first_moment(month: date) -> datetime:
    """Return when a month begins, in UTC."""
    return datetime(month.year, month.month, 1, tzinfo=UTC)
