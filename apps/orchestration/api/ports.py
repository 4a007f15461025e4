"""Verbs of orchestration."""

from datetime import datetime
from uuid import UUID

from apps.orchestration.api.dtos import Run
from apps.orchestration.queries import runs
from apps.orchestration.services import start
from apps.orchestration.workflows import get_workflow
from apps.shared.dtos import Dto


def start_run(
    *,
    workflow: str,
    inputs: tuple[Dto, ...],
    key: str,
    at: datetime,
    client_id: UUID | None = None,
    by: UUID | None = None,
) -> Run:
    """Accept a run; the same key and inputs again give the same run.

    Raises UnknownWorkflow, WrongInputs, and KeyReused when the key stands for other inputs already.
    """
    run = start.start_run(get_workflow(workflow), inputs, key=key, at=at, client_id=client_id, by=by)
    return runs.describe_run(run)


def find_run(*, run_id: UUID) -> Run | None:
    """Return a run with a line for each of its steps, None when there is no such run."""
    return runs.find_run(run_id)
