"""How the desk shows a value: links, states in colours, lists, JSON as text to read."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db import models
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

NOTHING = "–"

_STATES_BY_COLOUR = {
    "success": (
        "COMPLETED SUCCEEDED APPROVED READY PASS PUBLISHED COMPLETE ACTIVE DONE PAID PROVED WON DELIVERED RENEWED LOW "
        "ACCEPTED"
    ),
    "info": (
        "RUNNING DRAFT QUEUED PUBLISHING INTAKE DISCOVERY BRIEF_REVIEW WORKSPACE_SETUP PROSPECT MINOR NEW SENDING "
        "ONBOARDING"
    ),
    "primary": "WAITING SENT ISSUED PARTIALLY_PAID REPLIED MEETING PROPOSAL",
    "warning": (
        "COMPENSATING COMPENSATED CANCELLED RETRYING WARN MAJOR ON EXPIRED CHANGES_REQUESTED MANUAL_REVIEW PAUSED "
        "MEDIUM"
    ),
    "danger": (
        "UNKNOWN STUCK SILENT FAILED FAIL REJECTED BLOCKER BROKEN DEAD OVERDUE UNSUBSCRIBED SUPPRESSED BOUNCED "
        "DO_NOT_CONTACT AT_RISK CHURNED HIGH DECLINED"
    ),
}
STATE_COLOURS = {state: colour for colour, states in _STATES_BY_COLOUR.items() for state in states.split()}
"""One colour for one meaning on every page; what is over without a verdict (SUPERSEDED, ENDED, …) stays grey."""


def admin_link(model: str, pk: UUID | None, label: str = "") -> str:
    """Return a link to the change page of a row of any module (`strategy.strategy`), drawn without loading it."""
    if pk is None:
        return NOTHING
    try:
        url = reverse(f"admin:{model.replace('.', '_')}_change", args=[pk])
    except NoReverseMatch:
        return label or str(pk)
    return list_link(url, label or short_id(pk))


def row_link(model: str, pk: UUID) -> str:
    """Return a link to any row by its table's name, labelled with what it is."""
    names = (known._meta.verbose_name for known in admin.site._registry if known._meta.label_lower == model)
    return admin_link(model, pk, f"{words(str(next(names, model)))} {short_id(pk)}")


def list_link(url: str, label: str) -> SafeString:
    """Return a link to any page of the desk."""
    return format_html('<a class="desk-link" href="{}">{}</a>', url, label)


def short_id(pk: UUID) -> str:
    """Return the end of a key, enough to tell two rows on one screen apart."""
    return str(pk)[-6:]


def badge(state: str) -> SafeString:
    """Return a state, verdict or severity as a coloured label."""
    label = {"type": STATE_COLOURS.get(state), "text": state.replace("_", " ")}
    return render_to_string("unfold/helpers/label.html", label)


_UNITS = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))


def relative(at: datetime) -> str:
    """Return how long ago a moment was, in the one unit that says most: `12 s ago`, `3 h ago`."""
    seconds = max(int((timezone.now() - at).total_seconds()), 0)
    unit, length = next(((name, length) for name, length in _UNITS if seconds >= length), _UNITS[-1])
    return f"{seconds // length} {unit} ago"


A_WEEK = timedelta(days=7)


def moment(at: datetime | None) -> SafeString | str:
    """Return a moment of the last week by how long ago it was, its date on pointing at it; any other by its date."""
    if at is None:
        return NOTHING
    date = date_format(timezone.localtime(at), "DATETIME_FORMAT")
    is_recent = timedelta() <= timezone.now() - at < A_WEEK
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), date, relative(at) if is_recent else date
    )


def moment_column(field: models.DateTimeField) -> Callable[[models.Model], SafeString | str]:
    """Make the column of a list that shows a moment."""

    @admin.display(description=field.verbose_name, ordering=field.name)
    def shown(row: models.Model) -> SafeString | str:
        return moment(getattr(row, field.name))

    shown.__name__ = field.name  # the cell's class
    return shown


def state_column(field: str = "state") -> Callable[[models.Model], SafeString]:
    """Make a column, or a field of a page, that shows a state as a coloured label."""

    @admin.display(description=field, ordering=field)
    def labelled(row: models.Model) -> SafeString:
        return badge(getattr(row, field))

    return labelled


def link_column(model: str, field: str) -> Callable[[models.Model], str]:
    """Make a column, or a field of a page, that links to the row of another module whose id stands in `field`."""
    name = field.removesuffix("_id")

    @admin.display(description=name)
    def linked(row: models.Model) -> str:
        pk = getattr(row, field)
        return NOTHING if pk is None else admin_link(model, pk, f"{words(name)} {short_id(pk)}")

    return linked


@admin.display(description="client", ordering="client__name")
def client_link(row: Any) -> str:
    """Link to a row's client, which the page's query has loaded along."""
    return admin_link("identity.client", row.client_id, str(row.client))


run_link = link_column("orchestration.workflowrun", "run_id")


def words(name: str) -> str:
    """Return a field's name as a person would write it."""
    return name.replace("_", " ").capitalize()


def bullets(items: Iterable[Any]) -> SafeString | str:
    """Return texts as a list, a dash when there are none."""
    rows = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    return format_html('<ul class="desk-list">{}</ul>', rows) if rows else NOTHING


def readable(value: Any) -> SafeString | str:
    """Return a JSON value as text to read: objects as named facts, lists as bullets, all of it escaped."""
    match value:
        case None | "":
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case dict():
            facts = ((words(name), readable(item)) for name, item in value.items())
            rows = format_html_join("", "<dt>{}</dt><dd>{}</dd>", facts)
            return format_html('<dl class="desk-facts">{}</dl>', rows) if rows else NOTHING
        case list():
            return bullets(readable(item) for item in value)
    return str(value)


def json_column(field: str, description: str | None = None) -> Callable[[models.Model], SafeString | str]:
    """Make a field of a page that shows a JSON column as text to read; without a description, over the whole width."""

    @admin.display(description=field.replace("_", " ") if description is None else description)
    def read(row: models.Model) -> SafeString | str:
        return readable(getattr(row, field))

    return read
