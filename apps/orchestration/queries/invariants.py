"""What must be true of all runs at any quiet moment, asked by SQL over the whole database.

Beside the preview in `undo` this is the one place that reads every module's tables: it proves what the modules
promise, so it may not ask them.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
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
TAKEN_BACK = "'COMPENSATED', 'CANCELLED', 'FAILED'"
MOVING = "'PENDING', 'RUNNING', 'COMPENSATING'"

# The engine was told to stand still, or was until a moment ago: that nothing moves is no breach then.
STANDS_STILL = """EXISTS (SELECT 1 FROM orchestration_controlflag WHERE name IN ('PAUSE', 'KILL')
  AND (is_on OR set_at > clock_timestamp() - interval '{overdue} minutes'))"""

RUNS = "SELECT id, state FROM orchestration_workflowrun UNION ALL SELECT id, state FROM orchestration_archivedrun"

# A step that failed for good, and did not keep its run from going on.
PASSED_OVER = "s.state = 'FAILED' AND r.workflow = ANY ('{{{independent}}}'::text[])"

# {rows} and {client_rows}: what runs made, in whatever module's table. {since}: the least id of a run to be looked at.
ORPHANS = """
SELECT w.t, w.id, w.run_id FROM ({rows}) w LEFT JOIN ({runs}) r ON r.id = w.run_id
WHERE r.id IS NULL OR r.state IN ({taken_back})"""

CHECKS = {
    "a completed run lacks the row a step gave": """
        SELECT s.run_id, s.name FROM orchestration_steprun s JOIN orchestration_workflowrun r ON r.id = s.run_id
        WHERE r.state = 'COMPLETED' AND r.id >= '{since}' AND s.state = 'SUCCEEDED' AND s.outcome ? 'id' AND NOT EXISTS
          (SELECT 1 FROM ({rows}) w WHERE w.run_id = r.id AND w.id::text = s.outcome ->> 'id')""",
    "a completed run has what a step gave twice": """
        WITH given AS (
          SELECT s.run_id, w.t, count(*) AS n FROM orchestration_steprun s
          JOIN orchestration_workflowrun r ON r.id = s.run_id AND r.state = 'COMPLETED' AND r.id >= '{since}'
          JOIN ({rows}) w ON w.run_id = s.run_id AND w.id::text = s.outcome ->> 'id'
          WHERE s.state = 'SUCCEEDED' GROUP BY s.run_id, w.t)
        SELECT given.run_id, given.t FROM given JOIN ({rows}) w ON w.run_id = given.run_id AND w.t = given.t
        GROUP BY given.run_id, given.t, given.n HAVING count(*) > given.n""",
    "a row belongs to another client than its run": """
        SELECT w.run_id, w.t FROM ({client_rows}) w JOIN orchestration_workflowrun r ON r.id = w.run_id
        WHERE r.client_id IS NOT NULL AND w.client_id <> r.client_id""",
    "steps were skipped on the way": """
        SELECT s.run_id, count(*) FROM orchestration_steprun s JOIN orchestration_workflowrun r ON r.id = s.run_id
        WHERE (s.state IN ('SUCCEEDED', 'COMPENSATED', 'SKIPPED') OR {passed_over}) AND r.id >= '{since}'
          AND r.workflow || ' ' || r.version <> ALL ('{{{migrated}}}'::text[])
        GROUP BY s.run_id HAVING max(s.position) + 1 <> count(DISTINCT s.position)""",
    "steps were not taken back in reverse order": """
        SELECT a.run_id, a.name FROM orchestration_steprun a JOIN orchestration_steprun b ON b.run_id = a.run_id
        WHERE a.state = 'COMPENSATED' AND b.state = 'COMPENSATED' AND a.run_id >= '{since}'
          AND (a.round = b.round AND a.position < b.position OR a.position = b.position AND a.round < b.round)
          AND a.compensated_at < b.compensated_at""",
    "a completed run has a step that did not succeed": """
        SELECT r.id, s.name FROM orchestration_workflowrun r JOIN orchestration_steprun s ON s.run_id = r.id
        WHERE r.state = 'COMPLETED' AND s.state NOT IN ('SUCCEEDED', 'SKIPPED') AND NOT ({passed_over})
          AND r.id >= '{since}'""",
    "a completed run does not name the step that failed": """
        SELECT r.id, s.name FROM orchestration_workflowrun r JOIN orchestration_steprun s ON s.run_id = r.id
        WHERE r.state = 'COMPLETED' AND {passed_over} AND strpos(r.error, s.name) = 0 AND r.id >= '{since}'""",
    "a run of independent steps was turned back": """
        SELECT r.id, r.state FROM orchestration_workflowrun r WHERE r.workflow = ANY ('{{{independent}}}'::text[])
        AND (r.state IN ('COMPENSATING', 'COMPENSATED', 'STUCK', 'FAILED')
          OR r.state = 'CANCELLED' AND r.started_at IS NOT NULL) AND r.id >= '{since}'""",
    "two runs are under way of what goes alone": """
        SELECT workflow, count(*) FROM orchestration_workflowrun WHERE workflow = ANY ('{{{alone}}}'::text[])
        AND state IN ({moving}, 'WAITING', 'STUCK') GROUP BY workflow HAVING count(*) > 1""",
    "a run that was taken back, or never did anything, has a step that stands": """
        SELECT r.id, s.name FROM orchestration_workflowrun r JOIN orchestration_steprun s ON s.run_id = r.id
        WHERE r.state IN ({taken_back}) AND s.state = 'SUCCEEDED' AND r.id >= '{since}'""",
    "an event of a run that was taken back has no taking-back event": """
        SELECT DISTINCT r.id, e.aggregate || ' ' || e.aggregate_id FROM orchestration_outboxevent e
        JOIN orchestration_workflowrun r ON r.id = e.run_id AND r.state IN ('COMPENSATED', 'CANCELLED')
        WHERE r.id >= '{since}' AND e.aggregate NOT LIKE 'orchestration.%'
          AND NOT EXISTS (SELECT 1 FROM orchestration_outboxevent b WHERE b.aggregate_id = e.aggregate_id
            AND b.name ~ '(Withdrawn|Voided|Retracted|Cancelled)$')
          AND NOT EXISTS (SELECT 1 FROM orchestration_steprun s WHERE s.run_id = r.id AND s.state = 'FAILED'
            AND s.outcome ->> 'id' = e.aggregate_id::text)""",  # a refusal tells of what it left no row of
    "an ended run still holds a lease, or waits to be woken, or has no end": """
        SELECT id, state FROM orchestration_workflowrun WHERE state IN ('COMPLETED', {taken_back}) AND id >= '{since}'
        AND (lease_until IS NOT NULL OR wake_at IS NOT NULL OR finished_at IS NULL)""",
    "an unfinished run is overdue": """
        SELECT id, state FROM orchestration_workflowrun WHERE state IN ({moving}, 'WAITING')
        AND (wake_at IS NULL AND state <> 'WAITING' OR wake_at < clock_timestamp() - interval '{overdue} minutes')
        AND NOT {stands_still}""",
    "an unfinished run has not moved for long": """
        SELECT id, state FROM orchestration_workflowrun WHERE state IN ({moving}) AND parked = ''
        AND (lease_until IS NULL OR lease_until < clock_timestamp())
        AND updated_at < clock_timestamp() - interval '{unmoved} minutes' AND NOT {stands_still}""",
    "an end was not told exactly once": """
        SELECT r.id, r.state FROM orchestration_workflowrun r
        WHERE r.state IN ('COMPLETED', 'COMPENSATED', 'CANCELLED') AND r.id >= '{since}' AND 1 <>
          (SELECT count(*) FROM orchestration_outboxevent e WHERE e.run_id = r.id
           AND e.name = 'Run' || initcap(r.state))""",
    "an event waits for its reactions": """
        SELECT e.id, e.name FROM orchestration_outboxevent e WHERE e.dispatched_at IS NULL
        AND e.occurred_at < clock_timestamp() - interval '{overdue} minutes'
        AND (e.wake_at IS NULL OR e.wake_at < clock_timestamp() - interval '{overdue} minutes')
        AND NOT EXISTS (SELECT 1 FROM orchestration_outboxevent b WHERE b.dispatched_at IS NULL
          AND b.aggregate_id = e.aggregate_id AND b.sequence < e.sequence) AND NOT {stands_still}""",
    "a session sits idle in a transaction": """
        SELECT pid, application_name FROM pg_stat_activity WHERE state = 'idle in transaction'
        AND datname = current_database() AND starts_with(application_name, '{application}')
        AND now() - state_change > interval '{idle} seconds'""",
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


def audit_runs(*, since: datetime | None = None, files: bool = True, seals: bool = True) -> Audit:
    """Check all invariants over the whole database, the files of all packages and the seals of the audit.

    With `since`, of ended runs only those accepted since then are looked at; what has not ended is always. Work may go
    on meanwhile: what looks broken because somebody is at it is looked at again.
    """
    audit = Audit(runs=dict(_rows("SELECT state, count(*) FROM orchestration_workflowrun GROUP BY state ORDER BY 1")))
    parts = _parts(since)
    for table, row_id, run_id in _rows(ORPHANS.format(**parts)):
        audit.orphans += 1
        audit.add("a row's run does not account for it", f"{table} {row_id}", f"run {run_id}")
    for check, sql in CHECKS.items():
        for subject, detail in _rows(sql.format(**parts)):
            audit.add(check, subject, detail)
    _check_lengths(audit, parts["since"])
    if files:
        _check_files(audit)
    if seals:
        for broken in observability.verify_audit():
            audit.add("the audit chain is broken", broken)
    return audit


def _parts(since: datetime | None) -> dict[str, Any]:
    """Return what the statements are completed with."""
    least = _least_id(since)
    limits = {"overdue": OVERDUE_MINUTES, "unmoved": UNMOVED_MINUTES, "idle": IDLE_SECONDS}
    independent = ",".join(sorted({each.name for each in list_workflows() if each.independent}))
    return limits | {
        "since": least,
        "rows": _run_rows(least),
        "client_rows": _run_rows(least, with_client=True),
        "runs": RUNS,
        "moving": MOVING,
        "taken_back": TAKEN_BACK,
        "independent": independent,
        "passed_over": PASSED_OVER.format(independent=independent),
        "alone": ",".join(sorted({each.name for each in list_workflows() if each.alone})),
        "stands_still": STANDS_STILL.format(**limits),
        "migrated": ",".join(f'"{each.name} {each.version}"' for each in list_workflows() if each.takes_over),
        "application": connection.settings_dict["OPTIONS"].get("application_name", "").replace("'", "''"),
    }


def _least_id(since: datetime | None) -> UUID:
    """Return the least UUIDv7 of that time: its first 48 bits are the milliseconds since 1970."""
    return UUID(int=0 if since is None else int(since.astimezone(UTC).timestamp() * 1000) << 80)


def _rows(sql: str, parameters: tuple[Any, ...] = ()) -> list[tuple]:
    with connection.cursor() as cursor:
        # Without parameters nothing is interpolated, so that `?` and `%` stay what they are.
        cursor.execute(sql, parameters or None)
        return cursor.fetchall()


def _run_rows(least: UUID, *, with_client: bool = False) -> str:
    """Return the SQL of all rows that runs made, from the run of the least id on, in whatever module's table."""
    selects = [
        f"SELECT '{model._meta.db_table}' AS t, id, run_id{', client_id' if with_client else ''} "  # noqa: S608
        f"FROM \"{model._meta.db_table}\" WHERE run_id >= '{least}'"
        for model in apps.get_models()
        if _is_run_table(model) and (not with_client or _has(model, "client_id"))
    ]
    return " UNION ALL ".join(selects)


