"""Ways to run the engine in tests: in this process, and by a real worker."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from aicmo_site.celery import app
from apps.identity.tests.factories import UserFactory
from apps.onboarding.api import ports as onboarding
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services.intake import submit_intake
from apps.orchestration.services.start import start_run
from apps.orchestration.services.sweep import move
from apps.orchestration.workflows import get_workflow
from apps.shared.tests.receiver import Receiver, listening
from bench.probe.steps import Seed

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
Submit = Callable[..., WorkflowRun]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of this test and of the processes it starts go to a folder of their own."""
    root = tmp_path / "media"
    settings.MEDIA_ROOT = root
    monkeypatch.setenv("AICMO_MEDIA_ROOT", str(root))
    return root


@pytest.fixture
def shipped(transactional_db: None) -> None:
    """The packs that a migration ships, which the flush after an earlier test may have taken away."""
    migration = import_module("apps.production.migrations.0002_shipped_packs")
    if not apps.get_model("production", "Pack").objects.exists():
        migration.ship_packs(apps, None)


@pytest.fixture
def start_probe(transactional_db: None) -> Callable[..., WorkflowRun]:
    """Accept a probe run without a worker to hear of it."""
    count = iter(range(1_000_000))

    def start(workflow: str = "probe_five", key: str = "", **seed: str) -> WorkflowRun:
        key = key or f"probe-{next(count)}"
        return start_run(get_workflow(workflow), (Seed(**seed),), key=key, at=timezone.now())

    return start


@pytest.fixture
def run_probe(start_probe: Callable[..., WorkflowRun]) -> Callable[..., WorkflowRun]:
    """Run a probe to its end in this process, waking it as often as it asks."""

    def run(*arguments: str, **options: str) -> WorkflowRun:
        return finish(start_probe(*arguments, **options))

    return run


@pytest.fixture
def ready_for(start_probe: Callable[..., WorkflowRun]) -> Callable[[str], WorkflowRun]:
    """Bring a run to where it obeys a command."""

    def stuck() -> WorkflowRun:
        run = finish(start_probe())
        WorkflowRun.objects.filter(pk=run.pk).update(state="STUCK", finished_at=None)
        return WorkflowRun.objects.get(pk=run.pk)

    ways = {
        "retry-step": lambda: finish(start_probe("probe_ask", label="nobody")),
        "resume": lambda: finish(start_probe("probe_wait")),
        "cancel": lambda: finish(start_probe("probe_wait")),
        "compensate": lambda: finish(start_probe()),
        "skip-step": lambda: finish(start_probe("probe_wait")),
        "rerun": lambda: finish(start_probe(refuse_at="one")),
        "rework": lambda: finish(start_probe("probe_rounds", label="99")),
        "accept": lambda: finish(start_probe("probe_rounds", label="99")),
        "retry-compensation": stuck,
    }
    return lambda command: ways[command]()


@pytest.fixture
def submit() -> Submit:
    """Submit a sample intake, without a worker to hear of it."""
    count = iter(range(1_000))

    def submit(sample: str = "dental_clinic", pack: str = "quick_social_basic", key: str = "") -> WorkflowRun:
        submission = onboarding.read_submission(data=json.loads((SAMPLES / f"intake_{sample}.json").read_text()))
        return submit_intake(
            submission,
            workflow="client_to_delivery",
            pack=pack,
            key=key or f"key-{next(count)}",
            at=timezone.now(),
        )

    return submit


@pytest.fixture
def refused_at(faults: Callable) -> Callable[[str, WorkflowRun], None]:
    """Make one step of one run say no, after it has written its rows."""

    def plan(step: str, run: WorkflowRun) -> None:
        faults(f"{step}.written", run.pk, "refuse")

    return plan


def browser_of(role: str) -> Browser:
    """Return a browser in which somebody of the staff with this role has logged in."""
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    browser = Browser()
    browser.force_login(user)
    return browser


