"""The main job, on the real database, through the real engine and every module."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.delivery.api import ports as delivery
from apps.delivery.api.dtos import Package
from apps.observability.api import ports as observability
from apps.onboarding.api import ports as onboarding
from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries import invariants
from apps.orchestration.services import advance
from apps.orchestration.tests.conftest import Submit, finish, wait_for_end
from apps.orchestration.workflows import get_workflow
from apps.production import services as production
from apps.production.api.dtos import DraftPlan

pytestmark = pytest.mark.usefixtures("shipped")

STEPS = ["normalize_brief", "generate_strategy", "generate_draft", "evaluate_draft", "create_package"]


def rows_of(run: WorkflowRun) -> int:
    """Count the rows of a run in every module's tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({invariants._run_rows(UUID(int=0))}) w WHERE run_id = %s", [run.pk])
        return cursor.fetchone()[0]


def children_without_parent() -> list[str]:
    """List child tables that hold rows although no run left a parent."""
    tables = ["strategy_kpi", "production_draftsection", "production_calendaritem", "qc_qcfinding", "delivery_artifact"]
    with connection.cursor() as cursor:
        return [table for table in tables if cursor.execute(f"SELECT 1 FROM {table} LIMIT 1") and cursor.fetchone()]


def files() -> list[Path]:
    """List every file below the media root."""
    return [path for path in Path(default_storage.location).rglob("*") if path.is_file()]


def _contents(package: Package) -> dict[str, bytes]:
    root = Path(default_storage.location)
    return {artifact.path: (root / artifact.path).read_bytes() for artifact in package.artifacts}


def assert_nothing_breached() -> None:
    audit = invariants.audit_runs()
    assert (audit.orphans, audit.violations) == (0, [])


@pytest.mark.parametrize("sample", ["dental_clinic", "b2b_saas"])
@pytest.mark.parametrize("pack", ["quick_social_basic", "strategy_campaign_standard"])
def test_delivers_a_package_whose_files_are_what_their_rows_say(submit: Submit, sample: str, pack: str) -> None:
    run = finish(submit(sample, pack))
    assert (run.state, run.error) == ("COMPLETED", "")
    package = delivery.find_package_of_run(run_id=run.pk)
    assert {"PDF", "DOCX", "PPTX", "ZIP", "CSV", "MD", "JSON"} == {artifact.format for artifact in package.artifacts}
    assert_nothing_breached()


