"""The workflows this site knows. One file each, one screen each."""

from apps.orchestration.workflows.acquisition_cycle import acquisition_cycle
from apps.orchestration.workflows.brief_to_delivery import brief_to_delivery
from apps.orchestration.workflows.client_to_delivery import client_to_delivery
from apps.orchestration.workflows.client_to_delivery_reviewed import client_to_delivery_reviewed
from apps.orchestration.workflows.draft_to_delivery import draft_to_delivery
from apps.orchestration.workflows.monthly_report import monthly_report
from apps.orchestration.workflows.renewal_check import renewal_check
from apps.shared.dtos import Dto
from apps.shared.events import Event
from apps.shared.workflow import WaitFor, Workflow

_known: dict[tuple[str, int], Workflow] = {}


class UnknownWorkflow(LookupError):
    """No workflow of this name and version is declared."""


def register(workflow: Workflow) -> None:
    """Make a workflow known. Raises ValueError when its name and version are taken by another declaration."""
    if _known.setdefault((workflow.name, workflow.version), workflow) is not workflow:
        raise ValueError(f"{workflow.name} v{workflow.version} is declared twice; raise the version.")


def get_workflow(name: str, version: int | None = None) -> Workflow:
    """Return a workflow, the newest version unless one is asked for. Raises UnknownWorkflow."""
    versions = {known_version: workflow for (known, known_version), workflow in _known.items() if known == name}
    wanted = max(versions, default=0) if version is None else version
    if wanted not in versions:
        known = ", ".join(sorted({known for known, _ in _known})) or "none"
        raise UnknownWorkflow(f"There is no workflow {name!r} v{wanted}. Known: {known}.")
    return versions[wanted]


def list_workflows() -> list[Workflow]:
    """List all versions of all workflows, by name."""
    return [_known[key] for key in sorted(_known)]


def list_names() -> list[str]:
    """List the names of all workflows."""
    return sorted({name for name, _ in _known})


def list_kept_for_a_while() -> list[str]:
    """List the names of the workflows whose ended runs are forgotten: they run by the clock, in great number."""
    return sorted({name for (name, _), workflow in _known.items() if workflow.keep is not None})


def list_names_for(*inputs: type[Dto]) -> list[str]:
    """List the names of the workflows that start with just these."""
    return [name for name in list_names() if get_workflow(name).starts_with == inputs]


def list_step_names() -> list[str]:
    """List the names of all lines of all workflows."""
    return sorted({spec.name for workflow in _known.values() for spec in workflow.specs})


def list_awaited_events() -> list[type[Event]]:
    """List the types of the events that some workflow waits for."""
    waits = [spec for workflow in _known.values() for spec in workflow.specs if isinstance(spec, WaitFor)]
    return list({event.__name__: event for wait in waits for event in wait.events.values()}.values())


register(client_to_delivery)
register(client_to_delivery_reviewed)
register(brief_to_delivery)
register(draft_to_delivery)
register(acquisition_cycle)
register(monthly_report)
register(renewal_check)
