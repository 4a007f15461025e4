"""Intakes at the desk: what clients sent, the files that came along, and the calls about them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.db.models.functions import Left
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget

from apps.onboarding import queries, services
from apps.onboarding.admin.briefs import BriefInline
from apps.onboarding.models import DiscoveryNote, Intake, IntakeAttachment
from apps.onboarding.rules import BriefImpossible
from apps.onboarding.rules.attachments import MOST_BYTES, MOST_FILES, AttachmentRefused, download_name
from apps.shared.admin import (
    CLIENT_FILTER,
    NOTHING,
    DaysFilter,
    ReadOnlyAdmin,
    ReadOnlyStackedInline,
    ReadOnlyTabularInline,
    ReasonForm,
    admin_link,
    client_link,
    json_column,
    list_link,
    run_link,
    short_id,
    words,
)
from apps.shared.desk import Need, needs_filter
from apps.shared.scope import in_scope

_SHOWN_CHARACTERS = 240
RECENT = timedelta(days=30)
"""An intake that nobody has made a brief of for longer is not worked on."""


def _intake_url(intake_id: UUID) -> str:
    return reverse("admin:onboarding_intake_change", args=[intake_id])


def _download_link(row: IntakeAttachment) -> SafeString:
    return list_link(reverse("admin:onboarding_intakeattachment_download", args=[row.pk]), "Download")


class DiscoveryNoteInline(ReadOnlyStackedInline):
    model = DiscoveryNote
    fields = ("call_date", "notes", json_column("clarifications"))


class AttachmentInline(ReadOnlyTabularInline):
    model = IntakeAttachment
    fields = ("attachment", "media_type", "size", "beginning", "note", "download")

    def get_queryset(self, request: HttpRequest) -> QuerySet[IntakeAttachment]:
        found = super().get_queryset(request).defer("extracted_text")
        return found.annotate(opening=Left("extracted_text", _SHOWN_CHARACTERS))

    @admin.display(description="name")
    def attachment(self, row: IntakeAttachment) -> str:
        return admin_link("onboarding.intakeattachment", row.pk, row.name)

    @admin.display(description="size", ordering="bytes")
    def size(self, row: IntakeAttachment) -> str:
        return filesizeformat(row.bytes)

    @admin.display(description="text begins")
    def beginning(self, row: Any) -> str:
        return " · ".join(filter(None, row.opening.split("\n")[:3])) or NOTHING

    @admin.display(description="file")
    def download(self, row: IntakeAttachment) -> SafeString:
        return _download_link(row)


class AttachmentForm(forms.Form):
    """Asks for one file."""

    file = forms.FileField(widget=UnfoldAdminFileFieldWidget)


def _why_without_brief(intake: Intake) -> str:
    """Say whether a brief can be made of an intake at all."""
    try:
        services.check_intake(intake.as_dto())
    except BriefImpossible as impossible:
        return f"No brief can be made of it. Ask for: {', '.join(map(words, impossible.fields)).lower()}."
    return "No run has made a brief of it, or the brief was taken back."


WITHOUT_BRIEF = Need(
    key="brief",
    title="Intakes without a brief",
    permissions=("onboarding.attach_file",),
    narrow=lambda intakes: intakes.without_brief_since(timezone.now() - RECENT).whole().order_by("pk"),
    name=lambda intake: f"Intake {short_id(intake.pk)}",
    why=_why_without_brief,
    since=lambda intake: intake.submitted_at,
)


@admin.register(Intake)
class IntakeAdmin(ReadOnlyAdmin):
    empty_says = "Each comes with the run it starts, or many from a table."
    needs = (WITHOUT_BRIEF,)
    client_tab = "Intakes and briefs"
    list_display = ("__str__", client_link, "source", "form_version", "submitted_at", "brief_count")
    list_filter = ("source", needs_filter(needs), CLIENT_FILTER, ("submitted_at", DaysFilter))
    list_select_related = ("client",)
    search_fields = ("client__name", "submission_key", "answers")
    id_fields = ("pk", "run_id", "client_id")
    inlines = (DiscoveryNoteInline, AttachmentInline, BriefInline)
    list_before_template = "admin/onboarding/intake_list.html"
    actions_detail = ("attach_file",)
    fieldsets = (
        (None, {"fields": (client_link, "source", "form_version", "submitted_at", "submission_key")}),
        ("Answers", {"fields": (json_column("answers", ""),)}),
        ("Origin", {"fields": (run_link, "created_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Intake]:
        return super().get_queryset(request).annotate(briefs_made=Count("briefs"))

    def has_attach_file_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("onboarding.attach_file")

    @action(description="Attach a file", url_path="attach-file", permissions=["attach_file"])
    def attach_file(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for a file and attach it; what is wrong with it is said beside the field."""
        intake = self.get_object(request, object_id)
        if intake is None:
            raise Http404
        form = AttachmentForm(request.POST or None, request.FILES or None)
        if form.is_valid() and self._attach(request, intake, form):
            return HttpResponseRedirect(_intake_url(intake.pk))
        limits = {"most_bytes": MOST_BYTES, "most_files": MOST_FILES}
        context = self.admin_site.each_context(request) | limits | {"opts": self.opts, "form": form}
        context |= {"title": f"Attach a file to {intake}", "back_url": _intake_url(intake.pk)}
        return TemplateResponse(request, "admin/onboarding/attach_file.html", context)

    def _attach(self, request: HttpRequest, intake: Intake, form: AttachmentForm) -> bool:
        file = form.cleaned_data["file"]
        try:
            # One byte more than allowed is enough to be refused for its size.
            attached = services.attach_file(
                intake.pk, name=file.name, content=file.read(MOST_BYTES + 1), by=request.user.pk
            )
        except AttachmentRefused as refusal:
            form.add_error("file", str(refusal))
        except OSError as error:
            form.add_error("file", f"The file storage did not take {file.name}; try again later. {error.strerror}")
        else:
            messages.success(request, f"{attached.name} is attached. {attached.note}")
        return form.is_valid()

    @admin.display(description="briefs", ordering="briefs_made")
    def brief_count(self, row: Any) -> int:
        return row.briefs_made


