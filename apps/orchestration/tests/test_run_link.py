"""A run takes its steps."""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from celery.exceptions import Ignore
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.orchestration import tasks
from apps.orchestration.api.events import RunStuck
from apps.orchestration.models import ClockTimestamp, OutboxEvent, StepRun, WorkflowRun, seconds_from_now
from apps.orchestration.services import advance
from apps.orchestration.tests.conftest import finish
from apps.shared.resilience import VendorIll
from apps.shared.workflow import RunContext, StepRefused, Workflow
from bench.probe import steps
from bench.probe.models import ProbeRow
from bench.probe.steps import Verdict

Run = Callable[..., WorkflowRun]


@pytest.mark.parametrize("workflow", ["probe_five", "probe_prepared"])
def test_completes_with_each_steps_row_once(run_probe: Run, workflow: str) -> None:
    run = run_probe(workflow)
    assert run.state == "COMPLETED"
    assert run.finished_at is not None
    assert sorted(ProbeRow.objects.of_run(run.pk).values_list("step", flat=True)) == sorted(
        ["one", "two", "three", "four", "five"]
    )
    assert [step.state for step in run.step_runs.all()] == ["SUCCEEDED"] * 5


def test_records_each_outcome_by_the_row_it_made(run_probe: Run) -> None:
    run = run_probe()
    made = {str(pk) for pk in ProbeRow.objects.of_run(run.pk).values_list("pk", flat=True)}
    assert {step.outcome["id"] for step in run.step_runs.all()} == made


def test_tells_its_beginning_and_its_end(run_probe: Run) -> None:
    run = run_probe()
    told = OutboxEvent.objects.filter(run_id=run.pk, aggregate="orchestration.workflowrun").order_by("id")
    assert [event.name for event in told] == ["RunStarted", "RunCompleted"]


def test_leaves_quietly_when_the_message_is_stale(run_probe: Run) -> None:
    run = run_probe()
    assert advance.run_link(run.pk, 0) is advance.Result.NOTHING
    assert ProbeRow.objects.of_run(run.pk).count() == 5


def test_leaves_quietly_when_the_message_came_too_early(start_probe: Run) -> None:
    run = start_probe()
    assert advance.run_link(run.pk, 3) is advance.Result.NOTHING
    assert not StepRun.objects.filter(run=run).exists()


def test_leaves_quietly_when_there_is_no_such_run(transactional_db: None) -> None:
    assert advance.run_link(UUID(int=0), 0) is advance.Result.NOTHING


def test_tries_again_what_failed_once_and_says_so(run_probe: Run, faults: Callable) -> None:
    plan = faults("three.claimed", fault="transient")
    run = run_probe()
    assert not plan.exists()
    third = run.step_runs.get(name="three")
    assert (run.state, third.state, third.attempts, third.error) == ("COMPLETED", "SUCCEEDED", 2, "")


def test_tells_of_each_failed_attempt(run_probe: Run, faults: Callable) -> None:
    faults("two.written", fault="error")
    run = run_probe()
    told = OutboxEvent.objects.get(run_id=run.pk, name="AttemptFailed").payload
    assert (told["step"], told["attempt"], told["error"]) == ("two", 1, "RuntimeError: planned at two.written")


def test_keeps_the_words_of_a_failed_attempt_until_the_next(start_probe: Run, faults: Callable) -> None:
    faults("two.written", fault="error")
    run = start_probe()
    assert advance.run_link(run.pk, 0) is advance.Result.LATER
    second = run.step_runs.get(name="two")
    assert second.error == "RuntimeError: planned at two.written"
    assert "fault_point" in second.trace
    assert not ProbeRow.objects.of_run(run.pk).filter(step="two").exists()


