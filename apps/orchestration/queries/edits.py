"""Runs by what they started from."""

from uuid import UUID

from apps.orchestration.models import WorkflowRun
from apps.shared.dtos import Dto


def find_run_from(workflow: str, kind: type[Dto], noun_id: UUID, client_id: UUID) -> WorkflowRun | None:
    """Return a client's run of a workflow that is under way from a noun, a person's re-run included."""
    runs = WorkflowRun.objects.filter(client_id=client_id, workflow=workflow)
    begun_so = {f"inputs__{kind.__name__}__id": str(noun_id)}
    return runs.exclude(state__in=WorkflowRun.ENDED).filter(**begun_so).defer("inputs").first()


def find_last_run(workflow: str, key: str, client_id: UUID) -> WorkflowRun | None:
    """Return a client's newest run of a workflow whose key begins like this."""
    runs = WorkflowRun.objects.filter(client_id=client_id, workflow=workflow, idempotency_key__startswith=key)
    return runs.defer("inputs").order_by("-pk").first()
