"""Runs at the desk: what happened, step by step, what they wait for, and the commands they obey now."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.paginator import InfinitePaginator

from apps.orchestration.admin.buttons import RUN_BUTTONS
from apps.orchestration.admin.control import flags_banner
from apps.orchestration.admin.desk import RUN_NEEDS, chart_of_days, next_answer, run_name
from apps.orchestration.admin.run_page import awaited, run_page
from apps.orchestration.admin.times import took
from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries.runs import stands_at
from apps.orchestration.workflows import list_names
from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    NOTHING,
    TransitionAdmin,
    admin_link,
    badge,
    client_link,
    declared_filter,
    json_column,
    state_column,
    words,
)
from apps.shared.desk import Chart, Entry, needs_filter, of_clients_called

ON_THE_DESK = 8
"""Runs shown on the desk's first page."""
DECISIONS = ("rework", "accept_round", "cancel")


@admin.register(WorkflowRun)
class WorkflowRunAdmin(TransitionAdmin):
    list_display = ("name", state_column(), client_link, "stands_at", took, "created_at")
    needs = RUN_NEEDS
    client_tab = "Runs"
    list_filter = (
        *("state", needs_filter(RUN_NEEDS), declared_filter("workflow", list_names)),
        *(CLIENT_FILTER, CREATED_FILTER),
    )
    list_select_related = ("client",)
    list_before_template = "admin/orchestration/run_list.html"
    search_fields = ("workflow", "idempotency_key", "client__name")
    search_help_text = "The id of a run, or words: the client, the workflow, the key"
    paginator = InfinitePaginator
    show_full_result_count = False
    change_form_before_template = "admin/orchestration/run.html"
    fieldsets = (
        (
            "Engine",
            {
                "classes": ("collapse",),
                "fields": (
                    *("id", "version", "position", "round", "attempts", "retried", "wake_at"),
                    *("fence", "lease_owner", "lease_until", "idempotency_key", "input_digest", "traceparent"),
                ),
            },
        ),
        ("What it started with", {"classes": ("collapse",), "fields": (json_column("inputs"),)}),
    )
    buttons = RUN_BUTTONS

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show above the list which switches over the engine are on."""
        return super().changelist_view(request, {**(extra_context or {}), "flags_banner": flags_banner()})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the run above the form that Django makes of its columns."""
        run = self.get_object(request, object_id)
        shown: dict[str, Any] = {}
        if run is not None and self.has_view_permission(request, run):
            shown = {**run_page(run), "flags_banner": flags_banner(), "run_decisions": self._decisions(request, run)}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    def _decisions(self, request: HttpRequest, run: WorkflowRun) -> list[dict[str, str]]:
        """Return what this person may decide after the last round, each with its dialog's address."""
        offered = (
            button
            for button in self.buttons
            if button.name in DECISIONS and getattr(self, f"has_{button.name}_permission")(request, str(run.pk))
        )
        return [
            {"label": button.label, "explanation": button.explanation, "url": self._dialog_url(button.name, run)}
            for button in offered
        ]

    def _dialog_url(self, name: str, run: WorkflowRun) -> str:
        return reverse(f"admin:orchestration_workflowrun_{name}", args=[run.pk])

    def desk_find(self, request: HttpRequest, term: str) -> QuerySet[WorkflowRun]:
        """Return the run with this id, or the newest of a client."""
        found = of_clients_called(self.get_queryset(request), term, request.user)
        return found.select_related("client").defer("inputs").order_by("-pk")

    def desk_charts(self, request: HttpRequest) -> list[Chart]:
        """Return how the last days went."""
        chart = chart_of_days(self.get_queryset(request))
        return [chart] if chart else []

    def desk_next(self, request: HttpRequest) -> Entry | None:
        """Return the answer that is due first."""
        return next_answer(self.get_queryset(request))

    def desk_panel(self, request: HttpRequest) -> SafeString:
        """Return what the desk's first page shows of runs: the newest, and how each ended."""
        newest = self.get_queryset(request).select_related("client").defer("inputs")[:ON_THE_DESK]
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
        return run_name(run)

    @admin.display(description="step")
    def stands_at(self, run: WorkflowRun) -> str:
        if run.state == WorkflowRun.State.COMPLETED:
            return NOTHING
        if run.state == WorkflowRun.State.WAITING:
            return f"waits for {awaited(run)}"
        return words(stands_at(run))
