"""A worker's log …"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from apps.orchestration.models import WorkflowRun
from apps.orchestration.tests.conftest import kill_group, wait_for_end, worker_environment

pytestmark = pytest.mark.worker


@pytest.fixture
def log(tmp_path: Path, worker: Callable, faults: Callable) -> Iterator[Callable[[], list[dict]]]:
    """Start a worker that logs as in production; the function returns its lines so far."""
    file = tmp_path / "worker.log"
    options = ["worker", "-c", "1", "-l", "INFO", "--without-gossip", "--without-mingle"]
    environment = worker_environment() | {"AICMO_LOG_FORMAT": "json", "AICMO_RELEASE": "2026.11.2"}
    with file.open("w") as stderr:
        command = [sys.executable, "-m", "celery", "-A", "aicmo_site", *options]
        process = subprocess.Popen(
            command, env=environment, stderr=stderr, stdout=subprocess.DEVNULL, start_new_session=True
        )
        yield lambda: [json.loads(line) for line in file.read_text().splitlines()]
        kill_group(process)


def test_names_run_step_and_attempt_of_a_failure_in_fields(
    log: Callable, start_probe: Callable[..., WorkflowRun], faults: Callable
) -> None:
    faults("two.claimed", fault="transient")
    run = start_probe()
    wait_for_end(run)
    failed = next(line for line in log() if "planned at two.claimed" in line["event"])
    assert failed.items() >= {"run_id": str(run.pk), "step": "two", "attempt": "1", "release": "2026.11.2"}.items()
    assert (failed["level"], failed["task"]) == ("warning", "orchestration.run_link")
    assert failed["task_id"]


def test_names_run_and_step_of_a_failed_compensation(
    log: Callable, start_probe: Callable[..., WorkflowRun], faults: Callable
) -> None:
    faults("two.compensating", fault="error")
    run = start_probe(refuse_at="four")
    wait_for_end(run)
    failed = next(line for line in log() if "planned at two.compensating" in line["event"])
    assert failed.items() >= {"run_id": str(run.pk), "step": "two"}.items()


def test_is_json_from_the_first_line_to_the_last(log: Callable, start_probe: Callable[..., WorkflowRun]) -> None:
    wait_for_end(start_probe(refuse_at="four"))
    lines = log()
    assert len(lines) > 3
    assert all({"event", "level", "logger", "timestamp"} <= set(line) for line in lines)
