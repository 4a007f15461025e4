"""Export all that is kept of a client or a person as one ZIP, row by row, whatever it comes to.

The same rows give the same bytes, but for the time in the manifest: members stand in the order of the tables, rows in
that of their keys, and no member carries a clock's time.
"""

import hashlib
import json
import logging
import secrets
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import chain, islice
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BinaryField, Model, Q, QuerySet
from pydantic import ValidationError

from apps.billing.api import ports as billing
from apps.identity.api import ports as identity
from apps.identity.api.dtos import EXPORTS, DataRequest
from apps.identity.api.ports import DataRequestRefused
from apps.observability.api import ports as observability
from apps.orchestration.gateways import lines_of_client
from apps.orchestration.queries import personal
from apps.orchestration.queries.personal import Subject
from apps.orchestration.workflows.personal_data import POLICY, Nobody, Table
from apps.reporting.api import ports as reporting
from apps.shared.dtos import Document
from apps.shared.gateways.typst import DocumentUnavailable
from apps.shared.resilience import fault_point

log = logging.getLogger(__name__)

LONG_AGO = (1980, 1, 1, 0, 0, 0)
_NUMBERED = Q(number__isnull=False)
_CHUNK = 1_000_000
_ROWS = 500
OPENS_DOORS = "opens doors: whoever has it could act as somebody"


def export(request: DataRequest, *, at: datetime) -> None:
    """Write the ZIP of a request and note where it lies.

    A worker that dies leaves nothing but a file of its own, which goes with those that have been there long enough.
    """
    subject = personal.subject_of(request)
    with tempfile.TemporaryFile() as aside:
        manifest = _write(aside, subject, request, at)
        fault_point("export.written", request.id)
        aside.seek(0)
        sha256 = _sha256_of(aside)
        size = aside.tell()
        aside.seek(0)
        saved_as = default_storage.save(f"{EXPORTS}/{request.id}-{secrets.token_hex(4)}.zip", File(aside))
    summary = {
        "files": len(manifest["files"]),
        "rows": sum(each.get("rows", 0) for each in manifest["files"]),
        "missing": sum(each.get("missing", False) for each in manifest["files"]),
    }
    try:
        identity.note_export(request_id=request.id, key=saved_as, sha256=sha256, size=size, summary=summary, at=at)
    except DataRequestRefused:  # meanwhile somebody refused it, or another worker was faster
        default_storage.delete(saved_as)
        raise


def _write(aside: IO[bytes], subject: Subject, request: DataRequest, at: datetime) -> dict[str, Any]:
    files: list[dict[str, Any]] = []
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in POLICY:
            files += _write_table(archive, table, subject)
        files += _write_documents(archive, subject, request.language, at)
        files += _write_archived_runs(archive, subject)
        files += _write_audit(archive, subject)
        manifest = {
            "made_at": at.isoformat(),
            "about": {"client_id": subject.client_id and str(subject.client_id), "address": request.address},
            "files": files,
            "left_out": list(_left_out()),
        }
        _write_member(archive, "manifest.json", [json.dumps(manifest, indent=1, ensure_ascii=False).encode()])
    return manifest


def _write_table(archive: zipfile.ZipFile, table: Table, subject: Subject) -> Iterator[dict[str, Any]]:
    rows = _rows(table, subject)
    if rows is None or not rows.exists():
        return
    columns = [each for each in table.model._meta.concrete_fields if each.name not in table.hidden]
    count = 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        for row in rows.order_by("pk").iterator(chunk_size=_ROWS):
            count += 1
            yield _line({each.attname: _value(row, each) for each in columns})

    told = _write_member(archive, f"tables/{table.label}.jsonl", lines())
    yield told | {"rows": count, "columns": {each.attname: each.get_internal_type() for each in columns}}
    for column in table.files if not set(table.files) & set(table.hidden) else ():
        for pk, key in rows.exclude(**{column: ""}).order_by("pk").values_list("pk", column).iterator(chunk_size=_ROWS):
            yield from _write_file(archive, table, pk, str(key))


def _rows(table: Table, subject: Subject) -> QuerySet | None:
    """Return the rows of a table that are the client's or one of its people's; None where it holds none."""
    wanted = [rows for _, rows, fate in personal.passes(table, subject) if not isinstance(fate, Nobody)]
    if not wanted:
        return None
    found = table.model._base_manager.filter(pk__in=wanted[0].values("pk"))
    return found | table.model._base_manager.filter(pk__in=wanted[1].values("pk")) if len(wanted) > 1 else found


