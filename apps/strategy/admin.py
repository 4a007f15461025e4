"""The strategist's desk: strategies are read, approved and rejected here."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    Button,
    DocumentAdmin,
    ReadOnlyAdmin,
    TransitionAdmin,
    admin_link,
    badge,
    bullets,
    client_link,
    compare_texts,
    declared_filter,
    link_column,
    readable,
    run_link,
    state_column,
    words,
)
from apps.shared.desk import Need, needs_filter
from apps.strategy import services
from apps.strategy.api import dtos
from apps.strategy.models import ChannelPlan, Kpi, Milestone, Strategy
from apps.strategy.queries import channels_of, kpis_of, milestones_of, versions_of, with_parts
from apps.strategy.rules.chart import draw_budget
from apps.strategy.rules.presets import PRESETS


def _now(service: Any, strategy: Strategy, **arguments: Any) -> Strategy:
    return service(strategy, at=timezone.now(), **arguments)


def _is_draft(strategy: Strategy) -> bool:
    return strategy.state == Strategy.State.DRAFT


TO_DECIDE = Need(
    key="decision",
    title="Strategies to approve",
    permissions=("strategy.approve_strategy", "strategy.reject_strategy"),
    narrow=lambda strategies: strategies.undecided().select_related("client").defer("layers").order_by("pk"),
    why=lambda strategy: f"From {strategy.start_date:%-d %b %Y} to {strategy.end_date:%-d %b %Y}.",
)


@admin.display(description="tactics")
def tactics(row: ChannelPlan) -> SafeString | str:
    """Show what is done on a channel as a list."""
    return bullets(row.tactics)


def _strategy_page(strategy: Strategy) -> dict[str, Any]:
    """Return what the page of a strategy shows: the document, its figures as chart and tables, its other versions."""
    channels = channels_of(strategy)
    return {
        "strategy": strategy,
        "state": badge(strategy.state),
        "industry": words(strategy.preset),
        "summary": [text for text in strategy.executive_summary.split("\n\n") if text.strip()],
        "layers": [(name, words(name), readable(said)) for name, said in _layers(strategy).items()],
        "channels": [(channel, bullets(channel.tactics)) for channel in channels],
        "chart": draw_budget(channels),
        "kpis": [(kpi, words(kpi.stage.lower())) for kpi in kpis_of(strategy)],
        "milestones": milestones_of(strategy),
        "versions": [_version(row, strategy) for row in versions_of(strategy)],
    }


def _version(row: Strategy, shown: Strategy) -> dict[str, Any]:
    is_shown = row.pk == shown.pk
    return {
        "name": str(row) if is_shown else admin_link("strategy.strategy", row.pk, str(row)),
        "state": badge(row.state),
        "row": row,
        "compare_url": "" if is_shown else reverse("admin:strategy_strategy_compare", args=[shown.pk, row.pk]),
    }


def _texts(strategy: Strategy) -> dict[str, str]:
    """Return a strategy as plain texts to compare, one per heading."""
    layers = {words(name): "\n".join(_lines(said)) for name, said in _layers(strategy).items()}
    channels = (
        f"{plan.channel}: {plan.budget_share_pct} %, {plan.budget or 'no amount'}, {plan.posts_per_week} posts a week. "
        f"{plan.role} {' · '.join(plan.tactics)}"
        for plan in channels_of(strategy)
    )
    return {
        "Frame": f"{_budget(strategy)}\n{strategy.start_date} to {strategy.end_date}",
        "Executive summary": strategy.executive_summary,
        **layers,
        "Channels and budget": "\n".join(channels),
        "KPIs": "\n".join(_kpi_line(kpi) for kpi in kpis_of(strategy)),
        "Milestones": "\n".join(f"Week {step.week}, {step.date}: {step.name}" for step in milestones_of(strategy)),
    }


def _kpi_line(kpi: dtos.Kpi) -> str:
    target = "measured first" if kpi.target is None else kpi.target
    today = "" if kpi.baseline is None else f", today {kpi.baseline}"
    return f"{kpi.name}: {target} {kpi.unit} in {kpi.days} days{today}. {kpi.source}"


def _layers(strategy: Strategy) -> dict[str, dict[str, Any]]:
    """Return layers and fields in the order of the contract: a JSON column keeps them by the length of their names."""
    layers = _ordered(strategy.layers, dtos.Layers)
    return {name: _ordered(said, dtos.Layers.model_fields[name].annotation) for name, said in layers.items()}


def _ordered(stored: dict[str, Any], noun: Any) -> dict[str, Any]:
    return {name: stored[name] for name in noun.model_fields if name in stored}


def _lines(fields: dict[str, Any]) -> Iterator[str]:
    for name, said in fields.items():
        yield from (f"{words(name)}: {text}" for text in (said if isinstance(said, list) else [said]))


def _budget(strategy: Strategy) -> str:
    if strategy.budget_amount is None:
        return "none in the brief"
    return f"{strategy.budget_amount:,.2f} {strategy.budget_currency}"


def _preset_keys() -> Iterable[str]:
    return [preset.key for preset in PRESETS]


@admin.register(Strategy)
class StrategyAdmin(DocumentAdmin, TransitionAdmin):
    empty_says = "A run drafts one for each brief; then somebody approves it here."
    list_display = ("__str__", client_link, state_column(), "industry", "budget", "start_date", "end_date", run_link)
    needs = (TO_DECIDE,)
    client_tab = "Strategies"
    list_filter = (
        "state",
        needs_filter(needs),
        declared_filter("preset", _preset_keys, "industry"),
        CLIENT_FILTER,
        CREATED_FILTER,
    )
    list_select_related = ("client", "approved_by")
    search_fields = ("client__name", "executive_summary")
    id_fields = ("pk", "run_id", "brief_id", "client_id")
    change_form_before_template = "admin/strategy/strategy.html"
    fieldsets = (
        ("Decision", {"fields": ("approved_by", "decided_at", "reason")}),
        (
            "Links",
            {
                "fields": (
                    client_link,
                    link_column("onboarding.brief", "brief_id"),
                    run_link,
                    "created_at",
                    "updated_at",
                )
            },
        ),
    )
    buttons: ClassVar = (
        Button(
            name="approve",
            label="Approve",
            service=partial(_now, services.approve_strategy),
            permission="strategy.approve_strategy",
            offered=_is_draft,
            explanation="Work starts from this version. A version approved before gives way to it.",
            in_bulk=True,
            refusals=(TransitionNotAllowed, ConcurrentTransition),
        ),
        Button(
            name="reject",
            label="Reject",
            service=partial(_now, services.reject_strategy),
            permission="strategy.reject_strategy",
            offered=_is_draft,
            explanation="Say what is wrong, so that the next version can do better.",
            in_bulk=True,
            asks_reason=True,
            refusals=(TransitionNotAllowed, ConcurrentTransition, ValueError),
        ),
    )

    @admin.display(description="industry", ordering="preset")
    def industry(self, strategy: Strategy) -> str:
        return words(strategy.preset)

    @admin.display(description="budget", ordering="budget_amount")
    def budget(self, strategy: Strategy) -> str:
        return _budget(strategy)

    def page(self, request: HttpRequest, row: Strategy) -> dict[str, Any]:
        return {**_strategy_page(row), "budget": _budget(row)}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.compare)
        return [path("<uuid:pk>/compare/<uuid:other>/", view, name="strategy_strategy_compare"), *super().get_urls()]

    def compare(self, request: HttpRequest, pk: UUID, other: UUID) -> HttpResponse:
        """Show two versions for one brief side by side, the older on the left."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        strategies = with_parts(self.get_queryset(request).select_related("client"))
        chosen = get_object_or_404(strategies, pk=pk)
        against = get_object_or_404(strategies, pk=other, brief_id=chosen.brief_id)
        before, after = sorted((chosen, against), key=lambda strategy: strategy.version)
        shown = {"before": before, "after": after, "compared": compare_texts(_texts(before), _texts(after))}
        desk = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Two strategies for {chosen.client}",
        }
        return TemplateResponse(request, "admin/compare.html", {**desk, **shown})


