"""What must be true of all runs at any quiet moment, asked by SQL over the whole database.

This is the one place that reads every module's tables: it proves what the modules promise, so it may not ask them.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection

from apps.delivery.api import ports as delivery
from apps.observability.api import ports as observability
from apps.orchestration.models import WorkflowRun
from apps.orchestration.workflows import list_workflows

OVERDUE_MINUTES = 2
UNMOVED_MINUTES = 15  # every attempt moves a run; the longest pause between two is a minute
IDLE_SECONDS = 10

ORPHANS = """
SELECT w.t, w.id, w.run_id FROM ({rows}) w LEFT JOIN orchestration_workflowrun r ON r.id = w.run_id
WHERE r.id IS NULL OR r.state IN ('COMPENSATED', 'FAILED')"""

CHECKS = {
    "a completed run lacks the row a step gave": """
        SELECT s.run_id, s.name FROM orchestration_steprun s JOIN orchestration_workflowrun r ON r.id = s.run_id
        WHERE r.state = 'COMPLETED' AND s.state = 'SUCCEEDED' AND s.outcome ? 'id' AND NOT EXISTS
          (SELECT 1 FROM ({rows}) w WHERE w.run_id = r.id AND w.id::text = s.outcome ->> 'id')""",
    "a completed run has what a step gave twice": """
        WITH given AS (
          SELECT s.run_id, w.t, count(*) AS n FROM orchestration_steprun s
          JOIN orchestration_workflowrun r ON r.id = s.run_id AND r.state = 'COMPLETED'
          JOIN ({rows}) w ON w.run_id = s.run_id AND w.id::text = s.outcome ->> 'id'
          WHERE s.state = 'SUCCEEDED' GROUP BY s.run_id, w.t)
        SELECT given.run_id, given.t FROM given JOIN ({rows}) w ON w.run_id = given.run_id AND w.t = given.t
        GROUP BY given.run_id, given.t, given.n HAVING count(*) > given.n""",
    "a row belongs to another client than its run": """
        SELECT w.run_id, w.t FROM ({client_rows}) w JOIN orchestration_workflowrun r ON r.id = w.run_id
        WHERE r.client_id IS NOT NULL AND w.client_id <> r.client_id""",
    "steps were skipped on the way": """
        SELECT run_id, count(*) FROM orchestration_steprun WHERE state IN ('SUCCEEDED', 'COMPENSATED')
        GROUP BY run_id HAVING max(position) + 1 <> count(DISTINCT position)""",
    "steps were not taken back in reverse order": """
        SELECT a.run_id, a.name FROM orchestration_steprun a JOIN orchestration_steprun b ON b.run_id = a.run_id
        WHERE a.state = 'COMPENSATED' AND b.state = 'COMPENSATED' AND a.position < b.position
          AND a.compensated_at < b.compensated_at""",
    "a completed run has a step that did not succeed": """
        SELECT r.id, s.name FROM orchestration_workflowrun r JOIN orchestration_steprun s ON s.run_id = r.id
        WHERE r.state = 'COMPLETED' AND s.state NOT IN ('SUCCEEDED', 'SKIPPED')""",
    "a run that was taken back, or never did anything, has a step that stands": """
        SELECT r.id, s.name FROM orchestration_workflowrun r JOIN orchestration_steprun s ON s.run_id = r.id
        WHERE r.state IN ('COMPENSATED', 'FAILED') AND s.state = 'SUCCEEDED'""",
    "an ended run still holds a lease, or waits to be woken, or has no end": """
        SELECT id, state FROM orchestration_workflowrun WHERE state IN ('COMPLETED', 'COMPENSATED', 'FAILED')
        AND (lease_until IS NOT NULL OR wake_at IS NOT NULL OR finished_at IS NULL)""",
    "an unfinished run is overdue": """
        SELECT id, state FROM orchestration_workflowrun WHERE state IN ('PENDING', 'RUNNING', 'COMPENSATING')
        AND (wake_at IS NULL OR wake_at < clock_timestamp() - interval '{overdue} minutes')""",
    "an unfinished run has not moved for long": """
        SELECT id, state FROM orchestration_workflowrun WHERE state IN ('PENDING', 'RUNNING', 'COMPENSATING')
        AND updated_at < clock_timestamp() - interval '{unmoved} minutes'""",
    "an end was not told exactly once": """
        SELECT r.id, r.state FROM orchestration_workflowrun r WHERE r.state IN ('COMPLETED', 'COMPENSATED') AND 1 <>
          (SELECT count(*) FROM orchestration_outboxevent e WHERE e.run_id = r.id
           AND e.name = CASE r.state WHEN 'COMPLETED' THEN 'RunCompleted' ELSE 'RunCompensated' END)""",
    "a session sits idle in a transaction": """
        SELECT pid, application_name FROM pg_stat_activity WHERE state = 'idle in transaction'
        AND datname = current_database() AND now() - state_change > interval '{idle} seconds'""",
}


@dataclass
class Audit:
    """The result: runs by state, rows without a run that accounts for them, and every breach in words."""

    runs: dict[str, int] = field(default_factory=dict)
    orphans: int = 0
    violations: list[dict[str, str]] = field(default_factory=list)

    def add(self, check: str, subject: Any, detail: Any = "") -> None:
        """Note a breach."""
        self.violations.append({"check": check, "subject": str(subject), "detail": str(detail)})


def audit_runs() -> Audit:
    """Check all invariants over the whole database and the files of all packages."""
    audit = Audit(runs=dict(_rows("SELECT state, count(*) FROM orchestration_workflowrun GROUP BY state ORDER BY 1")))
    parts = {"rows": _run_rows(), "client_rows": _run_rows(with_client=True)}
    for table, row_id, run_id in _rows(ORPHANS.format(**parts)):
        audit.orphans += 1
        audit.add("a row's run does not account for it", f"{table} {row_id}", f"run {run_id}")
    limits = {"overdue": OVERDUE_MINUTES, "unmoved": UNMOVED_MINUTES, "idle": IDLE_SECONDS}
    for check, sql in CHECKS.items():
        for subject, detail in _rows(sql.format(**parts, **limits)):
            audit.add(check, subject, detail)
    _check_lengths(audit)
    _check_files(audit)
    for broken in observability.verify_audit():
        audit.add("the audit chain is broken", broken)
    return audit


def _rows(sql: str, parameters: tuple[Any, ...] = ()) -> list[tuple]:
    with connection.cursor() as cursor:
        # Without parameters nothing is interpolated, so that `?` and `%` stay what they are.
        cursor.execute(sql, parameters or None)
        return cursor.fetchall()


def _run_rows(*, with_client: bool = False) -> str:
    """Return the SQL of all rows that runs made, in whatever module's table."""
    selects = [
        f"SELECT '{model._meta.db_table}' AS t, id, run_id{', client_id' if with_client else ''} "  # noqa: S608
        f'FROM "{model._meta.db_table}" WHERE run_id IS NOT NULL'
        for model in apps.get_models()
        if _is_run_table(model) and (not with_client or _has(model, "client_id"))
    ]
    return " UNION ALL ".join(selects)


