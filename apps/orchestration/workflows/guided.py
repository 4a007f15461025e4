"""What a run is handed beside its inputs: the lessons in force for its client at its start, kept until it ends."""

from uuid import UUID

from apps.learning.api import ports as learning
from apps.learning.api.dtos import Guidance
from apps.shared.workflow import Workflow


def guidance_for(workflow: Workflow, client_id: UUID | None) -> tuple[Guidance, ...]:
    """Return the lessons that a run which begins now works by; nothing where no line asks, or no lesson is in force."""
    if client_id is None or not any(Guidance in spec.needs.values() for spec in workflow.specs):
        return ()
    guidance = learning.find_guidance(client_id=client_id)
    return () if guidance is None else (guidance,)
