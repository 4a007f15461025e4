"""Runs at the same moment, in processes of their own, do not meet."""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from apps.onboarding.api import ports as onboarding
from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries.invariants import audit_runs
from apps.orchestration.services.intake import submit_intake
from apps.orchestration.tests.conftest import finish, worker_environment
from bench.probe.models import ProbeRow

SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "intake_dental_clinic.json"
PROCESSES = 10

MOVE = """
import sys, time
from pathlib import Path
import django
django.setup()
from uuid import UUID
from django.db import connection
from apps.orchestration.services.sweep import move
connection.ensure_connection()
here = Path(sys.argv[1])
(here / sys.argv[2]).touch()
while not (here / "go").exists():
    time.sleep(0.001)
for run_id in sys.argv[3:]:
    move(UUID(run_id))
"""
"""A process that gets ready, waits at the barrier, and then moves its runs."""


def _move_together(runs: list[list[WorkflowRun]], here: Path) -> list[int]:
    """Move each list of runs in a process of its own, all let go at one moment; return how the processes ended."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MOVE, str(here), f"ready-{number}", *(str(run.pk) for run in mine)],
            env=worker_environment(),
        )
        for number, mine in enumerate(runs)
    ]
    deadline = time.monotonic() + 90
    try:
        while len(list(here.glob("ready-*"))) < len(runs):
            assert time.monotonic() < deadline, "a process did not come to the barrier"
            time.sleep(0.01)
        (here / "go").touch()
        return [process.wait(timeout=120) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def _submit(company: str, key: str) -> WorkflowRun:
    data = json.loads(SAMPLE.read_text())
    data["client"]["name"] = company
    return submit_intake(
        onboarding.read_submission(data=data),
        workflow="client_to_delivery",
        pack="quick_social_basic",
        key=key,
        at=timezone.now(),
    )


@pytest.mark.worker
@pytest.mark.timeout(400)
@pytest.mark.usefixtures("shipped", "transactional_db")
def test_keep_twenty_different_and_two_alike_apart(tmp_path: Path) -> None:
    alike = [_submit("Twin", f"twin-{number}") for number in range(2)]
    different = [_submit(f"Company {number}", f"company-{number}") for number in range(20)]
    runs, before = [*alike, *different], _deadlocks()
    shares = [runs[number::PROCESSES] for number in range(PROCESSES)]
    assert _move_together(shares, tmp_path) == [0] * PROCESSES
    assert Counter(WorkflowRun.objects.values_list("state", flat=True)) == {"COMPLETED": 22}
    assert {step.attempts for run in runs for step in run.step_runs.all()} == {1}
    assert _deadlocks() == before
    audit = audit_runs()
    assert (audit.orphans, audit.violations) == (0, [])


@pytest.mark.worker
@pytest.mark.timeout(200)
def test_take_one_run_once_however_many_want_it(start_probe: Callable[..., WorkflowRun], tmp_path: Path) -> None:
    runs = [start_probe() for _ in range(30)]
    assert _move_together([runs] * 6, tmp_path) == [0] * 6
    # A rival that comes too late holds the row for a moment while it finds that out: whoever was to go on may then
    # leave the run to the sweeper.
    assert {finish(run).state for run in runs} == {"COMPLETED"}
    rows = ProbeRow.objects.values_list("run_id").annotate(rows=Count("id"), steps=Count("step", distinct=True))
    assert sorted(rows) == sorted((run.pk, 5, 5) for run in runs)
    assert {step.attempts for run in runs for step in run.step_runs.all()} == {1}
    audit = audit_runs()
    assert (audit.orphans, audit.violations) == (0, [])
