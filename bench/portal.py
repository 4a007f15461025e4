"""The portal under load: fifty clients for a minute against gunicorn as it is deployed."""

import csv
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.client_review.services import send_for_review
from apps.identity.services import make_token
from apps.identity.tests.factories import MembershipFactory
from apps.onboarding.tests.factories import dental_brief
from apps.orchestration.tests.conftest import worker_environment
from apps.production.tests.factories import draft_for
from apps.shared.workflow import RunContext
from apps.strategy.tests.factories import strategy_for
from bench.goals import Figure
from bench.stage import CannotRun, log_of, wait_until

CLIENTS = 50
REVIEWS = 30
"""Waiting for each client: more than it decides in a minute, and more than a page."""
SECONDS = 60
LOCUST = Path(__file__).resolve().parents[1] / ".venv-bench/bin/locust"


def portal_figures() -> Iterator[Figure]:
    """Load the portal for a minute; print requests a second, and yield the slow end of each kind of request."""
    if not LOCUST.exists():
        raise CannotRun(f"{LOCUST} is missing; `make bench` installs it.")
    tokens = [_client_with_reviews() for _ in range(CLIENTS)]
    with tempfile.TemporaryDirectory() as folder, _gunicorn() as address:
        rows = _load(Path(folder), address, tokens)
    print(f"{'request':<12}{'count':>8}{'failed':>8}{'a second':>10}{'p50 ms':>8}{'p95 ms':>8}")
    for row in rows:
        cells = (row["Request Count"], row["Failure Count"], f"{float(row['Requests/s']):.1f}", row["50%"], row["95%"])
        print(f"{row['Name']:<12}{cells[0]:>8}{cells[1]:>8}{cells[2]:>10}{cells[3]:>8}{cells[4]:>8}")
    for row in rows[:-1]:
        yield Figure(f"portal {row['Name']}, {CLIENTS} clients, p95", float(row["95%"]), 100, "ms")
    yield Figure("portal requests that failed", float(rows[-1]["Failure Count"]), 0)


def _client_with_reviews() -> str:
    membership, at = MembershipFactory(), timezone.now()
    brief = dental_brief(client_id=membership.client_id)
    strategy = strategy_for(brief)
    for _ in range(REVIEWS):
        run = RunContext(id=uuid7(), client_id=membership.client_id, position=5, round=1, at=at)
        send_for_review(draft_for(brief, strategy.model_copy(update={"id": uuid7()})), run=run)
    scopes, until = ("read", "review"), at + timedelta(days=1)
    _, secret = make_token(membership, name="bench", scopes=scopes, expires_at=until, at=at, by=membership.user_id)
    return secret


@contextmanager
def _gunicorn() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "aicmo_site.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "2", "--threads", "4", "--log-level", "error"]
    with log_of("gunicorn").open("a") as log:
        server = subprocess.Popen(command, env=worker_environment(), stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(f"{address}/health/live"), "gunicorn")
        yield address
    finally:
        server.terminate()
        server.wait()


def _answers(url: str) -> bool:
    try:
        return urlopen(url, timeout=2).status == 200
    except OSError:  # not there yet: refused (URLError), or slow while it starts (TimeoutError)
        return False


def _load(folder: Path, address: str, tokens: list[str]) -> list[dict[str, str]]:
    """Return locust's line for each kind of request, and that of all of them last."""
    (folder / "tokens.json").write_text(json.dumps(tokens))
    command = [
        str(LOCUST),
        "-f",
        "bench/portal_load.py",
        "--headless",
        "--host",
        address,
        "--csv",
        str(folder / "load"),
    ]
    command += ["-u", str(CLIENTS), "-r", "10", "-t", f"{SECONDS}s", "--reset-stats", "--only-summary"]
    environment = os.environ | {"AICMO_BENCH_TOKENS": str(folder / "tokens.json")}
    with log_of("locust").open("a") as log:
        subprocess.run(command, env=environment, stdout=log, stderr=log, check=False)  # it fails where a request did
    with (folder / "load_stats.csv").open() as file:
        return list(csv.DictReader(file))
