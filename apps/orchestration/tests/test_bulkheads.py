"""Queues are bulkheads: one that is full leaves the others dry."""

import time
from collections.abc import Callable

import pytest

from apps.orchestration.models import WorkflowRun
from apps.orchestration.tests.conftest import wait_for_end

pytestmark = pytest.mark.worker


def test_lets_runs_of_one_queue_end_while_all_workers_of_another_hang(
    start_probe: Callable[..., WorkflowRun], worker: Callable, faults: Callable
) -> None:
    hanging = [start_probe("probe_prepared") for _ in range(6)]
    plans = [faults("prepared_two.leased", run.pk, "sleep:120") for run in hanging]
    worker(concurrency=2, queue="thinking")
    worker(concurrency=2, queue="system")
    while sum(plan.exists() for plan in plans) > 4:  # both of its processes hang, four wait behind them
        time.sleep(0.1)
    quick = [start_probe("probe_five") for _ in range(10)]
    wait_for_end(*quick)
    assert {run.state for run in quick} == {"COMPLETED"}
    assert WorkflowRun.objects.unfinished().filter(pk__in=[run.pk for run in hanging]).count() == 6
