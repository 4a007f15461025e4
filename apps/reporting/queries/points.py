"""What is known of values that come in: by which source, and whether that counts no more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.reporting.models import MetricPoint
from apps.reporting.rules import TAKEN_BACK
from apps.reporting.rules.rows import FILES, REVISION, Found, base_of, revised


@dataclass(frozen=True)
class Standing:
    """What stands of a value that a file has: the known point, if any, and the source under which a new one goes."""

    known: MetricPoint | None
    source: str

    def is_same(self, found: Found) -> bool:
        """Tell whether the file says what is known."""
        known = self.known
        return known is not None and (known.value, known.unit) == (found.value, found.unit)

    def difference(self, found: Found) -> str:
        """Return how what is known differs from what a file says."""
        known, sent = (f"{each.value.normalize():f} {each.unit}".strip() for each in (self.known, found))
        return f"is known to be {known}, and the file says {sent}; import it to replace what differs, or leave it"


def standings(client_id: UUID, found: Sequence[Found], *, mark: str) -> list[Standing]:
    """Return what stands of each value of a file; `mark` is what new sources of rows known before end with."""
    # A row's first value is found by its source, later ones by their mark; other rows of the day may be many.
    is_of_rows = Q(source__in={each.source for each in found}) | Q(source__contains=REVISION)
    of_moments = MetricPoint.objects.filter(client_id=client_id, at__in={each.at for each in found})
    rows = of_moments.filter(is_of_rows, source__startswith=f"{FILES}:").exclude(name=TAKEN_BACK)
    wanted = {(each.source, each.at) for each in found}
    known = [(key, row) for row in rows if (key := (base_of(row.source), row.at)) in wanted]
    gone = taken_back(client_id, (row.source for _, row in known))
    counting = {key: row for key, row in known if row.source not in gone}
    used = {key for key, _ in known}
    return [
        Standing(counting.get(key), revised(key[0], mark) if key in used else key[0])
        for key in ((each.source, each.at) for each in found)
    ]


def taken_back(client_id: UUID, sources: Iterable[str]) -> set[str]:
    """Return which of some sources of a client count no more."""
    told = MetricPoint.objects.filter(client_id=client_id, name=TAKEN_BACK, source__in=set(sources))
    return set(told.values_list("source", flat=True))


def with_standing(points: QuerySet) -> QuerySet:
    """Add to measured values whether they were taken back (`is_taken_back`)."""
    told = MetricPoint.objects.filter(client_id=OuterRef("client_id"), name=TAKEN_BACK, source=OuterRef("source"))
    return points.annotate(is_taken_back=Exists(told))
