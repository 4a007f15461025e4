"""The health of a web process …"""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import psutil
import pytest
from django.db import connection
from django.test import Client as Browser

from apps.observability.gateways import servers


@pytest.fixture
def silent_port() -> Iterator[int]:
    """The port of a server that takes connections and never says a word, like a frozen one."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def web(process: Callable[..., subprocess.Popen]) -> Callable[..., str]:
    """Start a real web process and return its address."""

    def start(**environment: str) -> str:
        with socket.create_server(("127.0.0.1", 0)) as free:
            address = f"127.0.0.1:{free.getsockname()[1]}"
        process("-m", "gunicorn", "aicmo_site.wsgi", "--bind", address, "--threads", "4", **environment)
        deadline = time.monotonic() + 30
        while get(f"http://{address}/health/live")[0] != 200:
            assert time.monotonic() < deadline, "the web process does not come up"
            time.sleep(0.1)
        return f"http://{address}"

    return start


def get(url: str) -> tuple[int, dict, float]:
    """Return the status, the JSON and the seconds it took; status 0 where nobody listens."""
    begun = time.monotonic()
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            status, body = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, body = error.code, error.read()
    except OSError:
        status, body = 0, b"{}"
    return status, json.loads(body), time.monotonic() - begun


@pytest.mark.django_db(transaction=True)
def test_is_ready_when_all_its_servers_answer(client: Browser) -> None:
    page = client.get("/health/ready")
    assert page.status_code == 200
    assert page.json() == {
        "status": "ready",
        "checks": {"postgresql": "ok", "migrations": "ok", "redis": "ok"},
    }


def test_is_live_without_asking_anybody(client: Browser) -> None:
    # No database is allowed in this test: a statement would fail it.
    assert client.get("/health/live").json() == {"status": "live"}


@pytest.mark.django_db(transaction=True)
def test_is_not_ready_while_a_migration_is_missing(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "_shipped_migrations", lambda: {("qc", "0099_of_tomorrow")})
    page = client.get("/health/ready")
    assert (page.status_code, page.json()["checks"]["migrations"]) == (503, "1 not applied")


@pytest.mark.parametrize("server", ["frozen", "gone"])
def test_says_within_two_seconds_that_postgresql_is_away(
    web: Callable, silent_port: int, unused_port: int, server: str
) -> None:
    port = silent_port if server == "frozen" else unused_port
    address = web(DATABASE_URL=f"postgresql://aicmo:canary-password@127.0.0.1:{port}/aicmo")
    for _ in range(2):  # the second asks while the first still waits
        status, body, seconds = get(f"{address}/health/ready")
        assert (status, body["status"]) == (503, "not ready")
        assert body["checks"] == {"postgresql": "does not answer", "migrations": "unknown", "redis": "ok"}
        assert seconds < 2
    assert get(f"{address}/health/live")[0] == 200


@pytest.mark.parametrize("server", ["frozen", "gone"])
def test_is_degraded_and_yet_ready_while_redis_is_away(
    web: Callable, silent_port: int, unused_port: int, server: str
) -> None:
    port = silent_port if server == "frozen" else unused_port
    status, body, seconds = get(web(CELERY_BROKER_URL=f"redis://127.0.0.1:{port}/0") + "/health/ready")
    assert (status, body["status"], body["checks"]["redis"]) == (200, "degraded", "does not answer")
    assert seconds < 2


@pytest.mark.django_db(transaction=True)
def test_comes_back_when_a_frozen_postgresql_does(client: Browser) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        postmaster = psutil.Process(cursor.fetchone()[0]).ppid()
    os.kill(postmaster, signal.SIGSTOP)
    try:
        assert client.get("/health/ready").status_code == 503
    finally:
        os.kill(postmaster, signal.SIGCONT)
    deadline = time.monotonic() + 10
    while client.get("/health/ready").status_code != 200:
        assert time.monotonic() < deadline, "it does not get ready again"


@pytest.mark.parametrize("address", ["/health/live", "/health/ready", "/metrics"])
def test_is_only_to_be_asked(client: Browser, address: str) -> None:
    assert client.post(address).status_code == 405


@pytest.fixture
def unused_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]
