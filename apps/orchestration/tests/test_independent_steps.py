"""Steps that are independent of one another …"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.tests.factories import UserFactory
from apps.orchestration.models import OutboxEvent, WorkflowRun, seconds_from_now
from apps.orchestration.queries.commands import possible_commands
from apps.orchestration.queries.invariants import audit_runs
from apps.orchestration.queries.metrics import measure
from apps.orchestration.queries.runs import describe_run
from apps.orchestration.services import advance, commands
from apps.orchestration.tests.conftest import finish, wait_for_end
from apps.shared.workflow import Rounds, StepRefused, TransientFailure, WaitFor, Workflow
from bench.probe.apart import _quick as quick
from bench.probe.models import ProbeRow
from bench.probe.people import ProbeApproved
from bench.probe.steps import Seed, one, three

Run = Callable[..., WorkflowRun]

STEPS = ["apart_one", "apart_two", "apart_three", "apart_four", "apart_five"]


def _states(run: WorkflowRun) -> list[str]:
    return list(run.step_runs.order_by("position").values_list("state", flat=True))


def _all_but(*failed: str) -> list[str]:
    return ["FAILED" if name in failed else "SUCCEEDED" for name in STEPS]


def _rows(run: WorkflowRun) -> set[str]:
    return set(ProbeRow.objects.of_run(run.pk).values_list("step", flat=True))


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let steps raise after they wrote their rows, each time they are tried."""

    def plan(error: Exception, *names: str) -> None:
        def always(point: str, key: object) -> None:
            if point in [f"{name}.written" for name in names]:
                raise error

        monkeypatch.setattr("apps.orchestration.services.advance.fault_point", always)

    return plan


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("how", ["refuse_at", "label"])
def test_go_on_when_one_of_them_says_no_or_asks_for_a_person(run_probe: Run, name: str, how: str) -> None:
    run = run_probe("probe_apart", **{how: name})
    assert (run.state, _states(run)) == ("COMPLETED", _all_but(name))
    assert run.error == f"1 of 5 steps failed: {name}."
    assert name in run.step_runs.get(name=name).error
    assert _rows(run) == {*STEPS} - {name}, "what the failed one wrote is rolled back, and nothing else"
    assert audit_runs().violations == []


@pytest.mark.parametrize("name", STEPS)
def test_go_on_when_one_of_them_fails_as_often_as_it_may(start_probe: Run, failing: Callable, name: str) -> None:
    failing(ConnectionError("the server is away"), name)
    run = finish(start_probe("probe_apart"))
    failed = run.step_runs.get(name=name)
    assert (run.state, _states(run)) == ("COMPLETED", _all_but(name))
    assert (failed.attempts, failed.error) == (3, "ConnectionError: the server is away")
    assert _rows(run) == {*STEPS} - {name}


def test_end_and_say_so_when_all_of_them_fail(start_probe: Run, failing: Callable) -> None:
    failing(StepRefused("not today"), *STEPS)
    run = finish(start_probe("probe_apart"))
    assert (run.state, _states(run), _rows(run)) == ("COMPLETED", ["FAILED"] * 5, set())
    assert run.error == f"5 of 5 steps failed: {', '.join(STEPS)}."
    assert run.finished_at is not None
    assert audit_runs().violations == []


def test_tell_of_each_failure_once_and_of_the_end(run_probe: Run) -> None:
    run = run_probe("probe_apart", refuse_at="apart_two")
    told = OutboxEvent.objects.filter(run_id=run.pk, aggregate="orchestration.workflowrun").order_by("sequence")
    assert [event.name for event in told] == ["RunStarted", "StepFailed", "RunCompleted"]
    assert (told[1].payload["step"], told[1].payload["reason"]) == ("apart_two", "apart_two was told to refuse")
    failed = next(each for each in measure(told[1].occurred_at) if each.name == "aicmo_recent_failed_steps")
    assert [(*sample.labels.values(), sample.value) for sample in failed.samples] == [("probe_apart", "apart_two", 1)]


def test_do_not_wait_as_long_as_a_vendor_asked_one_of_them_to(start_probe: Run, failing: Callable) -> None:
    error = TransientFailure("come again tomorrow")
    error.retry_after = 86_400  # type: ignore[attr-defined]
    failing(error, "apart_one")
    run = start_probe("probe_apart")
    assert advance.run_link(run.pk, 0) is advance.Result.LATER
    assert WorkflowRun.objects.filter(pk=run.pk, wake_at__lt=seconds_from_now(1)).exists()


@pytest.mark.worker
@pytest.mark.parametrize("position", range(5))
def test_are_all_taken_though_the_worker_was_killed_between_two_of_them(
    start_probe: Run, worker: Callable, faults: Callable, position: int
) -> None:
    plan = faults(f"{STEPS[position]}.committed", fault="kill")
    worker()
    run = start_probe("probe_apart", refuse_at=STEPS[(position + 1) % 5])
    wait_for_end(run)
    assert not plan.exists(), "the fault never fired"
    assert (run.state, _states(run)) == ("COMPLETED", _all_but(STEPS[(position + 1) % 5]))
    assert ProbeRow.objects.of_run(run.pk).count() == 4