def test_gives_up_after_the_steps_limit_and_takes_back(start_probe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def always(name: str, key: object) -> None:
        if name == "four.written":
            raise ConnectionError("the vendor is away")

    monkeypatch.setattr("apps.orchestration.services.advance.fault_point", always)
    run = finish(start_probe())
    assert run.state == "COMPENSATED"
    assert run.error == "four: ConnectionError: the vendor is away"
    assert run.step_runs.get(name="four").attempts == 3
    assert not ProbeRow.objects.of_run(run.pk).exists()


def test_needs_two_statements_and_one_commit_beside_the_steps_own(start_probe: Run) -> None:
    run = start_probe()
    with CaptureQueriesContext(connection) as captured:
        assert advance.run_link(run.pk, 0) is advance.Result.DONE
    statements = [query["sql"] for query in captured.captured_queries]
    own = [sql for sql in statements if "probe_proberow" in sql]
    told = [sql for sql in statements if "outboxevent" in sql or "auditentry" in sql]
    bounds = [sql for sql in statements if sql in ("BEGIN", "COMMIT")]
    assert (len(own), bounds.count("COMMIT")) == (5, 5)
    assert len(statements) - len(own) - len(told) - len(bounds) == 2 * 5, "lock the run; record the step and move on"


def test_drops_what_it_prepared_when_it_was_fenced_out(start_probe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_probe("probe_prepared")
    assert advance.run_link(run.pk, 0) is advance.Result.DONE

    def overtaken(name: str, key: object) -> None:
        if name == "prepared_two.prepared":
            WorkflowRun.objects.filter(pk=run.pk).update(fence=99)

    monkeypatch.setattr("apps.orchestration.services.advance.fault_point", overtaken)
    assert advance.run_link(run.pk, 1) is advance.Result.NOTHING
    assert not ProbeRow.objects.of_run(run.pk).filter(step="two").exists()


def test_does_not_enter_while_a_lease_lives(start_probe: Run) -> None:
    run = start_probe("probe_prepared")
    advance.run_link(run.pk, 0)
    WorkflowRun.objects.filter(pk=run.pk).update(lease_owner="elsewhere:1:1", lease_until=seconds_from_now(60))
    assert advance.run_link(run.pk, 1) is advance.Result.NOTHING
    WorkflowRun.objects.filter(pk=run.pk).update(lease_until=seconds_from_now(-1))
    assert advance.run_link(run.pk, 1) is advance.Result.DONE


def test_gives_up_on_a_step_that_kills_its_workers(start_probe: Run) -> None:
    run = start_probe("probe_prepared")
    advance.run_link(run.pk, 0)
    WorkflowRun.objects.filter(pk=run.pk).update(attempts=3)
    assert advance.run_link(run.pk, 1) is advance.Result.REFUSED
    run.refresh_from_db()
    assert run.state == "COMPENSATING"
    assert "died without a word" in run.error


def _failing_at(monkeypatch: pytest.MonkeyPatch, point: str, error: Exception) -> None:
    def always(name: str, key: object) -> None:
        if name == point:
            raise error

    monkeypatch.setattr("apps.orchestration.services.advance.fault_point", always)


def test_heeds_the_pause_when_a_message_comes_too_early(start_probe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _failing_at(monkeypatch, "two.written", ConnectionError("away"))
    monkeypatch.setattr("apps.orchestration.services.failure.pause_before_attempt", lambda policy, attempt: 60)
    run = start_probe()
    results = [advance.run_link(run.pk, 0), advance.run_link(run.pk, 1), advance.run_link(run.pk, 1)]
    run.refresh_from_db()
    assert results == [advance.Result.LATER, advance.Result.NOTHING, advance.Result.NOTHING]
    assert (run.state, run.attempts, run.lease_owner) == ("RUNNING", 1, "")


@pytest.mark.parametrize("workflow", ["probe_five", "probe_prepared"])
def test_counts_each_attempt_once(start_probe: Run, monkeypatch: pytest.MonkeyPatch, workflow: str) -> None:
    name = "two" if workflow == "probe_five" else "prepared_two"
    _failing_at(monkeypatch, f"{name}.written", ConnectionError("away"))
    run = start_probe(workflow)
    advance.run_link(run.pk, 0)
    advance.run_link(run.pk, 1)
    run.refresh_from_db()
    assert (run.attempts, run.step_runs.get(name=name).attempts) == (1, 1)


def test_begins_each_step_with_all_its_attempts(run_probe: Run, faults: Callable) -> None:
    for step in ("one", "two", "three"):
        faults(f"{step}.claimed", fault="transient")
    assert [step.attempts for step in run_probe().step_runs.all()] == [2, 2, 2, 1, 1]


def test_keeps_the_sweeper_away_while_it_moves(start_probe: Run) -> None:
    run = start_probe("probe_prepared")
    WorkflowRun.objects.filter(pk=run.pk).update(wake_at=seconds_from_now(-1))
    advance.run_link(run.pk, 0)
    assert not WorkflowRun.objects.due().filter(pk=run.pk).exists()


@pytest.mark.parametrize("words", ["a\x00b", "\ud800"])
def test_records_words_that_postgresql_cannot_store(
    start_probe: Run, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    _failing_at(monkeypatch, "two.written", StepRefused(words, outcome=Verdict(label=words)))
    run = start_probe()
    assert advance.run_link(run.pk, 0) is advance.Result.REFUSED
    assert run.step_runs.get(name="two").state == "FAILED"


def test_publishes_what_a_refusal_has_to_tell(start_probe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_probe()
    told = RunStuck(aggregate_id=run.pk, run_id=run.pk, workflow="probe_five", step="two", error="told by the step")
    _failing_at(monkeypatch, "two.written", StepRefused("no", events=(told,)))
    advance.run_link(run.pk, 0)
    assert OutboxEvent.objects.filter(pk=told.event_id).exists()


def test_leaves_a_run_of_another_release_alone(start_probe: Run) -> None:
    run = start_probe()
    WorkflowRun.objects.filter(pk=run.pk).update(version=99)
    assert advance.run_link(run.pk, 0) is advance.Result.NOTHING
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("PENDING", 0)


def test_does_not_take_another_dto_for_the_one_declared(start_probe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(steps.two.spec), "port", lambda **given: Verdict(label="not Two"))
    run = start_probe()
    assert advance.run_link(run.pk, 0) is advance.Result.LATER
    assert run.step_runs.get(name="two").error == "TypeError: two gave Verdict, not Two."


def test_does_not_record_a_late_verdict_over_another_attempt(start_probe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_probe("probe_prepared")
    advance.run_link(run.pk, 0)

    def overtaken(name: str, key: object) -> None:
        if name == "prepared_two.prepared":  # another worker took the lapsed lease, failed and rests
            WorkflowRun.objects.filter(pk=run.pk).update(fence=2, lease_owner="", lease_until=seconds_from_now(60))
            raise StepRefused("too late")

    monkeypatch.setattr("apps.orchestration.services.advance.fault_point", overtaken)
    assert advance.run_link(run.pk, 1) is advance.Result.NOTHING
    run.refresh_from_db()
    assert run.state == "RUNNING"


def _preparing(monkeypatch: pytest.MonkeyPatch, settings: Any, run: WorkflowRun, fence: int = 0) -> list[bool]:
    """Prepare for longer than a lease lasts; tell whether the lease still lived at the end."""
    settings.RUN_LEASE_SECONDS = 1
    lived: list[bool] = []

    def slow(*, run: RunContext, **needs: Any) -> str:
        if fence:
            WorkflowRun.objects.filter(pk=run.id).update(fence=fence)
        time.sleep(1.6)
        lived.append(WorkflowRun.objects.filter(pk=run.id, lease_until__gt=ClockTimestamp()).exists())
        return "slowly"

    monkeypatch.setitem(vars(steps.prepared_two.spec), "prepare", slow)
    advance.run_link(run.pk, 0)
    advance.run_link(run.pk, 1)
    return lived


def test_keeps_its_lease_while_it_prepares(start_probe: Run, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    assert _preparing(monkeypatch, settings, start_probe("probe_prepared")) == [True]


def test_does_not_extend_a_lease_it_lost(start_probe: Run, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    assert _preparing(monkeypatch, settings, start_probe("probe_prepared"), fence=99) == [False]


def test_rings_only_once_the_run_is_committed(start_probe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    def ring(workflow: Workflow, run_id: UUID, position: int) -> bool:
        seen.append(connection.in_atomic_block)
        return True

    monkeypatch.setattr("apps.orchestration.services.dispatch.ring_forward", ring)
    start_probe()
    assert seen == [False]


def test_ends_the_chain_when_the_step_must_wait(start_probe: Run, faults: Callable) -> None:
    faults("one.written", fault="transient")
    with pytest.raises(Ignore):
        tasks.run_link(str(start_probe().pk), 0)


def test_records_a_refusal_whose_event_postgresql_cannot_store(
    start_probe: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_probe()
    told = RunStuck(aggregate_id=run.pk, run_id=run.pk, workflow="probe_five", step="two", error="a\x00b")
    _failing_at(monkeypatch, "two.written", StepRefused("no", events=(told,)))
    assert advance.run_link(run.pk, 0) is advance.Result.REFUSED


def test_rests_as_long_as_the_vendor_asked_for(start_probe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    error = VendorIll("429", retry_after=120)
    _failing_at(monkeypatch, "two.written", error)
    run = start_probe()
    advance.run_link(run.pk, 0)
    assert WorkflowRun.objects.filter(pk=run.pk, lease_until__gt=seconds_from_now(100)).exists()


class _MuteError(Exception):
    """As some vendors' libraries raise them."""

    def __str__(self) -> str:
        raise AttributeError("response")


def test_records_an_exception_that_cannot_be_said(start_probe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _failing_at(monkeypatch, "two.written", _MuteError())
    run = start_probe()
    assert advance.run_link(run.pk, 0) is advance.Result.LATER
    assert run.step_runs.get(name="two").error == "_MuteError: (no words: AttributeError when asked for them)"


def test_commits_nothing_of_a_step_that_was_taken_already(start_probe: Run) -> None:
    """The second guard: as if lock and lease had let two workers through."""
    run = start_probe()
    advance.run_link(run.pk, 0)
    WorkflowRun.objects.filter(pk=run.pk).update(state="RUNNING", position=4, finished_at=None)
    assert advance.run_link(run.pk, 4) is advance.Result.NOTHING
    assert ProbeRow.objects.of_run(run.pk).filter(step="five").count() == 1
