"""A person commands a run."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from apps.identity.models import User
from apps.observability.models import AuditEntry
from apps.orchestration.models import OutboxEvent, StepRun, WorkflowRun, seconds_from_now
from apps.orchestration.services import advance, commands, compensate, dispatch
from apps.orchestration.services.control import ReasonMissing
from apps.orchestration.services.sweep import move
from apps.orchestration.tests.conftest import finish
from apps.orchestration.workflows import get_workflow
from bench.probe.models import ProbeRow
from bench.probe.people import ProbeApproved, decide
from bench.probe.steps import prepared_two

Run = Callable[..., WorkflowRun]
STEPS = ("one", "two", "three", "four", "five")


@pytest.fixture
def resting(start_probe: Run, faults: Callable, monkeypatch: pytest.MonkeyPatch) -> WorkflowRun:
    """A run that rests for an hour after a failed attempt of its second step."""
    monkeypatch.setattr("apps.orchestration.services.failure.pause_before_attempt", lambda policy, attempt: 3600)
    faults("two.written", fault="transient")
    run = start_probe()
    assert advance.run_link(run.pk, 0) is advance.Result.LATER
    run.refresh_from_db()
    return run


def audit_of(run: WorkflowRun, action: str) -> AuditEntry:
    """Return the entry of a command."""
    return AuditEntry.objects.get(run_id=run.pk, action=action)


def test_retries_a_step_without_waiting_out_its_pause(resting: WorkflowRun, strategist: User) -> None:
    commands.retry_step(resting, by=strategist.pk, reason="The vendor is back.")
    run = finish(resting)
    assert run.state == "COMPLETED"
    assert (audit_of(run, "StepRetried").actor_id, audit_of(run, "StepRetried").reason) == (
        strategist.pk,
        "The vendor is back.",
    )


def test_gives_a_retried_step_all_its_attempts_anew(resting: WorkflowRun, strategist: User) -> None:
    WorkflowRun.objects.filter(pk=resting.pk).update(attempts=2)
    commands.retry_step(resting, by=strategist.pk)
    resting.refresh_from_db()
    assert (resting.attempts, resting.retried) == (0, 1)


def test_does_not_retry_what_a_worker_has_in_hand(start_probe: Run, strategist: User) -> None:
    run = start_probe("probe_prepared")
    advance.run_link(run.pk, 0)
    WorkflowRun.objects.filter(pk=run.pk).update(lease_owner="desk:1:1", lease_until=seconds_from_now(60))
    run.refresh_from_db()
    with pytest.raises(commands.CommandRefused, match="desk:1:1 is working on it"):
        commands.retry_step(run, by=strategist.pk)


def test_lets_a_parked_step_try_again(start_probe: Run, strategist: User) -> None:
    run = finish(start_probe("probe_ask", label="signature"))
    assert (run.state, run.wake_at) == ("WAITING", None)
    told = OutboxEvent.objects.get(run_id=run.pk, name="PersonAsked").payload
    assert told["reason"] == "PersonNeeded: Leave a row named 'signature', then try again."
    ProbeRow.objects.create(step="signature")
    commands.retry_step(run, by=strategist.pk, reason="signed")
    assert finish(run).state == "COMPLETED"


@pytest.mark.parametrize("position", range(5))
def test_cancels_at_every_step(start_probe: Run, strategist: User, faults: Callable, position: int) -> None:
    if position:
        faults(f"{STEPS[position]}.written", fault="transient")
    run = start_probe()
    if position:
        advance.run_link(run.pk, 0)
    commands.cancel(run, by=strategist.pk, reason="The client withdrew.")
    run = finish(run)
    assert (run.state, run.error) == ("CANCELLED", "Cancelled: The client withdrew.")
    assert not ProbeRow.objects.of_run(run.pk).exists()
    assert OutboxEvent.objects.filter(run_id=run.pk, name="RunCancelled").count() == 1
    assert audit_of(run, "CancellationAsked").reason == "The client withdrew."


def test_drops_what_was_prepared_for_a_cancelled_run(
    start_probe: Run, strategist: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_probe("probe_prepared")
    advance.run_link(run.pk, 0)

    def cancelled(name: str, key: object) -> None:
        if name == "prepared_two.prepared":
            commands.cancel(run, by=strategist.pk, reason="late")

    monkeypatch.setattr("apps.orchestration.services.advance.fault_point", cancelled)
    assert advance.run_link(run.pk, 1) is advance.Result.NOTHING
    assert finish(run).state == "CANCELLED"
    assert not ProbeRow.objects.of_run(run.pk).exists()
    assert run.step_runs.get(name="prepared_two").state == "FAILED"


def test_cancels_a_waiting_run(start_probe: Run, strategist: User) -> None:
    run = finish(start_probe("probe_wait"))
    commands.cancel(run, by=strategist.pk, reason="no answer needed")
    assert finish(run).state == "CANCELLED"
    assert not WorkflowRun.objects.waiting_for("ProbeApproved", run.waiting_on or run.pk).exists()


def test_does_not_cancel_what_has_ended(run_probe: Run, strategist: User) -> None:
    with pytest.raises(commands.CommandRefused, match="COMPLETED"):
        commands.cancel(run_probe(), by=strategist.pk, reason="too late")


@pytest.mark.parametrize("command", [commands.cancel, commands.compensate_run, commands.skip_step])
def test_asks_why(start_probe: Run, strategist: User, command: Callable) -> None:
    with pytest.raises(ReasonMissing):
        command(start_probe(), by=strategist.pk, reason="")


def test_takes_a_completed_run_back(run_probe: Run, strategist: User) -> None:
    run = run_probe()
    commands.compensate_run(run, by=strategist.pk, reason="Sent to the wrong client.")
    run = finish(run)
    assert (run.state, run.error) == ("CANCELLED", "Taken back: Sent to the wrong client.")
    assert not ProbeRow.objects.of_run(run.pk).exists()


def test_lists_what_cannot_be_taken_back(start_probe: Run, strategist: User) -> None:
    run = finish(start_probe("probe_wait"))
    decide(ProbeApproved, run.waiting_on)
    move(run.pk)
    commands.compensate_run(run, by=strategist.pk, reason="wrong")
    run = finish(run)
    left = [{"what": "A letter was sent.", "todo": "Write to the client that it is void."}]
    assert run.step_runs.get(name="send_answer").irreversible == left
    assert OutboxEvent.objects.get(run_id=run.pk, name="RunCancelled").payload["left"] == left


def test_skips_a_wait_that_nothing_needs(start_probe: Run, strategist: User) -> None:
    run = finish(start_probe("probe_wait"))
    commands.skip_step(run, by=strategist.pk, reason="She said yes on the phone.")
    run = finish(run)
    skipped = run.step_runs.get(position=1)
    assert (run.state, skipped.state, skipped.error) == ("COMPLETED", "SKIPPED", "Skipped: She said yes on the phone.")


def test_does_not_skip_what_a_later_step_needs(resting: WorkflowRun, strategist: User) -> None:
    with pytest.raises(commands.CommandRefused, match="later steps need its Two"):
        commands.skip_step(resting, by=strategist.pk, reason="never mind")


def test_skips_the_last_step_and_completes(start_probe: Run, faults: Callable, strategist: User) -> None:
    faults("five.written", fault="transient")
    run = start_probe()
    advance.run_link(run.pk, 0)
    run.refresh_from_db()
    commands.skip_step(run, by=strategist.pk, reason="Not this month.")
    run.refresh_from_db()
    assert (run.state, run.step_runs.get(name="five").state) == ("COMPLETED", "SKIPPED")


def test_runs_again_from_the_same_inputs(run_probe: Run, strategist: User) -> None:
    run = run_probe(refuse_at="three")
    new = commands.rerun(run, by=strategist.pk, reason="The brief is right now.")
    assert (new.inputs, new.rerun_of_id, new.started_by_id) == (run.inputs, run.pk, strategist.pk)
    assert finish(new).state == "COMPENSATED"
    assert audit_of(run, "RunRerun").facts["new_run_id"] == str(new.pk)


def test_does_not_run_again_twice_at_once(run_probe: Run, strategist: User) -> None:
    run = run_probe()
    first = commands.rerun(run, by=strategist.pk)
    with pytest.raises(commands.CommandRefused, match=str(first.pk)):
        commands.rerun(run, by=strategist.pk)
    finish(first)
    assert commands.rerun(run, by=strategist.pk).pk != first.pk


def test_resumes_a_run_whose_message_is_far_away(
    start_probe: Run, strategist: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_probe()
    WorkflowRun.objects.filter(pk=run.pk).update(wake_at=seconds_from_now(3600))
    rung: list = []
    monkeypatch.setattr(dispatch, "ring_forward", lambda *arguments: rung.append(arguments[1:]) or True)
    commands.resume(run, by=strategist.pk, reason="hurry")
    assert rung == [(run.pk, 0)]
    assert WorkflowRun.objects.due().filter(pk=run.pk).exists()


def test_does_not_resume_what_this_release_does_not_know(start_probe: Run, strategist: User) -> None:
    run = start_probe()
    WorkflowRun.objects.filter(pk=run.pk).update(version=99)
    with pytest.raises(commands.CommandRefused, match="Waits for a release that knows probe_five v99"):
        commands.resume(run, by=strategist.pk)


def test_leaves_everything_as_it_was_when_refused(run_probe: Run, strategist: User) -> None:
    run = run_probe()
    told = OutboxEvent.objects.count()
    for command in (commands.cancel, commands.skip_step, commands.rework, commands.accept_round):
        with pytest.raises(commands.CommandRefused):
            command(run, by=strategist.pk, reason="try")
    assert OutboxEvent.objects.count() == told
    assert StepRun.objects.filter(run=run, state="SUCCEEDED").count() == len(get_workflow("probe_five").specs)


def test_does_not_skip_another_step_than_the_person_saw(start_probe: Run, strategist: User) -> None:
    seen = finish(start_probe("probe_wait"))
    decide(ProbeApproved, seen.waiting_on)
    WorkflowRun.objects.filter(pk=seen.pk).update(position=2, state="RUNNING")
    with pytest.raises(commands.CommandRefused, match="has moved on to line 3"):
        commands.skip_step(seen, by=strategist.pk, reason="never mind")


def test_resumes_a_run_that_rests_after_a_failed_attempt(resting: WorkflowRun, strategist: User) -> None:
    commands.resume(resting, by=strategist.pk)
    assert finish(resting).state == "COMPLETED"


@pytest.mark.parametrize("workflow", ["probe_ask", "probe_rounds"])
def test_does_not_resume_what_a_person_must_move(start_probe: Run, strategist: User, workflow: str) -> None:
    run = finish(start_probe(workflow, label="99"))
    with pytest.raises(commands.CommandRefused, match="A person has to move first"):
        commands.resume(run, by=strategist.pk)


def test_does_not_skip_where_a_decision_is_due(start_probe: Run, strategist: User) -> None:
    run = finish(start_probe("probe_rounds", label="99"))
    with pytest.raises(commands.CommandRefused, match="decide on it instead"):
        commands.skip_step(run, by=strategist.pk, reason="never mind")


def test_says_that_a_worker_holds_the_run(start_probe: Run, strategist: User) -> None:
    run = start_probe()
    other = connection.copy()
    try:
        other.set_autocommit(False)
        other.cursor().execute("SELECT 1 FROM orchestration_workflowrun WHERE id = %s FOR UPDATE", [run.pk])
        with transaction.atomic():
            connection.cursor().execute("SET LOCAL lock_timeout = '100ms'")
            with pytest.raises(commands.CommandRefused, match="in the middle of its step"):
                commands.cancel(run, by=strategist.pk, reason="now")
    finally:
        other.close()


def test_waits_with_taking_back_until_the_worker_is_done(
    start_probe: Run, strategist: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, order = start_probe("probe_prepared"), []
    advance.run_link(run.pk, 0)

    def preparing(*, run: object, **needs: object) -> str:
        commands.cancel(WorkflowRun.objects.get(pk=run.id), by=strategist.pk, reason="late")  # type: ignore[attr-defined]
        compensate.take_back(run.id)  # type: ignore[attr-defined]
        order.append("prepared")
        return ""

    monkeypatch.setitem(vars(prepared_two.spec), "prepare", preparing)
    monkeypatch.setitem(vars(prepared_two.spec), "compensate", lambda run: order.append("taken back"))
    assert advance.run_link(run.pk, 1) is advance.Result.NOTHING
    assert finish(run, seconds=5).state == "CANCELLED"
    assert order == ["prepared", "taken back"]
