"""Move ended runs out of the tables into files, a month at a time, so that a kill at any point costs nothing.

A batch is one transaction that holds the locks of its runs: their lines are written to a part of the month's file,
flushed, renamed into place and read back; only then their rows are deleted, and their keys kept in `ArchivedRun`. So a
part whose runs are in the tables still was never committed, and is dropped; one whose runs are gone is the only place
where they are, and is kept. When the month is through, its parts are joined into its file.
"""

import logging
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from apps.orchestration import gateways as files
from apps.orchestration.api.events import RunsArchived
from apps.orchestration.models import ArchivedRun, WorkflowRun
from apps.orchestration.queries import archive as reads
from apps.shared.events import publish
from apps.shared.resilience import fault_point

log = logging.getLogger(__name__)

BATCH = 500
"""Runs that one transaction moves: with their steps and events some thousand rows."""
AT_HAND = 25
"""Runs whose lines are in memory at a time: the draft in one may have some hundred kilobytes."""
BEFORE_ALL = UUID(int=0)

DELETE_RUNS = (
    "DELETE FROM orchestration_eventreceipt WHERE event_id = ANY(%(events)s)",
    "DELETE FROM orchestration_outboxevent WHERE id = ANY(%(events)s)",
    "DELETE FROM orchestration_steprun WHERE run_id = ANY(%(runs)s)",
    "UPDATE orchestration_workflowrun SET rerun_of_id = NULL WHERE rerun_of_id = ANY(%(runs)s)",
    "DELETE FROM orchestration_workflowrun WHERE id = ANY(%(runs)s)",
)
"""Written out: the ORM would load every row to find out what hangs on it."""


class MonthNotOver(ValueError):
    """The runs of a month that has not ended are not archived."""


class ArchiveBroken(Exception):
    """Files and tables contradict each other, and a person has to look."""


def archive_before(before: date, folder: Path, *, at: datetime) -> Iterator[files.Written]:
    """Archive the ended runs of all whole months before this one into a folder, oldest first, giving each file made.

    What an earlier call left unfinished there is finished first. Unfinished runs, and runs with a reaction that is due
    or dead, stay. Raises MonthNotOver when `before` lies ahead of the month of `at`, FolderInUse, ArchiveBroken, and
    NotAsWritten when a file cannot be read back; the same call again goes on after any of them.
    """
    if before > at.date():
        raise MonthNotOver(f"{before:%Y-%m} lies ahead: at most --before {at:%Y-%m}, which keeps the present month.")
    with files.used_alone(folder):
        for left in files.unfinished_files(folder):
            _drop_uncommitted(left)
        for month in reads.list_months(before):
            if month.ready and (finished := _archive_month(month.first_day, folder, at=at)):
                yield finished
        for left in files.unfinished_files(folder):
            if finished := _finish(left, at=at):
                yield finished


def _archive_month(month: date, folder: Path, *, at: datetime) -> files.Written | None:
    file = files.free_file(folder, month)
    last: UUID | None = BEFORE_ALL
    while last is not None:
        last = _move_batch(month, file, after=last)
    return _finish(file, at=at)


def _move_batch(month: date, file: Path, *, after: UUID) -> UUID | None:
    """Move the next runs of a month from the tables to a part; return the last one's id, None when there are none."""
    with transaction.atomic():
        run_ids = reads.lock_ready(month, after, BATCH)
        if not run_ids:
            return None
        event_ids: list[UUID] = []
        part = files.write_part(file, _lines(run_ids, event_ids))
        if files.read_ids(part) != run_ids:
            raise files.NotAsWritten(f"{part} does not hold the runs that were written to it.")
        fault_point("archive.written", month)
        _replace_rows(run_ids, event_ids, month, file)
        publish(RunsArchived(aggregate_id=run_ids[-1], file=file.name, run_count=len(run_ids)))
    fault_point("archive.deleted", month)
    return run_ids[-1]


def _lines(run_ids: list[UUID], event_ids: list[UUID]) -> Iterator[str]:
    """Give each run's line, and note the events in it: what is told of a run after this stays in the outbox."""
    for start in range(0, len(run_ids), AT_HAND):
        for line, events in reads.lines_of(run_ids[start : start + AT_HAND]):
            event_ids.extend(events)
            yield line


def _replace_rows(run_ids: list[UUID], event_ids: list[UUID], month: date, file: Path) -> None:
    """Delete what was written, and keep what a run leaves in the database."""
    runs = WorkflowRun.objects.filter(pk__in=run_ids)
    ArchivedRun.objects.bulk_create(
        ArchivedRun(**columns, month=month, file=file.name)
        for columns in runs.values("id", "idempotency_key", "input_digest", "workflow", "state")
    )
    with connection.cursor() as cursor:
        for statement in DELETE_RUNS:
            cursor.execute(statement, {"runs": run_ids, "events": event_ids})
        if cursor.rowcount != len(run_ids):
            raise ArchiveBroken(f"{cursor.rowcount} of {len(run_ids)} runs could be deleted; nothing was.")


def _drop_uncommitted(file: Path) -> None:
    """Drop the part whose transaction did not commit; one whose file is finished goes with the others."""
    if files.manifest_of(file).exists():
        return
    for part in files.parts_of(file):
        if not _is_committed(part):
            log.warning("%s was left by a process that died; its runs are still in the tables.", part)
            part.unlink()


def _is_committed(part: Path) -> bool:
    """Tell whether a part is the only place where its runs are. Waits for a transaction that is about to end.

    Raises ArchiveBroken when some are here and some are there, or nowhere.
    """
    run_ids = files.read_ids(part)
    with transaction.atomic():
        # The lock first: its process is dead, but the commit it sent last may still be under way.
        standing = len(WorkflowRun.objects.filter(pk__in=run_ids).select_for_update().values_list("pk"))
        archived = ArchivedRun.objects.filter(pk__in=run_ids).count()
    if (standing, archived) not in ((len(run_ids), 0), (0, len(run_ids))):
        raise ArchiveBroken(
            f"{part}: of {len(run_ids)} runs {standing} are in the tables and {archived} are archived. Was the "
            "database restored from a backup? Keep the file and see docs/runbook.md, 'Archiving runs'."
        )
    return archived > 0


def _finish(file: Path, *, at: datetime) -> files.Written | None:
    """Join a month's parts into its file, say that it is finished, and remove the parts."""
    if files.manifest_of(file).exists():  # a process died removing the parts
        files.remove_parts(file)
        return None
    if not files.parts_of(file):
        return None
    written = files.join_parts(file)
    fault_point("archive.joined", file.name)
    facts = {"file": file.name, "sha256": written.sha256, "bytes": written.bytes, **written.counts}
    files.write_manifest(file, facts | {"written_at": at.isoformat()})
    fault_point("archive.finished", file.name)
    files.remove_parts(file)
    return written
