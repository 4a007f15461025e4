"""The oracle …"""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.orchestration.models import OutboxEvent, StepRun, WorkflowRun
from apps.orchestration.services.start import start_run
from apps.orchestration.services.sweep import move
from apps.orchestration.workflows import get_workflow
from bench.chaos import ledger
from bench.chaos.oracle import Demands, Verdict, judge
from bench.chaos.vendor import Vendor
from bench.probe.models import CaseRow
from bench.probe.outside import Case

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    """As much of a stage as the oracle looks at."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setenv("AICMO_PROBE_TRACE", str(tmp_path / "trace"))
    with Vendor(tmp_path / "ledger") as vendor:
        monkeypatch.setenv("AICMO_PROBE_VENDOR", vendor.url)
        yield SimpleNamespace(vendor=vendor, trace=tmp_path / "trace")


@pytest.fixture
def run(stage: Any) -> Callable[..., WorkflowRun]:
    """Take a run of the probe to its end."""

    def run(**case: str) -> WorkflowRun:
        new = start_run(get_workflow("probe_outside"), (Case(**case),), key=uuid4().hex, at=timezone.now())
        move(new.pk)
        new.refresh_from_db()
        return new

    return run


def judged(stage: Any, run: WorkflowRun, wanted: str = "COMPLETED", **demands: bool) -> Verdict:
    return judge(stage, Demands({run.pk: (wanted,)}, **demands))


def kinds(verdict: Verdict) -> set[str]:
    return {kind for kind, _ in verdict.breaches}


@pytest.mark.parametrize("case, end", [({}, "COMPLETED"), ({"refuse_at": "close_case"}, "COMPENSATED")])
def test_finds_nothing_wrong_with_what_is_right(stage: Any, run: Callable, case: dict[str, str], end: str) -> None:
    assert judged(stage, run(**case), end, calls_once=True, steps_once=True).breaches == []


def test_finds_a_run_that_ended_otherwise_than_it_had_to(stage: Any, run: Callable) -> None:
    assert kinds(judged(stage, run(), "COMPENSATED")) == {"lost"}


def test_finds_an_acknowledged_run_that_is_not_there(stage: Any) -> None:
    assert kinds(judge(stage, Demands({uuid4(): ("COMPLETED",)}))) == {"lost"}


def test_finds_a_row_too_many(stage: Any, run: Callable) -> None:
    done = run()
    CaseRow.objects.create(step="open_case", run_id=done.pk, position=0, round=2)
    assert "doubled" in kinds(judged(stage, done))


def test_finds_a_row_of_a_run_that_was_taken_back(stage: Any, run: Callable) -> None:
    back = run(refuse_at="close_case")
    CaseRow.objects.create(step="open_case", run_id=back.pk, position=0, round=1)
    assert kinds(judged(stage, back, "COMPENSATED")) == {"left"}


def test_finds_what_the_vendor_still_holds_of_a_run_that_was_taken_back(stage: Any, run: Callable) -> None:
    back = run(refuse_at="close_case")
    stage.vendor.do(f"{back.pk}:7:1")
    assert kinds(judged(stage, back, "COMPENSATED")) == {"left"}


def test_finds_what_the_vendor_does_not_hold_of_a_completed_run(stage: Any, run: Callable) -> None:
    done = run()
    stage.vendor.cancel(f"{done.pk}:1:1")
    assert kinds(judged(stage, done)) == {"lost"}


def test_finds_a_second_call_only_where_nothing_excuses_it(stage: Any, run: Callable) -> None:
    done = run()
    stage.vendor.do(f"{done.pk}:1:1")
    assert judged(stage, done).breaches == []
    assert kinds(judged(stage, done, calls_once=True)) == {"doubled"}


def test_finds_more_calls_than_attempts_are_allowed(stage: Any, run: Callable) -> None:
    done = run()
    for _ in range(4):
        stage.vendor.do(f"{done.pk}:1:1")
    assert kinds(judged(stage, done)) == {"other"}


def test_finds_a_row_written_by_a_worker_that_had_lost_its_lease(stage: Any, run: Callable) -> None:
    done = run()
    ledger.note(stage.trace, did="prepare", run=str(done.pk), key=f"{done.pk}:1:1", attempt="later", pid=1)
    assert kinds(judged(stage, done)) == {"doubled"}


def test_finds_a_step_that_was_executed_again(stage: Any, run: Callable) -> None:
    done = run()
    ledger.note(stage.trace, did="open_case", run=str(done.pk), key=f"{done.pk}:0:1", pid=1)
    assert kinds(judged(stage, done, steps_once=True)) == {"doubled"}


def test_finds_a_step_missing_from_a_completed_run(stage: Any, run: Callable) -> None:
    done = run()
    StepRun.objects.filter(run=done, name="note_order").delete()
    assert "lost" in kinds(judged(stage, done))


def test_finds_an_event_that_nobody_brought_out(stage: Any, run: Callable) -> None:
    done = run()
    OutboxEvent.objects.filter(run_id=done.pk, name="RunCompleted").update(dispatched_at=None)
    assert "lost" in kinds(judged(stage, done))
