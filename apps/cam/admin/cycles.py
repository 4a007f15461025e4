"""Cycles at the desk: how the last one went, which step keeps failing, and each one's steps."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from apps.cam.models import CycleRun, CycleStep
from apps.shared.admin import NOTHING, DocumentAdmin, admin_link, badge
from apps.shared.desk import Need, list_of, needs_filter, page_link

LATE = timedelta(minutes=15)
"""Three cycles: something keeps them from beginning, or one from ending."""


def _failing(cycle: CycleRun) -> str:
    steps = CycleStep.objects.keeping_failing().filter(cycle=cycle).order_by("position")
    return "; ".join(f"{step} failed three times running: {step.error[:80]}" for step in steps)


def _of_no_client(cycle: CycleRun) -> str:
    return NOTHING


NEEDS = (
    Need(
        key="failing",
        title="Steps of the cycle that keep failing",
        permissions=("cam.run_campaign",),
        narrow=lambda rows: rows.filter(pk__in=CycleStep.objects.keeping_failing().values("cycle")).order_by("pk"),
        client=_of_no_client,
        why=_failing,
        since=lambda cycle: cycle.finished_at,
    ),
    Need(
        key="overdue",
        title="No cycle has ended for 15 minutes",
        permissions=("cam.run_campaign",),
        narrow=lambda rows: rows.overdue(timezone.now() - LATE),
        client=_of_no_client,
        why=lambda cycle: "It was the last one. Nothing is sent or read: are beat and a worker running?",
        since=lambda cycle: cycle.finished_at,
    ),
)


@admin.display(description="steps", ordering="failed_count")
def outcome(cycle: CycleRun) -> str:
    """Say how many steps failed."""
    return f"{cycle.failed_count} failed" if cycle.failed_count else "all well"


@admin.display(description="took")
def took(cycle: CycleRun) -> str:
    """Say how long a cycle took."""
    return f"{(cycle.finished_at - cycle.started_at).total_seconds():.1f} s"


class OutcomeFilter(admin.SimpleListFilter):
    """Narrows to cycles of which a step failed, or none."""

    title = "steps"
    parameter_name = "steps"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("failed", "Some failed"), ("well", "All well")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[CycleRun]) -> QuerySet[CycleRun]:
        if self.value() == "failed":
            return queryset.filter(failed_count__gt=0)
        return queryset.filter(failed_count=0) if self.value() == "well" else queryset


@admin.register(CycleRun)
class CycleRunAdmin(DocumentAdmin):
    empty_says = "Beat begins one every five minutes."
    empty_leads_to = ("New campaign", "new-campaign", "cam.create_campaign")
    needs = NEEDS
    list_display = ("__str__", outcome, took, "finished_at")
    list_filter = (needs_filter(needs), OutcomeFilter)
    id_fields = ("pk",)
    change_form_before_template = "admin/cam/cycle.html"
    fieldsets = ((None, {"fields": ("id", "started_at", "finished_at")}),)

    def page(self, request: HttpRequest, row: CycleRun) -> dict[str, Any]:
        steps = list(row.steps.order_by("position"))
        return {
            "cycle": row,
            "steps": [(step, badge(step.outcome), _counted(step)) for step in steps],
            "outcome": outcome(row),
            "run": admin_link("orchestration.workflowrun", row.pk, "The run"),
        }

    def desk_panel(self, request: HttpRequest) -> SafeString | str:
        """Return how the last cycle went; nothing where none ever ended."""
        cycle: CycleRun | None = CycleRun.objects.last_ended()
        if cycle is None or not request.user.has_perm("cam.run_campaign"):
            return ""
        shown = {
            "link": page_link(cycle, "Last cycle"),
            "ended": cycle.finished_at,
            "is_well": not cycle.failed_count,
            "failed": cycle.steps.filter(outcome="FAILED").order_by("position") if cycle.failed_count else (),
            "every": list_of(CycleRun),
        }
        return render_to_string("admin/cam/last_cycle.html", shown)


def _counted(step: CycleStep) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in step.counts.items() if count) or NOTHING
