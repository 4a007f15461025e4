"""Scores at the desk: week by week, what each stands on, and whether they would have warned us."""

from collections import Counter
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from unfold.contrib.filters.admin import RangeDateFilter, RangeDateTimeFilter

from apps.retention import queries
from apps.retention.admin.drawing import CLIENTS, TAB, factors_of, percent
from apps.retention.models import HealthScore, Renewal, Signal
from apps.shared.admin import (
    CLIENT_FILTER,
    DocumentAdmin,
    ReadOnlyAdmin,
    badge,
    client_link,
    state_column,
)
from apps.shared.desk import Need, needs_filter, page_link
from apps.shared.scope import in_scope


def _why_it_rose(row: HealthScore) -> str:
    worst = max(queries.recomputed(row).factors, key=lambda each: each.contribution)
    return f"{row.level_before or 'Not known'} to {row.level}, {percent(row.score)}. {worst.explanation}"


MOVERS = Need(
    key="risen",
    title="Clients who became likelier to leave",
    permissions=("retention.assess_renewal_risk",),
    narrow=lambda scores: scores.movers(timezone.now()).select_related("client"),
    name=lambda row: f"Week of {row.week_start_date:%d %b %Y}",
    why=_why_it_rose,
    since=lambda row: row.assessed_at,
)


@admin.display(description="risk", ordering="score")
def shown_score(row: HealthScore) -> str:
    """Show a score as a share."""
    return percent(row.score)


@admin.display(description="measured", ordering="measured_weight")
def shown_measured(row: HealthScore) -> str:
    """Show how much of the score's weight was measured."""
    return percent(row.measured_weight)


@admin.register(HealthScore)
class HealthScoreAdmin(DocumentAdmin):
    empty_says = "The daily check freezes one for each client and week."
    empty_leads_to = CLIENTS
    list_display = ("week_start_date", client_link, state_column("level"), shown_score, shown_measured, "assessed_at")
    needs = (MOVERS,)
    client_tab = TAB
    list_filter = ("level", needs_filter(needs), ("week_start_date", RangeDateFilter), CLIENT_FILTER)
    list_select_related = ("client",)
    search_fields = ("client__name",)
    id_fields = ("pk", "client_id")
    change_form_before_template = "admin/retention/score.html"
    fieldsets = (
        (
            "Frozen",
            {
                "fields": (
                    client_link,
                    "week_start_date",
                    "level_before",
                    "formula_version",
                    "assessed_at",
                    "created_at",
                )
            },
        ),
    )

    def page(self, request: HttpRequest, row: HealthScore) -> dict[str, Any]:
        """Show what each factor saw and what it adds."""
        return factors_of(row)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.backtest)
        return [path("backtest/", view, name="retention_healthscore_backtest"), *super().get_urls()]

    def backtest(self, request: HttpRequest) -> HttpResponse:
        """Show for each contract that was decided when the frozen scores would have warned of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = queries.backtest(in_scope(Renewal.objects.all(), request.user))
        shown = {
            "opts": self.opts,
            "title": "When would the score have warned us?",
            "tried": [(each, page_link(each.renewal, str(each.renewal.client)), badge(each.verdict)) for each in found],
            "counts": sorted(Counter(each.verdict for each in found).items()),
            "differing": sum(each.differing for each in found),
        }
        return TemplateResponse(
            request, "admin/retention/backtest.html", {**self.admin_site.each_context(request), **shown}
        )


@admin.register(Signal)
class SignalAdmin(ReadOnlyAdmin):
    empty_says = "They come with what clients decide and say, and with what is checked, delivered, billed and reported."
    list_display = ("__str__", client_link, "value", "at")
    list_filter = ("kind", ("at", RangeDateTimeFilter), CLIENT_FILTER)
    list_select_related = ("client",)
    search_fields = ("client__name",)
    id_fields = ("pk", "client_id", "about_id", "source_event_id")
    fields = ("kind", client_link, "value", "about_id", "source_event_id", "at")
