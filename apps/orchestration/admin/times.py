"""How long runs and steps took, in the unit a person would use."""

from django.contrib import admin

from apps.orchestration.models import StepRun, WorkflowRun
from apps.shared.admin import NOTHING


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
