"""Real processes on the test database."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection


def process_environment(**changes: str) -> dict[str, str]:
    """Return the environment of a process that works on the test database."""
    database = connection.settings_dict
    host = str(database["HOST"]).replace("/", "%2F")
    url = f"postgresql://{database['USER']}:{database['PASSWORD']}@{host}:{database['PORT']}/{database['NAME']}"
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "aicmo_site.settings_test",
        "DATABASE_URL": url,
        "CELERY_BROKER_URL": settings.CELERY_BROKER_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        **changes,
    }


@pytest.fixture
def process(transactional_db: None) -> Iterator[Callable[..., subprocess.Popen]]:
    """Start Python processes (`-m celery …`); their process groups end with the test."""
    started: list[subprocess.Popen] = []

    def start(*arguments: str, **environment: str) -> subprocess.Popen:
        command = [sys.executable, *arguments]
        log = subprocess.DEVNULL if "AICMO_SHOW" not in os.environ else None
        started.append(
            subprocess.Popen(command, env=process_environment(**environment), stderr=log, start_new_session=True)
        )
        return started[-1]

    yield start
    for each in started:
        if each.poll() is None:
            os.killpg(each.pid, 9)
        each.wait()


@pytest.fixture
def worker(process: Callable[..., subprocess.Popen]) -> Callable[..., subprocess.Popen]:
    """Start a real Celery worker under a name."""

    def start(name: str = "thinker", queues: str = "thinking,system", **environment: str) -> subprocess.Popen:
        options = ["-n", f"{name}@test", "-Q", queues, "-c", "1", "-l", "WARNING", "--without-gossip"]
        return process("-m", "celery", "-A", "aicmo_site", "worker", *options, "--without-mingle", **environment)

    return start
