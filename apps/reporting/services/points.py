"""Measured values from outside, many at once: stored each once, and taken back by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction
from uuid_utils.compat import uuid7

from apps.identity.models import Client
from apps.reporting.api import events
from apps.reporting.models import MetricPoint
from apps.reporting.queries.points import with_standing
from apps.reporting.rules import TAKEN_BACK
from apps.reporting.rules.rows import PUSHED, Found, is_from_outside
from apps.shared.events import AuditNote, publish

_COLUMNS = {
    "id": "uuid",
    "client_id": "uuid",
    "name": "text",
    "value": "numeric",
    "unit": "text",
    "source": "text",
    "at": "timestamptz",
    "metric_import_id": "uuid",
    "row": "integer",
}
_INSERT = f"""
    INSERT INTO reporting_metricpoint (created_at, {", ".join(_COLUMNS)})
    SELECT now(), {", ".join(_COLUMNS)}
    FROM unnest({", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())}) AS sent ({", ".join(_COLUMNS)})
    ON CONFLICT (client_id, name, source, at) DO NOTHING
    RETURNING id, at
"""  # noqa: S608  (made of names in this file)


class TakeBackRefused(Exception):
    """A value cannot be taken back; the message says why."""


@dataclass(frozen=True)
class Outcome:
    """What became of pushed values: how many were new and known, and the known points that say something else."""

    new: int
    known: int
    different: tuple[tuple[int, MetricPoint], ...]


def insert_points(
    client_id: UUID, rows: Sequence[tuple[Found, int | None]], *, metric_import_id: UUID | None = None
) -> list[tuple[UUID, datetime]]:
    """Insert the values, with their rows of a file, that are not known by name, source and time; return id and time.

    They go in in one order, so that of two who bring the same values one waits for the other.
    """
    if not rows:
        return []
    ordered = sorted(rows, key=lambda row: (row[0].name, row[0].source, row[0].at))
    told = [
        (uuid7(), client_id, each.name, each.value, each.unit, each.source, each.at, metric_import_id, number)
        for each, number in ordered
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [list(column) for column in zip(*told, strict=True)])
        return cursor.fetchall()


def tell_of(client_id: UUID, new: Sequence[tuple[UUID, datetime]], note: AuditNote) -> None:
    """Publish that values came in, if any did."""
    if new:
        days = sorted(at.astimezone(UTC).date() for _, at in new)
        event = events.MetricsCollected(
            client_id=client_id, aggregate_id=new[0][0], point_count=len(new), start_date=days[0], end_date=days[-1]
        )
        publish(event, note)


@transaction.atomic
def push_points(client_id: UUID, points: Sequence[Found], *, by: UUID) -> Outcome:
    """Store values that a client's own system measured; each is known by name, source and time, and never changes.

    Their sources are marked as pushed, so that none can pass for a row of ours or of a file.
    """
    marked = [Found(each.name, each.value, each.unit, f"{PUSHED}:{each.source}", each.at) for each in points]
    new = insert_points(client_id, [(each, None) for each in marked])
    known = _stored(client_id, marked)
    different = [
        (place, known[each.name, each.source, each.at])
        for place, each in enumerate(marked)
        if _says_otherwise(known[each.name, each.source, each.at], each)
    ]
    tell_of(client_id, new, AuditNote(actor_id=by, after={"pushed": len(marked), "new": len(new)}))
    return Outcome(len(new), len(marked) - len(new) - len(different), tuple(different))


def _stored(client_id: UUID, points: Sequence[Found]) -> dict[tuple[str, str, datetime], MetricPoint]:
    wanted = {part + "__in": {getattr(each, part) for each in points} for part in ("name", "source", "at")}
    rows = with_standing(MetricPoint.objects.filter(client_id=client_id, **wanted))
    return {(row.name, row.source, row.at): row for row in rows}


def _says_otherwise(known: MetricPoint, sent: Found) -> bool:
    return (known.value, known.unit) != (sent.value, sent.unit)


@transaction.atomic
def take_back_point(point: MetricPoint, *, by: UUID, reason: str, at: datetime) -> MetricPoint:
    """Say of a value's source that it counts no more: its points stay, and reports leave them out from now on.

    Raises TakeBackRefused for what the platform counts itself, and for what was taken back before.
    """
    if not is_from_outside(point.source) or point.name == TAKEN_BACK:
        raise TakeBackRefused("What the platform counts itself is taken back with the row behind it.")
    Client.objects.select_for_update(no_key=True).get(pk=point.client_id)  # as an import does, which may replace it now
    told, is_new = MetricPoint.objects.get_or_create(
        client_id=point.client_id, name=TAKEN_BACK, source=point.source, defaults={"at": at, "value": Decimal(1)}
    )
    if not is_new:
        raise TakeBackRefused("It was taken back before.")
    event = events.MetricsTakenBack(client_id=point.client_id, aggregate_id=point.pk, source_count=1)
    before = {"name": point.name, "value": f"{point.value:f}", "source": point.source}
    publish(event, AuditNote(actor_id=by, reason=reason, before=before))
    return told
