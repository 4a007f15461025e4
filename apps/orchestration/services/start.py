"""Accept a run: one key, one run, whoever asks how often."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.orchestration import rules
from apps.orchestration.api.events import RunStarted
from apps.orchestration.models import WorkflowRun, seconds_from_now
from apps.orchestration.services import dispatch
from apps.shared.dtos import Dto
from apps.shared.events import AuditNote, publish
from apps.shared.resilience import fault_point
from apps.shared.workflow import Workflow

MOST_KEY_LENGTH = 255


class WrongInputs(ValueError):
    """A run was asked for with DTOs that its workflow does not start with."""


class WrongKey(ValueError):
    """An idempotency key that cannot be one."""


class KeyReused(ValueError):
    """An idempotency key came again with other inputs."""


def start_run(
    workflow: Workflow,
    inputs: tuple[Dto, ...],
    *,
    key: str,
    at: datetime,
    client_id: UUID | None = None,
    by: UUID | None = None,
) -> WorkflowRun:
    """Accept a run of a workflow and wake a worker for it; the same key and inputs again give the same run.

    Returns once the run is committed: from here on it ends, whatever dies. Raises WrongKey, WrongInputs, and KeyReused
    when the key stands for other inputs already.
    """
    if not (0 < len(key) <= MOST_KEY_LENGTH and key.isprintable()):
        raise WrongKey(f"A key has 1 to {MOST_KEY_LENGTH} printable characters; this one is {key[:40]!r}.")
    if problems := rules.input_problems(workflow, inputs):
        raise WrongInputs(f"{workflow.name} cannot start: {', '.join(problems)}.")
    dumped = rules.dump_inputs(inputs)
    run = find_same_run(workflow, rules.digest(dumped), key)
    if run is not None:
        return run
    try:
        with transaction.atomic():
            run = WorkflowRun.objects.create(
                workflow=workflow.name,
                version=workflow.version,
                client_id=client_id,
                inputs=dumped,
                input_digest=rules.digest(dumped),
                idempotency_key=key,
                started_by_id=by,
                wake_at=seconds_from_now(settings.RUN_DISPATCH_GRACE_SECONDS),
            )
            _publish_started(run, at)
            run_id = run.pk
            transaction.on_commit(lambda: dispatch.ring_forward(workflow, run_id, 0))
            fault_point("start.before_commit", key)
    except IntegrityError:  # the same key at the same moment: the other one made it
        run = find_same_run(workflow, rules.digest(dumped), key)
        if run is None:
            raise
    return run


def find_same_run(workflow: Workflow, input_digest: str, key: str) -> WorkflowRun | None:
    """Return the run a key stands for, None when it is new. Raises KeyReused when it stands for something else."""
    run = WorkflowRun.objects.filter(idempotency_key=key).first()
    if run is not None and (run.workflow, run.input_digest) != (workflow.name, input_digest):
        raise KeyReused(f"The key {key!r} was used for another request (run {run.pk}). Use a new key.")
    return run


def _publish_started(run: WorkflowRun, at: datetime) -> None:
    publish(
        RunStarted(
            aggregate_id=run.pk,
            run_id=run.pk,
            client_id=run.client_id,
            occurred_at=at,
            workflow=run.workflow,
            version=run.version,
        ),
        AuditNote(actor_id=run.started_by_id),
    )
