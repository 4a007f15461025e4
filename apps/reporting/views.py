"""The portal's pages of reports."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from babel.numbers import format_decimal
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.reporting.api.dtos import Findings, Insight, KpiResult, SourceRow
from apps.reporting.models import Report
from apps.reporting.queries import shown_content
from apps.shared.portal import Card, page
from apps.shared.rest.views import of_client

ON_A_PAGE = 50
METRICS = {
    "packages_delivered": gettext_noop("Packages delivered"),
    "days_to_delivery": gettext_noop("Days from brief to delivery, on average"),
    "reviews_sent": gettext_noop("Drafts sent for review"),
    "drafts_approved": gettext_noop("Drafts approved"),
    "changes_requested": gettext_noop("Changes requested"),
    "drafts_rejected": gettext_noop("Drafts rejected"),
    "invoices_issued": gettext_noop("Invoices issued"),
    "invoices_paid": gettext_noop("Invoices paid"),
}
INSIGHTS = {
    "delivered": gettext_noop("Delivered in this period: %(count)s. From brief to delivery: %(days)s days on average."),
    "decisions": gettext_noop("Decisions in reviews: %(decided)s, of them approvals: %(approved)s."),
    "kpi": gettext_noop(
        "%(name)s: %(value)s. The target of %(target)s %(unit)s in %(days)s days comes to %(due)s in this period."
    ),
}
"""What reports say of numbers (`rules.INSIGHTS`), for it to be said in the reader's language."""
WORDS = {"name", "unit"}
"""What of these is no number."""
ROWS = {"packages": "portal-package", "reviews": "portal-review", "invoices": "portal-invoice"}
"""The pages of the rows that numbers come from."""
KINDS = {
    "packages": gettext_noop("Package"),
    "reviews": gettext_noop("Review"),
    "invoices": gettext_noop("Invoice"),
}


def cards(request: HttpRequest) -> list[Card]:
    """Return the newest report, for the portal's first page."""
    newest = _of(request).defer("content").first()
    if newest is None:
        return []
    url = reverse("portal-report", args=[newest.pk])
    return [Card(section="ready", title=_("Your newest report"), text=_period(newest), url=url, at=newest.published_at)]


def _of(request: HttpRequest) -> QuerySet[Report]:
    return of_client(Report.objects.published(), request.access.client_id)


def _period(report: Report) -> str:
    return " – ".join(date_format(day) for day in (report.start_date, report.end_date))


@require_safe
@page()
def reports(request: HttpRequest) -> HttpResponse:
    """List the client's reports, the newest first."""
    found = [{"row": each, "period": _period(each)} for each in _of(request).defer("content")[:ON_A_PAGE]]
    return render(request, "portal/reports.html", {"reports": found})


@require_safe
@page()
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Show one report: what its numbers show, the numbers, and the rows behind them."""
    found = get_object_or_404(_of(request), pk=report_id)
    shown = Findings.model_validate(shown_content(found, request.access.scopes))
    context = {
        "report": found,
        "period": _period(found),
        "insights": [(_said(each), _rows(each.sources)) for each in shown.insights],
        "metrics": [
            (_(METRICS.get(each.name, each.name)), _number(each.value), _rows(each.sources)) for each in shown.metrics
        ],
        "kpis": [_kpi(each) for each in shown.kpis],
    }
    return render(request, "portal/report.html", context)


def _said(insight: Insight) -> str:
    if insight.code not in INSIGHTS:
        return insight.text
    numbers = {name: each if name in WORDS else _number(Decimal(each)) for name, each in insight.numbers.items()}
    return _(INSIGHTS[insight.code]) % numbers


def _kpi(kpi: KpiResult) -> dict[str, Any]:
    numbers = {name: _number(getattr(kpi, name)) for name in ("value", "target", "due", "attainment_pct")}
    return {"row": kpi, "rows": _rows(kpi.sources), **numbers}


def _number(value: Any) -> str:
    return "" if value is None else format_decimal(value, locale=get_language() or "en")


def _rows(sources: tuple[SourceRow, ...]) -> list[dict[str, Any]]:
    """Return the rows behind a number, with their pages where the portal has one."""
    return [
        {
            "name": _(KINDS.get(each.kind, each.kind)),
            "url": _page_of(each),
            "at": each.at,
            "value": _number(each.value),
        }
        for each in sources
    ]


def _page_of(source: SourceRow) -> str:
    """Return the page of a row; "" where the portal has none: what is measured elsewhere names its rows as it likes."""
    try:
        return reverse(ROWS[source.kind], args=[source.id])
    except (KeyError, NoReverseMatch):
        return ""
