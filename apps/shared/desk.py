"""What an admin offers to the desk beside its own pages: worklists, charts, a client's tab, answers to the search.

The site asks every admin whose rows a person may view, and arranges the answers (`aicmo_site.admin`). An admin offers:

- `needs`: the rows that somebody has to act on, each kind a worklist of the first page and a filter of the list;
- `desk_banner(request)`, `desk_panel(request)`: what stands above the worklists, and below the charts;
- `desk_next(request)`: what falls due next, said where nothing needs anybody now;
- `desk_charts(request)`: bars drawn from its rows, none where it has no rows;
- `last_change(row)`: who changed any row of the desk last, and when;
- `client_tab`: the tab of a client's page that lists its rows; `client_links(request, client_id)`: what else is there;
- `desk_find(request, term)`: the few rows that the command palette shows for some words or an id;
- `desk_deeds(request, row)`: what it offers to do about a row of another module, shown on that row's page.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import display_for_field, display_for_value, label_for_field, lookup_field
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from apps.shared.admin import NOTHING, client_link, list_link
from apps.shared.gateways.typst import DocumentUnavailable
from apps.shared.rest.files import as_download
from apps.shared.scope import in_scope, path_to_client

SHOWN = 5
"""Rows of a worklist on the first page; the list has the others."""
MOST_COUNTED = 100
"""Nobody works off more in a day, and counting a million takes a second."""
ON_A_TAB = 20
MOST_FOUND = 5
"""Rows of one kind in the command palette."""


def list_of(model: type[Model], **narrowed: object) -> str:
    """Return the address of a model's list, narrowed by these parameters."""
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{page}?{urlencode(narrowed)}" if narrowed else page


def page_of(row: Model) -> str:
    """Return the address of a row's page."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def send_pdf(request: HttpRequest, row: Model, name: str, write: Callable[..., bytes]) -> HttpResponse:
    """Send the PDF that `write` makes of a row, in the desk's English; or go back to its page and say why not."""
    try:
        content = write(language="en")
    except DocumentUnavailable as problem:
        messages.error(request, f"The PDF cannot be made right now. {problem}")
        return HttpResponseRedirect(page_of(row))
    return as_download(content, name, "application/pdf")


def page_link(row: Model, label: str) -> SafeString:
    """Return a link to a row's page."""
    return list_link(page_of(row), label)


# --- worklists --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Need:
    """A kind of rows that somebody has to act on; whoever holds one of the `permissions` can.

    `narrow(rows)` leaves these rows, the most pressing first; `name(row)` says which it is, `client(row)` whose, and
    `why(row)` what is the matter.
    """

    key: str
    title: str
    permissions: tuple[str, ...]
    narrow: Callable[[Any], QuerySet]
    name: Callable[[Any], str] = str
    client: Callable[[Any], str] = client_link
    why: Callable[[Any], str] = lambda row: ""
    since: Callable[[Any], datetime] = lambda row: row.created_at

    def is_for(self, user: Any) -> bool:
        """Tell whether a person may do something about it."""
        return any(map(user.has_perm, self.permissions))


@dataclass(frozen=True)
class Entry:
    """A line of a worklist: what it is and leads to, for which client, why it is there, and since (or until) when.

    Of one that somebody may put off or take, `row` is which it is, by its table and its key, and `whose` it is.
    """

    what: str
    client: str
    why: str
    at: datetime
    row: tuple[str, UUID] | None = None
    whose: str = ""


@dataclass(frozen=True)
class LastChange:
    """Who changed a row last, and when; by nobody when the machine did it."""

    by: str
    at: datetime


@dataclass(frozen=True)
class Worklist:
    """The first of the rows that need somebody, how many there are, and the list of them."""

    title: str
    entries: list[Entry]
    count: int
    url: str

    @property
    def counted(self) -> str:
        """The count, which ends at a hundred."""
        return f"{self.count}" if self.count < MOST_COUNTED else f"{MOST_COUNTED} or more"


def worklist_of(model: type[Model], need: Need, user: Any, attended: Any) -> Worklist | None:
    """Return what needs a person of a model's rows, as far as they may see them; None when nothing does.

    What is theirs comes first, what they have put off not at all (`attended`, of `User.attention`).
    """
    table = model._meta.label_lower
    rows = need.narrow(in_scope(model._default_manager.all(), user)).exclude(pk__in=attended.put_off.get(table, ()))
    mine = attended.mine.get(table, ())
    first = list(rows.filter(pk__in=mine)[: SHOWN + 1]) if mine else []
    first += rows.exclude(pk__in=mine)[: SHOWN + 1 - len(first)]
    if not first:
        return None
    count = len(first) if len(first) <= SHOWN else rows.order_by()[:MOST_COUNTED].count()
    return Worklist(need.title, [_entry(need, row) for row in first[:SHOWN]], count, list_of(model, needs=need.key))


def _entry(need: Need, row: Model) -> Entry:
    which = (row._meta.label_lower, row.pk)
    return Entry(page_link(row, need.name(row)), need.client(row), need.why(row), need.since(row), which)


