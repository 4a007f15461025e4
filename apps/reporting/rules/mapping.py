"""What the columns of a client's table are: proposed by their names, confirmed by a person, kept for the next file."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from apps.reporting.rules.cells import (
    CellRefused,
    DayOrder,
    DecimalMark,
    guess_mark,
    guess_order,
    plain_text,
    read_name,
    read_number,
    read_unit,
)
from apps.strategy.api.dtos import Kpi

Role = Literal["", "AT", "METRIC", "APART", "NAME", "VALUE", "UNIT"]
ROLES: dict[Role, str] = {
    "": "left out",
    "AT": "the day",
    "METRIC": "a metric",
    "APART": "tells rows of a day apart",
    "NAME": "the metric's name",
    "VALUE": "its value",
    "UNIT": "its unit",
}
LONGEST_LABEL = 40
MOST_METRICS = 40
"""Of one table: a slice of its rows is one transaction."""

_DAYS = (
    "date, day, tag, datum, month, monat, reporting starts, start date, start date in utc, reporting start, "
    "time, at, measured at, week, woche, nth day, date hour"
)
_NAMES = "name, metric, kpi, metric name, kennzahl"
_VALUES = "value, wert, count, amount"
_UNITS = "unit, einheit"
_APART = (
    "campaign, campaign name, kampagne, ad group, ad group name, ad set name, ad name, ad, device, country, land, "
    "source medium, session source medium, session default channel group, default channel group, channel, page, "
    "landing page, query, top queries, top pages, keyword, search keyword, account, account name, network, platform, "
    "placement, age, gender, region, city, campaign group name, campaign id, source, medium"
)
_COUNTED = {
    "clicks": "clicks, link clicks, klicks, total clicks",
    "impressions": "impressions, impr, impressionen",
    "people": "reach, active users, new users, total users, users, aktive nutzer, reichweite",
    "conversions": "conversions, all conv, conv, key events, results, conversion, konversionen",
    "leads": "leads, lead form completions",
    "sessions": "sessions, engaged sessions, sitzungen",
    "events": "event count",
    "views": "views, video views, page views, thruplays",
    "%": "ctr, average ctr, ctr all, ctr link click through rate, engagement rate, bounce rate, conv rate, "
    "conversion rate, interaction rate",
    "position": "position, average position, avg position",
}
_MONEY = (
    "cost, amount spent, total spent, avg cpc, cpc, cpc all, cost per result, conv value, total revenue, "
    "purchase revenue, spend, kosten, cost conv, average cpc, cpm, avg cost"
)


def _parted(words: str) -> set[str]:
    return {word.strip() for word in words.split(",")}


_ROLE_OF: dict[str, Role] = {
    **dict.fromkeys(_parted(_APART), "APART"),
    **dict.fromkeys(_parted(_NAMES), "NAME"),
    **dict.fromkeys(_parted(_VALUES), "VALUE"),
    **dict.fromkeys(_parted(_UNITS), "UNIT"),
    **dict.fromkeys(_parted(_DAYS), "AT"),
}
_UNIT_OF = {name: unit for unit, names in _COUNTED.items() for name in _parted(names)}
_IN_MONEY = _parted(_MONEY)
_KNOWN_FILES = {
    "Google Ads": {"impr"},
    "Meta Ads": {"reporting starts"},
    "LinkedIn Ads": {"start date in utc"},
    "Search Console": {"clicks", "impressions", "ctr", "position"},
    "Google Analytics": {"active users"},
}


class MappingRefused(ValueError):
    """A choice of columns measures nothing; the message says why."""


@dataclass(frozen=True)
class Column:
    """What one column of a table is; of a metric, how it is called and counted."""

    header: str
    role: Role = ""
    name: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Mapping:
    """How a table is read: its columns in their order, and how it writes numbers and days."""

    columns: tuple[Column, ...]
    decimal: DecimalMark = "."
    order: DayOrder = "DMY"
    rounds: bool = False

    def spec(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {**asdict(self), "columns": [asdict(each) for each in self.columns]}

    @classmethod
    def of(cls, spec: dict[str, Any]) -> "Mapping":
        """Return what was stored."""
        return cls(**{**spec, "columns": tuple(Column(**each) for each in spec["columns"])})

    def places(self, role: Role) -> list[int]:
        """Return where the columns of a role stand."""
        return [place for place, each in enumerate(self.columns) if each.role == role]

    def key(self, sha256: str, slug: str, *, replaces: bool) -> str:
        """Return the SHA-256 of a file and of how it is read: the same again is the same import."""
        told = json.dumps([sha256, slug, replaces, self.spec()], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def check_mapping(mapping: Mapping) -> Mapping:
    """Return a mapping with its names as they are stored. Raises MappingRefused where it measures nothing, or twice."""
    if len(mapping.places("AT")) != 1:
        raise MappingRefused("Say of exactly one column that it holds the day: a value without a time is none.")
    is_long = bool(mapping.places("NAME") or mapping.places("VALUE"))
    if is_long and mapping.places("METRIC"):
        raise MappingRefused("Either a row holds one metric with name and value, or each metric has its own column.")
    if is_long and not (len(mapping.places("NAME")) == len(mapping.places("VALUE")) == 1):
        raise MappingRefused("Say of exactly one column that it holds the name, and of exactly one the value.")
    if not is_long and not mapping.places("METRIC"):
        raise MappingRefused("Say of at least one column that it is a metric.")
    if len(mapping.places("METRIC")) > MOST_METRICS:
        raise MappingRefused(f"Take at most {MOST_METRICS} metrics at once; leave the other columns out.")
    if len(mapping.places("UNIT")) > (1 if is_long else 0):
        raise MappingRefused("A column of units goes with one of names and one of values.")
    columns = tuple(_checked(each) for each in mapping.columns)
    named = [each.name.casefold() for each in columns if each.role == "METRIC"]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise MappingRefused(f"Two columns are the metric {', '.join(twice)}. Name one of them otherwise.")
    return replace(mapping, columns=columns)


def _checked(column: Column) -> Column:
    if column.role != "METRIC":
        return replace(column, name="", unit="")
    try:
        return replace(column, name=read_name(column.name or column.header), unit=read_unit(column.unit))
    except CellRefused as refusal:
        raise MappingRefused(f"The name of the column “{column.header[:60]}” {refusal}.") from refusal


def fold(heading: str) -> str:
    """Return a heading in small letters, with single spaces for all that is neither letter nor digit."""
    text = unicodedata.normalize("NFKC", plain_text(heading)).casefold()
    return re.sub(r"[\W_]+", " ", text).strip()


def slug_of(name: str) -> str:
    """Return what sources of values from an origin begin with. Raises MappingRefused for a name without letters."""
    slug = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFKC", plain_text(name)).casefold()).strip("-")
    if not slug or len(name) > LONGEST_LABEL:
        raise MappingRefused(f"Say where the file comes from in 1 to {LONGEST_LABEL} characters, such as “Google Ads”.")
    return slug[:LONGEST_LABEL]


def origin_of(headers: Sequence[str]) -> str:
    """Return which tool's export has these columns; "" for none that is known."""
    folded = {fold(each) for each in headers} | {fold(re.sub(r"\(.*\)", "", each)) for each in headers}
    return next((name for name, needed in _KNOWN_FILES.items() if needed <= folded), "")


