"""Find what a run was started under, across releases."""

import logging

from apps.orchestration.models import WorkflowRun
from apps.orchestration.workflows import UnknownWorkflow, get_workflow
from apps.shared.workflow import Workflow

log = logging.getLogger(__name__)


def find_declaration(run: WorkflowRun, position: int) -> Workflow | None:
    """Return the workflow a run was started under; None when this release does not know it, or not this step of it.

    Another release started the run, and may be running beside this one: it stays where it is, and is never half-run.
    """
    try:
        workflow = get_workflow(run.workflow, run.version)
    except UnknownWorkflow as error:
        log.error("Run %s waits for a release that knows it: %s", run.pk, error)
        return None
    if position < len(workflow.specs):
        return workflow
    log.error("Run %s waits for a release that knows its step %s of %s.", run.pk, position, workflow.name)
    return None