def test_leaves_no_row_when_quality_control_fails(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    run = _with_a_banned_word(submit, monkeypatch)
    assert run.state == "COMPENSATED"
    assert (rows_of(run), children_without_parent(), files()) == (0, [], [])
    assert_nothing_breached()


def test_keeps_the_failed_verdict_visible(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    run = _with_a_banned_word(submit, monkeypatch)
    verdict = run.step_runs.get(name="evaluate_draft").outcome
    assert verdict["verdict"] == "FAIL"
    assert any("painless" in finding["evidence"] for finding in verdict["findings"])
    assert "QcFailed" in [entry.action for entry in observability.list_entries_of_run(run_id=run.pk)]


def _with_a_banned_word(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> WorkflowRun:
    """Run with a composer that lets one of the client's banned words slip into the first section."""
    honest = production.compose

    def careless(*arguments: Any) -> DraftPlan:
        plan = honest(*arguments)
        first = plan.sections[0].model_copy(update={"markdown": plan.sections[0].markdown + "\n\nIt is painless."})
        return plan.model_copy(update={"sections": (first, *plan.sections[1:])})

    with monkeypatch.context() as patch:
        patch.setattr(production, "compose", careless)
        return finish(submit())


@pytest.mark.parametrize("step", STEPS[1:])
def test_takes_all_earlier_steps_back_in_reverse(submit: Submit, refused_at: Callable, step: str) -> None:
    run = submit()
    refused_at(step, run)
    run = finish(run)
    taken_back = run.step_runs.filter(state="COMPENSATED").order_by("compensated_at")
    assert run.state == "COMPENSATED"
    assert [each.name for each in taken_back] == STEPS[: STEPS.index(step)][::-1]
    assert (rows_of(run), children_without_parent(), files()) == (0, [], [])


def test_leaves_nothing_after_three_failing_tries(submit: Submit, refused_at: Callable) -> None:
    for _ in range(3):
        run = submit()
        refused_at("create_package", run)
        assert finish(run).state == "COMPENSATED"
        assert rows_of(run) == 0
    assert (children_without_parent(), files()) == ([], [])


def test_does_not_touch_a_success_beside_a_failure(submit: Submit, refused_at: Callable) -> None:
    good = finish(submit())
    before = (rows_of(good), delivery.find_package_of_run(run_id=good.pk), sorted(files()))
    bad = submit()
    refused_at("create_package", bad)
    finish(bad)
    assert (rows_of(good), delivery.find_package_of_run(run_id=good.pk), sorted(files())) == before
    assert_nothing_breached()


def test_keeps_the_captured_intake(submit: Submit, refused_at: Callable) -> None:
    run = submit(key="mine")
    intake = onboarding.find_intake(key="mine")
    refused_at("evaluate_draft", run)
    finish(run)
    assert onboarding.find_intake(key="mine") == intake


def test_gives_the_same_run_for_the_same_key(submit: Submit) -> None:
    first = finish(submit(key="once"))
    again = finish(submit(key="once"))
    assert again.pk == first.pk
    assert WorkflowRun.objects.count() == 1


def test_does_not_damage_the_first_delivery_when_submitted_again(submit: Submit) -> None:
    first = finish(submit(key="first"))
    before = delivery.find_package_of_run(run_id=first.pk)
    contents = _contents(before)
    second = finish(submit(key="second"))
    assert (first.state, second.state) == ("COMPLETED", "COMPLETED")
    assert delivery.find_package_of_run(run_id=first.pk) == before
    assert _contents(before) == contents


def test_refuses_an_impossible_intake_and_keeps_only_it(submit: Submit) -> None:
    with pytest.raises(onboarding.BriefImpossible, match=r"(?s)objective.*audience|audience.*objective"):
        submit("bakery_incomplete", key="bakery")
    assert onboarding.find_intake(key="bakery") is not None
    assert not WorkflowRun.objects.exists()


def test_tries_a_failing_compensation_again(submit: Submit, refused_at: Callable, faults: Callable) -> None:
    run = submit()
    refused_at("create_package", run)
    plan = faults("generate_draft.withdrawn", run.pk, "error")
    run = finish(run)
    assert not plan.exists()
    assert (run.state, rows_of(run), files()) == ("COMPENSATED", 0, [])


@pytest.mark.parametrize("pack", ["quick_social_basic", "strategy_campaign_standard"])
def test_needs_no_more_statements_than_are_pinned(submit: Submit, pack: str) -> None:
    run = submit(pack=pack)
    counts = {}
    for link in get_workflow("client_to_delivery").links():
        with CaptureQueriesContext(connection) as captured:
            assert advance.run_link(run.pk, link.start) is advance.Result.DONE
        names = " + ".join(STEPS[position] for position in link)
        counts[names] = sum(query["sql"] not in ("BEGIN", "COMMIT") for query in captured)
    assert counts == {
        "normalize_brief": 7,
        "generate_strategy": 16,
        "generate_draft + evaluate_draft": 31,
        "create_package": 19,
    }


@pytest.mark.worker
def test_keeps_two_runs_of_one_intake_in_two_processes_apart(
    submit: Submit, refused_at: Callable, worker: Callable
) -> None:
    runs = [submit(key=f"beside-{number}") for number in range(6)]
    for run in runs[::2]:
        refused_at("create_package", run)
    worker(concurrency=1)
    worker(concurrency=1)
    wait_for_end(*runs, seconds=120)
    assert [run.state for run in runs] == ["COMPENSATED", "COMPLETED"] * 3
    assert [rows_of(run) > 0 for run in runs] == [False, True] * 3
    assert_nothing_breached()


@pytest.mark.worker
@pytest.mark.parametrize(
    "point",
    ["generate_strategy.prepared", "generate_draft.written", "create_package.prepared", "create_package.written"],
)
def test_is_finished_by_the_next_worker_after_a_kill(
    submit: Submit, faults: Callable, worker: Callable, point: str
) -> None:
    plan = faults(point, fault="kill")
    run = submit()
    worker()
    wait_for_end(run, seconds=90)
    assert not plan.exists(), "the fault never fired"
    assert (run.state, run.error) == ("COMPLETED", "")
    assert_nothing_breached()


@pytest.mark.worker
def test_leaves_no_file_when_killed_before_promotion_and_taken_back(
    submit: Submit, faults: Callable, worker: Callable
) -> None:
    plan = faults("create_package.leased", fault="kill")
    run = submit()
    faults("create_package.written", run.pk, "refuse")
    worker()
    wait_for_end(run, seconds=90)
    assert not plan.exists(), "the fault never fired"
    assert (run.state, rows_of(run), files()) == ("COMPENSATED", 0, [])
