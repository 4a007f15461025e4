"""Runs that wait for an event: how they begin to, how they are woken, and what happens when nobody answers.

A wait and its event cannot miss each other, because a run looks twice: before it begins to wait, and once more after
everybody can see that it waits. An event committed before the second look is found by it; one committed later finds
the run waiting. A worker killed in between changes nothing: until the second look the run is due.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Least
from django.utils import timezone

from apps.orchestration.api.events import WaitOverdue
from apps.orchestration.models import ClockTimestamp, OutboxEvent, StepRun, WorkflowRun, seconds_from_now
from apps.orchestration.services import carry, dispatch, failure
from apps.orchestration.services.declarations import declared
from apps.orchestration.services.progress import MOVED, find_step_run, go_on, let_go, tell
from apps.shared.events import Event
from apps.shared.workflow import StepRefused, WaitFor, Workflow

LOOKS_AGAIN_SECONDS = 3600
"""While two releases work side by side the older one may take an event for one that nobody waits for."""


def look(run: WorkflowRun, workflow: Workflow, wait: WaitFor) -> None:
    """Move a run on if its event is there; else let it wait, or escalate when its time is over.

    The run's row must be locked, and stand at this wait.
    """
    subject = run.waiting_on or _subject(run, workflow, wait)
    found = _find_event(run, wait, subject)
    if found is not None:
        _take(run, workflow, wait, found)
    elif run.state != WorkflowRun.State.WAITING:
        _begin(run, workflow, wait, subject)
    elif run.wait_until is not None and run.wait_until <= _database_time():
        _escalate(run, workflow, wait)
    else:
        run.wake_at = _next_look(run)
        run.save(update_fields=MOVED)


def _subject(run: WorkflowRun, workflow: Workflow, wait: WaitFor) -> UUID:
    """Return the id of the row the events must be about."""
    if wait.about is not None:
        carried: dict = {}
        carry.load(run, workflow, {wait.about}, carried)
        return carried[wait.about].id
    given = StepRun.objects.filter(run=run, position=run.position - 1, state=StepRun.State.SUCCEEDED)
    return UUID(given.order_by("-round").values_list("outcome__id", flat=True)[0])


def _find_event(run: WorkflowRun, wait: WaitFor, subject: UUID) -> OutboxEvent | None:
    """Return the first event that answers the wait, and that no wait of this run, or of one it runs again, has used."""
    used = [
        payload["event_id"]
        for outcome in StepRun.objects.filter(
            run__in=_reruns_of_the_same(run), name__startswith="wait_for_", outcome__isnull=False
        ).values_list("outcome", flat=True)
        for payload in outcome.values()
    ]
    about_it = OutboxEvent.objects.filter(aggregate_id=subject, name__in=wait.events).exclude(pk__in=used)
    return about_it.order_by("sequence").first()


def _reruns_of_the_same(run: WorkflowRun) -> list[UUID]:
    """List a run and those it runs again: what answered one of them is no answer to the next."""
    ids = [run.pk]
    before = run.rerun_of_id
    while before is not None:
        ids.append(before)
        before = WorkflowRun.objects.filter(pk=before).values_list("rerun_of_id", flat=True).first()
    return ids


def _take(run: WorkflowRun, workflow: Workflow, wait: WaitFor, found: OutboxEvent) -> None:
    event: Event = carry.read_outcome(workflow, run.position, {found.name: found.payload})
    step_run = _step_run(run, wait)
    step_run.outcome = {found.name: found.payload}
    if run.state == WorkflowRun.State.WAITING:
        run.go_on()
    if not wait.accept(event):
        step_run.save()
        failure.refuse(run, step_run, StepRefused(_as_refusal(event)))
        dispatch.ring_back_on_commit(run)
        return
    step_run.succeed()
    step_run.finished_at = timezone.now()
    step_run.save()
    go_on(workflow, run)


def _as_refusal(event: Event) -> str:
    reason = getattr(event, "reason", "")
    return f"{event.name}: {reason}" if reason else event.name


def _step_run(run: WorkflowRun, wait: WaitFor) -> StepRun:
    step_run = find_step_run(run, wait.name)
    if step_run.state == StepRun.State.PENDING:
        step_run.start()
        step_run.started_at = timezone.now()
        step_run.attempts = 1
    return step_run


def _begin(run: WorkflowRun, workflow: Workflow, wait: WaitFor, subject: UUID) -> None:
    """Let a run wait, due for its second look at once."""
    _step_run(run, wait).save()
    let_go(run)
    run.wait()
    run.waiting_for, run.waiting_on = list(wait.events), subject
    run.wait_until = _after(wait.within)
    run.wake_at = seconds_from_now(settings.RUN_DISPATCH_GRACE_SECONDS)
    run.save(update_fields=MOVED)
    dispatch.ring_on_commit(workflow, run)


def _next_look(run: WorkflowRun) -> Combinable:
    """Return when a waiting run looks for itself: when its time is over, and in any case within the hour."""
    again = seconds_from_now(LOOKS_AGAIN_SECONDS)
    return again if run.wait_until is None else Least(Value(run.wait_until), again)


def _after(within: timedelta | None) -> Combinable | None:
    return None if within is None else seconds_from_now(within.total_seconds())


def _database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def _escalate(run: WorkflowRun, workflow: Workflow, wait: WaitFor) -> None:
    """Tell that nobody answered, and do what the workflow declares for it."""
    tell(WaitOverdue, run, step=wait.name, waits_for=tuple(wait.events), about=run.waiting_on, then=wait.on_timeout)
    step_run = _step_run(run, wait)
    words = f"Nobody answered within {wait.within}."
    if wait.on_timeout == "remind":
        step_run.error = words
        step_run.save()
        run.wait_until = _after(wait.within)
        run.wake_at = seconds_from_now(min(wait.within.total_seconds(), LOOKS_AGAIN_SECONDS))
        run.save(update_fields=MOVED)
        return
    run.go_on()
    if wait.on_timeout == "compensate":
        failure.refuse(run, step_run, StepRefused(words))
        dispatch.ring_back_on_commit(run)
        return
    step_run.skip()
    step_run.error = words
    step_run.finished_at = timezone.now()
    step_run.save()
    go_on(workflow, run)


def wake(event: Event) -> None:
    """Let every run that waits for this event look again; call it after the event is committed."""
    waiting = WorkflowRun.objects.waiting_for(event.name, event.aggregate_id)
    for run in waiting.defer("inputs"):
        WorkflowRun.objects.filter(pk=run.pk, state=WorkflowRun.State.WAITING).update(wake_at=ClockTimestamp())
        workflow = declared(run)
        if workflow is not None:
            dispatch.ring_on_commit(workflow, run)
