"""What the rows of a file would become, and what became of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from apps.identity.models import Client
from apps.reporting.gateways import SHELF, Kept
from apps.reporting.models import ColumnMapping, MetricImport, MetricRefusal
from apps.reporting.queries.points import Standing, standings
from apps.reporting.rules.mapping import Mapping, as_kept, origin_of, propose
from apps.reporting.rules.rows import Found, Judged, RowReader
from apps.strategy.api import ports as strategy

LOOKED_AT = 2_000
"""Rows of a file that are judged before it is confirmed."""
SHOWN = 200
"""Of the rows that were looked at; of those that are refused or differ, as many more."""
SAMPLE = 50
"""Rows that a mapping is proposed from."""


@dataclass(frozen=True)
class Judging:
    """By what rows are judged. `mark` is the import's id: new sources of rows that are known end with it."""

    client_id: UUID
    mapping: Mapping
    slug: str
    zone: ZoneInfo
    mark: UUID | None
    at: datetime


@dataclass(frozen=True)
class Line:
    """A row of a file: its values with what stands of each, or what is wrong with it."""

    number: int
    cells: list[str]
    values: list[tuple[Found, Standing]] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """What would become of it: REFUSED, DIFFERS, NEW, KNOWN or EMPTY."""
        if self.problems:
            return "REFUSED"
        if any(standing.known is not None and not standing.is_same(found) for found, standing in self.values):
            return "DIFFERS"
        if any(standing.known is None for _, standing in self.values):
            return "NEW"
        return "KNOWN" if self.values else "EMPTY"

    @property
    def told(self) -> dict[str, str]:
        """What is to be said of it, by column or metric."""
        different = ((found, standing) for found, standing in self.values if standing.known is not None)
        return self.problems or {
            found.name: standing.difference(found) for found, standing in different if not standing.is_same(found)
        }


def judged_rows(judging: Judging, rows: Sequence[tuple[int, list[str]]]) -> Iterator[Line]:
    """Yield what some rows of a file say, and what stands of that. A value that two rows have is the first one's."""
    seen: dict[tuple[str, datetime], int] = {}
    reader = RowReader(judging.mapping, slug=judging.slug, zone=judging.zone, at=judging.at)
    judged = [(number, cells, _once(reader.read(cells), number, seen)) for number, cells in rows]
    found = [each for _, _, row in judged for each in row.found]
    stand = iter(standings(judging.client_id, found, mark=str(judging.mark or "")))
    for number, cells, row in judged:
        values = [(each, next(stand)) for each in row.found]
        twice = {
            each.name: _twice(each, standing.known.row)
            for each, standing in values
            if standing.known is not None and judging.mark and standing.known.metric_import_id == judging.mark
        }
        yield Line(number, cells, [] if twice else values, row.problems or twice)


def _once(row: Judged, number: int, seen: dict[tuple[str, datetime], int]) -> Judged:
    twice = {each.name: seen[each.source, each.at] for each in row.found if (each.source, each.at) in seen}
    if twice:
        return Judged(problems={each.name: _twice(each, twice[each.name]) for each in row.found if each.name in twice})
    seen.update({(each.source, each.at): number for each in row.found})
    return row


def _twice(found: Found, row: int | None) -> str:
    return f"of the same time stands in row {row}, too; choose the columns that tell such rows apart, or delete one"


@dataclass(frozen=True)
class Preview:
    """What would become of the rows that were looked at, and of their values."""

    lines: list[Line]
    looked_at: int
    counts: dict[str, int]


def preview_import(client: Client, kept: Kept, mapping: Mapping, slug: str, *, at: datetime) -> Preview:
    """Return what would become of a kept file's first rows. Nothing is stored. Raises FileNotFoundError."""
    judging = Judging(client.pk, mapping, slug, ZoneInfo(client.time_zone), None, at)
    lines = list(judged_rows(judging, list(islice(SHELF.read_kept(kept.sha256), LOOKED_AT))))
    outcomes = [line.outcome for line in lines]
    counts = {name.lower(): outcomes.count(name) for name in ("NEW", "KNOWN", "DIFFERS", "REFUSED", "EMPTY")}
    late = [line for line in lines[SHOWN:] if line.outcome in ("REFUSED", "DIFFERS")]
    return Preview([*lines[:SHOWN], *late[:SHOWN]], len(lines), counts)


def proposed_mapping(client: Client, kept: Kept, *, at: datetime) -> tuple[str, Mapping]:
    """Return under which name and how a kept file would be read: as one like it was, or as its column names say."""
    for row in ColumnMapping.objects.filter(client=client).order_by("-updated_at")[:20]:
        if mapping := as_kept(row.spec, kept.headers):
            return row.name, mapping
    rows = [cells for _, cells in islice(SHELF.read_kept(kept.sha256), SAMPLE)]
    plan = strategy.find_approved_strategy(client_id=client.pk, before=at)
    return origin_of(kept.headers), propose(kept.headers, rows, plan.kpis if plan else (), currency=client.currency)


def find_import(client: Client, kept: Kept, mapping: Mapping, slug: str, *, replaces: bool) -> MetricImport | None:
    """Return the import of this file in this way, if there is one."""
    key = mapping.key(kept.sha256, slug, replaces=replaces)
    return MetricImport.objects.filter(client=client, key=key).first()


def refusals_of(row: MetricImport) -> QuerySet[MetricRefusal]:
    """Return the rows of a file with something that was not taken, in their order."""
    return MetricRefusal.objects.filter(metric_import=row).order_by("row")
