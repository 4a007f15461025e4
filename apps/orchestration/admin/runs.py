"""Runs at the desk: what happened, step by step, and the one button a stuck run needs."""

from typing import Any

from django.contrib import admin
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_fsm import TransitionNotAllowed
from unfold.paginator import InfinitePaginator

from apps.orchestration.models import OutboxEvent, StepRun, WorkflowRun
from apps.orchestration.queries.runs import describe_run, stands_at
from apps.orchestration.services.commands import CommandRefused, retry_compensation
from apps.shared.admin import (
    CLIENT_FILTER,
    NOTHING,
    Button,
    ReadOnlyAdmin,
    TransitionAdmin,
    admin_link,
    badge,
    client_link,
    json_column,
    list_link,
    row_link,
    run_link,
    short_id,
    state_column,
    words,
)

ON_THE_DESK = 8
"""Runs shown on the desk's first page."""


def duration(milliseconds: float | None) -> str:
    """Return a duration in the unit a person would use."""
    if milliseconds is None:
        return NOTHING
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    seconds = milliseconds / 1000
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


@admin.display(description="took")
def took(row: WorkflowRun | StepRun) -> str:
    """Show how long a run or a step took, from its last start to its end."""
    if row.started_at is None or row.finished_at is None:
        return NOTHING
    return duration((row.finished_at - row.started_at).total_seconds() * 1000)


@admin.register(WorkflowRun)
class WorkflowRunAdmin(TransitionAdmin):
    list_display = ("name", state_column(), client_link, "stands_at", took, "created_at")
    list_filter = ("state", "workflow", CLIENT_FILTER)
    list_select_related = ("client",)
    search_fields = ("workflow", "idempotency_key", "client__name")
    search_help_text = "The id of a run, or words: the client, the workflow, the key"
    date_hierarchy = "created_at"
    change_form_before_template = "admin/orchestration/run.html"
    fieldsets = (
        (
            "Engine",
            {
                "classes": ("collapse",),
                "fields": (
                    *("id", "version", "position", "attempts", "wake_at", "fence", "lease_owner", "lease_until"),
                    *("idempotency_key", "input_digest"),
                ),
            },
        ),
        ("What it started with", {"classes": ("collapse",), "fields": (json_column("inputs"),)}),
    )
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
            refusals=(TransitionNotAllowed, CommandRefused),
        ),
    )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the run above the form that Django makes of its columns."""
        run = self.get_object(request, object_id)
        shown = run_page(run) if run is not None and self.has_view_permission(request, run) else {}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    def desk_panel(self) -> SafeString:
        """Return what the desk's first page shows of runs: the newest, and how each ended."""
        newest = WorkflowRun.objects.select_related("client")[:ON_THE_DESK]
        lines = [
            {
                "run": run,
                "link": admin_link("orchestration.workflowrun", run.pk, self.name(run)),
                "badge": badge(run.state),
                "client": client_link(run),
                "stands_at": self.stands_at(run),
                "took": took(run),
            }
            for run in newest
        ]
        every = reverse("admin:orchestration_workflowrun_changelist")
        return render_to_string("admin/orchestration/newest_runs.html", {"lines": lines, "every": every})

    @admin.display(description="run", ordering="id")
    def name(self, run: WorkflowRun) -> str:
        return f"{words(run.workflow)} {short_id(run.pk)}"

    @admin.display(description="step")
    def stands_at(self, run: WorkflowRun) -> str:
        return NOTHING if run.state == WorkflowRun.State.COMPLETED else words(stands_at(run))


def run_page(run: WorkflowRun) -> dict[str, Any]:
    """Return what the run page shows: the run, its steps in order, begun or not, and links to what they made."""
    prefetch_related_objects([run], "step_runs")
    began = {(step.position, step.round): step for step in run.step_runs.all()}
    kinds = dict(OutboxEvent.objects.filter(run_id=run.pk).values_list("aggregate_id", "aggregate"))
    kinds_by_id = {str(pk): kind for pk, kind in kinds.items()}
    return {
        "run_state": badge(run.state),
        "run_client": client_link(run),
        "run_took": took(run),
        "run_starter": admin_link("identity.user", run.started_by_id, str(run.started_by)),
        "run_steps": [
            _line(began.get((step.position, step.round)), step.name, step.state, kinds_by_id)
            for step in describe_run(run).steps
        ],
        "run_audit": list_link(f"{reverse('admin:observability_auditentry_changelist')}?q={run.pk}", "Audit entries"),
        "run_events": list_link(f"{reverse('admin:orchestration_outboxevent_changelist')}?q={run.pk}", "Events"),
    }


