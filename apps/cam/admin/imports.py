"""Imports at the desk: how far each is, what came in, and the rows that did not."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from apps.cam import queries
from apps.cam.admin.leads import campaign_link
from apps.cam.models import ImportBatch, Lead
from apps.cam.services import imports
from apps.shared.admin import Button, DocumentAdmin, TransitionAdmin, badge, state_column
from apps.shared.desk import Need, list_of, needs_filter
from apps.shared.gateways.tables import write_csv

SHOWN = 100
STOP_POLLING = 286
"""htmx's own status: put this into the page, and do not ask again."""
_ROWS_AT_ONCE = 1_000

FAILED = Need(
    key="failed",
    title="Imports that stopped",
    permissions=("cam.import_leads",),
    narrow=lambda rows: rows.filter(state=ImportBatch.State.FAILED).select_related("campaign").order_by("pk"),
    client=campaign_link,
    why=lambda batch: batch.error,
)


@admin.register(ImportBatch)
class ImportBatchAdmin(DocumentAdmin, TransitionAdmin):
    needs = (FAILED,)
    list_display = ("__str__", campaign_link, state_column(), "rows", "created", "duplicates", "refused", "created_at")
    list_filter = ("state", needs_filter(needs), "campaign")
    list_select_related = ("campaign", "imported_by")
    search_fields = ("file_name", "sha256")
    id_fields = ("pk", "campaign_id")
    list_before_template = "admin/cam/lead_list.html"
    change_form_before_template = "admin/cam/import_page.html"
    fieldsets = ((None, {"fields": (campaign_link, "imported_by", "created_at", "finished_at", "sha256")}),)
    buttons: ClassVar = (
        Button(
            name="retry",
            label="Read on",
            service=imports.retry_import,
            permission="cam.import_leads",
            offered=lambda batch: batch.state == ImportBatch.State.FAILED,
            explanation="The file is read on where it stopped. Is it gone, send it again on the import page.",
            refusals=(TransitionNotAllowed, ConcurrentTransition),
        ),
    )

    def page(self, request: HttpRequest, row: ImportBatch) -> dict[str, Any]:
        refusals = list(queries.refusals_of(row)[: SHOWN + 1])
        return {
            "batch": row,
            "progress": _progress(row),
            "refusals": refusals[:SHOWN],
            "has_more": len(refusals) > SHOWN,
            "refused_url": reverse("admin:cam_importbatch_refused", args=[row.pk]),
        }

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/progress/", wrap(self.progress), name="cam_importbatch_progress"),
            path("<uuid:pk>/refused/", wrap(self.refused_rows), name="cam_importbatch_refused"),
            *super().get_urls(),
        ]

    def progress(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Send how far an import is; the page asks until it has ended, and is then loaded anew for its refused rows."""
        batch = self._row(request, pk)
        is_over = batch.state != ImportBatch.State.RUNNING
        answer = HttpResponse(_progress(batch), status=STOP_POLLING if is_over else 200)
        if is_over:
            answer["HX-Refresh"] = "true"
        return answer

    def refused_rows(self, request: HttpRequest, pk: UUID) -> StreamingHttpResponse:
        """Send the refused rows as they came, each with what is wrong with it, in a table where no cell can act."""
        batch = self._row(request, pk)
        name = f"refused-{batch.file_name.rpartition('.')[0] or 'leads'}.csv"
        headers = {"Content-Disposition": content_disposition_header(True, name)}
        return StreamingHttpResponse(_refused(batch), content_type="text/csv; charset=utf-8", headers=headers)

    def _row(self, request: HttpRequest, pk: UUID) -> ImportBatch:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)


def _progress(batch: ImportBatch) -> str:
    return render_to_string(
        "admin/cam/import_progress.html",
        {
            "batch": batch,
            "state": badge(batch.state),
            "leads_url": list_of(Lead, q=batch.pk),
            "polled": reverse("admin:cam_importbatch_progress", args=[batch.pk]),
        },
    )


def _refused(batch: ImportBatch) -> Iterator[str]:
    """Give the refused rows in parts of a CSV file; only the first begins with a mark of its encoding."""
    rows = queries.refusals_of(batch).iterator(_ROWS_AT_ONCE)
    yield write_csv([*batch.headers, "error"], [])
    while part := list(islice(rows, _ROWS_AT_ONCE)):
        first, *others = [_with_error(batch, refusal.cells, refusal.problems) for refusal in part]
        yield write_csv(first, others).removeprefix("\ufeff")


def _with_error(batch: ImportBatch, cells: list[str], problems: dict[str, str]) -> list[str]:
    width = len(batch.headers)
    said = "; ".join(f"{field} {problem}" for field, problem in problems.items())
    return [*(cells + [""] * width)[:width], said]
