"""A run is accepted."""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from django.db import connection
from django.utils import timezone

from apps.orchestration.models import OutboxEvent, WorkflowRun
from apps.orchestration.services.start import KeyReused, WrongInputs, WrongKey, start_run
from apps.orchestration.tests.conftest import worker_environment
from apps.orchestration.workflows import UnknownWorkflow, get_workflow
from apps.shared.dtos import Dto
from bench.probe.steps import Seed

Run = Callable[..., WorkflowRun]


def test_gives_the_same_run_for_the_same_key(start_probe: Run) -> None:
    assert start_probe(key="again").pk == start_probe(key="again").pk
    assert OutboxEvent.objects.filter(name="RunStarted").count() == 1


def test_refuses_a_key_that_stands_for_something_else(start_probe: Run) -> None:
    start_probe(key="taken", label="first")
    with pytest.raises(KeyReused, match="Use a new key"):
        start_probe(key="taken", label="second")


def test_makes_one_run_of_one_key_at_the_same_moment(transactional_db: None) -> None:
    barrier = threading.Barrier(8)
    made: list[WorkflowRun] = []

    def ask() -> None:
        barrier.wait()
        made.append(start_run(get_workflow("probe_five"), (Seed(),), key="same", at=timezone.now()))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len({run.pk for run in made}) == 1


def test_names_what_is_missing_and_what_is_too_much(transactional_db: None) -> None:
    class Stray(Dto):
        """Something no workflow asks for."""

    with pytest.raises(WrongInputs, match="missing Seed, unexpected Stray"):
        start_run(get_workflow("probe_five"), (Stray(),), key="wrong", at=timezone.now())
    assert not WorkflowRun.objects.exists()


@pytest.mark.parametrize("key", ["", "k" * 201, "a\x00b", "\udcff"])
def test_refuses_a_key_that_cannot_be_one(transactional_db: None, key: str) -> None:
    with pytest.raises(WrongKey, match="1 to 200 printable characters"):
        start_run(get_workflow("probe_five"), (Seed(),), key=key, at=timezone.now())


def test_refuses_two_of_one_kind(transactional_db: None) -> None:
    with pytest.raises(WrongInputs, match="more than one Seed"):
        start_run(get_workflow("probe_five"), (Seed(label="a"), Seed(label="b")), key="two", at=timezone.now())


def test_names_the_known_workflows_when_asked_for_another() -> None:
    with pytest.raises(UnknownWorkflow, match=r"Known: .*probe_five"):
        get_workflow("no_such_thing")


@pytest.fixture
def silent_broker() -> Iterator[socket.socket]:
    """A broker that takes connections and never answers, as a frozen one does."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener


def _connections_of(listener: socket.socket) -> int:
    count = 0
    with suppress(BlockingIOError):
        while True:
            listener.accept()[0].close()
            count += 1
    return count


def _url(listener: socket.socket) -> str:
    return f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


def test_commits_the_run_and_asks_a_silent_broker_once(
    start_probe: Run, silent_broker: socket.socket, publish_to: Callable[[str], None]
) -> None:
    publish_to(_url(silent_broker))
    run = start_probe()
    assert WorkflowRun.objects.get(pk=run.pk).state == "PENDING"
    assert _connections_of(silent_broker) == 1


def test_commits_the_run_when_the_broker_is_gone(
    start_probe: Run, publish_to: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    publish_to("redis+socket:///nowhere/redis.sock")
    run = start_probe()
    assert WorkflowRun.objects.get(pk=run.pk).state == "PENDING"
    assert "The broker does not answer" in caplog.text


def test_commits_the_run_in_a_process_that_never_saw_a_broker(
    transactional_db: None, silent_broker: socket.socket
) -> None:
    command = """
import django
django.setup()
from django.utils import timezone
from apps.orchestration.services.start import start_run
from apps.orchestration.workflows import get_workflow
from bench.probe.steps import Seed
start_run(get_workflow("probe_five"), (Seed(),), key="lonely", at=timezone.now())
"""
    environment = worker_environment() | {"CELERY_BROKER_URL": _url(silent_broker)}
    subprocess.run([sys.executable, "-c", command], env=environment, check=True)
    assert WorkflowRun.objects.get(idempotency_key="lonely").state == "PENDING"
    assert _connections_of(silent_broker) == 1
