"""The portal's pages of reports."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from apps.reporting.api.dtos import Findings, KpiResult, MetricResult, SourceRow
from apps.reporting.models import Report
from apps.reporting.queries import shown_content
from apps.reporting.services import wording
from apps.reporting.services.documents import report_pdf
from apps.reporting.services.glance import glance_of
from apps.shared.portal import Card, page, send_pdf
from apps.shared.rest.views import of_client

ON_A_PAGE = 50
ROWS = {
    "packages": "portal-package",
    "reviews": "portal-review",
    "invoices": "portal-invoice",
    "quotes": "portal-quote",
}
"""The pages of the rows that numbers come from."""
KINDS = {
    "packages": gettext_noop("Package"),
    "reviews": gettext_noop("Review"),
    "invoices": gettext_noop("Invoice"),
    "quotes": gettext_noop("Quote"),
    "payments": gettext_noop("Payment"),
    "checks": gettext_noop("Quality check"),
    "surveys": gettext_noop("Survey"),
    "files": gettext_noop("Row of a file"),
    "push": gettext_noop("Sent by your system"),
    "files_by_day": gettext_noop("Rows of files, added up by day"),
    "push_by_day": gettext_noop("Sent by your system, added up by day"),
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
    return wording.period(report.start_date, report.end_date)


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
        "glance": glance_of(shown),
        "insights": [(wording.insight(each), _rows(each.sources)) for each in shown.insights],
        "advice": [(wording.advice(each), _rows(each.sources)) for each in shown.recommendations],
        "metrics": [_metric(each) for each in shown.metrics],
        "kpis": [_kpi(each) for each in shown.kpis],
    }
    return render(request, "portal/report.html", context)


@require_safe
@page()
def report_as_pdf(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Send one report as a PDF, in the language of the page."""
    found = get_object_or_404(_of(request).select_related("client"), pk=report_id)
    write = partial(report_pdf, found, scopes=request.access.scopes)
    return send_pdf(request, found, f"{found.file_name}.pdf", write)


def _metric(metric: MetricResult) -> dict[str, Any]:
    return {"name": wording.metric(metric.name), "rows": _rows(metric.sources), **_beside_before(metric)}


def _kpi(kpi: KpiResult) -> dict[str, Any]:
    numbers = {name: wording.number(getattr(kpi, name)) for name in ("target", "due", "attainment_pct")}
    return {"row": kpi, "rows": _rows(kpi.sources), **_beside_before(kpi), **numbers}


def _beside_before(result: MetricResult | KpiResult) -> dict[str, str]:
    numbers = {name: wording.number(getattr(result, name)) for name in ("value", "before")}
    return numbers | {"change": wording.change(result.change_pct)}


def _rows(sources: tuple[SourceRow, ...]) -> list[dict[str, Any]]:
    """Return the rows behind a number, with their pages where the portal has one."""
    return [
        {
            "name": _(KINDS.get(each.kind, each.kind)),
            "url": _page_of(each),
            "at": each.at,
            "value": wording.number(each.value),
        }
        for each in sources
    ]


def _page_of(source: SourceRow) -> str:
    """Return the page of a row; "" where the portal has none: what is measured elsewhere names its rows as it likes."""
    try:
        return reverse(ROWS[source.kind], args=[source.id])
    except (KeyError, NoReverseMatch):
        return ""
