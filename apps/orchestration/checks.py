"""Refuse to start with a workflow that cannot be wired; warn of runs that this release cannot move."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import DatabaseError

from apps.orchestration.workflows import list_workflows


@checks.register()
def check_wiring(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """Report every workflow in which a step needs what no earlier line gives."""
    return [
        checks.Error(f"Workflow {workflow.name} v{workflow.version}: {problem}.", id="orchestration.E001")
        for workflow in list_workflows()
        for problem in workflow.wiring_problems()
    ]


@checks.register(checks.Tags.database)
def check_versions(
    app_configs: Any, databases: Sequence[str] | None = None, **options: Any
) -> list[checks.CheckMessage]:
    """Warn, with `check --database default` and before each migration, of unfinished runs of undeclared versions."""
    if not databases:
        return []
    from apps.orchestration.queries.runs import count_runs_of_unknown_versions

    try:
        unknown = count_runs_of_unknown_versions()
    except DatabaseError:  # the tables do not exist yet
        return []
    return [
        checks.Warning(
            f"{count} unfinished runs of {workflow} v{version} wait for a release that declares it.",
            hint="Keep the declaration until its last run has ended, or let the newest version say how it takes over.",
            id="orchestration.W001",
        )
        for (workflow, version), count in unknown.items()
    ]
