"""A poison message cannot stop a queue: not one that is no message, not one that is too big, not one that lies."""

import base64
import json
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from redis import Redis

from aicmo_site.celery import app
from apps.orchestration.models import WorkflowRun
from apps.orchestration.tests.conftest import kill_group, wait_for_end, worker_environment

pytestmark = pytest.mark.worker

QUEUE = f"{settings.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}system"
UNACKNOWLEDGED = f"{settings.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}unacked"


def _envelope(body: bytes, *, content_type: str = "application/json", task: str = "orchestration.run_link") -> bytes:
    """Return a message as Celery lays it into Redis."""
    task_id = str(uuid4())
    delivery = {"exchange": "system", "routing_key": "system"}
    properties = {"correlation_id": task_id, "delivery_tag": task_id, "delivery_info": delivery, "delivery_mode": 2}
    return json.dumps(
        {
            "body": base64.b64encode(body).decode(),
            "content-type": content_type,
            "content-encoding": "utf-8" if content_type == "application/json" else "binary",
            "headers": {"id": task_id, "task": task, "lang": "py", "argsrepr": "()", "kwargsrepr": "{}"},
            "properties": {**properties, "priority": 0, "body_encoding": "base64"},
        }
    ).encode()


def _call(*arguments: Any, **envelope: str) -> bytes:
    return _envelope(json.dumps([arguments, {}, {}]).encode(), **envelope)


class Bomb:
    """Whoever unpickles it leaves a file behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable, tuple[Path]]:
        return (Path.touch, (self.path,))


def _poisons(trace: Path) -> dict[str, tuple[bytes, str]]:
    """Return poisons by name, each with what the worker's log must say of it."""
    nobody = str(uuid4())
    pickled = _envelope(pickle.dumps(Bomb(trace)), content_type="application/x-python-serialize")
    return {
        "no JSON": (_envelope(b"{never closed"), "Expecting property name enclosed in double quotes"),
        "no text": (_envelope(b"\xff\xfe\x00"), "invalid start byte"),
        "a number": (_envelope(b"42"), "argument of type 'int' is not iterable"),
        "no arguments": (_envelope(b"[5, {}, {}]"), "argument after * must be an iterable, not int"),
        "no options": (_envelope(b"[[], {}, 5]"), "must be a mapping, not int"),
        "no id": (_envelope(b"[[], {}, {}]").replace(b'"id"', b'"di"'), "KeyError('id')"),
        "unknown task": (_call(nobody, 0, task="orchestration.no_such_task"), "unregistered task of type"),
        "no run's id": (_call("not-an-id", 0), "badly formed hexadecimal UUID string"),
        "wrong types": (_call({"run": 1}, [None]), "'dict' object has no attribute 'replace'"),
        "too many arguments": (_call(*range(50)), "takes 2 positional arguments but 50 were given"),
        "pickle": (pickled, "Refusing to deserialize untrusted content of type pickle"),
        "XML": (_envelope(b"<run/>", content_type="application/xml"), "untrusted content of type application/xml"),
        "50 MB": (_call("x" * 50_000_000, 0), "badly formed hexadecimal UUID string"),
        "no envelope": (b"not even JSON", "Something that is no message lay in a queue"),
        "an empty envelope": (b"{}", "KeyError: 'properties'"),
    }


@pytest.fixture
def redis() -> Iterator[Redis]:
    """The broker, behind Celery's back."""
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    with Redis.from_url(url) as client:
        yield client


@pytest.fixture
def log(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The log of a worker whose sweeper is off, so that messages alone move runs."""
    monkeypatch.setenv("AICMO_SWEEP_SECONDS", "3600")
    app.control.purge()
    command = [sys.executable, "-m", "celery", "-A", "aicmo_site", "worker", "-c", "1", "--without-gossip"]
    path = tmp_path / "worker.log"
    with path.open("w") as file:
        worker = subprocess.Popen(
            command, env=worker_environment(), stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    yield path
    survived = worker.poll() is None
    kill_group(worker)
    app.control.purge()
    assert survived, path.read_text()[-4000:]


def test_leaves_the_worker_alive_and_the_queue_open(
    redis: Redis, log: Path, start_probe: Callable[..., WorkflowRun], tmp_path: Path
) -> None:
    trace = tmp_path / "unpickled"
    for poison, said in _poisons(trace).values():
        already_said = len(log.read_text())
        redis.lpush(QUEUE, poison)
        run = start_probe()
        wait_for_end(run)
        assert run.state == "COMPLETED"
        assert said in log.read_text()[already_said:]
    assert not trace.exists()
    assert redis.hlen(UNACKNOWLEDGED) == 0, "it would come again"
    assert log.stat().st_size < 1_000_000, "the log repeats the poison"
