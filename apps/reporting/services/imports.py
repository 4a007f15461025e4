"""Files of measured values: kept, looked at, confirmed, then read in slices of one transaction each.

A slice commits its values, its refused rows and how far the file was read together: a worker killed anywhere loses
nothing and doubles nothing, and whoever comes next goes on behind the last slice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import IO, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from apps.identity.models import Client
from apps.reporting.api import events
from apps.reporting.gateways import SHELF, UNCLAIMED_AFTER, Kept
from apps.reporting.models import ColumnMapping, MetricImport, MetricPoint, MetricRefusal
from apps.reporting.queries.imports import Judging, judged_rows
from apps.reporting.rules import TAKEN_BACK
from apps.reporting.rules.mapping import Mapping, check_mapping, slug_of
from apps.reporting.rules.rows import Found
from apps.reporting.services.points import insert_points, tell_of
from apps.shared.events import AuditNote, publish
from apps.shared.resilience import OneByOne

SLICE = 2_000
"""Rows of one transaction; a file of no more comes in at once, a longer one in the background."""
SILENT_AFTER = timedelta(seconds=60)
"""A slice takes seconds: whoever has not finished one for longer is gone."""


@dataclass(frozen=True)
class Wish:
    """A kept file as a person confirmed it: whence it comes, how it is read, and whether it replaces what differs."""

    kept: Kept
    file_name: str
    name: str
    mapping: Mapping
    replaces: bool = False


def keep_file(file: IO[bytes]) -> Kept:
    """Read a CSV or XLSX file and keep it for a day. No value is stored. Raises TableRefused, saying why."""
    return SHELF.keep_table(file)


def start_import(client: Client, wish: Wish, *, by: UUID | None, at: datetime) -> tuple[MetricImport, bool]:
    """Confirm a kept file, and tell whether that is new: the same file read in the same way is the same import.

    A short file comes in at once; a longer one is read by `continue_imports`. One that had failed is read on. How the
    file is read is kept under its name. Raises MappingRefused for a choice of columns that measures nothing.
    """
    mapping, slug = check_mapping(wish.mapping), slug_of(wish.name)
    started, is_new = _started(client, wish, mapping, slug, by)
    if started.state == MetricImport.State.FAILED and SHELF.is_kept(started.sha256):
        retry_import(started, by=by)
    if started.state == MetricImport.State.RUNNING and started.rows_total <= SLICE:
        read_on(started, at=at)
    return started, is_new


def _started(client: Client, wish: Wish, mapping: Mapping, slug: str, by: UUID | None) -> tuple[MetricImport, bool]:
    key = mapping.key(wish.kept.sha256, slug, replaces=wish.replaces)
    known = MetricImport.objects.filter(client=client, key=key)
    if row := known.first():
        return row, False
    try:
        with transaction.atomic():
            row = MetricImport.objects.create(
                client=client,
                key=key,
                sha256=wish.kept.sha256,
                file_name=wish.file_name[:200],
                mapping_name=wish.name.strip(),
                headers=list(wish.kept.headers),
                spec=mapping.spec(),
                replaces=wish.replaces,
                rows_total=wish.kept.rows,
                imported_by_id=by,
            )
            event = events.MetricImportStarted(client_id=client.pk, aggregate_id=row.pk, rows=wish.kept.rows)
            told = {"file": row.file_name, "sha256": row.sha256, "replaces": row.replaces}
            publish(event, AuditNote(actor_id=by, after=told))
            _keep_mapping(client, wish.name.strip(), slug, mapping, by)
    except IntegrityError:  # somebody confirmed it in this moment
        return known.get(), False
    return row, True


def _keep_mapping(client: Client, name: str, slug: str, mapping: Mapping, by: UUID | None) -> None:
    spec = mapping.spec()
    row = ColumnMapping.objects.filter(client=client, slug=slug).select_for_update().first()
    if row is not None and row.spec == spec:
        return
    before = row and {"spec": row.spec}
    row = row or ColumnMapping(client=client, slug=slug)
    row.name, row.spec, row.confirmed_by_id = name, spec, by
    row.save()
    event = events.MappingKept(client_id=client.pk, aggregate_id=row.pk, mapping=name)
    publish(event, AuditNote(actor_id=by, before=before, after={"spec": spec}))


@transaction.atomic
def retry_import(row: MetricImport, *, by: UUID | None, reason: str = "") -> MetricImport:
    """Let a failed import be read on. Raises TransitionNotAllowed where it has not failed."""
    before = {"state": row.state, "error": row.error}
    row.try_again()
    row.error, row.touched_at = "", None
    row.save(update_fields=["state", "error", "touched_at", "updated_at"])
    note = AuditNote(actor_id=by, reason=reason, before=before, after={"state": row.state})
    publish(events.MetricImportResumed(client_id=row.client_id, aggregate_id=row.pk), note)
    return row


def continue_imports(*, at: datetime) -> int:
    """Read on the imports that nobody works on, and return how many there were; one that breaks stops no other."""
    left = MetricImport.objects.left_since(at - SILENT_AFTER).order_by("pk").values_list("pk", flat=True)
    with OneByOne() as files:
        return len(files.do(lambda pk: read_on(MetricImport.objects.get(pk=pk), at=at), list(left)))


def read_on(row: MetricImport, *, at: datetime) -> None:
    """Read an import to its end, slice by slice; stop where another process is found to be reading it, too."""
    try:
        lines = islice(SHELF.read_kept(row.sha256), row.rows, None)
        while _take_slice(row, lines, at):
            pass
    except FileNotFoundError:
        _fail(row, "The file is not kept any more. Send it again: what came in stays, and it is read on from there.")
    if row.state == MetricImport.State.COMPLETED and not _is_needed(row.sha256):
        SHELF.drop(row.sha256)


@dataclass
class _Slice:
    """What is to be written for some rows of a file."""

    new: list[tuple[Found, int | None]] = field(default_factory=list)
    replaced: list[MetricPoint] = field(default_factory=list)
    refusals: list[MetricRefusal] = field(default_factory=list)
    known: int = 0
    differing: int = 0
    refused: int = 0


def _take_slice(row: MetricImport, lines: Iterator[tuple[int, list[str]]], at: datetime) -> bool:
    """Take the next rows in, and tell whether there are more for this process to take."""
    taken = list(islice(lines, SLICE))
    with transaction.atomic():
        # Of two files of one client, the second sees what the first has stored: both could replace the same value.
        client = Client.objects.select_for_update(no_key=True).get(pk=row.client_id)
        stored = MetricImport.objects.select_for_update().get(pk=row.pk)
        if stored.state != MetricImport.State.RUNNING or stored.rows != row.rows:
            row.refresh_from_db()
            return False
        found = _judged(row, client, taken, at)
        new = insert_points(client.pk, found.new, metric_import_id=row.pk)
        _take_back(row, found.replaced, at)
        MetricRefusal.objects.bulk_create(found.refusals)
        tell_of(client.pk, new, AuditNote(actor_id=row.imported_by_id, after={"import": str(row.pk), "new": len(new)}))
        row.rows += len(taken)
        row.created += len(new) - len(found.replaced)
        for name in ("known", "differing", "refused"):
            setattr(row, name, getattr(row, name) + getattr(found, name))
        row.replaced += len(found.replaced)
        row.touched_at = Now()  # by the database's clock: a file takes longer than its door's one moment
        if len(taken) < SLICE:
            _finish(row)
        row.save()
        row.refresh_from_db()
    return row.state == MetricImport.State.RUNNING


def _judged(row: MetricImport, client: Client, taken: list[tuple[int, list[str]]], at: datetime) -> _Slice:
    judging = Judging(
        client.pk, Mapping.of(row.spec), slug_of(row.mapping_name), ZoneInfo(client.time_zone), row.pk, at
    )
    written = _Slice()
    for line in judged_rows(judging, taken):
        problems = dict(line.problems)
        written.refused += bool(problems)
        for found, standing in line.values:
            if standing.known is None or (row.replaces and not standing.is_same(found)):
                if standing.known is not None:
                    written.replaced.append(standing.known)
                written.new.append((Found(**{**vars(found), "source": standing.source}), line.number))
            elif standing.is_same(found):
                written.known += 1
            else:
                written.differing += 1
                problems[found.name] = standing.difference(found)
        if problems:
            told: dict[str, Any] = {"row": line.number, "cells": line.cells, "problems": problems}
            written.refusals.append(MetricRefusal(metric_import=row, **told))
    return written


def _take_back(row: MetricImport, points: list[MetricPoint], at: datetime) -> None:
    if not points:
        return
    told = [(Found(TAKEN_BACK, Decimal(1), "", each.source, at), None) for each in points]
    insert_points(row.client_id, told, metric_import_id=row.pk)
    event = events.MetricsTakenBack(client_id=row.client_id, aggregate_id=points[0].pk, source_count=len(points))
    reason = f"The file {row.file_name} has other values, and was imported to replace them."
    publish(event, AuditNote(actor_id=row.imported_by_id, reason=reason, after={"import": str(row.pk)}))


def _finish(row: MetricImport) -> None:
    row.complete()
    row.finished_at = Now()
    counts = {name: getattr(row, name) for name in ("created", "known", "differing", "replaced", "refused")}
    event = events.MetricFileImported(client_id=row.client_id, aggregate_id=row.pk, **counts)
    publish(event, AuditNote(actor_id=row.imported_by_id, after={"state": row.state, **counts}))


@transaction.atomic
def _fail(row: MetricImport, error: str) -> None:
    stored = MetricImport.objects.select_for_update().get(pk=row.pk)
    if stored.state != MetricImport.State.RUNNING:
        return
    row.fail()
    row.error = error
    row.save(update_fields=["state", "error", "updated_at"])
    event = events.MetricImportFailed(client_id=row.client_id, aggregate_id=row.pk, error=error)
    publish(event, AuditNote(after={"state": row.state}))


def sweep_files(*, at: datetime) -> None:
    """Remove files that nobody confirmed within a day, or whose import has ended."""
    for sha256 in SHELF.list_kept(before=at - UNCLAIMED_AFTER):
        if not _is_needed(sha256):
            SHELF.drop(sha256)


def _is_needed(sha256: str) -> bool:
    return MetricImport.objects.filter(sha256=sha256, state=MetricImport.State.RUNNING).exists()
