"""What the rows of a table measured: each value with its source, or what is wrong with the row."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from apps.reporting.rules.cells import (
    CellRefused,
    fitting,
    plain_text,
    read_moment,
    read_name,
    read_number,
    read_unit,
)
from apps.reporting.rules.mapping import Mapping

FILES, PUSHED = "files", "push"
"""What the sources of values begin with that came in files, or were pushed: nothing of ours begins so."""
LONGEST_ROW = 120
_PARTS = str.maketrans({"/": "\N{DIVISION SLASH}", "@": "\N{FULLWIDTH COMMERCIAL AT}"})
"""What parts a source, as it stands inside of one."""
REVISION = "@"
"""What stands in a source before the mark of the file that replaced a row's value."""
_REVISED = re.compile(r"@[0-9a-f]{12}$")


@dataclass(frozen=True)
class Found:
    """One value of a row. `source` names the row: its origin, day, what tells it apart, and the metric."""

    name: str
    value: Decimal
    unit: str
    source: str
    at: datetime


@dataclass(frozen=True)
class Judged:
    """What a row measured, or what is wrong with it by column: then nothing of it is taken."""

    found: tuple[Found, ...] = ()
    problems: dict[str, str] = field(default_factory=dict)


def base_of(source: str) -> str:
    """Return the source of a file's row as it was before later files had another value for it."""
    return _REVISED.sub("", source)


def revised(source: str, mark: str) -> str:
    """Return the source of a row whose earlier value counts no more; `mark` is the id of the file."""
    return f"{base_of(source)}{REVISION}{mark.replace('-', '')[-12:]}"


def is_from_outside(source: str) -> bool:
    """Tell whether a value was brought from outside, rather than counted by the platform."""
    return source.partition(":")[0] in (FILES, PUSHED)


class RowReader:
    """Reads the rows of a table by a mapping, at the moment `at`; their days are those of a client's time zone."""

    def __init__(self, mapping: Mapping, *, slug: str, zone: ZoneInfo, at: datetime) -> None:
        self.mapping, self.slug, self.zone, self.at = mapping, slug, zone, at
        self._day = mapping.places("AT")[0]
        self._apart = mapping.places("APART")
        self._metrics = [(place, mapping.columns[place]) for place in mapping.places("METRIC")]
        self._long = [mapping.places(role) for role in ("NAME", "VALUE", "UNIT")]

    def read(self, cells: Sequence[str]) -> Judged:
        """Return what a row says, or what is wrong with it."""
        width = len(self.mapping.columns)
        if len(cells) > width:
            return Judged(problems={"row": "has more cells than the table has columns; see to separators and quotes"})
        row, problems = [*cells, *[""] * (width - len(cells))], {}
        told = {"zone": self.zone, "order": self.mapping.order, "at": self.at}
        moment = self._tried(problems, self._day, read_moment, row[self._day], **told)
        measured = self._read_long(row, problems) if self._long[0] else self._read_wide(row, problems)
        if problems:
            return Judged(problems=problems)
        local, apart = moment.astimezone(self.zone), [plain_text(row[place]) for place in self._apart]
        return Judged(
            tuple(
                Found(name, value, unit, source_of(self.slug, local, [*apart, name.casefold()]), moment)
                for name, value, unit in measured
            )
        )

    def _read_wide(self, row: Sequence[str], problems: dict[str, str]) -> list[tuple[str, Decimal, str]]:
        """Each metric has its own column; one without a number was not measured."""
        tried = [
            (column.name, self._tried(problems, place, self._value, row[place], column.unit), column.unit)
            for place, column in self._metrics
        ]
        return [each for each in tried if each[1] is not None]

    def _read_long(self, row: Sequence[str], problems: dict[str, str]) -> list[tuple[str, Decimal, str]]:
        """The row is one metric, with its name and value."""
        (name_at,), (value_at,), unit_at = self._long
        name = self._tried(problems, name_at, read_name, row[name_at])
        unit = self._tried(problems, unit_at[0], read_unit, row[unit_at[0]]) if unit_at else ""
        value = self._tried(problems, value_at, self._value, row[value_at], unit or "")
        if value is None:
            problems.setdefault(self.mapping.columns[value_at].header, "is empty; write the number, or delete the row")
        return [(name, value, unit)]

    def _value(self, cell: str, unit: str) -> Decimal | None:
        number = read_number(cell, self.mapping.decimal)
        if number is None:
            return None
        if number.is_share and "%" not in unit:
            raise CellRefused("is a share in percent; give the metric the unit %")
        return fitting(number.value, rounds=self.mapping.rounds)

    def _tried(self, problems: dict[str, str], place: int, read: Any, *said: Any, **how: Any) -> Any:
        try:
            return read(*said, **how)
        except CellRefused as refusal:
            problems[self.mapping.columns[place].header] = str(refusal)
            return None


def source_of(slug: str, local: datetime, told: Sequence[str]) -> str:
    """Return the source of a value: the same row in another file of the same origin has the same."""
    day = local.date().isoformat() if local.time() == time() else local.strftime("%Y-%m-%dT%H:%M:%S%z")
    row = "/".join(
        [day, *(each.replace("/", "\N{DIVISION SLASH}").replace("@", "\N{FULLWIDTH COMMERCIAL AT}") for each in told)]
    )
    if len(row) > LONGEST_ROW:
        row = f"{row[: LONGEST_ROW - 18]}…#{hashlib.sha256(row.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
    return f"{FILES}:{slug}/{row}"
