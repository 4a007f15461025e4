"""Real workers, real messages, real kills."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from aicmo_site.celery import app
from apps.orchestration.models import WorkflowRun
from apps.orchestration.tests.conftest import kill_group, wait_for_end
from bench.probe.models import ProbeRow

pytestmark = pytest.mark.worker

Run = Callable[..., WorkflowRun]


def _rows_of(run: WorkflowRun) -> list[str]:
    return sorted(ProbeRow.objects.of_run(run.pk).values_list("step", flat=True))


ALL_FIVE = sorted(["one", "two", "three", "four", "five"])


@pytest.fixture
def _no_sweeper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AICMO_SWEEP_SECONDS", "3600")


@pytest.mark.usefixtures("_no_sweeper")
def test_finishes_a_run_by_its_chain_alone(start_probe: Run, worker: Callable) -> None:
    worker()
    run = start_probe("probe_prepared")
    wait_for_end(run)
    assert (run.state, _rows_of(run)) == ("COMPLETED", ALL_FIVE)


@pytest.mark.usefixtures("_no_sweeper")
def test_takes_a_refused_run_back_by_the_chains_errback_alone(start_probe: Run, worker: Callable) -> None:
    worker()
    run = start_probe("probe_prepared", refuse_at="five")
    wait_for_end(run)
    assert (run.state, _rows_of(run)) == ("COMPENSATED", [])


@pytest.mark.parametrize(
    "point", ["one.claimed", "prepared_two.leased", "prepared_two.prepared", "prepared_two.written", "five.committed"]
)
def test_finishes_a_run_whose_worker_was_killed_in_the_middle(
    start_probe: Run, worker: Callable, faults: Callable, point: str
) -> None:
    plan = faults(point, fault="kill")
    worker()
    run = start_probe("probe_prepared")
    wait_for_end(run)
    assert not plan.exists(), "the fault never fired"
    assert (run.state, _rows_of(run)) == ("COMPLETED", ALL_FIVE)


@pytest.mark.parametrize("point", ["four.compensating", "prepared_two.withdrawn", "one.compensated"])
def test_takes_back_a_run_whose_worker_was_killed_on_the_way_back(
    start_probe: Run, worker: Callable, faults: Callable, point: str
) -> None:
    plan = faults(point.replace("four", "thinking_four"), fault="kill")
    worker()
    run = start_probe("probe_prepared", refuse_at="five")
    wait_for_end(run)
    assert not plan.exists(), "the fault never fired"
    assert (run.state, _rows_of(run)) == ("COMPENSATED", [])


def test_finishes_with_the_next_worker_after_a_power_cut(start_probe: Run, worker: Callable, faults: Callable) -> None:
    faults("prepared_three.leased", fault="sleep:30")
    first = worker()
    run = start_probe("probe_prepared")
    while WorkflowRun.objects.get(pk=run.pk).position < 2:
        time.sleep(0.05)
    kill_group(first)
    worker()
    wait_for_end(run)
    assert (run.state, _rows_of(run)) == ("COMPLETED", ALL_FIVE)


def test_survives_the_loss_of_every_message(start_probe: Run, worker: Callable) -> None:
    runs = [start_probe() for _ in range(20)]
    assert app.control.purge() > 0
    worker()
    wait_for_end(*runs)
    assert {run.state for run in runs} == {"COMPLETED"}
    assert ProbeRow.objects.count() == 100


def test_does_a_step_once_when_its_message_comes_four_times(start_probe: Run, worker: Callable) -> None:
    from apps.orchestration.services import dispatch
    from apps.orchestration.workflows import get_workflow

    runs = [start_probe("probe_prepared") for _ in range(10)]
    for run in runs:
        for _ in range(4):
            dispatch.ring_forward(get_workflow("probe_prepared"), run.pk, 0)
    worker(concurrency=4)
    wait_for_end(*runs)
    assert [_rows_of(run) for run in runs] == [ALL_FIVE] * 10


def test_refuses_the_late_result_of_a_frozen_worker(start_probe: Run, worker: Callable, faults: Callable) -> None:
    faults("prepared_two.prepared", fault="sleep:2")
    frozen = worker(concurrency=1)
    run = start_probe("probe_prepared")
    while WorkflowRun.objects.get(pk=run.pk).fence == 0:
        time.sleep(0.02)
    os.killpg(frozen.pid, signal.SIGSTOP)
    try:
        worker()
        wait_for_end(run)
    finally:
        os.killpg(frozen.pid, signal.SIGCONT)
    time.sleep(3)
    assert WorkflowRun.objects.get(pk=run.pk).fence > 2, "nobody took the frozen lease over"
    assert _rows_of(run) == ALL_FIVE
