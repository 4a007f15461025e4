"""Reports at the desk: made for a period, looked over with the rows behind each number, and published."""

from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString
from django_fsm import ConcurrentTransition, TransitionNotAllowed
from unfold.contrib.filters.admin import RangeDateFilter

from apps.reporting import services
from apps.reporting.api import dtos
from apps.reporting.forms import NewReportForm, last_month
from apps.reporting.models import Report
from apps.reporting.queries import findings_of
from apps.reporting.rules import ReportRefused
from apps.reporting.services import wording
from apps.reporting.services.documents import report_pdf
from apps.reporting.services.glance import glance_of
from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    Button,
    DocumentAdmin,
    TransitionAdmin,
    admin_link,
    badge,
    client_link,
    link_column,
    run_link,
    state_column,
)
from apps.shared.desk import Need, needs_filter, page_of, send_pdf

ALL_SCOPES = ("read", "billing")
TABLES = {
    "packages": "delivery.package",
    "reviews": "client_review.review",
    "invoices": "billing.invoice",
    "quotes": "billing.quote",
    "payments": "billing.payment",
    "checks": "qc.qcreport",
    "surveys": "retention.survey",
}
"""Where the rows stand that numbers come from."""


def _publish(report: Report, *, by: UUID, reason: str) -> Report:
    return services.publish_report(report, by=by, at=timezone.now(), note=reason)


def _is_draft(report: Report) -> bool:
    return report.state == Report.State.DRAFT


def _source(row: dtos.SourceRow) -> tuple[dtos.SourceRow, SafeString | str]:
    return row, admin_link(TABLES[row.kind], row.id, row.id) if row.kind in TABLES else f"{row.kind} {row.id}"


TO_PUBLISH = Need(
    key="publish",
    title="Reports to publish",
    permissions=("reporting.publish_report",),
    narrow=lambda reports: reports.unpublished().select_related("client").defer("content").order_by("pk"),
    why=lambda report: "Look its numbers over; the client reads it once it is published.",
)


@admin.register(Report)
class ReportAdmin(DocumentAdmin, TransitionAdmin):
    empty_says = "One is made of a client's days that are over, looked over here, and published."
    empty_leads_to = ("New report", "admin:reporting_report_new", "reporting.generate_report")
    list_display = ("__str__", client_link, state_column(), "version", "start_date", "end_date", "published_at")
    needs = (TO_PUBLISH,)
    client_tab = "Reports"
    list_filter = ("state", needs_filter(needs), ("end_date", RangeDateFilter), CLIENT_FILTER, CREATED_FILTER)
    list_select_related = ("client", "published_by")
    search_fields = ("client__name",)
    id_fields = ("pk", "run_id", "strategy_id", "client_id")
    change_form_before_template = "admin/reporting/report.html"
    fieldsets = (
        ("Publication", {"fields": ("published_by", "published_at")}),
        (
            "Links",
            {
                "fields": (
                    *(client_link, link_column("strategy.strategy", "strategy_id"), run_link, "sha256"),
                    *("generated_at", "created_at", "updated_at"),
                )
            },
        ),
    )
    buttons: ClassVar = (
        Button(
            name="publish",
            label="Publish",
            service=_publish,
            permission="reporting.publish_report",
            offered=_is_draft,
            explanation="The client reads it in the portal from now on. After that nothing of it changes.",
            asks_reason=True,
            question="A note to the client, above the numbers (may stay empty)",
            is_optional=True,
            in_bulk=True,
            refusals=(TransitionNotAllowed, ConcurrentTransition),
        ),
    )

    def page(self, request: HttpRequest, row: Report) -> dict[str, Any]:
        """Show the numbers with the rows behind them, and what is said of them."""
        findings = findings_of(row)
        return {
            "report": row,
            "state": badge(row.state),
            "glance": glance_of(findings),
            "metrics": [
                (each, wording.metric(each.name), wording.change(each.change_pct), list(map(_source, each.sources)))
                for each in findings.metrics
            ],
            "kpis": [
                (each, wording.change(each.change_pct), list(map(_source, each.sources))) for each in findings.kpis
            ],
            "insights": [(wording.insight(each), list(map(_source, each.sources))) for each in findings.insights],
            "advice": [(each, list(map(_source, each.sources))) for each in findings.recommendations],
            "letters": list(row.letters.select_related("user")),
        }

    def get_urls(self) -> list[URLPattern]:
        views = (("new/", self.generate, "new"), ("<uuid:pk>/pdf/", self.download, "pdf"))
        ours = [
            path(route, self.admin_site.admin_view(view), name=f"reporting_report_{name}")
            for route, view, name in views
        ]
        return [*ours, *super().get_urls()]

    def download(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Send a report as a PDF, in the desk's English, as those of the client read it who may see invoices."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        report = get_object_or_404(self.get_queryset(request), pk=pk)
        write = partial(report_pdf, report, scopes=ALL_SCOPES)
        return send_pdf(request, report, f"{report.file_name}.pdf", write)

    def generate(self, request: HttpRequest) -> HttpResponse:
        """Take in whose report is made and of which days, and make it."""
        if not (self.has_view_permission(request) and request.user.has_perm("reporting.generate_report")):
            raise PermissionDenied
        days = {"client": request.GET.get("client"), **last_month(timezone.localdate())}
        form = NewReportForm(request.POST or None, initial=days, user=request.user)
        if form.is_valid() and (report := _generated(request, form)):
            messages.success(request, f"{report}: here it is.")
            return HttpResponseRedirect(page_of(report))
        desk = {**self.admin_site.each_context(request), "opts": self.opts}
        context = {"title": "New report", "form": form, "media": form.media}
        return TemplateResponse(request, "admin/reporting/new.html", {**desk, **context})


def _generated(request: HttpRequest, form: NewReportForm) -> Report | None:
    """Make the report, or say beside the field why not."""
    said = form.cleaned_data
    days = (said["start_date"], said["end_date"])
    try:
        return services.generate_report(said["client"].pk, *days, at=timezone.now(), by=request.user.pk)
    except ReportRefused as refusal:
        form.refuse(refusal)
        return None
