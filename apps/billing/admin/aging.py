"""The aging list at the desk: what each client owes, by how long it is due, as of a day."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from apps.billing import rules
from apps.billing.models import Invoice
from apps.billing.queries.aging import AGES, Owed, of_age, owed_by_age
from apps.shared.admin import NOTHING, ReadOnlyAdmin
from apps.shared.desk import list_of
from apps.shared.gateways.tables import write_csv
from apps.shared.rest.files import as_download

TITLES = {
    "not_due": "Not due",
    "1_30": "1–30 days",
    "31_60": "31–60 days",
    "61_90": "61–90 days",
    "over_90": "Over 90 days",
}
ALL = "all"


class AgeFilter(admin.SimpleListFilter):
    """Narrows the list of invoices to what a figure of the aging list sums: `31_60@2026-03-02`, without a day now."""

    title = "days past due"
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(ALL, "All that is owed"), *TITLES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        age, _, said = (self.value() or "").partition("@")
        today = _today()
        day = _day(said) or today
        return of_age(queryset, age, day, today=today) if age in (ALL, *AGES) else queryset


class AgingPages(ReadOnlyAdmin):
    """The aging list among the pages of invoices."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("aging/", wrap(self.aging), name="billing_invoice_aging"),
            path("aging/csv/", wrap(self.aging_csv), name="billing_invoice_aging_csv"),
            *super().get_urls(),
        ]

    def aging(self, request: HttpRequest) -> HttpResponse:
        """Show who owes what since when, a table for each currency: they are never added up."""
        day, problem = _asked(request)
        by_currency = groupby(self._owed(request, day), key=lambda each: each.currency)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Aging list",
            "day": day,
            "problem": problem,
            "titles": [*TITLES.values(), "All"],
            "tables": [_table(currency, list(rows), day) for currency, rows in by_currency],
        }
        return TemplateResponse(request, "admin/billing/aging.html", context)

    def aging_csv(self, request: HttpRequest) -> HttpResponse:
        """Send the rows as a table in which no cell can act; without sums, which a sheet makes itself."""
        day, _ = _asked(request)
        rows = [
            [each.client, each.currency, *(f"{rules.rounded(amount, each.currency):f}" for amount in _figures(each))]
            for each in self._owed(request, day)
        ]
        content = write_csv(["Client", "Currency", *TITLES.values(), "All"], rows)
        return as_download(content.encode(), f"aging-{day}.csv", "text/csv; charset=utf-8")

    def _owed(self, request: HttpRequest, day: date) -> list[Owed]:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return owed_by_age(self.get_queryset(request), day, today=_today())


def _today() -> date:
    """Return the day of the books, as documents are dated."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def _day(said: str) -> date | None:
    """Return the day that a text is; one at the ends of the calendar is none."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2999 else None


def _asked(request: HttpRequest) -> tuple[date, str]:
    """Return as of which day, and what was wrong with what was asked."""
    said = request.GET.get("day", "").strip()
    day = _day(said)
    problem = f"“{said[:40]}” is no day; write it as 2026-03-31. This is today's." if said and day is None else ""
    return day or _today(), problem


def _figures(owed: Owed) -> list[Decimal]:
    return [*owed.ages.values(), owed.total]


def _table(currency: str, rows: list[Owed], day: date) -> dict[str, Any]:
    sums = [sum(column, Decimal(0)) for column in zip(*map(_figures, rows), strict=True)]
    return {
        "currency": currency,
        "rows": [
            (each.client, _cells(_figures(each), day, currency, client__id__exact=each.client_id)) for each in rows
        ],
        "sums": _cells(sums, day, currency),
    }


def _cells(amounts: Iterable[Decimal], day: date, currency: str, **narrowed: Any) -> list[tuple[str, str]]:
    """Return each figure as people read it, with the list of its invoices; nought leads nowhere."""
    return [
        (rules.say(amount, currency), list_of(Invoice, currency=currency, age=f"{age}@{day}", **narrowed))
        if amount
        else (NOTHING, "")
        for age, amount in zip((*AGES, ALL), amounts, strict=True)
    ]
