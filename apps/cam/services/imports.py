"""Files of leads: kept, looked at, confirmed, then read in slices of one transaction each.

A slice commits its leads, its refused rows and how far the file was read together: a worker killed anywhere loses
nothing and doubles nothing, and whoever comes next goes on behind the last slice.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from itertools import islice
from typing import IO
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from uuid_utils.compat import uuid7

from apps.cam.api import events
from apps.cam.gateways import files
from apps.cam.gateways.files import Kept
from apps.cam.models import Campaign, ImportBatch, ImportRefusal, Lead
from apps.cam.rules.columns import check_mapping
from apps.cam.rules.identity import Identity
from apps.cam.rules.rows import Judged, LeadRow, judge_row
from apps.cam.services.identity import identity_columns
from apps.shared.events import AuditNote, publish
from apps.shared.resilience import OneByOne

SLICE = 2_000
"""Rows of one transaction; a file of no more comes in at once, a longer one in the background."""
SILENT_AFTER = timedelta(seconds=30)
"""A slice takes a second: whoever has not finished one for longer is gone."""

_COLUMNS = {
    **dict.fromkeys(("id", "campaign_id", "import_batch_id"), "uuid"),
    **dict.fromkeys((each.name for each in fields(LeadRow)), "text"),
    **dict.fromkeys(("source", "state", "contactability", "grade"), "text"),
    **dict.fromkeys(("employees", "employees_most"), "integer"),
    **dict.fromkeys(("signals", "raw"), "jsonb"),
    "revenue": "numeric",
    **dict.fromkeys((each.name for each in fields(Identity)), "text"),
    "is_compared": "boolean",
}
_INSERT = f"""
    INSERT INTO cam_lead (created_at, updated_at, {", ".join(_COLUMNS)})
    SELECT now(), now(), {", ".join(_COLUMNS)}
    FROM json_to_recordset(%s) AS of_file ({", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())})
    ON CONFLICT (email_key, campaign_id) DO NOTHING
"""  # noqa: S608  (made of names in this file)


@dataclass(frozen=True)
class FileRow:
    """A row of the file with what was found in it."""

    number: int
    cells: list[str]
    judged: Judged


def keep_file(file: IO[bytes]) -> Kept:
    """Read a CSV or XLSX file and keep it for a day. No lead is stored. Raises TableRefused, saying why."""
    return files.keep_table(file)


def start_import(
    campaign: Campaign, kept: Kept, *, file_name: str, mapping: dict[str, int], by: UUID | None
) -> tuple[ImportBatch, bool]:
    """Confirm a kept file, and tell whether that is new: the same file for the same campaign is the same import.

    A short file comes in at once; a longer one is read by `continue_imports`. One that had failed is read on. Raises
    MappingRefused for a choice of columns that makes no leads, ValueError for a campaign that has ended.
    """
    check_mapping(mapping, len(kept.headers))
    if campaign.state == Campaign.State.COMPLETED:
        raise ValueError(f"{campaign} is completed; choose a campaign that goes on.")
    batch, is_new = _started(campaign, kept, file_name, mapping, by)
    if batch.state == ImportBatch.State.FAILED and files.is_kept(batch.sha256):
        retry_import(batch, by=by)
    if batch.state == ImportBatch.State.RUNNING and batch.rows_total <= SLICE:
        read_on(batch)
    return batch, is_new


def _started(
    campaign: Campaign, kept: Kept, file_name: str, mapping: dict[str, int], by: UUID | None
) -> tuple[ImportBatch, bool]:
    known = ImportBatch.objects.filter(campaign=campaign, sha256=kept.sha256)
    if batch := known.first():
        return batch, False
    try:
        with transaction.atomic():
            batch = ImportBatch.objects.create(
                campaign=campaign,
                sha256=kept.sha256,
                file_name=file_name[:200],
                headers=list(kept.headers),
                mapping=mapping,
                rows_total=kept.rows,
                imported_by_id=by,
            )
            event = events.ImportStarted(aggregate_id=batch.pk, campaign_id=campaign.pk, rows=kept.rows)
            publish(event, AuditNote(actor_id=by, after={"file": batch.file_name, "sha256": batch.sha256}))
    except IntegrityError:  # somebody confirmed it in this moment
        return known.get(), False
    return batch, True


@transaction.atomic
def retry_import(batch: ImportBatch, *, by: UUID | None, reason: str = "") -> ImportBatch:
    """Let a failed import be read on. Raises TransitionNotAllowed where it has not failed."""
    before = {"state": batch.state, "error": batch.error}
    batch.try_again()
    batch.error, batch.touched_at = "", None
    batch.save(update_fields=["state", "error", "touched_at", "updated_at"])
    note = AuditNote(actor_id=by, reason=reason, before=before, after={"state": batch.state})
    publish(events.ImportResumed(aggregate_id=batch.pk, campaign_id=batch.campaign_id), note)
    return batch


def continue_imports(*, at: datetime) -> int:
    """Read on the imports that nobody works on, and return how many there were; one that breaks stops no other."""
    left = ImportBatch.objects.left_since(at - SILENT_AFTER).order_by("pk").values_list("pk", flat=True)
    with OneByOne() as files:
        return len(files.do(lambda pk: read_on(ImportBatch.objects.get(pk=pk)), list(left)))


def read_on(batch: ImportBatch) -> None:
    """Read an import to its end, slice by slice; stop where another process is found to be reading it, too."""
    try:
        rows = _rows_behind(batch)
        while _take_slice(batch, rows):
            pass
    except FileNotFoundError:
        _fail(batch, "The file is not kept any more. Send it again: what came in stays, and it is read on from there.")
    if batch.state == ImportBatch.State.COMPLETED and not _is_needed(batch.sha256):
        files.drop(batch.sha256)


def _rows_behind(batch: ImportBatch) -> Iterator[FileRow]:
    for number, cells in islice(files.read_kept(batch.sha256), batch.rows, None):
        yield FileRow(number, cells, judge_row(batch.headers, cells, batch.mapping))


def _take_slice(batch: ImportBatch, rows: Iterator[FileRow]) -> bool:
    """Take the next rows in, and tell whether there are more for this process to take."""
    taken = list(islice(rows, SLICE))
    with transaction.atomic():
        stored = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if stored.state != ImportBatch.State.RUNNING or stored.rows != batch.rows:
            batch.refresh_from_db()
            return False
        good = [row.judged.lead for row in taken if row.judged.lead]
        created = _insert(batch, good)
        bad = [row for row in taken if row.judged.lead is None]
        ImportRefusal.objects.bulk_create(
            ImportRefusal(batch=batch, row=row.number, cells=row.cells, problems=row.judged.problems) for row in bad
        )
        batch.rows += len(taken)
        batch.created += created
        batch.duplicates += len(good) - created
        batch.refused += len(bad)
        batch.touched_at = Now()  # by the database's clock: a file takes longer than its door's one moment
        if len(taken) < SLICE:
            _finish(batch)
        batch.save()
        batch.refresh_from_db()
    return batch.state == ImportBatch.State.RUNNING


def _insert(batch: ImportBatch, found: Sequence[LeadRow]) -> int:
    """Insert the leads that the campaign does not have, and return how many those were.

    One statement with one parameter: four times as fast as `bulk_create`, and it tells what it left out.
    """
    same = {"campaign_id": str(batch.campaign_id), "import_batch_id": str(batch.pk), "source": Lead.Source.CSV}
    same |= {"state": "NEW", "contactability": Lead.Contactability.OK, "grade": "", "is_compared": False}
    leads = [{**vars(lead), **identity_columns(lead), **same, "id": str(uuid7())} for lead in found]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [json.dumps(leads, default=str)])
        return cursor.rowcount


def _finish(batch: ImportBatch) -> None:
    batch.complete()
    batch.finished_at = Now()
    counts = {name: getattr(batch, name) for name in ("created", "duplicates", "refused")}
    event = events.LeadsImported(aggregate_id=batch.pk, campaign_id=batch.campaign_id, **counts)
    publish(event, AuditNote(actor_id=batch.imported_by_id, after={"state": batch.state, **counts}))


@transaction.atomic
def _fail(batch: ImportBatch, error: str) -> None:
    stored = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if stored.state != ImportBatch.State.RUNNING:
        return
    batch.fail()
    batch.error = error
    batch.save(update_fields=["state", "error", "updated_at"])
    event = events.ImportFailed(aggregate_id=batch.pk, campaign_id=batch.campaign_id, error=error)
    publish(event, AuditNote(after={"state": batch.state}))


def sweep_files(*, at: datetime) -> None:
    """Remove files that nobody confirmed within a day, or whose import has ended."""
    for sha256 in files.list_kept(before=at - files.UNCLAIMED_AFTER):
        if not _is_needed(sha256):
            files.drop(sha256)


def _is_needed(sha256: str) -> bool:
    return ImportBatch.objects.filter(sha256=sha256, state=ImportBatch.State.RUNNING).exists()
