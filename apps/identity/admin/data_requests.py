"""Exports and erasures at the desk: asked for, looked at, confirmed by a person, and proved afterwards."""

import json
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.enums import ActionVariant

from apps.identity import services
from apps.identity.forms import DataRequestForm
from apps.identity.models import DataRequest
from apps.shared.admin import NOTHING, Button, WithButtons, bullets, client_link, state_column, words
from apps.shared.desk import Need, needs_filter
from apps.shared.scope import ScopedAdmin

State, Kind = DataRequest.State, DataRequest.Kind

ASKED = Need(
    key="asked",
    title="Data that somebody asks for",
    permissions=("identity.open_datarequest", "identity.confirm_erasure"),
    narrow=lambda rows: rows.for_people().select_related("client").order_by("due_date", "pk"),
    name=str,
    why=lambda row: f"{row.get_state_display()}; to be answered by {row.due_date:%-d %b %Y}.",
    since=lambda row: row.created_at,
)


def _now(service: Any, *, with_reason: bool = True) -> Any:
    def call(row: DataRequest, *, by: UUID, reason: str = "") -> Any:
        return service(row, by=by, at=timezone.now(), **({"reason": reason} if with_reason else {}))

    return call


def _table_of(preview: dict[str, Any]) -> SafeString:
    """Draw what becomes of how many rows."""
    lines = [
        (
            row["table"],
            row["whose"],
            *(row.get(name, 0) for name in ("deleted", "anonymised", "kept")),
            row.get("why", ""),
        )
        for row in preview.get("tables", preview.get("rows", ()))
    ]
    heads = format_html_join("", "<th>{}</th>", ((head,) for head in _HEADS))
    body = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", lines)
    return format_html('<table class="desk-table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', heads, body)


_HEADS = ("Table", "Whose", "Deleted", "Anonymised", "Kept", "Why")


def _preview(request: DataRequest) -> SafeString | str:
    blocked = request.preview.get("blocked", ())
    return format_html("{}{}", bullets(blocked) if blocked else "", _table_of(request.preview))


