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

from apps.shared.admin import Button, ReadOnlyAdmin, ReadOnlyTabularInline, TransitionAdmin, admin_link
from apps.strategy import services
from apps.strategy.models import ChannelPlan, Kpi, Milestone, Strategy


def _now(service: Any, strategy: Strategy, **arguments: Any) -> Strategy:
    return service(strategy, at=timezone.now(), **arguments)


def _is_draft(strategy: Strategy) -> bool:
    return strategy.state == Strategy.State.DRAFT


def _words(field: str) -> str:
    return field.replace("_", " ").capitalize()


def _bullets(items: Any) -> SafeString:
    return format_html(
        '<ul class="list-disc pl-4">{}</ul>', format_html_join("", "<li>{}</li>", ((item,) for item in items))
    )


class KpiInline(ReadOnlyTabularInline):
    model = Kpi
    fields = ("position", "name", "stage", "target", "baseline", "unit", "days", "source")


class ChannelPlanInline(ReadOnlyTabularInline):
    model = ChannelPlan
    fields = ("position", "channel", "budget_share_pct", "budget_amount", "posts_per_week", "role", "tactics_list")
    readonly_fields = ("tactics_list",)

    @admin.display(description="tactics")
    def tactics_list(self, row: ChannelPlan) -> SafeString:
        return _bullets(row.tactics)


class MilestoneInline(ReadOnlyTabularInline):
    model = Milestone
    fields = ("position", "week", "date", "name")


@admin.register(Strategy)
class StrategyAdmin(TransitionAdmin):
    list_display = ("__str__", "client", "state", "preset", "budget", "start_date", "end_date", "created_at")
    list_filter = ("state", "preset", "client")
    list_select_related = ("client", "approved_by")
    search_fields = ("client__name", "executive_summary", "brief_id")
    date_hierarchy = "created_at"
    inlines = (ChannelPlanInline, KpiInline, MilestoneInline)
    readonly_fields = ("brief", "summary", "layer_sections", "budget")
    fieldsets = (
        (None, {"fields": ("client", "brief", "version", "state", "preset", "budget", "start_date", "end_date")}),
        ("Executive summary", {"fields": ("summary",)}),
        ("The eight layers", {"fields": ("layer_sections",)}),
        ("Decision", {"fields": ("approved_by", "decided_at", "reason")}),
        ("Origin", {"fields": ("run_id", "created_at", "updated_at")}),
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

    @admin.display(description="brief")
    def brief(self, strategy: Strategy) -> str:
        return admin_link("onboarding.brief", strategy.brief_id)

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
        sections = ((_words(layer), self._fields(fields)) for layer, fields in strategy.layers.items())
        return format_html_join("", '<section class="mb-4"><h3 class="font-semibold">{}</h3>{}</section>', sections)

    def _fields(self, fields: dict[str, Any]) -> SafeString:
        pairs = ((_words(name), _bullets(said) if isinstance(said, list) else said) for name, said in fields.items())
        return format_html("<dl>{}</dl>", format_html_join("", "<dt><em>{}</em></dt><dd>{}</dd>", pairs))


class _PartAdmin(ReadOnlyAdmin):
    """Rows of all strategies together, to compare them; each links to its own."""

    list_select_related = ("strategy__client",)

    @admin.display(description="strategy", ordering="strategy__created_at")
    def of_strategy(self, row: Any) -> str:
        return admin_link("strategy.strategy", row.strategy_id, f"{row.strategy.client} · v{row.strategy.version}")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).order_by("-strategy__created_at", "position")


@admin.register(Kpi)
class KpiAdmin(_PartAdmin):
    list_display = ("name", "of_strategy", "stage", "target", "baseline", "unit", "days")
    list_filter = ("stage",)
    search_fields = ("name", "strategy__client__name")


@admin.register(ChannelPlan)
class ChannelPlanAdmin(_PartAdmin):
    list_display = ("channel", "of_strategy", "budget_share_pct", "budget_amount", "posts_per_week")
    list_filter = ("channel",)
    search_fields = ("channel", "strategy__client__name")


@admin.register(Milestone)
class MilestoneAdmin(_PartAdmin):
    list_display = ("name", "of_strategy", "week", "date")
    search_fields = ("name", "strategy__client__name")
    date_hierarchy = "date"