def needs_filter(needs: Sequence[Need]) -> type[admin.SimpleListFilter]:
    """Make a list's filter for the rows that need somebody now: where a worklist's count leads to."""

    class NeedsFilter(admin.SimpleListFilter):
        title = "what needs somebody"
        parameter_name = "needs"

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return [(need.key, need.title) for need in needs]

        def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
            need = next((need for need in needs if need.key == self.value()), None)
            if need is None:
                return queryset
            attended = request.user.attention(timezone.now())
            return need.narrow(queryset).exclude(pk__in=attended.put_off.get(queryset.model._meta.label_lower, ()))

    return NeedsFilter


# --- charts -----------------------------------------------------------------------------------------------------------

_STEP, _BAR, _TALLEST, _ABOVE, _BELOW = 40, 28, 120, 16, 20
"""Of a chart, in its own units: a bar with the gap after it, the bar, the tallest bar, the room for its numbers."""


@dataclass(frozen=True)
class Part:
    """How many rows of one kind a bar stands for, or what they come to, and the list of them.

    `said` is the count in words where the bare number is not enough: money has a currency. Its colour is that of a
    label.
    """

    name: str
    count: int | Decimal
    colour: str
    url: str
    said: str = ""

    @property
    def told(self) -> str:
        """The count as people read it."""
        return self.said or str(self.count)


@dataclass(frozen=True)
class Bar:
    """One bar of a chart, from its foot up. `said` stands above it where its total would be too long."""

    label: str
    parts: list[Part]
    said: str = ""

    @property
    def total(self) -> int | Decimal:
        """How many rows it stands for, or what they come to."""
        return sum(part.count for part in self.parts)

    @property
    def told(self) -> str:
        """What stands above it."""
        return self.said or str(self.total)


@dataclass(frozen=True)
class Chart:
    """Counts as stacked bars, or amounts: then all in one currency, for they are added up.

    Every bar has the same kinds of parts, in the same order, be their count nought.
    """

    height: ClassVar = _ABOVE + _TALLEST + _BELOW
    foot: ClassVar = height - 4

    title: str
    of: str
    bars: list[Bar]

    @property
    def width(self) -> int:
        """How wide it is, in its own units."""
        return _STEP * len(self.bars)

    @property
    def kinds(self) -> list[Part]:
        """The kinds of parts, for the legend."""
        return self.bars[0].parts

    def drawn(self) -> Iterator[dict[str, Any]]:
        """Give each bar with its place, and each of its parts with its place and height; nought has none."""
        most = max(bar.total for bar in self.bars) or 1
        for index, bar in enumerate(self.bars):
            foot, parts = _ABOVE + _TALLEST, []
            for part in filter(lambda part: part.count, bar.parts):
                height = max(round(_TALLEST * part.count / most), 2)
                foot -= height
                parts.append({"part": part, "y": foot, "height": height - 1})  # a line of the ground between two
            x = index * _STEP + (_STEP - _BAR) // 2
            yield {"bar": bar, "parts": parts, "x": x, "width": _BAR, "middle": x + _BAR // 2, "top": foot - 4}


# --- a client's page --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """The newest rows of one model that belong to a client, the list of all of them, and pages about them by label."""

    title: str
    headings: list[str]
    rows: list[list[str]]
    url: str
    links: Sequence[tuple[str, str]] = ()


def rows_of_client(page: Any, request: HttpRequest, client_id: UUID) -> Table:
    """Return a client's newest rows with the columns of their list, the client itself left out."""
    names = [name for name in page.get_list_display(request) if name not in (client_link, "client")]
    found = page.get_queryset(request).filter(**{path_to_client(page.model): client_id}).order_by("-pk")
    found = found.select_related(*page.list_select_related or ())[:ON_A_TAB]
    return Table(
        title=str(page.model._meta.verbose_name_plural),
        headings=[str(label_for_field(name, page.model, page)) for name in names],
        rows=[_cells(page, names, row) for row in found],
        url=list_of_client(page.model, client_id),
        links=page.client_links(request, client_id) if hasattr(page, "client_links") else (),
    )


def _cells(page: Any, names: list[Any], row: Model) -> list[str]:
    first, *others = (_cell(page, name, row) for name in names)
    return [page_link(row, first), *others]


def _cell(page: Any, name: Any, row: Model) -> str:
    """Return one column of a row as its list would show it."""
    column, shown_by, value = lookup_field(name, row, page)
    if column is not None:
        return display_for_field(value, column, NOTHING)
    return display_for_value(value, NOTHING, boolean=getattr(shown_by, "boolean", False))


def list_of_client(model: type[Model], client_id: UUID) -> str:
    """Return the address of a model's list with the rows of one client alone: by its filter, else by a search."""
    columns = (each for each in model._meta.concrete_fields if each.attname == "client_id")
    is_filtered = any(column.is_relation for column in columns)
    return list_of(model, **{"client__id__exact" if is_filtered else "q": client_id})


# --- another module's page --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Deed:
    """What may be done next about a row: the address of its dialog, or without one only words on how it stands."""

    label: str
    explanation: str
    dialog: str = ""


# --- the command palette ----------------------------------------------------------------------------------------------


def of_clients_called(rows: QuerySet, term: str, user: Any) -> QuerySet:
    """Narrow to the row, or the client's rows, of this id; or to those of the first clients named like the term."""
    try:
        wanted = UUID(term)
    except ValueError:
        named = user.visible_clients().filter(name__icontains=term)
        return rows.filter(client_id__in=named.values("pk")[:MOST_FOUND])
    return rows.filter(Q(pk=wanted) | Q(client_id=wanted))
