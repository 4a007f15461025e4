"""Runs at the desk: what happened, step by step, and the one button a stuck run needs."""

import json
from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from unfold.decorators import display

from apps.orchestration.models import OutboxEvent, StepRun, WorkflowRun
from apps.orchestration.services.compensate import retry_compensation
from apps.shared.admin import LINK_CLASSES, Button, ReadOnlyAdmin, ReadOnlyTabularInline, TransitionAdmin, admin_link

STATE_COLOURS = {
    "PENDING": "info",
    "RUNNING": "info",
    "COMPLETED": "success",
    "SUCCEEDED": "success",
    "COMPENSATING": "warning",
    "COMPENSATED": "warning",
    "STUCK": "danger",
    "FAILED": "danger",
}


class StepRunInline(ReadOnlyTabularInline):
    model = StepRun
    fields = ("position", "name", "state_badge", "attempts", "took", "error")
    readonly_fields = fields
    ordering = ("position", "round")
    verbose_name_plural = "Steps"

    @display(description="State", label=STATE_COLOURS)
    def state_badge(self, step: StepRun) -> str:
        return step.state

    @display(description="Took")
    def took(self, step: StepRun) -> str:
        return "–" if step.milliseconds is None else f"{step.milliseconds:,} ms"


@admin.register(WorkflowRun)
class WorkflowRunAdmin(TransitionAdmin):
    list_display = ("workflow", "short_id", "state_badge", "client", "position", "created_at", "finished_at")
    list_filter = ("state", "workflow")
    list_select_related = ("client",)
    search_fields = ("=id", "idempotency_key", "client__name")
    inlines = (StepRunInline,)
    fieldsets = (
        (None, {"fields": ("workflow", "state_badge", "error", "client", "started_by")}),
        ("Times", {"fields": ("created_at", "started_at", "finished_at", "wake_at")}),
        ("Links", {"fields": ("made", "events")}),
        (
            "Engine",
            {
                "classes": ("collapse",),
                "fields": (
                    *("version", "position", "attempts", "fence", "lease_owner", "lease_until"),
                    *("idempotency_key", "input_digest", "inputs_as_json"),
                ),
            },
        ),
    )
    readonly_fields = ("state_badge", "made", "events", "inputs_as_json")
    buttons = (
        Button(
            name="retry_compensation",
            label="Retry taking back",
            service=retry_compensation,
            permission="orchestration.retry_compensation",
            offered=lambda run: run.state == WorkflowRun.State.STUCK,
            explanation="The run is stuck while taking back what it did. Mend the cause first; then this goes on "
            "where it stopped. Nothing that is taken back already is touched again.",
            asks_reason=True,
        ),
    )

    @display(description="Run")
    def short_id(self, run: WorkflowRun) -> str:
        return str(run.pk)[-12:]

    @display(description="State", label=STATE_COLOURS)
    def state_badge(self, run: WorkflowRun) -> str:
        return run.state

    @display(description="What it made")
    def made(self, run: WorkflowRun) -> str:
        told = OutboxEvent.objects.filter(run_id=run.pk).exclude(aggregate="orchestration.workflowrun").order_by("id")
        links = [(admin_link(event.aggregate, event.aggregate_id, event.name),) for event in told]
        return format_html_join(" · ", "{}", links) or "Nothing yet."

    @display(description="Events")
    def events(self, run: WorkflowRun) -> str:
        url = reverse("admin:orchestration_outboxevent_changelist")
        return format_html('<a class="{}" href="{}?q={}">All its events</a>', LINK_CLASSES, url, run.pk)

    @display(description="Inputs")
    def inputs_as_json(self, run: WorkflowRun) -> str:
        return as_json(run.inputs)


@admin.register(StepRun)
class StepRunAdmin(ReadOnlyAdmin):
    list_display = ("name", "run_link", "state_badge", "attempts", "took", "started_at")
    list_filter = ("state", "name")
    search_fields = ("=run__id", "=id", "error")
    fields = ("run_link", "name", "position", "round", "state_badge", "attempts", "took", "error", "outcome_as_json")
    fields += ("trace", "started_at", "finished_at", "compensated_at")
    readonly_fields = ("run_link", "state_badge", "took", "outcome_as_json")

    @display(description="Run")
    def run_link(self, step: StepRun) -> str:
        return admin_link("orchestration.workflowrun", step.run_id)

    @display(description="State", label=STATE_COLOURS)
    def state_badge(self, step: StepRun) -> str:
        return step.state

    @display(description="Took")
    def took(self, step: StepRun) -> str:
        return "–" if step.milliseconds is None else f"{step.milliseconds:,} ms"

    @display(description="Outcome")
    def outcome_as_json(self, step: StepRun) -> str:
        return as_json(step.outcome)


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    list_display = ("name", "about", "run_link", "occurred_at", "dispatched_at")
    list_filter = ("name",)
    search_fields = ("=run_id", "=aggregate_id", "=client_id")
    fields = ("name", "about", "run_link", "client_id", "occurred_at", "dispatched_at", "payload_as_json")
    readonly_fields = fields

    @display(description="About")
    def about(self, event: OutboxEvent) -> str:
        return admin_link(event.aggregate, event.aggregate_id, f"{event.aggregate} {str(event.aggregate_id)[-12:]}")

    @display(description="Run")
    def run_link(self, event: OutboxEvent) -> str:
        return admin_link("orchestration.workflowrun", event.run_id)

    @display(description="Payload")
    def payload_as_json(self, event: OutboxEvent) -> str:
        return as_json(event.payload)


def as_json(value: Any) -> str:
    """Return a value as readable, escaped JSON."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return format_html('<pre class="whitespace-pre-wrap text-xs">{}</pre>', text)
