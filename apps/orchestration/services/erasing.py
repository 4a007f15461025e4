"""Erase a client or a person, table by table in the order of `personal_data`, so that a kill costs nothing.

A batch is one transaction: its rows, what the audit says of them, and how far the erasure is. Whoever takes over goes
on behind the last batch; done twice, it is done once.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import (
    BinaryField,
    Case,
    CharField,
    F,
    Func,
    JSONField,
    Model,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, Left

from apps.cam.api import ports as cam
from apps.delivery.api import ports as delivery
from apps.identity.api import ports as identity
from apps.identity.api.dtos import DataRequest
from apps.observability.api import ports as observability
from apps.orchestration.queries import personal
from apps.orchestration.queries.personal import Subject
from apps.orchestration.services import proving
from apps.orchestration.services.erasing_archives import erase_from_archives
from apps.orchestration.workflows.personal_data import POLICY, Anonymise, Delete, Keep, Nobody, Table
from apps.shared.gateways.proof import remove_proofs_saying
from apps.shared.resilience import fault_point
from apps.shared.row_security import lift_triggers
from apps.shared.text import pattern_of

BATCH = 500
ERASED = "erased.invalid"
"""The domain of what stands in the place of an address: nothing is ever delivered to it (RFC 2606)."""
ERASED_ADDRESS = f"erased@{ERASED}"


class ErasureWaits(Exception):
    """Something forbids the erasure now; the words say what."""


def erase(request: DataRequest, *, at: datetime) -> None:
    """Erase whom a request is about, from where an earlier worker got to, and close it with its certificate.

    Raises ErasureWaits while something forbids it, and ProofFailed when something is left at the end that must not be.
    """
    work = _Work(request, personal.subject_of(request), at)
    if not work.progress:
        if blocked := personal.blockers(work.subject):
            raise ErasureWaits("; ".join(blocked))
        work.counts = {"rows": personal.preview_of(work.subject)["tables"]}
        with transaction.atomic():
            work.note("begun")
    for address in sorted(work.subject.addresses):
        cam.forget_address(address=address, at=at)
    _erase_all(work)
    _look_again(work)
    _close(work)


def _erase_all(work: "_Work") -> None:
    for table in POLICY:
        work.once(f"table {table.label}", lambda table=table: _erase_table(work, table))
    work.once("archives", lambda: _erase_archives(work))  # behind the tables: what is there may be archived till then
    work.once("proofs", lambda: _remove_proofs(work))
    work.once("sessions", lambda: _end_sessions(work))
    work.once("audit", lambda: _redact_all(work))


def _look_again(work: "_Work") -> None:
    """Erase what was begun meanwhile: whoever was at work when it was confirmed may have gone on.

    It is never noted as done: what is begun after it is found by the next look. Raises ErasureWaits.
    """
    work.subject, work.is_second_look = personal.subject_again(work.request, work.subject), True
    if blocked := personal.blockers(work.subject, has_begun=True):
        raise ErasureWaits("; ".join(blocked))
    _erase_all(work)
    _replace_addresses(work)  # a search through everything: once, when the rest is gone
    with transaction.atomic():
        work.note("addresses")


class _Work:
    """An erasure under way: whom it is about, and how far it is."""

    def __init__(self, request: DataRequest, subject: Subject, at: datetime) -> None:
        self.request, self.subject, self.at = request, subject, at
        self.progress: dict[str, Any] = dict(request.progress)
        self.counts: dict[str, Any] = self.progress.get("counts", {})
        self.is_second_look = False

    def once(self, step: str, do: Callable[[], None]) -> None:
        """Do a step unless it is done; a step may note how far it is itself, and begins there then."""
        if not self.is_second_look and step in self.progress.get("done", ()):
            return
        do()
        if not self.is_second_look:
            with transaction.atomic():
                self.note(step)
        fault_point("erasure.step", step)

    def note(self, step: str) -> None:
        """Note that a step is done, in the transaction that is open."""
        self.progress = {"done": [*self.progress.get("done", ()), step], "counts": self.counts}
        self._write()

    def note_place(self, step: str, last: UUID | int | str) -> None:
        """Note behind which row a table is to be gone on with, in the transaction that is open."""
        self.progress = {**self.progress, "place": [step, str(last)], "counts": self.counts}
        self._write()

    def place(self, step: str) -> str | None:
        """Return behind which row an earlier worker got; a second look begins at the first."""
        if self.is_second_look:
            return None
        known, last = self.progress.get("place", (None, None))
        return last if known == step else None

    def add(self, what: str, count: int) -> None:
        """Count what was done, beside what the rows were before."""
        self.counts[what] = self.counts.get(what, 0) + count

    def _write(self) -> None:
        identity.note_progress(request_id=self.request.id, progress=self.progress, scope=self.subject.as_scope())


def _erase_table(work: _Work, table: Table) -> None:
    for whose, rows, fate in personal.passes(table, work.subject):
        if table.label == "identity.datarequest":
            rows = rows.exclude(pk=work.request.id)
        step = f"{table.label} {whose}"
        last = work.place(step)
        while True:
            with transaction.atomic():
                _lift_triggers()
                following = rows.filter(pk__gt=last) if last else rows
                keys = list(following.order_by("pk").values_list("pk", flat=True)[:BATCH])
                if not keys:
                    break
                _apply(work, table, keys, fate)
                last = keys[-1]
                work.note_place(step, last)
            fault_point("erasure.batch", step)


def _apply(work: _Work, table: Table, keys: list[Any], fate: Any) -> None:
    """Do to some rows what their table declares; the audit loses its words on them first."""
    rows = table.model._base_manager.filter(pk__in=keys)
    match fate:
        case Delete():
            _forget_rows(work, table, rows, keys)
        case Anonymise():
            _redact(work, keys)
            _drop_files(work, table, rows)
            needed = set(personal.needing(fate, rows).values_list("pk", flat=True))
            rows.exclude(pk__in=needed).update(**_blanks(table.model, fate))
            if needed:
                rows.filter(pk__in=needed).update(**_blanks(table.model, fate, but=fate.needed.columns))
            if not work.is_second_look:
                work.add("rows anonymised", len(keys))
        case Keep():
            if fate.only is not None:
                kept = set(rows.filter(fate.only).values_list("pk", flat=True))
                _forget_rows(work, table, rows.exclude(pk__in=kept), [key for key in keys if key not in kept])
            if fate.unlink:
                rows.update(**dict.fromkeys(fate.unlink))
        case Nobody():
            pass


def _forget_rows(work: _Work, table: Table, rows: QuerySet, keys: list[Any]) -> None:
    if not keys:
        return
    _redact(work, keys)
    _drop_files(work, table, rows)
    _cut_pointers(table.model, keys)
    with connection.cursor() as cursor:
        column = connection.ops.quote_name(table.model._meta.pk.column)
        name = connection.ops.quote_name(table.model._meta.db_table)
        cursor.execute(f"DELETE FROM {name} WHERE {column} = ANY(%s)", [keys])  # noqa: S608 — names of our own tables
        work.add("rows deleted", cursor.rowcount)


def _cut_pointers(model: type[Model], keys: list[Any]) -> None:
    """Cut what points to these rows from rows that stay, or go in a later batch, where a column may be empty."""
    for relation in model._meta.related_objects:
        column = relation.field
        if column.null and not relation.many_to_many:
            relation.related_model._base_manager.filter(**{f"{column.name}__in": keys}).update(**{column.attname: None})


def _drop_files(work: _Work, table: Table, rows: QuerySet) -> None:
    """Remove the files before what is known of them: a worker that dies between finds the rows again."""
    for column in table.files:
        for key in rows.exclude(**{column: ""}).values_list(column, flat=True):
            default_storage.delete(str(key))
            work.add("files removed", 1)
    if table.label == "delivery.publication":
        for publication_id in rows.values_list("pk", flat=True):
            delivery.remove_published(publication_id=publication_id)


def _blanks(model: type[Model], fate: Anonymise, *, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what the columns become, as the database is told it, but for some that stay."""
    new: dict[str, Any] = dict.fromkeys(fate.unlink) | (fate.also or {})
    for name in fate.blank:
        column = model._meta.get_field(name)
        new[name] = None if column.null else _empty(column)
    name_of_key = Concat(Value("erased-"), Cast("pk", CharField()), output_field=CharField())
    new |= dict.fromkeys(fate.names, name_of_key)
    address = Concat(name_of_key, Value(f"@{ERASED}"), output_field=CharField())
    for name in fate.addresses:
        new[name] = Case(When(**{name: ""}, then=Value("")), default=address, output_field=CharField())
    return {name: value for name, value in new.items() if name not in but}


