"""A run takes rounds."""

from collections.abc import Callable

import pytest

from apps.identity.models import User
from apps.observability.models import AuditEntry
from apps.orchestration.models import OutboxEvent, WorkflowRun
from apps.orchestration.services import advance, commands, failure
from apps.orchestration.services.control import ReasonMissing
from apps.orchestration.tests.conftest import finish
from apps.shared.workflow import StepRefused
from bench.probe.models import ProbeRow

Run = Callable[..., WorkflowRun]


def pieces(run: WorkflowRun) -> list[dict]:
    """Return what each round's work gave, first round first."""
    return [step.outcome for step in run.step_runs.filter(name="make_piece").order_by("round")]


def test_ends_when_the_check_is_content(run_probe: Run) -> None:
    run = run_probe("probe_rounds", label="1")
    assert run.state == "COMPLETED"
    assert [piece["round"] for piece in pieces(run)] == [1]


def test_does_the_work_again_knowing_what_the_check_said(run_probe: Run) -> None:
    run = run_probe("probe_rounds", label="3")
    assert run.state == "COMPLETED"
    assert [(piece["round"], piece["after_score"]) for piece in pieces(run)] == [(1, None), (2, 1), (3, 2)]


def test_hands_the_last_round_on(run_probe: Run) -> None:
    run = run_probe("probe_rounds", label="2")
    assert [step.round for step in run.step_runs.filter(name="send_letter")] == [1]
    assert run.round == 1


@pytest.fixture
def undecided(start_probe: Run) -> WorkflowRun:
    """A run whose last round is over and whose check is not content."""
    run = finish(start_probe("probe_rounds", label="99"))
    assert (run.state, run.waiting_for, run.round) == ("WAITING", ["RoundDecided"], 3)
    return run


def test_asks_a_person_after_the_last_round(undecided: WorkflowRun) -> None:
    told = OutboxEvent.objects.get(run_id=undecided.pk, name="DecisionNeeded").payload
    assert (told["step"], told["rounds"]) == ("judge_piece", 3)
    assert undecided.wake_at is None


def test_is_reworked_with_an_instruction(undecided: WorkflowRun, strategist: User) -> None:
    commands.rework(undecided, by=strategist.pk, reason="Make it shorter.")
    run = finish(undecided)
    assert (run.state, run.round) == ("WAITING", 4)
    assert [piece["instruction"] for piece in pieces(run)] == ["", "", "", "Make it shorter."]


def test_is_accepted_with_a_reason(undecided: WorkflowRun, strategist: User) -> None:
    commands.accept_round(undecided, by=strategist.pk, reason="The client wants it as it is.")
    run = finish(undecided)
    assert run.state == "COMPLETED"
    entry = AuditEntry.objects.get(run_id=run.pk, action="RoundDecided")
    assert (entry.actor_id, entry.reason) == (strategist.pk, "The client wants it as it is.")


def test_is_taken_back_with_all_its_rounds_last_first(undecided: WorkflowRun, strategist: User) -> None:
    commands.cancel(undecided, by=strategist.pk, reason="The client is gone.")
    run = finish(undecided)
    assert run.state == "CANCELLED"
    assert not ProbeRow.objects.of_run(run.pk).exists()
    back = run.step_runs.order_by("compensated_at").values_list("name", "round")
    both = [(name, number) for number in (3, 2, 1) for name in ("judge_piece", "make_piece")]
    assert list(back) == [*both, ("one", 1)]


def test_needs_words_for_a_decision(undecided: WorkflowRun, strategist: User) -> None:
    with pytest.raises(ReasonMissing):
        commands.rework(undecided, by=strategist.pk, reason=" ")


def test_is_not_decided_before_its_last_round(start_probe: Run, strategist: User) -> None:
    with pytest.raises(commands.CommandRefused, match="PENDING"):
        commands.accept_round(start_probe("probe_rounds"), by=strategist.pk, reason="no")


def test_does_not_take_the_failure_of_an_earlier_round_for_its_own(start_probe: Run) -> None:
    run = start_probe("probe_rounds", label="99")
    advance.run_link(run.pk, 0)
    run.refresh_from_db()
    assert (run.position, run.round) == (1, 2)
    assert failure.record_attempt(run.pk, 1, 1, StepRefused("what round 1 said"), None) is failure.Recorded.NOTHING
    assert failure.record_attempt(run.pk, 1, 2, StepRefused("what round 2 says"), None) is failure.Recorded.REFUSED


def test_records_an_error_before_the_step_of_a_later_round(start_probe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_probe("probe_rounds", label="99")
    advance.run_link(run.pk, 0)

    def broken(*arguments: object) -> None:
        raise KeyError("a bug in loading")

    monkeypatch.setattr("apps.orchestration.services.carry.load", broken)
    assert advance.run_link(run.pk, 1) is advance.Result.LATER
    run.refresh_from_db()
    assert (run.round, run.attempts) == (2, 1)
