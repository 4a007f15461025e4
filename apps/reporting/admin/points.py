"""Measured values at the desk: each with its source, which may be taken back, and what of a strategy they measure."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from unfold.contrib.filters.admin import RangeDateTimeFilter

from apps.identity.models import Client
from apps.reporting import queries
from apps.reporting.admin.imports import PERMISSION
from apps.reporting.models import MetricPoint
from apps.reporting.rules import TAKEN_BACK
from apps.reporting.rules.rows import is_from_outside
from apps.reporting.services import points
from apps.shared.admin import CLIENT_FILTER, Button, TransitionAdmin, client_link, link_column
from apps.shared.desk import list_of_client
from apps.shared.scope import in_scope


def _take_back(point: MetricPoint, *, by: Any, reason: str) -> MetricPoint:
    return points.take_back_point(point, by=by, reason=reason, at=timezone.now())


def _may_go(point: MetricPoint) -> bool:
    is_one = is_from_outside(point.source) and point.name != TAKEN_BACK
    return is_one and not queries.taken_back(point.client_id, [point.source])


@admin.display(description="Counts", boolean=True)
def counts(point: MetricPoint) -> bool:
    """Tell whether reports count a value; of a page's one row that is asked by itself."""
    known = getattr(point, "is_taken_back", None)
    gone = known if known is not None else bool(queries.taken_back(point.client_id, [point.source]))
    return not gone


@admin.register(MetricPoint)
class MetricPointAdmin(TransitionAdmin):
    empty_says = "They come with what is delivered, decided and paid, in files, and from clients' own systems."
    empty_leads_to = ("Import metrics", "admin:reporting_metricimport_new", PERMISSION)
    client_tab = "Reports"
    list_display = ("name", client_link, "value", "unit", counts, "source", "at")
    list_filter = (("at", RangeDateTimeFilter), CLIENT_FILTER)
    list_select_related = ("client",)
    search_fields = ("name", "client__name", "source")
    id_fields = ("pk", "client_id", "metric_import_id")
    fields = (
        *("name", client_link, "value", "unit", counts, "source", "at"),
        *(link_column("reporting.metricimport", "metric_import_id"), "row", "created_at"),
    )
    buttons: ClassVar = (
        Button(
            name="take_back",
            label="Take back",
            service=_take_back,
            permission="reporting.take_back_metricpoint",
            offered=_may_go,
            asks_reason=True,
            explanation="Reports leave this source out from now on. The value stays, with who took it back and why; "
            "published reports stay as they are.",
            refusals=(points.TakeBackRefused,),
            explains=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return queries.with_standing(super().get_queryset(request))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.kpis)
        return [path("kpis/<uuid:client_id>/", view, name="reporting_metricpoint_kpis"), *super().get_urls()]

    def kpis(self, request: HttpRequest, client_id: Any) -> HttpResponse:
        """Show of each KPI of a client's strategy whether anything measures it, and the last value."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        client = in_scope(Client.objects.filter(pk=client_id), request.user).first()
        if client is None:
            raise Http404
        kpis, others = queries.measured_kpis(client, at=timezone.now())
        desk = {**self.admin_site.each_context(request), "opts": self.opts}
        context = {
            "title": f"{client}: what is measured",
            "client": client,
            "kpis": kpis,
            "others": others,
            "points_url": list_of_client(MetricPoint, client.pk),
            "may_import": request.user.has_perm(PERMISSION),
            "import_url": _import_page(client.pk),
        }
        return TemplateResponse(request, "admin/reporting/kpis.html", {**desk, **context})

    def client_links(self, request: HttpRequest, client_id: UUID) -> list[tuple[str, str]]:
        """Return the pages about a client's values, for the tab that lists them."""
        links = [("What is measured", reverse("admin:reporting_metricpoint_kpis", args=[client_id]))]
        if request.user.has_perm(PERMISSION):
            links.append(("Import metrics", _import_page(client_id)))
        return links


def _import_page(client_id: UUID) -> str:
    return f"{reverse('admin:reporting_metricimport_new')}?client={client_id}"