def _write_file(archive: zipfile.ZipFile, table: Table, pk: Any, key: str) -> Iterator[dict[str, Any]]:
    name = f"files/{table.label}/{pk}/{key.rsplit('/', 1)[-1]}"
    if not default_storage.exists(key):
        yield {"name": name, "missing": True}
        return
    with default_storage.open(key) as stored:
        yield _write_member(archive, name, iter(lambda: stored.read(_CHUNK), b""))


def _write_documents(
    archive: zipfile.ZipFile, subject: Subject, language: str, at: datetime
) -> Iterator[dict[str, Any]]:
    """Draw what was issued, sent and published as it is read on paper, one document in memory at a time."""
    for label, which, draw in (
        ("billing.quote", _NUMBERED, lambda pk: billing.draw_quote(quote_id=pk, language=language)),
        ("billing.invoice", _NUMBERED, lambda pk: billing.draw_invoice(invoice_id=pk, language=language, on=at.date())),
        ("billing.creditnote", Q(), lambda pk: billing.draw_credit_note(credit_note_id=pk, language=language)),
        ("reporting.report", Q(state="PUBLISHED"), lambda pk: reporting.draw_report(report_id=pk, language=language)),
    ):
        for pk in _rows_of(label, subject, which).values_list("pk", flat=True).iterator(chunk_size=_ROWS):
            yield from _write_document(archive, f"documents/{label}/{pk}", partial(draw, pk))
    for row in _rows_of("billing.issueddocument", subject, ~Q(xml="")).iterator(chunk_size=_ROWS):
        name = f"documents/e-invoices/{row.invoice_id or row.credit_note_id}.xml"
        yield _write_member(archive, name, [row.xml.encode()])


def _rows_of(label: str, subject: Subject, which: Q) -> QuerySet:
    (table,) = (table for table in POLICY if table.label == label)
    rows = _rows(table, subject)
    return table.model._base_manager.none() if rows is None else rows.filter(which).order_by("pk")


def _write_document(archive: zipfile.ZipFile, folder: str, draw: Callable[[], Document]) -> Iterator[dict[str, Any]]:
    try:
        document = draw()
    except (
        DocumentUnavailable,
        ValidationError,
    ) as problem:  # the latter: frozen in a shape that is not known any more
        log.warning("%s is missing in an export: %s", folder, problem)
        yield {"name": folder, "missing": True}
    else:
        yield _write_member(archive, f"{folder}/{document.name}", [document.content])


def _write_archived_runs(archive: zipfile.ZipFile, subject: Subject) -> Iterator[dict[str, Any]]:
    lines = (f"{line}\n".encode() for line in lines_of_client(settings.ARCHIVE_FOLDER, str(subject.client_id)))
    for first in islice(lines, 1):  # none of a client without any
        yield _write_member(archive, "archived-runs.jsonl", chain((first,), lines))


def _write_audit(archive: zipfile.ZipFile, subject: Subject) -> Iterator[dict[str, Any]]:
    count = 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        about = {"client_ids": (subject.client_id,) if subject.client_id else ()}
        about |= {"object_ids": (*subject.users, *subject.leads)}
        entries = observability.entries_about(**about)
        while entries:
            for entry in entries:
                count += 1
                yield _line(entry.model_dump())
            entries = observability.entries_about(**about, after=entries[-1].id)

    told = _write_member(archive, "audit.jsonl", lines())
    yield told | {"rows": count}


def _write_member(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo(name, date_time=LONG_AGO)
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as member:
        for piece in pieces:
            member.write(piece)
            digest.update(piece)
            size += len(piece)
    return {"name": name, "sha256": digest.hexdigest(), "bytes": size}


def _line(row: dict[str, Any]) -> bytes:
    return json.dumps(row, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def _value(row: Model, column: Any) -> Any:
    value = getattr(row, column.attname)
    if isinstance(column, BinaryField):
        return None if value is None else bytes(value).decode("utf-8", "backslashreplace")
    return (
        value
        if isinstance(value, str | int | float | bool | dict | list | UUID | None)
        else column.value_to_string(row)
    )


def _left_out() -> Iterator[dict[str, Any]]:
    for table in POLICY:
        for name in table.hidden:
            yield {"table": table.label, "column": name, "why": OPENS_DOORS}
        if isinstance(table.client, Nobody):
            yield {"table": table.label, "why": table.client.why}


def _sha256_of(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_CHUNK):
        digest.update(piece)
    return digest.hexdigest()
