"""Refuse to start with a workflow that cannot be wired."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from apps.orchestration.workflows import list_workflows


@register()
def check_wiring(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Report every workflow in which a step needs what no earlier line gives."""
    return [
        Error(f"Workflow {workflow.name} v{workflow.version}: {problem}.", id="orchestration.E001")
        for workflow in list_workflows()
        for problem in workflow.wiring_problems()
    ]