@admin.register(IntakeAttachment)
class IntakeAttachmentAdmin(ReadOnlyAdmin):
    empty_says = "Files are attached on an intake's page."
    list_display = ("name", "intake_page", "media_type", "size", "note", "created_at")
    list_filter = ("media_type",)
    list_select_related = ("intake__client",)
    search_fields = ("name", "extracted_text", "sha256", "intake__client__name")
    fields = ("intake_page", "name", "media_type", "size", "download", "note", "text", "sha256", "created_at")
    id_fields = ("pk", "intake_id")
    actions_detail = ("remove_attachment",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[IntakeAttachment]:
        return super().get_queryset(request).defer("extracted_text")

    def get_urls(self) -> list[URLPattern]:
        download = path(
            "<uuid:attachment_id>/download/",
            self.admin_site.admin_view(self.download_attachment),
            name="onboarding_intakeattachment_download",
        )
        return [download, *super().get_urls()]

    def download_attachment(self, request: HttpRequest, attachment_id: UUID) -> HttpResponse:
        """Send a file as an attachment to staff who may view it; nothing in it is ever shown or run by the browser."""
        if not request.user.has_perm("onboarding.view_intakeattachment"):
            raise PermissionDenied
        rows = in_scope(IntakeAttachment.objects.defer("extracted_text"), request.user)
        row = get_object_or_404(rows, pk=attachment_id)
        try:
            content = queries.read_attachment(row)
        except FileNotFoundError:
            messages.error(request, f"{row.name} is missing in the file storage; restore it from the backup.")
            return HttpResponseRedirect(_intake_url(row.intake_id))
        headers = {
            "Content-Disposition": content_disposition_header(True, download_name(row.name, row.media_type)),
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        }
        return HttpResponse(content, content_type=row.media_type, headers=headers)

    def has_remove_attachment_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("onboarding.remove_attachment")

    @action(
        description="Remove",
        url_path="remove",
        permissions=["remove_attachment"],
        dialog={
            "title": "Remove",
            "description": "The file is deleted; the audit keeps its name and hash. The intake stays.",
            "form_class": ReasonForm,
            "form_submit_text": "Remove",
        },
    )
    def remove_attachment(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        """Remove the file and lead back to its intake."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        services.remove_attachment(row, by=request.user.pk, reason=form.cleaned_data["reason"])
        messages.success(request, f"{row.name} is removed.")
        # The dialog posts by htmx, which follows a redirect without leaving the page.
        return HttpResponse(headers={"HX-Redirect": _intake_url(row.intake_id)})

    @admin.display(description="intake")
    def intake_page(self, row: IntakeAttachment) -> str:
        return admin_link("onboarding.intake", row.intake_id, str(row.intake))

    @admin.display(description="size", ordering="bytes")
    def size(self, row: IntakeAttachment) -> str:
        return filesizeformat(row.bytes)

    @admin.display(description="file")
    def download(self, row: IntakeAttachment) -> SafeString:
        return _download_link(row)

    @admin.display(description="text")
    def text(self, row: IntakeAttachment) -> SafeString:
        return format_html('<div class="whitespace-pre-wrap">{}</div>', row.extracted_text or NOTHING)


@admin.register(DiscoveryNote)
class DiscoveryNoteAdmin(ReadOnlyAdmin):
    empty_says = "Notes of a call are written on an intake's page."
    list_display = ("call_date", "of_intake", "beginning")
    fields = ("call_date", "of_intake", "notes", json_column("clarifications"))
    ordering = ("-call_date",)
    id_fields = ("pk", "intake_id")
    list_select_related = ("intake__client",)
    search_fields = ("notes", "intake__client__name")

    @admin.display(description="intake")
    def of_intake(self, row: DiscoveryNote) -> str:
        return admin_link("onboarding.intake", row.intake_id, str(row.intake))

    @admin.display(description="notes")
    def beginning(self, row: DiscoveryNote) -> str:
        return Truncator(row.notes).chars(100)
