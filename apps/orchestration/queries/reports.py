"""A run as the command line prints it."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.delivery.api import ports as delivery
from apps.orchestration.api.dtos import Run
from apps.orchestration.models import WorkflowRun


def report_run(run: Run | None, *, error: str = "") -> dict[str, Any]:
    """Return a run, its steps and its package's files as JSON-ready values; of no run, only the error."""
    if run is None:
        return {"run_id": None, "state": None, "error": error, "steps": [], "package": None}
    return {
        "run_id": str(run.id),
        "state": run.state,
        "error": run.error,
        "steps": [
            {
                "name": step.name,
                "state": step.state,
                "attempts": step.attempts,
                "ms": step.milliseconds,
                "error": step.error,
                **({} if step.counts is None else {"counts": step.counts}),
            }
            for step in run.steps
        ],
        "package": _package(run),
    }


def waits_for(run_id: UUID) -> list[str]:
    """Return the names of the events a run waits for; empty when it waits for none."""
    return WorkflowRun.objects.values_list("waiting_for", flat=True).get(pk=run_id) or []


def _package(run: Run) -> dict[str, Any] | None:
    package = delivery.find_package_of_run(run_id=run.id)
    if package is None:
        return None
    return {
        "id": str(package.id),
        "artifacts": [
            {
                "name": artifact.name,
                "format": artifact.format,
                "path": str(Path(settings.MEDIA_ROOT) / artifact.path),
                "bytes": artifact.bytes,
                "sha256": artifact.sha256,
            }
            for artifact in package.artifacts
        ],
    }
