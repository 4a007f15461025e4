"""Packages on the desk: what was delivered, where it was brought, and the files to download."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html

from apps.delivery.models import Artifact, Package, Publication
from apps.delivery.queries import CheckedFile, check_files, preview_file
from apps.delivery.services.packages import ArtifactUnavailable, open_artifact
from apps.delivery.services.publications import retract_publication
from apps.shared.admin import (
    CLIENT_FILTER,
    Button,
    DocumentAdmin,
    ReadOnlyTabularInline,
    TransitionAdmin,
    admin_link,
    badge,
    client_link,
    link_column,
    run_link,
    short_id,
    state_column,
)
from apps.shared.desk import Need, needs_filter, of_clients_called
from apps.shared.scope import in_scope

PROBLEMS = {
    "MISSING": "The file is missing; restore it from the backup.",
    "CHANGED": "This is not the file that was delivered: its SHA-256 is another. Restore it from the backup.",
    "UNREADABLE": "The file is there, but cannot be read. Look at the storage and its permissions.",
    "TOO LARGE": "Too large to check on a page. It is checked when it is downloaded.",
}


class PublicationInline(ReadOnlyTabularInline):
    model = Publication
    fields = ("publication", state_column(), "attempts", "external_id", "error", "created_at")

    @admin.display(description="Destination")
    def publication(self, publication: Publication) -> str:
        return admin_link("delivery.publication", publication.pk, publication.get_destination_display())


def _shown(checked: CheckedFile) -> dict[str, Any]:
    artifact = checked.artifact
    url = reverse("admin:delivery_artifact_download", args=[artifact.pk])
    return {
        "artifact": artifact,
        "size": filesizeformat(artifact.bytes),
        "url": url,
        "problem": PROBLEMS.get(checked.problem, ""),
        "is_damaged": checked.problem not in ("", "TOO LARGE"),
        "pdf_url": f"{url}?inline" if artifact.format == Artifact.Format.PDF and not checked.problem else "",
        "preview": preview_file(checked),
    }


@admin.register(Package)
class PackageAdmin(DocumentAdmin):
    empty_says = "A run delivers one when its draft has passed quality control."
    list_display = ("name", client_link, "pack", "verdict", "file_count", "is_promoted", run_link, "created_at")
    list_select_related = ("client",)
    client_tab = "Packages"
    list_filter = ("created_at", CLIENT_FILTER)
    search_fields = ("client__name", "manifest_sha256")
    id_fields = ("pk", "run_id", "draft_id", "client_id")
    fields = (
        *(client_link, "pack", "verdict", link_column("production.draft", "draft_id"), run_link),
        *("manifest_sha256", "promoted_at", "created_at"),
    )
    inlines: ClassVar = [PublicationInline]
    change_form_before_template = "admin/delivery/package.html"

    def page(self, request: HttpRequest, row: Package) -> dict[str, Any]:
        """Show the files to who may download them, as they are at this moment."""
        if not request.user.has_perm("delivery.view_artifact"):
            return {}
        checked = check_files(row)
        return {
            "pack": self.pack(row),
            "quality": self.verdict(row),
            "verified_count": sum(1 for each in checked if not each.problem),
            "files": [_shown(each) for each in checked],
        }

    @admin.display(description="package", ordering="id")
    def name(self, package: Package) -> str:
        return f"Package {short_id(package.pk)}"

    @admin.display(description="Pack")
    def pack(self, package: Package) -> str:
        return package.manifest["pack"]["title"]

    @admin.display(description="Quality")
    def verdict(self, package: Package) -> str:
        quality = package.manifest["qc"]
        return format_html("{} {} of 100", badge(quality["verdict"]), quality["score"])

    @admin.display(description="Files")
    def file_count(self, package: Package) -> int:
        return len(package.manifest["files"])

    @admin.display(description="Complete", boolean=True)
    def is_promoted(self, package: Package) -> bool:
        return package.promoted_at is not None

    def desk_find(self, request: HttpRequest, term: str) -> QuerySet[Package]:
        """Return the package with this id, or the newest of a client."""
        found = of_clients_called(self.get_queryset(request), term, request.user)
        return found.select_related("client").defer("manifest").order_by("-pk")

    def get_urls(self) -> list[URLPattern]:
        download = path(
            "artifacts/<uuid:artifact_id>/download/",
            self.admin_site.admin_view(self.download_artifact),
            name="delivery_artifact_download",
        )
        return [download, *super().get_urls()]

    def download_artifact(self, request: HttpRequest, artifact_id: UUID) -> HttpResponse:
        """Send a file to staff who may view artifacts; a damaged file is refused.

        It is an attachment, except for a PDF asked for with `?inline`, which pages of this site may show in a frame.
        """
        if not request.user.has_perm("delivery.view_artifact"):
            raise PermissionDenied
        artifact = get_object_or_404(in_scope(Artifact.objects.all(), request.user), pk=artifact_id)
        try:
            opened = open_artifact(artifact.pk, at=timezone.now())
        except ArtifactUnavailable as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:delivery_package_change", args=[artifact.package_id]))
        is_inline = "inline" in request.GET and artifact.format == Artifact.Format.PDF
        headers = {
            "Content-Disposition": f'{"inline" if is_inline else "attachment"}; filename="{opened.name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        }
        if is_inline:
            headers["X-Frame-Options"] = "SAMEORIGIN"
        return HttpResponse(opened.content, content_type=opened.content_type, headers=headers)


def _is_in(*states: str) -> Callable[[Any], bool]:
    return lambda row: row.state in states


NOT_OUT = Need(
    key="out",
    title="Publications that are not out",
    permissions=("delivery.retract_publication",),
    narrow=lambda publications: (
        publications.not_out().select_related("package__client").defer("package__manifest").order_by("pk")
    ),
    name=lambda publication: f"{publication.get_destination_display().capitalize()} {short_id(publication.pk)}",
    client=lambda publication: client_link(publication.package),
    why=lambda publication: format_html("{} {}", badge(publication.state), publication.error[:160]),
    since=lambda publication: publication.updated_at,
)


@admin.register(Publication)
class PublicationAdmin(TransitionAdmin):
    empty_says = "A delivered package is published from its page."
    needs = (NOT_OUT,)
    list_display = ("__str__", "of_package", "destination", state_column(), "attempts", "created_at")
    list_select_related = ("package__client",)
    list_filter = ("state", needs_filter(needs), "destination")
    search_fields = ("idempotency_key", "external_id", "package__client__name")
    id_fields = ("pk", "package_id")
    fields = (
        *("of_package", "destination", state_column(), "attempts", "external_id", "error"),
        *("idempotency_key", "created_at"),
    )
    buttons = (
        Button(
            name="retract",
            label="Retract",
            service=retract_publication,
            permission="delivery.retract_publication",
            offered=_is_in(Publication.State.PUBLISHED),
            explanation="The published files are removed from the destination. The package itself stays.",
            asks_reason=True,
        ),
    )

    @admin.display(description="package")
    def of_package(self, publication: Publication) -> str:
        return admin_link("delivery.package", publication.package_id, str(publication.package))