def _is_run_table(model: type) -> bool:
    return _has(model, "run_id") and model._meta.app_label not in ("orchestration", "observability")


def _has(model: type, column: str) -> bool:
    return any(column == each.attname for each in model._meta.concrete_fields)


def _check_lengths(audit: Audit, least: UUID) -> None:
    """A completed run took as many steps as its workflow declares, unless it came from an older version of it."""
    sql = """SELECT r.id, count(DISTINCT s.position) FROM orchestration_workflowrun r LEFT JOIN orchestration_steprun s
        ON s.run_id = r.id AND s.state = ANY (%s) WHERE r.state = 'COMPLETED' AND r.id >= %s
        AND r.workflow = %s AND r.version = %s GROUP BY r.id HAVING count(DISTINCT s.position) <> %s"""
    for workflow in list_workflows():
        declared = len(workflow.specs)
        taken = ["SUCCEEDED", "SKIPPED", *["FAILED"] * workflow.independent]
        for run_id, count in _rows(sql, (taken, least, workflow.name, workflow.version, declared)):
            if not workflow.takes_over:
                audit.add("a completed run took too few steps", run_id, f"{count} of {declared}")


def _check_files(audit: Audit) -> None:
    for missing in delivery.list_missing_files():
        audit.add("a package's file is missing or not what its row says", missing.key, missing.problem)
    strays = [stray for stray in delivery.list_stray_files() if not (stray.is_temporary and _is_at_work(stray.key))]
    # A run may have ended between the list of files and the look at it: what it left is still there a second time.
    still_there = {stray.key for stray in delivery.list_stray_files()} if strays else set()
    for stray in strays:
        if stray.key in still_there:
            audit.add("a file belongs to no package", stray.key)


def _is_at_work(temporary_key: str) -> bool:
    """Tell whether the run that a temporary file (`tmp/<run>/…`) is named after may still need it."""
    try:
        run_id = UUID(temporary_key.split("/")[1])
    except ValueError:  # somebody else's file
        return False
    return WorkflowRun.objects.filter(pk=run_id).exclude(state__in=WorkflowRun.ENDED).exists()
