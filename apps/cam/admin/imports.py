"""Imports at the desk: how far each is, what came in, and the rows that did not."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from apps.cam import queries
from apps.cam.admin.leads import campaign_link
from apps.cam.models import ImportBatch, ImportRefusal, Lead
from apps.cam.services import imports
from apps.shared.admin import Button, badge, state_column
from apps.shared.admin.imports import ImportAdmin
from apps.shared.desk import Need, list_of, needs_filter

FAILED = Need(
    key="failed",
    title="Imports that stopped",
    permissions=("cam.import_leads",),
    narrow=lambda rows: rows.filter(state=ImportBatch.State.FAILED).select_related("campaign").order_by("pk"),
    client=campaign_link,
    why=lambda batch: batch.error,
)


@admin.register(ImportBatch)
class ImportBatchAdmin(ImportAdmin):
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

    def progress_of(self, row: ImportBatch) -> str:
        shown = {"batch": row, "state": badge(row.state), "polled": self.address("progress", row)}
        return render_to_string("admin/cam/import_progress.html", shown | {"leads_url": list_of(Lead, q=row.pk)})

    def refusals_of(self, row: ImportBatch) -> QuerySet[ImportRefusal]:
        return queries.refusals_of(row)