@pytest.mark.worker
def test_are_all_taken_though_the_worker_was_killed_in_one_that_prepares(
    start_probe: Run, worker: Callable, faults: Callable
) -> None:
    plan = faults("apart_two.prepared", fault="kill")
    worker()
    run = start_probe("probe_apart", refuse_at="apart_two")
    wait_for_end(run)
    assert not plan.exists(), "the fault never fired"
    assert (run.state, _states(run)) == ("COMPLETED", _all_but("apart_two"))


def test_give_one_of_them_up_that_ends_its_workers_and_go_on(start_probe: Run) -> None:
    run = start_probe("probe_apart")
    advance.run_link(run.pk, 0)
    WorkflowRun.objects.filter(pk=run.pk).update(attempts=3)
    assert advance.run_link(run.pk, 1) is advance.Result.ELSEWHERE
    run = finish(run)
    assert (run.state, _states(run)) == ("COMPLETED", _all_but("apart_two"))
    assert "died without a word" in run.step_runs.get(name="apart_two").error


def test_are_never_taken_back_once_one_has_begun(start_probe: Run, run_probe: Run) -> None:
    begun, done = start_probe("probe_apart"), run_probe("probe_apart")
    advance.run_link(begun.pk, 0)
    person = UserFactory()
    for run, command in ((begun, commands.cancel), (done, commands.compensate_run)):
        run.refresh_from_db()
        with pytest.raises(commands.CommandRefused, match="independent"):
            command(run, by=person.pk, reason="no")
    assert {"cancel", "compensate"}.isdisjoint([*possible_commands(begun), *possible_commands(done)])


def test_may_be_cancelled_before_the_first_has_begun(start_probe: Run) -> None:
    run = start_probe("probe_apart")
    assert "cancel" in possible_commands(run)
    commands.cancel(run, by=UserFactory().pk, reason="not needed")
    run.refresh_from_db()
    assert (run.state, audit_runs().violations) == ("CANCELLED", [])


def test_may_be_skipped_by_a_person(start_probe: Run) -> None:
    run = start_probe("probe_apart")
    commands.skip_step(run, by=UserFactory().pk, reason="not now")
    run = finish(run)
    assert (run.state, _states(run)) == ("COMPLETED", ["SKIPPED", *["SUCCEEDED"] * 4])
    assert (run.error, audit_runs().violations) == ("", [])


def test_show_which_failed_on_the_page_and_in_the_list(run_probe: Run) -> None:
    run = run_probe("probe_apart", refuse_at="apart_four")
    browser = Browser()
    browser.force_login(UserFactory(is_superuser=True))
    page = browser.get(reverse("admin:orchestration_workflowrun_change", args=[run.pk])).content.decode()
    assert "1 of 5 steps failed: apart_four." in page
    assert "apart_four was told to refuse" in page
    listed = browser.get(reverse("admin:orchestration_workflowrun_changelist")).content.decode()
    assert "1 of 5 steps failed: apart_four." in listed
    assert [step.state for step in describe_run(run).steps] == _all_but("apart_four")


@pytest.mark.parametrize(
    ("sql", "check"),
    [
        ("UPDATE orchestration_workflowrun SET error = ''", "a completed run does not name the step that failed"),
        ("UPDATE orchestration_workflowrun SET state = 'STUCK'", "a run of independent steps was turned back"),
        ("DELETE FROM orchestration_steprun WHERE state = 'FAILED'", "steps were skipped on the way"),
        ("DELETE FROM orchestration_steprun WHERE position = 4", "a completed run took too few steps"),
    ],
)
def test_are_audited(run_probe: Run, sql: str, check: str) -> None:
    from django.db import connection

    run_probe("probe_apart", refuse_at="apart_two")
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert check in {breach["check"] for breach in audit_runs().violations}


def test_cost_what_other_steps_cost(start_probe: Run) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    run = start_probe("probe_apart")
    with CaptureQueriesContext(connection) as captured:
        assert advance.run_link(run.pk, 0) is advance.Result.DONE
    told = [q["sql"] for q in captured.captured_queries if "outboxevent" not in q["sql"] and "audit" not in q["sql"]]
    assert len(told) == 3 + 2, "the step's own; lock the run; record the step and move on; the transaction's bounds"


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ((three,), "independent step three needs Two, which no run starts with"),
        ((one,), "independent step one has a compensation, which nothing would call"),
        ((WaitFor(ProbeApproved, within=timedelta(1)),), "wait_for_probe_approved waits, and would keep"),
        ((Rounds(quick("a"), quick("b"), until=bool),), "independent lines are taken once each, not in rounds"),
    ],
)
def test_are_refused_as_a_workflow_when_they_are_not(steps: tuple, problem: str) -> None:
    workflow = Workflow(name="tied", version=1, starts_with=(Seed,), steps=steps, independent=True)
    assert any(problem in each for each in workflow.wiring_problems())


def test_are_wired_without_a_problem() -> None:
    fine = Workflow(name="fine", version=1, starts_with=(Seed,), steps=(quick("a"), quick("b")), independent=True)
    assert fine.wiring_problems() == []
