"""A broker that comes, goes and freezes."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from aicmo_site import embedded
from apps.orchestration.models import WorkflowRun
from apps.orchestration.tests.conftest import wait_for_end

pytestmark = pytest.mark.worker

Run = Callable[..., WorkflowRun]


class Broker:
    """A Redis of the test's own, that may be hurt."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = embedded.redis_url(folder)
        self.client = Redis(unix_socket_path=str(embedded._redis_socket(folder)))

    def signal(self, number: int) -> None:
        """Send a signal to the server."""
        os.kill(embedded._redis_pid(self.folder), number)

    def restart(self) -> None:
        """Cut its power and start it again."""
        self.signal(signal.SIGKILL)
        embedded._wait_until(lambda: embedded._redis_pid(self.folder) is None, "Redis to die")
        embedded.redis_url(self.folder)

    def stop(self) -> None:
        """End it, frozen or not."""
        self.client.close()
        if embedded._redis_pid(self.folder):
            self.signal(signal.SIGCONT)
        embedded.stop(self.folder)


@pytest.fixture
def broker(tmp_path: Path, settings: Any, publish_to: Callable[[str], None]) -> Iterator[Broker]:
    """A broker for this process and for the workers it starts."""
    made = Broker(tmp_path / "broker")
    settings.CELERY_BROKER_URL = made.url
    publish_to(made.url)
    yield made
    made.stop()


@pytest.fixture
def _no_sweeper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AICMO_SWEEP_SECONDS", "3600")


@pytest.mark.usefixtures("_no_sweeper")
def test_is_found_again_by_workers_after_a_restart(broker: Broker, start_probe: Run, worker: Callable) -> None:
    worker()
    before = start_probe("probe_prepared")
    wait_for_end(before)
    broker.restart()
    after = start_probe("probe_prepared")
    wait_for_end(after)
    assert (before.state, after.state) == ("COMPLETED", "COMPLETED")


@pytest.mark.usefixtures("_no_sweeper")
def test_is_listened_to_by_an_idle_worker_on_the_same_connections(
    broker: Broker, start_probe: Run, worker: Callable
) -> None:
    worker()
    wait_for_end(start_probe("probe_prepared"))
    count = broker.client.info("stats")["total_connections_received"]
    time.sleep(3)  # longer than a blocking read, and than the time a socket may be silent
    assert broker.client.info("stats")["total_connections_received"] == count
    wait_for_end(start_probe("probe_prepared"))


def test_may_freeze_while_runs_are_accepted(broker: Broker, start_probe: Run, worker: Callable) -> None:
    worker()
    wait_for_end(start_probe("probe_prepared"))
    broker.signal(signal.SIGSTOP)
    runs = [start_probe("probe_prepared") for _ in range(2)]
    assert WorkflowRun.objects.filter(pk__in=[run.pk for run in runs]).count() == 2
    broker.signal(signal.SIGCONT)
    wait_for_end(*runs)
    assert {run.state for run in runs} == {"COMPLETED"}
