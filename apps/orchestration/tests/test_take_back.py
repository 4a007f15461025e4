"""A run is taken back."""

from collections.abc import Callable

import pytest

from apps.identity.models import User
from apps.orchestration.models import OutboxEvent, WorkflowRun
from apps.orchestration.services import advance, commands, compensate, dispatch
from apps.orchestration.tests.conftest import finish
from apps.shared.workflow import Irreversible, RunContext
from bench.probe import steps
from bench.probe.models import ProbeRow

Run = Callable[..., WorkflowRun]


@pytest.fixture
def _quick_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.orchestration.services.compensate.pause_before_attempt", lambda policy, attempt: 0.01)


@pytest.mark.parametrize("workflow", ["probe_five", "probe_prepared"])
@pytest.mark.parametrize("step", ["two", "three", "four", "five"])
def test_leaves_no_row_of_the_run(run_probe: Run, workflow: str, step: str) -> None:
    run = run_probe(workflow, refuse_at=step)
    assert run.state == "COMPENSATED"
    assert not ProbeRow.objects.of_run(run.pk).exists()


def test_goes_backwards(run_probe: Run) -> None:
    run = run_probe(refuse_at="five")
    taken_back = run.step_runs.filter(state="COMPENSATED").order_by("compensated_at")
    assert [step.name for step in taken_back] == ["four", "three", "two", "one"]
    assert run.step_runs.get(name="five").state == "FAILED"


def test_keeps_the_verdict_of_the_step_that_refused(run_probe: Run) -> None:
    run = run_probe(refuse_at="three", label="not good enough")
    third = run.step_runs.get(name="three")
    assert (third.outcome, third.error) == ({"label": "not good enough"}, "three was told to refuse")
    assert run.error == "three: three was told to refuse"


def test_fails_without_compensating_when_nothing_had_been_done(run_probe: Run) -> None:
    run = run_probe(refuse_at="one")
    assert run.state == "FAILED"
    assert not run.step_runs.filter(state="COMPENSATED").exists()


def test_leaves_other_runs_rows_alone(run_probe: Run) -> None:
    kept, by_hand = run_probe(), ProbeRow.objects.create(step="four")
    run_probe(refuse_at="five")
    assert ProbeRow.objects.of_run(kept.pk).count() == 5
    assert ProbeRow.objects.filter(pk=by_hand.pk).exists()


def test_may_be_told_twice(run_probe: Run) -> None:
    run = run_probe(refuse_at="five")
    compensate.take_back(run.pk)
    run.refresh_from_db()
    assert run.state == "COMPENSATED"
    assert OutboxEvent.objects.filter(run_id=run.pk, name="RunCompensated").count() == 1


@pytest.mark.usefixtures("_quick_pauses")
def test_tries_a_failing_compensation_again(run_probe: Run, faults: Callable) -> None:
    plan = faults("two.withdrawn", fault="error")
    run = run_probe(refuse_at="four")
    assert not plan.exists()
    assert run.state == "COMPENSATED"
    assert not ProbeRow.objects.of_run(run.pk).exists()
    told = OutboxEvent.objects.get(run_id=run.pk, name="CompensationFailed").payload
    assert (told["step"], told["attempt"], told["error"]) == ("two", 1, "RuntimeError: planned at two.withdrawn")