def _empty(column: Any) -> Any:
    if isinstance(column, JSONField):
        empty = "CASE WHEN jsonb_typeof(%(expressions)s) = 'array' THEN '[]'::jsonb ELSE '{}'::jsonb END"
        return Func(F(column.name), template=empty, output_field=JSONField())
    return b"" if isinstance(column, BinaryField) else ""


def _lift_triggers() -> None:
    """Let this transaction change what is otherwise never changed: whoever confirmed it is in the audit."""
    lift_triggers(*(table.model for table in POLICY))


# --- the audit, and what names an address elsewhere -------------------------------------------------------------------


def _redact(work: _Work, keys: list[Any]) -> None:
    """Take the words out of what the audit says about some rows."""
    about = [key for key in keys if isinstance(key, UUID)]
    if about:
        _redact_entries(work, client_id=None, object_ids=tuple(about), addresses=())


def _redact_all(work: _Work) -> None:
    addresses = tuple(sorted(work.subject.addresses))
    while True:
        with transaction.atomic():
            done = _redact_entries(work, client_id=work.subject.client_id, object_ids=(), addresses=addresses)
        if done < BATCH:
            return


def _redact_entries(work: _Work, **about: Any) -> int:
    redacted = observability.redact_entries(**about, request_id=work.request.id, limit=BATCH)
    if redacted.batch_id is not None:
        told = {"batch_id": redacted.batch_id, "digest": redacted.digest, "entry_count": redacted.entry_count}
        identity.note_redaction(request_id=work.request.id, at=work.at, **told)
    work.add("audit entries redacted", redacted.entry_count)
    return redacted.entry_count


