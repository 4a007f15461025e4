"""Record what went wrong in a step, and decide: once more, back, or a person."""

import enum
import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.orchestration import rules
from apps.orchestration.api.events import AttemptFailed, PersonAsked, RunRefused, StepFailed
from apps.orchestration.models import StepRun, WorkflowRun, seconds_from_now
from apps.orchestration.services.declarations import find_declaration
from apps.orchestration.services.progress import MOVED, find_step_run, go_on, let_go, tell
from apps.shared.events import publish
from apps.shared.resilience import pause_before_attempt
from apps.shared.workflow import PersonNeeded, RetryPolicy, Spec, StepRefused, StepSpec, Workflow

log = logging.getLogger(__name__)


class Recorded(enum.Enum):
    """What follows from a failed attempt."""

    NOTHING = "the run is not ours any more, so that nothing was recorded"
    LATER = "the step is tried again"
    REFUSED = "it failed for good, and the run goes back"
    PASSED_OVER = "it failed for good, and the run goes on without it"


class GivenUp(StepRefused):
    """An attempt that is not even begun, because those before it ended their workers."""


LONGEST_REST_SECONDS = 600
"""A vendor that asks for more is tried all the same."""


def record_attempt(run_id: UUID, position: int, turn: int | None, error: Exception, fence: int | None) -> Recorded:
    """Record a failed attempt, and say what follows.

    A StepRefused is final at once, a PersonNeeded parks the run; anything else is taken for transient up to the step's
    limit. `turn` is the attempt's round if it got so far, `fence` that of its lease, None when it took none. An
    independent step asks for nobody: the others must not wait until somebody came.
    """
    with transaction.atomic():
        run = WorkflowRun.objects.lock_for_failure(run_id, position, turn, fence)
        workflow = run and find_declaration(run)
        if workflow is None:
            return Recorded.NOTHING
        spec = workflow.specs[run.position]
        step_run = find_step_run(run, spec.name)
        limit = spec.retry.attempts if isinstance(spec, StepSpec) else RetryPolicy().attempts
        is_counted = fence is not None or isinstance(error, GivenUp)
        if not is_counted and run.attempts < limit:
            run.attempts += 1
        _note(run, step_run, error)
        is_final = isinstance(error, StepRefused) or run.attempts >= limit
        if workflow.independent and (is_final or isinstance(error, PersonNeeded)):
            _pass_over(workflow, run, step_run, error)
            return Recorded.PASSED_OVER
        if isinstance(error, PersonNeeded):
            _ask_person(run, step_run)
        elif is_final:
            refuse(run, step_run, error, has_prepared=isinstance(spec, StepSpec) and spec.prepare is not None)
            return Recorded.REFUSED
        else:
            longest = spec.retry.most_seconds if workflow.independent else LONGEST_REST_SECONDS
            _try_later(run, step_run, spec, error, longest)
    log.warning("Run %s, step %s, attempt %s failed: %s", run_id, spec.name, run.attempts, step_run.error)
    return Recorded.LATER


def _note(run: WorkflowRun, step_run: StepRun, error: Exception) -> None:
    """Give the lease back and put the error's words into the step's record."""
    run.lease_owner = ""
    run.lease_until = None
    step_run.attempts = run.attempts
    step_run.started_at = step_run.started_at or timezone.now()
    refused = isinstance(error, StepRefused)
    step_run.error = rules.storable(error.reason) if refused else rules.in_words(error)
    step_run.trace = "" if refused else rules.trace_of(error)


def _start(run: WorkflowRun) -> None:
    """Note the start of a run whose first attempt was rolled back, its start with it."""
    if run.state == WorkflowRun.State.PENDING:
        run.start()
        run.started_at = timezone.now()


def _try_later(run: WorkflowRun, step_run: StepRun, spec: Spec, error: Exception, longest: float) -> None:
    """Let the run rest: as long as the policy says, or as the vendor asked for, but not for longer than this."""
    _await_retry(step_run)
    policy = spec.retry if isinstance(spec, StepSpec) else RetryPolicy()
    asked_for = min(getattr(error, "retry_after", None) or 0, longest)
    pause = max(pause_before_attempt(policy, run.attempts + 1), asked_for)
    run.lease_until = run.wake_at = seconds_from_now(pause)
    run.save(update_fields=MOVED)
    tell(AttemptFailed, run, step=spec.name, attempt=run.attempts, error=step_run.error)


def _await_retry(step_run: StepRun) -> None:
    if step_run.state == StepRun.State.RUNNING:
        step_run.await_retry()
    step_run.save()


def _ask_person(run: WorkflowRun, step_run: StepRun) -> None:
    """Park the run at its step until somebody lets it try again, skips it or cancels the run."""
    _await_retry(step_run)
    _start(run)
    if run.state == WorkflowRun.State.RUNNING:
        run.wait()
    run.wake_at = None
    run.save(update_fields=MOVED)
    tell(PersonAsked, run, step=step_run.name, reason=step_run.error)


def refuse(run: WorkflowRun, step_run: StepRun, error: Exception, *, has_prepared: bool = False) -> None:
    """Record a verdict, and turn the run round; with nothing done before, not even prepared, it has simply failed.

    The run's row must be locked.
    """
    _fail(run, step_run, error)
    if run.state == WorkflowRun.State.WAITING:  # a wait that cannot even look
        run.go_on()
    let_go(run)
    run.error = f"{step_run.name}: {step_run.error}"
    if run.position == 0 and run.round == 1 and not has_prepared:
        run.fail()
        run.finished_at = step_run.finished_at
        wakes_after = None
    else:
        run.begin_compensation()
        wakes_after = timedelta(seconds=settings.RUN_DISPATCH_GRACE_SECONDS)
    WorkflowRun.objects.record(run, step_run, wakes_after)
    tell(RunRefused, run, step=step_run.name, reason=step_run.error)


def _fail(run: WorkflowRun, step_run: StepRun, error: Exception) -> None:
    """Note a verdict in a step's record; a run that has not even begun has begun with it."""
    if isinstance(error, StepRefused):
        step_run.outcome = rules.storable(error.outcome.model_dump(mode="json")) if error.outcome else step_run.outcome
        step_run.error = rules.storable(error.reason)
        for event in error.events:
            publish(event)
    step_run.fail()
    step_run.finished_at = timezone.now()
    _start(run)


def _pass_over(workflow: Workflow, run: WorkflowRun, step_run: StepRun, error: Exception) -> None:
    """Record that an independent step failed for good, name it in the run, and let the others have their turn."""
    _fail(run, step_run, error)
    failed = StepRun.objects.filter(run=run, state=StepRun.State.FAILED).order_by("position")
    run.error = rules.words_of_failed([*failed.values_list("name", flat=True), step_run.name], of=len(workflow.specs))
    tell(StepFailed, run, step=step_run.name, reason=step_run.error)
    go_on(workflow, run, step_run)