def _line(row: StepRun | None, name: str, state: str, kinds_by_id: dict[str, str]) -> dict[str, Any]:
    """Return a step as the run page shows it; `row` is None for a step that has not begun."""
    outcome = (row and row.outcome) or {}
    refused = state in (StepRun.State.FAILED, StepRun.State.COMPENSATED) and outcome.get("verdict") == "FAIL"
    return {
        "name": words(name),
        "link": admin_link("orchestration.steprun", row.pk, words(name)) if row else words(name),
        "badge": badge(state),
        "attempts": row.attempts if row else NOTHING,
        "took": took(row) if row else NOTHING,
        "made": _made(state, outcome, kinds_by_id),
        "error": row.error if row else "",
        "verdict": _verdict(outcome) if refused else None,
    }


def _made(state: str, outcome: dict[str, Any], kinds_by_id: dict[str, str]) -> str:
    """Link to the row a step gave; of one that is taken back, only the audit tells."""
    kind = kinds_by_id.get(outcome.get("id", ""))
    if kind is None or state == StepRun.State.FAILED:
        return NOTHING
    if state == StepRun.State.COMPENSATED:
        return "taken back"
    return row_link(kind, outcome["id"])


def _verdict(outcome: dict[str, Any]) -> dict[str, Any]:
    """Return a quality check's refusal with its findings, worst first as the check ordered them."""
    findings = [{**finding, "badge": badge(finding["severity"])} for finding in outcome.get("findings", ())]
    return {"badge": badge(outcome["verdict"]), "score": outcome.get("score"), "findings": findings}


@admin.register(StepRun)
class StepRunAdmin(ReadOnlyAdmin):
    list_display = ("step", "of_run", state_column(), "attempts", took, "started_at", "first_words")
    list_filter = ("state", "name")
    list_select_related = ("run__client",)
    search_fields = ("name", "error", "run__client__name")
    search_help_text = "The id of a run or a step, or words: the step, its error, the client"
    id_fields = ("pk", "run_id")
    ordering = ("-run", "position", "round")
    paginator = InfinitePaginator
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("of_run", "step", "position", "round", state_column(), "attempts", took, "error")}),
        ("What it gave", {"fields": (json_column("outcome", ""),)}),
        ("Times", {"fields": ("started_at", "finished_at", "compensated_at")}),
        ("Trace of the error", {"classes": ("collapse",), "fields": ("trace_as_written",)}),
    )

    @admin.display(description="step", ordering="name")
    def step(self, step: StepRun) -> str:
        return words(step.name)

    @admin.display(description="run")
    def of_run(self, step: StepRun) -> str:
        return admin_link(
            "orchestration.workflowrun", step.run_id, f"{step.run.client or 'Run'} {short_id(step.run_id)}"
        )

    @admin.display(description="error")
    def first_words(self, step: StepRun) -> str:
        return step.error[:60]

    @admin.display(description="trace")
    def trace_as_written(self, step: StepRun) -> str:
        return format_html('<pre class="desk-code">{}</pre>', step.trace) if step.trace else NOTHING


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    list_display = ("name", "about", run_link, "occurred_at", "dispatched_at")
    list_filter = ("name",)
    search_fields = ("name", "aggregate")
    search_help_text = "The id of a run, a row or a client, or the name of an event"
    id_fields = ("pk", "run_id", "aggregate_id", "client_id")
    paginator = InfinitePaginator
    show_full_result_count = False
    fields = ("name", "about", run_link, "of_client", "occurred_at", "dispatched_at", json_column("payload"))

    @admin.display(description="about")
    def about(self, event: OutboxEvent) -> str:
        return row_link(event.aggregate, event.aggregate_id)

    @admin.display(description="client")
    def of_client(self, event: OutboxEvent) -> str:
        return NOTHING if event.client_id is None else row_link("identity.client", event.client_id)