def test_heeds_the_pause_after_a_failure(start_probe: Run, faults: Callable) -> None:
    faults("two.withdrawn", fault="error")
    run = start_probe(refuse_at="four")
    advance.run_link(run.pk, 0)
    compensate.take_back(run.pk)
    compensate.take_back(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("COMPENSATING", 1)


def test_leaves_a_run_of_another_release_alone(start_probe: Run) -> None:
    run = start_probe(refuse_at="four")
    advance.run_link(run.pk, 0)
    WorkflowRun.objects.filter(pk=run.pk).update(version=99)
    for _ in range(6):
        compensate.take_back(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("COMPENSATING", 0)


@pytest.fixture
def stuck(start_probe: Run, monkeypatch: pytest.MonkeyPatch, _quick_pauses: None) -> WorkflowRun:
    """A run whose second step cannot be taken back."""

    def always(name: str, key: object) -> None:
        if name == "two.withdrawn":
            raise ConnectionError("the archive is closed")

    with monkeypatch.context() as patch:
        patch.setattr("apps.orchestration.services.compensate.fault_point", always)
        return finish(start_probe(refuse_at="four"))


def test_gets_stuck_when_a_compensation_fails_for_good(stuck: WorkflowRun) -> None:
    assert stuck.state == "STUCK"
    assert "Stuck while taking back two: ConnectionError: the archive is closed" in stuck.error
    assert sorted(ProbeRow.objects.of_run(stuck.pk).values_list("step", flat=True)) == ["one", "two"]
    states = dict(stuck.step_runs.values_list("name", "state"))
    assert states == {"one": "SUCCEEDED", "two": "SUCCEEDED", "three": "COMPENSATED", "four": "FAILED"}


def test_calls_a_person_when_stuck(stuck: WorkflowRun) -> None:
    alert = OutboxEvent.objects.get(run_id=stuck.pk, name="RunStuck")
    assert (alert.payload["step"], alert.payload["error"]) == ("two", "ConnectionError: the archive is closed")


def test_goes_on_when_a_person_says_so(stuck: WorkflowRun, strategist: User) -> None:
    commands.retry_compensation(stuck, by=strategist.pk, reason="the archive is open again")
    run = finish(stuck)
    assert run.state == "COMPENSATED"
    assert not ProbeRow.objects.of_run(run.pk).exists()


def test_is_not_repeated_for_a_run_that_is_not_stuck(run_probe: Run, strategist: User) -> None:
    with pytest.raises(commands.CommandRefused):
        commands.retry_compensation(run_probe(), by=strategist.pk)


def test_never_begins_for_a_run_that_goes_forward(start_probe: Run) -> None:
    run = start_probe("probe_prepared")
    advance.run_link(run.pk, 0)
    compensate.take_back(run.pk)
    assert ProbeRow.objects.of_run(run.pk).count() == 1


def _failing_times(monkeypatch: pytest.MonkeyPatch, times: dict[str, int]) -> None:
    """Let withdrawals fail, each so many times."""
    honest = steps.withdraw

    def withdraw(name: str, run: RunContext) -> None:
        if times.get(name, 0) > 0:
            times[name] -= 1
            raise ConnectionError("the archive is closed")
        honest(name, run)

    monkeypatch.setattr(steps, "withdraw", withdraw)


@pytest.mark.usefixtures("_quick_pauses")
def test_does_not_take_an_error_for_a_success(run_probe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _failing_times(monkeypatch, {"two": 99})
    run = run_probe(refuse_at="four")
    assert (run.state, run.wake_at, ProbeRow.objects.of_run(run.pk).count()) == ("STUCK", None, 2)


@pytest.mark.usefixtures("_quick_pauses")
def test_counts_attempts_for_each_compensation_anew(run_probe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _failing_times(monkeypatch, {"three": 4, "two": 4})
    assert run_probe(refuse_at="four").state == "COMPENSATED"


@pytest.mark.usefixtures("_quick_pauses")
def test_gives_all_attempts_anew_when_a_person_sends_it_on(
    run_probe: Run, strategist: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    _failing_times(monkeypatch, {"two": 9})
    run = run_probe(refuse_at="four")
    commands.retry_compensation(run, by=strategist.pk)
    assert finish(run).state == "COMPENSATED"


@pytest.mark.usefixtures("_quick_pauses")
def test_wakes_a_worker_when_a_person_sends_it_on(
    run_probe: Run, strategist: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    _failing_times(monkeypatch, {"two": 99})
    run, rung = run_probe(refuse_at="four"), []
    monkeypatch.setattr(dispatch, "ring_back", rung.append)
    commands.retry_compensation(run, by=strategist.pk)
    assert rung == [run.pk]


@pytest.mark.parametrize("ends", ["cancelled", "skipped"])
def test_lists_what_a_step_left_that_did_not_succeed(
    start_probe: Run, strategist: User, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    """A step's prepare may have sent something before the step was given up."""
    run = start_probe("probe_prepared")
    advance.run_link(run.pk, 0)
    left = Irreversible(what="A letter was sent.", todo="Write again.")
    monkeypatch.setitem(vars(steps.prepared_two.spec), "compensate", lambda run: (left,))
    monkeypatch.setattr("apps.orchestration.services.failure.pause_before_attempt", lambda policy, attempt: 3600)
    with monkeypatch.context() as patch:
        patch.setitem(vars(steps.prepared_two.spec), "prepare", _broken)
        assert advance.run_link(run.pk, 1) is advance.Result.LATER
    if ends == "skipped":
        monkeypatch.setattr("apps.orchestration.rules.skip_problem", lambda workflow, position: "")
        run.refresh_from_db()
        commands.skip_step(run, by=strategist.pk, reason="not needed")
    run.refresh_from_db()
    commands.cancel(run, by=strategist.pk, reason="never mind")
    assert finish(run).state == "CANCELLED"
    told = OutboxEvent.objects.get(run_id=run.pk, name="RunCancelled").payload["left"]
    assert told == [left.model_dump()]


def _broken(**needs: object) -> None:
    raise ConnectionError("away")
