"""A worker …"""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.tests.factories import UserFactory
from apps.observability import services
from apps.observability.models import WorkerHeartbeat
from apps.observability.rules import FORGOTTEN_AFTER, SILENT_AFTER

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def report(name: str = "thinker@test", pid: int = 7, **changes: object) -> WorkerHeartbeat:
    services.report_worker(
        name=name, host="h", pid=pid, queues=["writing", "system"], concurrency=2, started_at=LONG_AGO
    )
    WorkerHeartbeat.objects.filter(name=name).update(**changes or {"pid": pid})
    return WorkerHeartbeat.objects.with_silence().get(name=name)


def wait_for(name: str, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 40
    while not condition():
        assert time.monotonic() < deadline, f"{name}: it does not come about"
        time.sleep(0.1)


@pytest.mark.django_db
def test_is_seen_with_what_it_serves() -> None:
    worker = report()
    assert (worker.queues, worker.concurrency, worker.started_at) == (["system", "writing"], 2, LONG_AGO)
    assert worker.silence < timedelta(seconds=10)


@pytest.mark.django_db
def test_takes_over_the_row_of_its_name() -> None:
    report(pid=7, last_seen_at=LONG_AGO)
    worker = report(pid=8)
    assert (WorkerHeartbeat.objects.count(), worker.pid) == (1, 8)
    assert worker.silence < SILENT_AFTER


@pytest.mark.django_db
def test_costs_one_statement_a_beat(django_assert_num_queries: Callable) -> None:
    with django_assert_num_queries(1):
        services.report_worker(name="a", host="h", pid=1, queues=[], concurrency=1, started_at=LONG_AGO)


@pytest.mark.django_db
def test_does_not_sign_a_namesake_off() -> None:
    report(pid=8)
    services.sign_worker_off(name="thinker@test", host="h", pid=7)
    assert WorkerHeartbeat.objects.count() == 1


@pytest.mark.django_db
def test_is_forgotten_after_a_week_of_silence() -> None:
    report("gone@test", last_seen_at=Now() - FORGOTTEN_AFTER - timedelta(minutes=1))
    report("quiet@test", last_seen_at=Now() - FORGOTTEN_AFTER + timedelta(minutes=1))
    assert services.forget_silent_workers() == 1
    assert WorkerHeartbeat.objects.get().name == "quiet@test"


@pytest.mark.django_db
@pytest.mark.parametrize(("silence", "state"), [(timedelta(0), "RUNNING"), (SILENT_AFTER * 2, "SILENT")])
def test_shows_at_the_desk_whether_it_is_silent(silence: timedelta, state: str) -> None:
    worker = report(last_seen_at=Now() - silence)
    browser = Browser()
    browser.force_login(UserFactory(is_superuser=True))
    for page in (
        reverse("admin:observability_workerheartbeat_changelist"),
        reverse("admin:observability_workerheartbeat_change", args=[worker.pk]),
    ):
        text = browser.get(page).content.decode()
        assert "thinker@test" in text
        assert state in text


@pytest.mark.worker
def test_reports_itself_and_signs_off_when_it_ends_in_order(worker: Callable[..., subprocess.Popen]) -> None:
    running = worker("thinker", AICMO_RELEASE="2026.11.2")
    wait_for("report", WorkerHeartbeat.objects.exists)
    seen = WorkerHeartbeat.objects.get()
    assert (seen.name, seen.queues) == ("thinker@test", ["system", "thinking"])
    assert (seen.pid, seen.concurrency, seen.release) == (running.pid, 1, "2026.11.2")
    time.sleep(3)  # it reports before it listens: told to end in between, Celery may wait for ever
    os.kill(running.pid, signal.SIGTERM)
    running.wait(timeout=60)
    assert not WorkerHeartbeat.objects.exists()


@pytest.mark.worker
def test_leaves_its_row_behind_when_it_is_killed(worker: Callable[..., subprocess.Popen]) -> None:
    running = worker("killed")
    wait_for("report", WorkerHeartbeat.objects.exists)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert WorkerHeartbeat.objects.get().name == "killed@test"