def _is_run_table(model: type) -> bool:
    return _has(model, "run_id") and model._meta.app_label not in ("orchestration", "observability")


def _has(model: type, column: str) -> bool:
    return any(column == each.attname for each in model._meta.concrete_fields)


def _check_lengths(audit: Audit) -> None:
    """A completed run took as many steps as its workflow declares."""
    sql = """SELECT r.id, count(s.id) FROM orchestration_workflowrun r LEFT JOIN orchestration_steprun s
        ON s.run_id = r.id AND s.state IN ('SUCCEEDED', 'SKIPPED') WHERE r.state = 'COMPLETED'
        AND r.workflow = %s AND r.version = %s GROUP BY r.id HAVING count(DISTINCT s.position) <> %s"""
    for workflow in list_workflows():
        for run_id, count in _rows(sql, (workflow.name, workflow.version, len(workflow.specs))):
            audit.add("a completed run took too few steps", run_id, f"{count} of {len(workflow.specs)}")


def _check_files(audit: Audit) -> None:
    for missing in delivery.list_missing_files():
        audit.add("a package's file is missing or not what its row says", missing.key, missing.problem)
    for stray in delivery.list_stray_files():
        if not (stray.is_temporary and _is_at_work(stray.key)):
            audit.add("a file belongs to no package", stray.key)


def _is_at_work(temporary_key: str) -> bool:
    """Tell whether the run that a temporary file (`tmp/<run>/…`) is named after may still need it."""
    try:
        run_id = UUID(temporary_key.split("/")[1])
    except ValueError:  # somebody else's file
        return False
    return WorkflowRun.objects.unfinished().filter(pk=run_id).exists()
