"""A run waits."""

import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.orchestration.models import OutboxEvent, StepRun, WorkflowRun, seconds_from_now
from apps.orchestration.services import advance, waits
from apps.orchestration.services.outbox import dispatch_events
from apps.orchestration.services.sweep import move, sweep
from apps.orchestration.tests.conftest import finish, wait_for_end
from apps.orchestration.workflows import get_workflow
from bench.probe.models import ProbeRow
from bench.probe.people import ProbeApproved, ProbeRejected, decide

Start = Callable[..., WorkflowRun]


@pytest.fixture
def waiting(start_probe: Start) -> Callable[[str], WorkflowRun]:
    """A run that stands at its wait."""

    def start(workflow: str = "probe_wait") -> WorkflowRun:
        run = start_probe(workflow)
        move(run.pk)
        run.refresh_from_db()
        assert run.state == "WAITING"
        return run

    return start


def made(run: WorkflowRun) -> UUID:
    """Return the id of the row a run waits to have decided."""
    return ProbeRow.objects.of_run(run.pk).get(step="one").pk


def approve_unheard(run: WorkflowRun) -> None:
    """Approve what a run waits for, as a release does that knows of nobody who waits: nothing follows from it."""
    event = ProbeApproved(aggregate_id=made(run))
    OutboxEvent.objects.create(
        id=event.event_id,
        name="ProbeApproved",
        aggregate="probe.proberow",
        aggregate_id=event.aggregate_id,
        payload=event.model_dump(mode="json"),
        occurred_at=event.occurred_at,
        dispatched_at=event.occurred_at,
    )


def test_holds_no_lock_no_lease_and_no_attempt(waiting: Callable) -> None:
    run = waiting()
    assert (run.waiting_for, run.waiting_on) == (["ProbeApproved", "ProbeRejected"], made(run))
    assert (run.lease_until, run.lease_owner, run.attempts) == (None, "", 0)


def test_goes_on_when_the_event_comes_and_hands_it_to_the_next_step(waiting: Callable) -> None:
    run = waiting()
    decided = decide(ProbeApproved, made(run), words="well done")
    dispatch_events()
    assert finish(run).state == "COMPLETED"
    assert run.step_runs.get(position=1).outcome["ProbeApproved"]["event_id"] == str(decided.event_id)
    assert ProbeRow.objects.of_run(run.pk).filter(step="letter").count() == 1


def test_is_taken_back_when_the_answer_is_no(waiting: Callable) -> None:
    run = waiting()
    decide(ProbeRejected, made(run), reason="too long")
    dispatch_events()
    assert finish(run).state == "COMPENSATED"
    assert run.error == "wait_for_probe_approved: ProbeRejected: too long"
    assert not ProbeRow.objects.of_run(run.pk).exists()


def test_finds_an_event_that_came_before_it_began_to_wait(start_probe: Start) -> None:
    run = start_probe("probe_wait")
    original, advance_link = waits.look, advance.run_link

    def late(*arguments: object) -> None:
        decide(ProbeApproved, made(run))
        original(*arguments)

    waits.look = late  # type: ignore[assignment]
    try:
        advance_link(run.pk, 0)
    finally:
        waits.look = original
    assert finish(run).state == "COMPLETED"
    assert not WorkflowRun.objects.filter(state="WAITING").exists()


