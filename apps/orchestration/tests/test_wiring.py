"""A workflow is wired by type, or refuses to start."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.core.checks import run_checks
from django.core.management import call_command

from apps.orchestration import workflows
from apps.orchestration.rules import wiring_table, workflows_document
from apps.shared.dtos import Dto
from apps.shared.workflow import RunContext, Workflow, step
from bench.probe.steps import One, Seed, one, probe_five, probe_prepared, two


def test_has_no_problem_in_any_workflow_of_this_site() -> None:
    assert [problem for workflow in workflows.list_workflows() for problem in workflow.wiring_problems()] == []


def test_names_the_step_that_needs_what_no_earlier_line_gives() -> None:
    backwards = Workflow(name="backwards", version=1, starts_with=(Seed,), steps=(two, one))
    assert backwards.wiring_problems() == ["step two needs One, which no earlier line gives"]


def test_names_the_step_that_gives_what_the_run_carries_already() -> None:
    twice = Workflow(name="twice", version=1, starts_with=(Seed, One), steps=(one,))
    assert twice.wiring_problems() == ["step one gives One, which the run carries already"]


def test_makes_the_system_check_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Workflow(name="broken", version=1, starts_with=(Seed,), steps=(two,))
    monkeypatch.setitem(workflows._known, ("broken", 1), broken)
    assert "Workflow broken v1: step two needs One, which no earlier line gives." in [
        str(message.msg) for message in run_checks()
    ]


def test_refuses_a_second_declaration_under_the_same_version() -> None:
    with pytest.raises(ValueError, match="raise the version"):
        workflows.register(Workflow(name="probe_five", version=1, starts_with=(Seed,), steps=(one,)))


def test_makes_a_link_of_quick_steps_of_one_queue() -> None:
    assert probe_five.links() == (range(5),)


def test_begins_a_new_link_at_each_prepare_and_each_queue() -> None:
    assert probe_prepared.links() == (range(1), range(1, 2), range(2, 4), range(4, 5))


def test_asks_a_step_for_its_undo_or_a_reason() -> None:
    with pytest.raises(TypeError, match="either a compensation or a reason"):
        step()


def test_refuses_a_parameter_that_is_no_dto() -> None:
    def wrong(*, amount: int, run: RunContext) -> One:
        return One(id=uuid4())

    with pytest.raises(TypeError, match="parameter 'amount' must be annotated with a DTO"):
        step(nothing_to_compensate="it writes nothing")(wrong)


def test_refuses_a_result_that_is_no_dto() -> None:
    def wrong(*, run: RunContext) -> int:
        return 1

    with pytest.raises(TypeError, match="a step returns a DTO"):
        step(nothing_to_compensate="it writes nothing")(wrong)


def test_refuses_a_prepare_whose_result_nobody_takes() -> None:
    def wrong(*, run: RunContext) -> Dto:
        return Dto()

    with pytest.raises(TypeError, match="`prepared` exactly when it has a prepare"):
        step(nothing_to_compensate="it writes nothing", prepare=lambda run: None)(wrong)


def test_prints_each_step_with_its_undo(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("show_workflow", "probe_five")
    printed = capsys.readouterr().out
    assert printed == wiring_table(probe_five) + "\n"
    assert "| three | Seed, Two" in printed
    assert "withdraw_three" in printed


def test_is_documented_as_it_is() -> None:
    document = Path(__file__).resolve().parents[3] / "docs" / "workflows.md"
    shipped = [workflow for workflow in workflows.list_workflows() if not workflow.name.startswith("probe_")]
    assert document.read_text() == workflows_document(shipped), (
        "run: python manage.py show_workflow > docs/workflows.md"
    )