class _PartAdmin(ReadOnlyAdmin):
    """Rows of all strategies together, to compare them; each links to its own."""

    empty_says = "They come with a strategy."
    list_select_related = ("strategy__client",)
    id_fields = ("pk", "strategy_id")

    @admin.display(description="strategy", ordering="strategy__created_at")
    def of_strategy(self, row: Any) -> str:
        return admin_link("strategy.strategy", row.strategy_id, f"{row.strategy.client} · v{row.strategy.version}")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).order_by("-strategy__created_at", "position")


@admin.register(Kpi)
class KpiAdmin(_PartAdmin):
    fields = ("of_strategy", "name", "stage", "target", "baseline", "unit", "days", "source")
    list_display = ("name", "of_strategy", "stage", "target", "baseline", "unit", "days")
    list_filter = ("stage",)
    search_fields = ("name", "strategy__client__name")


@admin.register(ChannelPlan)
class ChannelPlanAdmin(_PartAdmin):
    fields = ("of_strategy", "channel", "budget_share_pct", "budget_amount", "posts_per_week", "role", tactics)
    list_display = ("channel", "of_strategy", "budget_share_pct", "budget_amount", "posts_per_week")
    search_fields = ("channel", "strategy__client__name")


@admin.register(Milestone)
class MilestoneAdmin(_PartAdmin):
    fields = ("of_strategy", "name", "week", "date")
    list_display = ("name", "of_strategy", "week", "date")
    search_fields = ("name", "strategy__client__name")