def test_finds_an_event_that_came_between_its_two_looks(start_probe: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """The event is dispatched while nobody can see yet that the run waits: only the second look can find it."""
    run = start_probe("probe_wait")
    begin = waits._begin

    def decided_meanwhile(*arguments: object) -> None:
        begin(*arguments)
        approve_unheard(run)

    monkeypatch.setattr(waits, "_begin", decided_meanwhile)
    advance.run_link(run.pk, 0)
    run.refresh_from_db()
    assert (run.state, run.wake_at is not None) == ("WAITING", True)
    assert finish(run).state == "COMPLETED"


def test_looks_for_itself_within_the_hour_whoever_lost_its_wake_up(waiting: Callable) -> None:
    run = waiting()
    within = WorkflowRun.objects.filter(pk=run.pk, wake_at__gt=seconds_from_now(3500))
    assert within.filter(wake_at__lt=seconds_from_now(3601)).exists()
    approve_unheard(run)
    WorkflowRun.objects.filter(pk=run.pk).update(wake_at=seconds_from_now(-1))
    sweep()
    assert finish(run).state == "COMPLETED"


def test_is_parked_and_not_taken_back_when_the_answer_cannot_be_read(waiting: Callable) -> None:
    run = waiting()
    event = decide(ProbeApproved, made(run))
    OutboxEvent.objects.filter(pk=event.event_id).update(payload={"colour": "of a later release"})
    advance.run_link(run.pk, 1)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("WAITING", 0)
    assert "can read its ProbeApproved" in run.parked
    assert run.wake_at is not None


def test_is_refused_when_it_cannot_even_look(waiting: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    run = waiting()
    monkeypatch.setattr("apps.orchestration.services.failure.pause_before_attempt", lambda policy, attempt: 0)

    def broken(*arguments: object) -> None:
        raise KeyError("a bug in accept")

    monkeypatch.setattr(waits, "_find_event", broken)
    for _ in range(4):
        advance.run_link(run.pk, 1)
    run.refresh_from_db()
    assert (run.state, "a bug in accept" in run.error) == ("COMPENSATING", True)


def test_does_not_take_an_event_about_another_row(waiting: Callable) -> None:
    run, other = waiting(), waiting()
    decide(ProbeApproved, made(other))
    dispatch_events()
    assert finish(other).state == "COMPLETED"
    move(run.pk)
    run.refresh_from_db()
    assert run.state == "WAITING"


def test_takes_an_event_once(waiting: Callable) -> None:
    run = waiting()
    decide(ProbeApproved, made(run))
    StepRun.objects.create(
        run=run,
        position=9,
        name="wait_for_something",
        outcome={"ProbeApproved": {"event_id": str(OutboxEvent.objects.get(name="ProbeApproved").pk)}},
    )
    move(run.pk)
    run.refresh_from_db()
    assert run.state == "WAITING"


def test_is_woken_twice_without_harm(waiting: Callable) -> None:
    run = waiting()
    event = decide(ProbeApproved, made(run))
    waits.wake(event)
    waits.wake(event)
    finish(run)
    assert advance.run_link(run.pk, 1) is advance.Result.NOTHING
    assert ProbeRow.objects.of_run(run.pk).filter(step="letter").count() == 1


def _overdue(run: WorkflowRun) -> WorkflowRun:
    time.sleep(1.1)
    assert sweep() == 1
    move(run.pk)
    run.refresh_from_db()
    return run


def test_reminds_and_waits_once_more(waiting: Callable) -> None:
    run = _overdue(waiting("probe_remind"))
    assert run.state == "WAITING"
    told = OutboxEvent.objects.get(run_id=run.pk, name="WaitOverdue").payload
    assert (told["then"], told["waits_for"]) == ("remind", ["ProbeApproved", "ProbeRejected"])
    assert abs(run.wake_at - run.wait_until) < timedelta(seconds=0.5), "due again when its new time is over"
    decide(ProbeApproved, made(run))
    dispatch_events()
    assert finish(run).state == "COMPLETED"


def test_goes_on_without_an_answer_where_the_workflow_says_so(waiting: Callable) -> None:
    run = finish(_overdue(waiting("probe_proceed")))
    assert run.state == "COMPLETED"
    assert run.step_runs.get(position=1).state == "SKIPPED"


def test_is_taken_back_without_an_answer_where_the_workflow_says_so(waiting: Callable) -> None:
    run = finish(_overdue(waiting("probe_expire")))
    assert run.state == "COMPENSATED"
    assert "Nobody answered within 0:00:01" in run.error


def test_looks_once_more_before_it_escalates(waiting: Callable) -> None:
    run = waiting("probe_expire")
    decide(ProbeApproved, made(run))  # and nobody dispatched it
    time.sleep(1.1)
    assert finish(run).state == "COMPLETED"


def test_costs_nothing_while_it_waits(waiting: Callable) -> None:
    waiting()
    with CaptureQueriesContext(connection) as captured:
        assert sweep() == 0
    asked = [query["sql"] for query in captured if "workflowrun" in query["sql"]]
    assert len(asked) == 2, "which runs are due, and which of them are another release's"


@pytest.mark.worker
def test_goes_on_by_the_workers_alone(start_probe: Start, worker: Callable) -> None:
    worker()
    runs = [start_probe("probe_wait") for _ in range(10)]
    deadline = time.monotonic() + 30
    while WorkflowRun.objects.filter(state="WAITING").count() < 10:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    for run in runs:
        decide(ProbeApproved, made(run))
    while WorkflowRun.objects.filter(state="WAITING").exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    wait_for_end(*runs)
    assert {run.state for run in runs} == {"COMPLETED"}


def test_takes_an_answer_that_was_published_before_it_began_and_committed_after(start_probe: Start) -> None:
    """Whoever decides may hold his transaction open for long: events commit in another order than they are counted."""
    first = OutboxEvent.objects.create(
        id=uuid7(), name="Other", aggregate="x", aggregate_id=uuid7(), payload={}, occurred_at=timezone.now()
    )
    run = start_probe("probe_wait")
    move(run.pk)
    event = decide(ProbeApproved, made(run))
    OutboxEvent.objects.filter(pk=event.event_id).update(sequence=first.sequence - 1)
    dispatch_events()
    assert finish(run).state == "COMPLETED"


def test_is_not_answered_by_what_answered_the_run_it_runs_again(start_probe: Start) -> None:
    seed = uuid7()
    runs = [start_probe("probe_wait"), start_probe("probe_wait")]
    WorkflowRun.objects.filter(pk=runs[1].pk).update(rerun_of=runs[0])
    event = decide(ProbeApproved, seed)
    StepRun.objects.create(
        run=runs[0],
        position=1,
        name="wait_for_probe_approved",
        outcome={"ProbeApproved": event.model_dump(mode="json")},
    )
    wait = get_workflow("probe_wait").specs[1]
    again = WorkflowRun.objects.get(pk=runs[1].pk)
    assert waits._find_event(again, wait, seed) is None
    WorkflowRun.objects.filter(pk=runs[1].pk).update(rerun_of=None)
    assert waits._find_event(WorkflowRun.objects.get(pk=runs[1].pk), wait, seed).pk == event.event_id
