"""Accept a run: one key, one run, whoever asks how often."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.identity.api import ports as identity
from apps.orchestration import rules
from apps.orchestration.api.events import RunStarted
from apps.orchestration.models import ArchivedRun, WorkflowRun, seconds_from_now
from apps.orchestration.services import dispatch
from apps.orchestration.workflows.guided import guidance_for
from apps.shared.dtos import Dto
from apps.shared.events import AuditNote, publish
from apps.shared.resilience import fault_point
from apps.shared.telemetry import current_traceparent, working_on
from apps.shared.workflow import Workflow

MOST_KEY_LENGTH = 200  # as long as the key of a submission may be


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
    rerun_of: WorkflowRun | None = None,
) -> WorkflowRun:
    """Accept a run of a workflow and wake a worker for it; the same key and inputs again give the same run.

    Of a workflow that goes alone, a run that has not ended is given back instead, whatever the key. Returns once the
    run is committed: from here on it ends, whatever dies, and whatever becomes of its client. Raises WrongKey,
    WrongInputs, KeyReused when the key stands for other inputs already, and ClientEnded for a client that has ended or
    is being erased; one that ends at this very moment waits for the run, or the run is refused.
    """
    check_key(key)
    if problems := rules.input_problems(workflow, inputs):
        raise WrongInputs(f"{workflow.name} cannot start: {', '.join(problems)}.")
    dumped = rules.dump_inputs(inputs)
    new = WorkflowRun(
        workflow=workflow.name,
        version=workflow.version,
        client_id=client_id,
        inputs=dumped | rules.dump_inputs(guidance_for(workflow, client_id)),
        input_digest=rules.digest(dumped),
        idempotency_key=key,
        started_by_id=by,
        rerun_of=rerun_of,
    )
    if WorkflowRun.objects.is_key_known(key):
        return find_same_run(new)
    if not workflow.alone:
        return _start(new, workflow, at)
    with transaction.atomic():
        WorkflowRun.objects.hold_back_others(workflow.name)
        return WorkflowRun.objects.find_under_way(workflow.name) or _start(new, workflow, at)


def _start(new: WorkflowRun, workflow: Workflow, at: datetime) -> WorkflowRun:
    """Accept a new run, or return the one that somebody else made of its key at the same moment."""
    key, client_id = new.idempotency_key, new.client_id
    try:
        with working_on(f"start {workflow.name}", run_id=new.pk, client_id=client_id):
            new.traceparent = current_traceparent()
            _accept(new, workflow, at)
    except IntegrityError:
        if not WorkflowRun.objects.is_key_known(key):
            raise
        return find_same_run(new)  # the same key at the same moment: the other one made it
    return new


def check_key(key: str) -> None:
    """Raise WrongKey unless a text can be an idempotency key."""
    if not (0 < len(key) <= MOST_KEY_LENGTH and key.isprintable()):
        raise WrongKey(f"A key has 1 to {MOST_KEY_LENGTH} printable characters; this one is {key[:40]!r}.")


@transaction.atomic
def _accept(run: WorkflowRun, workflow: Workflow, at: datetime) -> None:
    """Commit a new run with its event, and ring once that is done."""
    if run.client_id is not None:
        identity.hold_for_work(client_id=run.client_id)
    run.wake_at = seconds_from_now(settings.RUN_DISPATCH_GRACE_SECONDS)
    run.save(force_insert=True)
    _publish_started(run, at)
    transaction.on_commit(lambda: fault_point("start.after_commit", run.idempotency_key))
    dispatch.ring_on_commit(workflow, run)
    fault_point("start.before_commit", run.idempotency_key)


def find_same_run(new: WorkflowRun) -> WorkflowRun:
    """Return the run that the key of a new one, which is known, stands for already.

    Raises KeyReused when that is for something else, and for a run that is archived and can't be given back.
    """
    run = WorkflowRun.objects.filter(idempotency_key=new.idempotency_key).first()
    if run is None:
        archived = ArchivedRun.objects.of_key(new.idempotency_key).get()
        raise KeyReused(
            f"The key {new.idempotency_key!r} stands for run {archived.pk}, which ended {archived.state} "
            f"and is archived in {archived.file}. Use a new key."
        )
    if (run.workflow, run.input_digest) != (new.workflow, new.input_digest):
        raise KeyReused(f"The key {new.idempotency_key!r} was used for another request (run {run.pk}). Use a new key.")
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
