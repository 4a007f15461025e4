"""What a file of leads would become, and what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from apps.cam.api import dtos
from apps.cam.gateways import files
from apps.cam.gateways.files import Kept
from apps.cam.models import Campaign, ImportBatch, ImportRefusal, Lead
from apps.cam.rules.rows import judge_row

LOOKED_AT = 2_000
"""Rows of a file that are judged before it is confirmed."""
SHOWN = 200
"""Of the rows that were looked at; of those that are refused, as many more."""
MOST_ERRORS_TOLD = 100


@dataclass(frozen=True)
class Line:
    """What would become of a row: NEW, KNOWN or REFUSED, with the problems of its fields, what it doubles, or what was
    kept as it came."""

    row: int
    email: str
    name: str
    company: str
    outcome: str
    problems: dict[str, str]


@dataclass(frozen=True)
class Preview:
    """What would become of the rows that were looked at; `lines` are the first of them, and more that are refused."""

    lines: list[Line]
    looked_at: int
    new: int
    known: int
    refused: int


def preview_import(campaign: Campaign, kept: Kept, mapping: dict[str, int]) -> Preview:
    """Return what would become of a kept file's first rows. Nothing is stored. Raises FileNotFoundError."""
    lines = list(_lines(campaign, kept, mapping))
    counts = {outcome: sum(line.outcome == outcome for line in lines) for outcome in ("NEW", "KNOWN", "REFUSED")}
    late = [line for line in lines[SHOWN:] if line.outcome == "REFUSED"]
    return Preview([*lines[:SHOWN], *late[:SHOWN]], len(lines), counts["NEW"], counts["KNOWN"], counts["REFUSED"])


def _lines(campaign: Campaign, kept: Kept, mapping: dict[str, int]) -> Iterator[Line]:
    rows = []
    for number, cells in files.read_kept(kept.sha256):
        rows.append((number, judge_row(kept.headers, cells, mapping), cells))
        if len(rows) == LOOKED_AT:
            break
    keys = [judged.lead.email_key for _, judged, _ in rows if judged.lead]
    known = set(Lead.objects.filter(campaign=campaign, email_key__in=keys).values_list("email_key", flat=True))
    first: dict[str, int] = {}
    for number, judged, cells in rows:
        lead = judged.lead
        if lead is None:
            place = mapping.get("email", -1)
            said = cells[place] if 0 <= place < len(cells) else ""
            yield Line(number, said[:80], "", "", "REFUSED", judged.problems)
            continue
        before = first.setdefault(lead.email_key, number)
        same = {"row": f"has the address of row {before}"} if before != number else {}
        same = {"row": "is a lead of the campaign already"} if lead.email_key in known else same
        outcome = "KNOWN" if same else "NEW"
        yield Line(number, lead.email, lead.full_name, lead.company, outcome, same or judged.remarks)


def refusals_of(batch: ImportBatch) -> QuerySet[ImportRefusal]:
    """Return the rows of a file that were not taken, in their order."""
    return ImportRefusal.objects.filter(batch=batch).order_by("row")


def import_result(batch: ImportBatch) -> dtos.ImportResult:
    """Return an import as other modules see it."""
    errors = (
        dtos.RowError(row=refusal.row, field=field, message=problem)
        for refusal in refusals_of(batch)[:MOST_ERRORS_TOLD]
        for field, problem in refusal.problems.items()
    )
    columns = ("id", "campaign_id", "sha256", "rows", "created", "duplicates", "refused", "state")
    return dtos.ImportResult(**{name: getattr(batch, name) for name in columns}, errors=tuple(errors))