def _replace_addresses(work: _Work) -> None:
    """Put a mark in the place of the addresses, wherever they stand still but in what is kept as it is."""
    if not work.subject.addresses:
        return
    pattern = pattern_of(work.subject.addresses)
    for table in POLICY:
        if table.label.startswith("observability."):
            continue
        own = Q(pk=work.request.id) if table.label == "identity.datarequest" else Q(pk__in=())
        for name in personal.columns_saying(table.model, pattern, but=own):
            with transaction.atomic():
                _lift_triggers()
                _replace_in(work, table, table.model._meta.get_field(name), pattern, own)


def _replace_in(work: _Work, table: Table, column: Any, pattern: str, own: Q) -> None:
    rows = personal.rows_saying(table.model, column.name, pattern).exclude(own | _stays(table, column))
    keys = list(rows.values_list("pk", flat=True))
    work.add("texts in which an address was replaced", len(keys))
    if isinstance(column, BinaryField):
        _replace_bytes(table.model, keys, column.name, pattern)
    elif keys:
        new = Func(
            Cast(column.name, TextField()),
            *map(Value, (pattern, ERASED_ADDRESS, "gi")),
            function="regexp_replace",
            output_field=TextField(),
        )
        if not isinstance(column, TextField):
            new = Cast(Left(new, column.max_length) if column.max_length else new, column)
        table.model._base_manager.filter(pk__in=keys).update(**{column.attname: new})


def _replace_bytes(model: type[Model], keys: list[Any], column: str, pattern: str) -> None:
    """Replace addresses in what is kept as it came, one row in memory at a time."""
    said = re.compile(pattern.encode(), re.IGNORECASE)
    for key in keys:
        row = model._base_manager.filter(pk=key)
        row.update(**{column: said.sub(ERASED_ADDRESS.encode(), bytes(row.values_list(column, flat=True)[0]))})


def _stays(table: Table, column: Any) -> Q:
    """Say in which rows a column stays as it is: a document that was issued is not written anew."""
    fates = (fate for fate in (table.client, table.person) if isinstance(fate, Keep) and column.name in fate.holds)
    stays = Q(pk__in=())
    for fate in fates:
        stays |= fate.only if fate.only is not None else Q(pk__isnull=False)
    return stays


def _erase_archives(work: _Work) -> None:
    count, away = erase_from_archives(
        work.subject, settings.ARCHIVE_FOLDER, mark=ERASED_ADDRESS, request_id=work.request.id
    )
    work.add("archived runs", count)
    work.counts["archives_away"] = away


def _remove_proofs(work: _Work) -> None:
    """Remove what proof mode wrote instead of sending it to them."""
    if work.subject.addresses:
        said = re.compile(pattern_of(work.subject.addresses).encode(), re.IGNORECASE)
        work.add("proofs removed", remove_proofs_saying(said))


def _end_sessions(work: _Work) -> None:
    """End the sessions of the people: whoever is logged in must not write on."""
    theirs = {str(user) for user in work.subject.users}
    for session in Session.objects.iterator(chunk_size=BATCH):
        if session.get_decoded().get("_auth_user_id") in theirs:
            session.delete()


# --- the end ----------------------------------------------------------------------------------------------------------


def _close(work: _Work) -> None:
    """Prove that nothing is left, and write the certificate: numbers and names of columns, no word of the erased.

    The client is held meanwhile, so that nothing new of it comes in between. Raises ErasureWaits, ProofFailed.
    """
    proof = proving.prove(work.subject, work.request.id)
    with transaction.atomic():
        personal.hold_client(work.subject)
        if tables := personal.left_over(work.subject):
            raise ErasureWaits(f"Work was begun meanwhile: {', '.join(tables)}")
        certificate, kept_until = _certificate(work, proof)
        identity.close_erasure(request_id=work.request.id, certificate=certificate, kept_until=kept_until, at=work.at)


def _certificate(work: _Work, proof: dict[str, Any]) -> tuple[dict[str, Any], date | None]:
    counted = work.counts.get("rows", ())
    kept = [row for row in counted if row.get("kept")]
    kept_years = max((row["years"] for row in kept), default=0)
    kept_until = _end_of(work.at, kept_years) if kept_years else None
    return {
        "rows": [row for row in counted if row["table"] != "identity.datarequest"],
        "done": {name: count for name, count in sorted(work.counts.items()) if isinstance(count, int)},
        "kept": [
            {
                "table": row["table"],
                "columns": row["holds"],
                "rows": row["kept"],
                "why": row["why"],
                "years": row["years"],
                "until": _end_of(work.at, row["years"]).isoformat() if row["years"] else "",
            }
            for row in kept
        ],
        "proof": proof | {"archives_not_found": work.counts.get("archives_away", [])},
        "kept_until": kept_until and kept_until.isoformat(),
    }, kept_until


def _end_of(at: datetime, years: int) -> date:
    """Return when what was kept goes at the latest: years are counted from the end of the one it was made in."""
    return date(at.year + years, 12, 31)