@admin.register(DataRequest)
class DataRequestAdmin(WithButtons, ScopedAdmin):
    """Requests; nobody edits them, and none is ever deleted: they prove that they were answered."""

    empty_says = "What clients and people ask for of their data stands here, and what became of it."
    form = DataRequestForm
    list_display = ("subject_shown", "kind", state_column(), "due_date", "executed_at", "created_at")
    list_filter = ("kind", "state", needs_filter((ASKED,)))
    list_select_related = ("client",)
    search_fields = ("address", "client__name")
    autocomplete_fields = ("client",)
    needs = (ASKED,)
    add_fieldsets: ClassVar = ((None, {"fields": ("kind", "client", "address", "note")}),)
    fieldsets = (
        (None, {"fields": ("kind", client_link, "address", state_column(), "due_date", "note", "asked_by")}),
        ("Decided", {"fields": ("decided_by", "decided_at", "reason", "error")}),
        ("What it does, or did", {"fields": ("what", "certificate_shown", "kept_until_date", "executed_at")}),
        ("File", {"fields": ("file_shown", "file_sha256", "expires_at")}),
    )
    buttons = (
        Button(
            name="take_datarequest",
            label="Take up",
            service=_now(services.take_datarequest, with_reason=False),
            permission="identity.open_datarequest",
            refusals=(services.DataRequestRefused,),
            offered=lambda row: row.state == State.ASKED,
            explanation="A worker prepares it.",
        ),
        Button(
            name="look_again",
            label="Look again",
            service=_now(services.look_again, with_reason=False),
            permission="identity.open_datarequest",
            refusals=(services.DataRequestRefused,),
            offered=lambda row: row.state == State.READY,
            explanation="A worker looks anew at what there is.",
        ),
        Button(
            name="confirm_erasure",
            label="Erase",
            service=_now(services.confirm_erasure),
            permission="identity.confirm_erasure",
            refusals=(services.DataRequestRefused,),
            offered=lambda row: row.state == State.READY and row.kind == Kind.ERASURE,
            explanation="A worker erases all of this. Nothing brings it back.",
            asks_reason=True,
            preview=_preview,
            confirms=lambda row: row.subject,
            explains=True,
            variant=ActionVariant.DANGER,
        ),
        Button(
            name="refuse_datarequest",
            label="Refuse",
            service=_now(services.refuse_datarequest),
            permission="identity.open_datarequest",
            refusals=(services.DataRequestRefused,),
            offered=lambda row: row.state in (State.ASKED, State.PREPARING, State.READY),
            explanation="Nothing is exported or erased. Tell the person why, and that they may complain (Art. 12(4)).",
            asks_reason=True,
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: DataRequest | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: DataRequest | None = None) -> list[Any]:
        if obj is None:
            return []
        return [name for _, options in self.fieldsets for name in options["fields"]]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[DataRequest]:
        return super().get_queryset(request).select_related("client")

    def save_model(self, request: HttpRequest, obj: DataRequest, form: forms.ModelForm, change: bool) -> None:
        said = {name: form.cleaned_data[name] for name in ("kind", "client", "address", "note")}
        obj.pk = services.open_datarequest(**said, by=request.user.pk, at=timezone.now()).pk
        obj.refresh_from_db()

    @admin.display(description="about", ordering="client__name")
    def subject_shown(self, row: DataRequest) -> str:
        return row.subject or "an erased person"

    @admin.display(description="")
    def what(self, row: DataRequest) -> SafeString | str:
        if row.kind == Kind.EXPORT or not row.preview:
            return ", ".join(f"{words(name)}: {value}" for name, value in row.preview.items()) or NOTHING
        return _preview(row)

    @admin.display(description="certificate")
    def certificate_shown(self, row: DataRequest) -> SafeString | str:
        if row.certificate is None:
            return NOTHING
        url = reverse("admin:identity_datarequest_certificate", args=[row.pk])
        link = format_html('<a class="desk-link" href="{}">Download the certificate</a>', url)
        return format_html("{}{}", link, _table_of(row.certificate))

    @admin.display(description="file")
    def file_shown(self, row: DataRequest) -> SafeString | str:
        if not row.file_key:
            return NOTHING
        url = reverse("admin:identity_datarequest_link", args=[row.pk])
        return format_html('<a class="desk-link" href="{}">Download the ZIP</a> ({} bytes)', url, row.file_bytes)

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "identity_datarequest"
        return [
            path("<uuid:pk>/link/", view(self.link), name=f"{name}_link"),
            path("<uuid:pk>/file/<str:signed>/", view(self.file), name=f"{name}_file"),
            path("<uuid:pk>/certificate/", view(self.certificate), name=f"{name}_certificate"),
            *super().get_urls(),
        ]

    def _row(self, request: HttpRequest, pk: UUID, permission: str) -> DataRequest:
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def link(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Lead to a link that is this person's alone, and soon worth nothing."""
        row = self._row(request, pk, "identity.download_export")
        signed = services.sign_export(row, by=request.user)
        return HttpResponseRedirect(reverse("admin:identity_datarequest_file", args=[row.pk, signed]))

    def file(self, request: HttpRequest, pk: UUID, signed: str) -> HttpResponse:
        """Send the file to the person whom the link was made for."""
        row = self._row(request, pk, "identity.download_export")
        if not services.is_signed(signed, row, by=request.user):
            raise PermissionDenied
        try:
            file = services.open_export(row, by=request.user, at=timezone.now())
        except (services.DataRequestRefused, FileNotFoundError) as gone:
            messages.error(request, str(gone))
            return HttpResponseRedirect(reverse("admin:identity_datarequest_change", args=[row.pk]))
        return FileResponse(file, as_attachment=True, filename=f"data-{row.pk}.zip")

    def certificate(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Send the certificate of an erasure as JSON."""
        row = self._row(request, pk, "identity.view_datarequest")
        facts = {"request": str(row.pk), "client": row.client_id and str(row.client_id), "reason": row.reason}
        times = {"confirmed_at": row.decided_at, "confirmed_by": row.decided_by_id, "executed_at": row.executed_at}
        said = {**facts, **{name: str(value) for name, value in times.items()}, **(row.certificate or {})}
        answer = HttpResponse(json.dumps(said, indent=1), content_type="application/json")
        answer["Content-Disposition"] = f'attachment; filename="erasure-{row.pk}.json"'
        return answer
