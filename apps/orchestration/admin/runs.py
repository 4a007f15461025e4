"""Runs at the desk: what happened, step by step, what they wait for, and the commands they obey now."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.orchestration.admin.buttons import RUN_BUTTONS
from apps.orchestration.admin.control import flags_banner
from apps.orchestration.admin.desk import RUN_NEEDS, chart_of_days, next_answer, run_name
from apps.orchestration.admin.edits import deeds_about, deliver_draft_view, work_from_brief_view
from apps.orchestration.admin.live import LIVE, LOAD_ANEW, STOP_POLLING, LivePart, live_part
from apps.orchestration.admin.records import Sight
from apps.orchestration.admin.run_page import awaited, run_page
from apps.orchestration.admin.times import took
from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries.runs import stands_at
from apps.orchestration.workflows import list_kept_for_a_while, list_names
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
    row_of_page,
    state_column,
    words,
)
from apps.shared.desk import Chart, Deed, Entry, needs_filter, of_clients_called

ON_THE_DESK = 8
"""Runs shown on the desk's first page."""
DECISIONS = ("rework", "accept_round", "cancel")


class WorkflowFilter(declared_filter("workflow", list_names)):  # type: ignore[misc]
    """Narrows to a workflow; unless asked for one, or for words, it leaves out what runs by the clock and went well."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() or request.GET.get(SEARCH_VAR):
            return super().queryset(request, queryset)
        return queryset.out_of_routine(list_kept_for_a_while())


@admin.register(WorkflowRun)
class WorkflowRunAdmin(TransitionAdmin):
    empty_says = "A client's answers start one."
    list_display = ("name", state_column(), client_link, "stands_at", took, "created_at")
    needs = RUN_NEEDS
    client_tab = "Runs"
    list_filter = (
        *("state", needs_filter(RUN_NEEDS), WorkflowFilter),
        *(CLIENT_FILTER, CREATED_FILTER),
    )
    list_select_related = ("client",)
    list_before_template = "admin/orchestration/run_list.html"
    search_fields = ("workflow", "idempotency_key", "client__name")
    search_help_text = "The id of a run, or words: the client, the workflow, the key"
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkflowRun]:
        """Load along whom a run is for and who started it."""
        return super().get_queryset(request).select_related("client", "started_by")

    def get_urls(self) -> list[URLPattern]:
        """Add the dialogs that start from an edited row, and the address that an open page asks what has changed.

        The latter checks by itself who asks: `admin_view` would send the login page after a session has ended, and
        htmx would put it into the page.
        """
        live = path("<path:object_id>/live/", self.live_view, name=LIVE.removeprefix("admin:"))
        starts = (("briefs/<uuid:pk>/", "work_from_brief", work_from_brief_view),)
        starts += (("drafts/<uuid:pk>/", "deliver_draft", deliver_draft_view),)
        ours = [
            path(f"{route}{name}/", self.admin_site.admin_view(view), name=f"orchestration_workflowrun_{name}")
            for route, name, view in starts
        ]
        return [*ours, live, *super().get_urls()]

    def desk_deeds(self, request: HttpRequest, row: Model) -> list[Deed]:
        """Return what a run could make of a brief or a draft that a person edited."""
        return deeds_about(request, row)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the run above the form that Django makes of its columns."""
        run = row_of_page(self, request, object_id)
        shown = {}
        if run is not None and self.has_view_permission(request, run):
            shown = {"run_live": self._live_part(request, run).html}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    @method_decorator(never_cache)
    @method_decorator(require_GET)
    def live_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Answer an open page: nothing new, the run as it is now, or to load anew because its buttons do not fit."""
        if not (self.admin_site.has_permission(request) and self.has_view_permission(request)):
            return HttpResponse(status=403, headers=LOAD_ANEW)
        run = row_of_page(self, request, object_id)
        if run is None:
            return HttpResponse(status=404, headers=LOAD_ANEW)
        has_ended = run.state in WorkflowRun.ENDED
        if request.GET.get("state") != run.state:
            return HttpResponse(status=STOP_POLLING if has_ended else 200, headers=LOAD_ANEW)
        part = self._live_part(request, run)
        if has_ended:
            return HttpResponse(part.html, status=STOP_POLLING)
        is_known = request.GET.get("seen") == part.version
        return HttpResponse(status=204) if is_known else HttpResponse(part.html)

    def _live_part(self, request: HttpRequest, run: WorkflowRun) -> LivePart:
        shown = {
            **run_page(run, Sight.of(request)),
            "flags_banner": flags_banner(),
            "run_decisions": self._decisions(request, run),
        }
        return live_part(run, shown)

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
        chart = chart_of_days(self._out_of_routine(request))
        return [chart] if chart else []

    def desk_next(self, request: HttpRequest) -> Entry | None:
        """Return the answer that is due first."""
        return next_answer(self.get_queryset(request))

    def desk_panel(self, request: HttpRequest) -> SafeString:
        """Return what the desk's first page shows of runs: the newest, and how each ended."""
        newest = self._out_of_routine(request).select_related("client").defer("inputs")[:ON_THE_DESK]
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

    def _out_of_routine(self, request: HttpRequest) -> QuerySet[WorkflowRun]:
        return self.get_queryset(request).out_of_routine(list_kept_for_a_while())

    @admin.display(description="run", ordering="id")
    def name(self, run: WorkflowRun) -> str:
        return run_name(run)

    @admin.display(description="step")
    def stands_at(self, run: WorkflowRun) -> str:
        if run.state == WorkflowRun.State.COMPLETED:
            return run.error or NOTHING
        if run.state == WorkflowRun.State.WAITING:
            return f"waits for {awaited(run)}"
        return words(stands_at(run))