def finish(run: WorkflowRun, seconds: float = 20) -> WorkflowRun:
    """Move a run until nothing moves it any more, heeding its pauses."""
    deadline = time.monotonic() + seconds
    move(run.pk)
    while WorkflowRun.objects.unfinished().filter(pk=run.pk).exists():
        assert time.monotonic() < deadline, "the run does not end"
        if WorkflowRun.objects.due().filter(pk=run.pk).exists():
            move(run.pk)
        time.sleep(0.02)
    run.refresh_from_db()
    return run


@pytest.fixture
def faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Plan faults for this process and for the workers it starts; see `fault_point`."""
    monkeypatch.setattr("apps.shared.resilience.FAULTS_DIR", str(tmp_path))
    monkeypatch.setenv("AICMO_FAULTS_DIR", str(tmp_path))

    def plan(point: str, key: object = "any", fault: str = "error") -> Path:
        path = tmp_path / f"{point}@{key}"
        path.write_text(fault)
        return path

    return plan


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A server on loopback that keeps the webhooks it is sent."""
    with listening() as running:
        yield running


@pytest.fixture
def loopback(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let webhooks go to this machine, those of the workers that a test starts, too."""
    settings.WEBHOOK_PRIVATE = True
    monkeypatch.setenv("AICMO_WEBHOOK_PRIVATE", "1")


@pytest.fixture
def publish_to(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Ring at another broker from now on."""

    def ring_at(url: str) -> None:
        monkeypatch.setattr(app.conf, "broker_write_url", url)
        monkeypatch.setattr(app, "_pool", None)
        monkeypatch.setattr(app.amqp, "_producer_pool", None)

    return ring_at


@pytest.fixture
def worker(transactional_db: None) -> Iterator[Callable[[], subprocess.Popen]]:
    """Start real Celery workers on the test database; their process groups end with the test."""
    app.control.purge()
    started: list[subprocess.Popen] = []

    def start(concurrency: int = 2, queue: str = "") -> subprocess.Popen:
        started.append(_start_worker(concurrency, queue))
        return started[-1]

    yield start
    for process in started:
        kill_group(process)
    app.control.purge()


def _start_worker(concurrency: int, queue: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "celery", "-A", "aicmo_site", "worker", "-P", "prefork", "-c", str(concurrency)]
    command += ["--without-gossip", "--without-mingle", "-l", "WARNING"]
    command += ["-Q", queue, "-n", f"{queue}@%h"] if queue else []
    return subprocess.Popen(command, env=worker_environment(), start_new_session=True)


def worker_environment() -> dict[str, str]:
    """Return the environment of a process that works on the test database."""
    database = connection.settings_dict
    host = database["HOST"].replace("/", "%2F")
    url = f"postgresql://{database['USER']}@{host}/{database['NAME']}"
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "aicmo_site.settings_test",
        "DATABASE_URL": url,
        "CELERY_BROKER_URL": settings.CELERY_BROKER_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "AICMO_LEASE_SECONDS": "3",
        "AICMO_DISPATCH_GRACE_SECONDS": "1",
        "AICMO_SWEEP_SECONDS": os.environ.get("AICMO_SWEEP_SECONDS", "0.3"),
    }


def kill_group(process: subprocess.Popen) -> None:
    """Cut a worker's power: SIGKILL to it and all its children at once."""
    if process.poll() is None:
        os.killpg(process.pid, 9)
    process.wait()


def wait_for_end(*runs: WorkflowRun, seconds: float = 60) -> None:
    """Wait until runs have ended by the workers alone."""
    deadline = time.monotonic() + seconds
    pending = WorkflowRun.objects.unfinished().filter(pk__in=[run.pk for run in runs])
    while pending.exists():
        assert time.monotonic() < deadline, json.dumps(list(pending.values("state", "position", "error")))
        time.sleep(0.2)
    for run in runs:
        run.refresh_from_db()