def propose(headers: Sequence[str], rows: Sequence[Sequence[str]], kpis: Iterable[Kpi], *, currency: str) -> Mapping:
    """Return what the columns of a table seem to be, by their names and first rows."""
    by_name = {fold(kpi.name): kpi for kpi in kpis}
    columns = [_proposed(header, _below(rows, place), by_name, currency) for place, header in enumerate(headers)]
    roles = [each.role for each in columns]
    is_long = "NAME" in roles and "VALUE" in roles
    spare: set[Role] = {"METRIC"} if is_long else {"NAME", "VALUE", "UNIT"}
    first = roles.index("AT") if "AT" in roles else -1
    kept = []
    for place, each in enumerate(columns):
        is_spare = each.role in spare or (each.role == "AT" and place != first)
        kept.append(Column(each.header) if is_spare else each)
    measured = [place for place, each in enumerate(kept) if each.role in ("METRIC", "VALUE")]
    numbers = [cell for place in measured for cell in _below(rows, place)]
    days = _below(rows, first) if first >= 0 else []
    return Mapping(columns=tuple(kept), decimal=guess_mark(numbers), order=guess_order(days))


def _below(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    return [row[place] for row in rows if place < len(row)]


def _proposed(header: str, cells: list[str], kpis: dict[str, Kpi], currency: str) -> Column:
    bare = plain_text(re.sub(r"\(.*?\)", "", header)) or header
    for known in (fold(header), fold(bare)):
        if known in kpis:
            return Column(header, "METRIC", kpis[known].name, kpis[known].unit)
        if known in _UNIT_OF:
            return Column(header, "METRIC", bare, _UNIT_OF[known])
        if known in _IN_MONEY:
            return Column(header, "METRIC", bare, _bracketed(header) or currency)
        if known in _ROLE_OF:
            return Column(header, _ROLE_OF[known])
    if cells and all(_is_number(cell) for cell in cells) and any(map(str.strip, cells)):
        return Column(header, "METRIC", bare, _bracketed(header))
    return Column(header)


def _bracketed(header: str) -> str:
    found = re.search(r"\(([^()]{1,20})\)", header)
    return found[1] if found else ""


def _is_number(cell: str) -> bool:
    for mark in (".", ","):
        try:
            read_number(cell, mark)  # type: ignore[arg-type]
        except CellRefused:
            continue
        return True
    return False


def as_kept(spec: dict[str, Any], headers: Sequence[str]) -> Mapping | None:
    """Return a kept mapping for a table with these columns, wherever they stand; None where one that counts is gone."""
    kept = Mapping.of(spec)
    known = {each.header: each for each in kept.columns}
    if any(each.role and each.header not in headers for each in kept.columns):
        return None
    return replace(kept, columns=tuple(known.get(header, Column(header)) for header in headers))
