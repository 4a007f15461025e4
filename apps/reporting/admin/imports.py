"""Files of measured values at the desk: taken in, looked at, confirmed; how far each is, and what was not taken."""

from itertools import islice
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from apps.reporting import queries
from apps.reporting.forms import MappingForm, MetricFileForm
from apps.reporting.gateways import SHELF
from apps.reporting.models import ColumnMapping, MetricImport, MetricPoint, MetricRefusal
from apps.reporting.rules.mapping import MappingRefused, check_mapping, slug_of
from apps.reporting.services import imports
from apps.shared.admin import (
    CLIENT_FILTER,
    Button,
    ReadOnlyAdmin,
    badge,
    client_link,
    state_column,
)
from apps.shared.admin.imports import ImportAdmin
from apps.shared.desk import Need, list_of, needs_filter, page_of
from apps.shared.gateways.long_tables import MOST_BYTES, MOST_ROWS, MOST_SHEET_ROWS

PERMISSION = "reporting.import_metrics"

FAILED = Need(
    key="failed",
    title="Files of metrics that stopped",
    permissions=(PERMISSION,),
    narrow=lambda rows: rows.filter(state=MetricImport.State.FAILED).select_related("client").order_by("pk"),
    why=lambda row: row.error,
)


@admin.register(MetricImport)
class MetricImportAdmin(ImportAdmin):
    empty_says = "A client's exports of ads and analytics come in here, once somebody has seen what each row would be."
    empty_leads_to = ("Import metrics", "admin:reporting_metricimport_new", PERMISSION)
    needs = (FAILED,)
    client_tab = "Reports"
    list_display = ("__str__", client_link, state_column(), "mapping_name", "rows", "created", "refused", "created_at")
    list_filter = ("state", needs_filter(needs), CLIENT_FILTER)
    list_select_related = ("client", "imported_by")
    search_fields = ("file_name", "client__name", "sha256")
    id_fields = ("pk", "client_id")
    change_form_before_template = "admin/reporting/import_page.html"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    *(client_link, "mapping_name", "replaces", "imported_by"),
                    *("created_at", "finished_at", "sha256"),
                )
            },
        ),
    )
    buttons: ClassVar = (
        Button(
            name="retry",
            label="Read on",
            service=imports.retry_import,
            permission=PERMISSION,
            offered=lambda row: row.state == MetricImport.State.FAILED,
            explanation="The file is read on where it stopped. Is it gone, send it again in the same way.",
            refusals=(TransitionNotAllowed, ConcurrentTransition),
        ),
    )

    def progress_of(self, row: MetricImport) -> str:
        shown = {"import": row, "state": badge(row.state), "polled": self.address("progress", row)}
        shown["points_url"] = list_of(MetricPoint, metric_import__id__exact=row.pk)
        return render_to_string("admin/reporting/import_progress.html", shown)

    def refusals_of(self, row: MetricImport) -> QuerySet[MetricRefusal]:
        return queries.refusals_of(row)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.take_in)
        return [path("new/", view, name="reporting_metricimport_new"), *super().get_urls()]

    def take_in(self, request: HttpRequest) -> HttpResponse:
        """Take in a table, show what would become of each row, and import it once that is confirmed."""
        if not (self.has_view_permission(request) and request.user.has_perm(PERMISSION)):
            raise PermissionDenied
        initial = {"client": request.GET.get("client")}
        form = MetricFileForm(request.POST or None, request.FILES or None, initial=initial, user=request.user)
        shown: dict[str, Any] = {}
        if form.is_valid():
            columns = _columns(form, request)
            if "import" in request.POST and (row := _imported(request, form, columns)):
                return HttpResponseRedirect(page_of(row))
            shown = _look(form, columns)
        limits = {"most_megabytes": MOST_BYTES // 1_000_000, "most_rows": MOST_ROWS, "most_sheet_rows": MOST_SHEET_ROWS}
        context = {"title": "Import metrics", "form": form, "of_whom": form["client"], **limits, **shown}
        desk = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, "admin/reporting/import.html", {**desk, **context})


def _columns(form: MetricFileForm, request: HttpRequest) -> MappingForm:
    """Return what the columns are: as the person said, of a file nobody has looked at yet as it seems."""
    said = form.cleaned_data
    if said["is_new"]:
        return MappingForm.of(*queries.proposed_mapping(said["client"], said["kept"], at=timezone.now()))
    return MappingForm(said["kept"].headers, request.POST)


def _look(form: MetricFileForm, columns: MappingForm) -> dict[str, Any]:
    """Return what would become of the table's rows, or what stands in the way."""
    kept, client, name = (form.cleaned_data[each] for each in ("kept", "client", "file_name"))
    samples = [cells for _, cells in islice(SHELF.read_kept(kept.sha256), 20)]
    shown = {
        "kept": kept,
        "seen": SHELF.seal(kept, name),
        "owner": client,
        "file_name": name,
        "columns": columns,
        "lines": columns.lines(samples),
    }
    if not columns.is_valid():
        return shown
    try:
        mapping, slug = check_mapping(columns.mapping), slug_of(columns.cleaned_data["origin"])
    except MappingRefused as refusal:
        return {**shown, "wrong_columns": str(refusal)}
    replaces = columns.cleaned_data["replaces"]
    before = queries.find_import(client, kept, mapping, slug, replaces=replaces)
    preview = queries.preview_import(client, kept, mapping, slug, at=timezone.now())
    return {**shown, "preview": preview, "before": before, "most_shown": queries.SHOWN, "replaces": replaces}


def _imported(request: HttpRequest, form: MetricFileForm, columns: MappingForm) -> MetricImport | None:
    """Start the import; None where the columns say nothing yet, which the page then tells."""
    if not columns.is_valid():
        return None
    said, how = form.cleaned_data, columns.cleaned_data
    wish = imports.Wish(said["kept"], said["file_name"], how["origin"], columns.mapping, how["replaces"])
    try:
        row, is_new = imports.start_import(said["client"], wish, by=request.user.pk, at=timezone.now())
    except MappingRefused:
        return None
    if not is_new:
        told = (
            f"This file was imported for {said['client']} in this way before: it is the same import, and adds nothing."
        )
        messages.info(request, told)
    return row


@admin.register(ColumnMapping)
class ColumnMappingAdmin(ReadOnlyAdmin):
    empty_says = "How a client's tables are read is kept here with the first file from there."
    list_display = ("name", client_link, "confirmed_by", "updated_at")
    list_filter = (CLIENT_FILTER,)
    list_select_related = ("client", "confirmed_by")
    search_fields = ("name", "client__name")
    id_fields = ("pk", "client_id")
    fields = ("name", client_link, "confirmed_by", "spec", "created_at", "updated_at")
