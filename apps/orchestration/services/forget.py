"""Forget runs of workflows that run by the clock: what they did stands in the modules, and in the audit."""

from datetime import datetime

from django.db import connection, transaction

from apps.orchestration.api.events import RunsForgotten
from apps.orchestration.queries import archive as reads
from apps.orchestration.services.archive import DELETE_RUNS
from apps.orchestration.workflows import list_workflows
from apps.shared.events import publish

BATCH = 500


def forget_runs(*, at: datetime) -> int:
    """Remove the runs that ended longer ago than their workflow keeps them, with steps and events; return how many.

    Runs with a reaction that is due or dead stay until it is done. Their audit entries stay in any case.
    """
    old = {workflow.name: at - workflow.keep for workflow in list_workflows() if workflow.keep is not None}
    count = 0
    for name, before in old.items():
        while taken := _forget_batch(name, before):
            count += taken
    return count


@transaction.atomic
def _forget_batch(workflow: str, before: datetime) -> int:
    found = reads.lock_old(workflow, before, BATCH)
    if not found:
        return 0
    run_ids = [run_id for run_id, _ in found]
    events = [event_id for _, event_ids in found for event_id in event_ids]
    with connection.cursor() as cursor:
        for statement in DELETE_RUNS:
            cursor.execute(statement, {"runs": run_ids, "events": events})
    publish(RunsForgotten(aggregate_id=run_ids[-1], workflow=workflow, run_count=len(run_ids)))
    return len(run_ids)
