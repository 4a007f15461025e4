"""The steps of all runs, one row each."""

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from apps.orchestration.admin.times import took
from apps.orchestration.models import StepRun
from apps.orchestration.workflows import list_kept_for_a_while, list_step_names
from apps.shared.admin import (
    NOTHING,
    ReadOnlyAdmin,
    admin_link,
    declared_filter,
    json_column,
    short_id,
    state_column,
    words,
)


class StepFilter(declared_filter("name", list_step_names, "step")):  # type: ignore[misc]
    """Narrows to a step; unless asked for one, or for words, it leaves out what runs by the clock and went well."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() or request.GET.get(SEARCH_VAR):
            return super().queryset(request, queryset)
        return queryset.exclude(run__workflow__in=list_kept_for_a_while(), state=StepRun.State.SUCCEEDED)


@admin.register(StepRun)
class StepRunAdmin(ReadOnlyAdmin):
    empty_says = "They are taken one by one when a run has begun."
    list_display = ("step", "of_run", "round", state_column(), "attempts", took, "started_at", "first_words")
    list_filter = ("state", StepFilter)
    list_select_related = ("run__client",)
    search_fields = ("name", "error", "run__client__name")
    search_help_text = "The id of a run or a step, or words: the step, its error, the client"
    id_fields = ("pk", "run_id")
    ordering = ("-run", "position", "round")
    fieldsets = (
        (None, {"fields": ("of_run", "step", "position", "round", state_column(), "attempts", took, "error")}),
        ("What it gave", {"fields": (json_column("outcome", ""),)}),
        ("What taking it back left to do", {"classes": ("collapse",), "fields": (json_column("irreversible", ""),)}),
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
