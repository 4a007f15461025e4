"""Filters that stay quick and in scope whatever number of rows a table holds."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter, RangeDateTimeFilter
from unfold.contrib.filters.forms import AutocompleteDropdownForm

from apps.shared.admin.display import words
from apps.shared.scope import in_scope


class _ClientFilterForm(AutocompleteDropdownForm):
    """Names no client that the person may not see, whatever id stands in the address."""

    def __init__(self, request: HttpRequest, name: str, **options: Any) -> None:
        super().__init__(request=request, name=name, **options)
        self.fields[name].queryset = in_scope(self.fields[name].queryset.all(), request.user)


class ClientFilter(AutocompleteSelectFilter):
    """Narrows a list to a client that is looked up by its name."""

    form_class = _ClientFilterForm


class DaysFilter(RangeDateFilter):
    """Narrows a list to days, the last of them included, as they begin and end where the person is."""

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        first, last = (_day(self.used_parameters.get(f"{self.parameter_name}_{end}")) for end in ("from", "to"))
        return _between(queryset, self.parameter_name, _midnight(first), _midnight(last, days=1))


class SpanFilter(RangeDateTimeFilter):
    """Narrows a list to a span of time where the person is, its last minute included; a day without a time is whole."""

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        (first, begins), (last, ends) = (self._end(end) for end in ("from", "to"))
        since = _moment(first, begins)
        until = _midnight(last, days=1) if ends is None else _moment(last, ends, minutes=1)
        return _between(queryset, self.parameter_name, since, until)

    def _end(self, end: str) -> tuple[date | None, time | None]:
        said = (self.used_parameters.get(f"{self.parameter_name}_{end}_{part}") for part in (0, 1))
        day, hour = (value[0] if isinstance(value, list) else value for value in said)
        return _day(day), _time(hour)


def _between(rows: models.QuerySet, column: str, since: datetime | None, until: datetime | None) -> models.QuerySet:
    rows = rows if since is None else rows.filter(**{f"{column}__gte": since})
    return rows if until is None else rows.filter(**{f"{column}__lt": until})


def _day(said: Any) -> date | None:
    try:
        return date.fromisoformat(str(said))
    except ValueError:
        return None


def _time(said: Any) -> time | None:
    try:
        return time.fromisoformat(str(said)).replace(tzinfo=None)
    except ValueError:
        return None


def _midnight(day: date | None, days: int = 0) -> datetime | None:
    """Return when a day, or one so many days later, begins where the person is."""
    try:
        return None if day is None else _moment(day + timedelta(days=days), time())
    except OverflowError:
        return None


def _moment(day: date | None, at: time | None, minutes: int = 0) -> datetime | None:
    """Return a moment of a day where the person is; one that no clock can show bounds nothing."""
    if day is None:
        return None
    try:
        moment = datetime.combine(day, at or time()).replace(second=0) + timedelta(minutes=minutes)
        return timezone.make_aware(moment).astimezone(UTC)
    except OverflowError:
        return None


CLIENT_FILTER = ("client", ClientFilter)
CREATED_FILTER = ("created_at", DaysFilter)


def declared_filter(column: str, known: Callable[[], Iterable[str]], title: str = "") -> type[admin.SimpleListFilter]:
    """Make a filter on a text column whose choices come from the code.

    Django would ask the table which values it holds: half a second on a million rows, for each page of the list.
    """

    class DeclaredFilter(admin.SimpleListFilter):
        parameter_name = column

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return [(value, words(value)) for value in sorted(set(known()))]

        def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
            return queryset.filter(**{column: self.value()}) if self.value() else queryset

    DeclaredFilter.title = title or column.replace("_", " ")
    return DeclaredFilter
