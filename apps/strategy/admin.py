"""The strategist's desk: strategies are read, approved and rejected here."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from apps.shared.admin import (
    CLIENT_FILTER,
    Button,
    ReadOnlyAdmin,
    ReadOnlyTabularInline,
    TransitionAdmin,
    admin_link,
    bullets,
    client_link,
    link_column,
    run_link,
    state_column,
    words,
)
from apps.shared.desk import Need, needs_filter
from apps.strategy import services
from apps.strategy.models import ChannelPlan, Kpi, Milestone, Strategy


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


class KpiInline(ReadOnlyTabularInline):
    model = Kpi
    fields = ("name", "stage", "target", "baseline", "unit", "days", "source")


@admin.display(description="tactics")
def tactics(row: ChannelPlan) -> SafeString | str:
    """Show what is done on a channel as a list."""
    return bullets(row.tactics)


class ChannelPlanInline(ReadOnlyTabularInline):
    model = ChannelPlan
    fields = ("channel", "budget_share_pct", "budget_amount", "posts_per_week", "role", tactics)


class MilestoneInline(ReadOnlyTabularInline):
    model = Milestone
    fields = ("week", "date", "name")


@admin.register(Strategy)
class StrategyAdmin(TransitionAdmin):
    list_display = ("__str__", client_link, state_column(), "industry", "budget", "start_date", "end_date", run_link)
    needs = (TO_DECIDE,)
    client_tab = "Strategies"
    list_filter = ("state", needs_filter(needs), "preset", CLIENT_FILTER)
    list_select_related = ("client", "approved_by")
    search_fields = ("client__name", "executive_summary")
    id_fields = ("pk", "run_id", "brief_id", "client_id")
    date_hierarchy = "created_at"
    inlines = (ChannelPlanInline, KpiInline, MilestoneInline)
    fieldsets = (
        (None, {"fields": (client_link, link_column("onboarding.brief", "brief_id"), "version", state_column())}),
        ("Frame", {"fields": ("industry", "budget", "start_date", "end_date")}),
        ("Executive summary", {"fields": ("summary",)}),
        ("The eight layers", {"fields": ("layer_sections",)}),
        ("Decision", {"fields": ("approved_by", "decided_at", "reason")}),
        ("Origin", {"fields": (run_link, "created_at", "updated_at")}),
    )
    buttons: ClassVar = (
        Button(
            name="approve",
            label="Approve",
            service=partial(_now, services.approve_strategy),
            permission="strategy.approve_strategy",
            offered=_is_draft,
            explanation="Work starts from this version. A version approved before gives way to it.",
            refusals=(TransitionNotAllowed, ConcurrentTransition),
        ),
        Button(
            name="reject",
            label="Reject",
            service=partial(_now, services.reject_strategy),
            permission="strategy.reject_strategy",
            offered=_is_draft,
            explanation="Say what is wrong, so that the next version can do better.",
            asks_reason=True,
            refusals=(TransitionNotAllowed, ConcurrentTransition, ValueError),
        ),
    )

    @admin.display(description="industry", ordering="preset")
    def industry(self, strategy: Strategy) -> str:
        return words(strategy.preset)

    @admin.display(description="budget", ordering="budget_amount")
    def budget(self, strategy: Strategy) -> str:
        if strategy.budget_amount is None:
            return "none in the brief"
        return f"{strategy.budget_amount:,.2f} {strategy.budget_currency}"

    @admin.display(description="")
    def summary(self, strategy: Strategy) -> SafeString:
        paragraphs = ((text,) for text in strategy.executive_summary.split("\n\n"))
        return format_html_join("", '<p class="mb-2">{}</p>', paragraphs)

    @admin.display(description="")
    def layer_sections(self, strategy: Strategy) -> SafeString:
        sections = ((words(layer), self._fields(fields)) for layer, fields in strategy.layers.items())
        return format_html_join("", '<section class="mb-4"><h3 class="font-semibold">{}</h3>{}</section>', sections)

    def _fields(self, fields: dict[str, Any]) -> SafeString:
        pairs = ((words(name), bullets(said) if isinstance(said, list) else said) for name, said in fields.items())
        return format_html(
            '<dl class="desk-facts">{}</dl>', format_html_join("", "<dt><em>{}</em></dt><dd>{}</dd>", pairs)
        )


class _PartAdmin(ReadOnlyAdmin):
    """Rows of all strategies together, to compare them; each links to its own."""

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
    list_filter = ("channel",)
    search_fields = ("channel", "strategy__client__name")


@admin.register(Milestone)
class MilestoneAdmin(_PartAdmin):
    fields = ("of_strategy", "name", "week", "date")
    list_display = ("name", "of_strategy", "week", "date")
    search_fields = ("name", "strategy__client__name")
    date_hierarchy = "date"
