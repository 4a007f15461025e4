"""The portal's pages of packages."""

import logging
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from apps.delivery.models import Artifact, Package
from apps.delivery.services.packages import ArtifactUnavailable, open_artifact
from apps.shared.portal import Card, page
from apps.shared.rest.views import of_client

log = logging.getLogger(__name__)

ON_A_PAGE = 50
NEWEST = 3


def cards(request: HttpRequest) -> list[Card]:
    """Return the newest packages, for the portal's first page."""
    found = _of(request)[:NEWEST]
    return [
        Card(
            section="ready",
            title=package.manifest["pack"]["title"],
            text=_files(len(package.artifacts.all())),
            url=reverse("portal-package", args=[package.pk]),
            at=package.created_at,
        )
        for package in found
    ]


def _of(request: HttpRequest) -> QuerySet[Package]:
    return of_client(Package.objects.promoted().prefetch_related("artifacts"), request.access.client_id)


def _files(count: int) -> str:
    return ngettext("%(count)s file", "%(count)s files", count) % {"count": count}


@require_safe
@page()
def packages(request: HttpRequest) -> HttpResponse:
    """List what was delivered to the client, the newest first."""
    found = _of(request)[:ON_A_PAGE]
    return render(request, "portal/packages.html", {"packages": found})


@require_safe
@page()
def package(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """Show one package with its files."""
    return render(request, "portal/package.html", {"package": get_object_or_404(_of(request), pk=package_id)})


@require_safe
@page()
def download(request: HttpRequest, artifact_id: UUID) -> HttpResponse:
    """Send a file of a package; one that is not the delivered one (any more) is not sent."""
    rows = of_client(Artifact.objects.filter(package__in=Package.objects.promoted()), request.access.client_id)
    artifact = get_object_or_404(rows, pk=artifact_id)
    try:
        opened = open_artifact(artifact.pk, at=timezone.now())
    except ArtifactUnavailable:
        log.exception("A client could not be given a file")
        context = {"what": _("This file cannot be sent right now. We have been told; please ask your contact.")}
        return render(request, "portal/refused.html", context, status=503)
    headers = {
        "Content-Disposition": f'attachment; filename="{opened.name}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
    }
    return HttpResponse(opened.content, content_type=opened.content_type, headers=headers)
