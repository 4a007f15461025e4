"""The Celery application. Messages are wake-ups that carry ids; PostgreSQL holds the truth."""

import gc
import os
from typing import Any

from celery import Celery, Task, signals

from apps.shared import telemetry

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aicmo_site.settings")

app = Celery("aicmo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.before_task_publish.connect
def hand_request_on(headers: dict[str, Any], **_: object) -> None:
    """Send the id of the web request along, so that what the task does can be found by it."""
    if request_id := telemetry.facts().get("request_id"):
        headers["request_id"] = request_id


@signals.task_prerun.connect
def take_up(task_id: str, task: Task, **_: object) -> None:
    """Put the task, and the request that sent it, on the log lines of what follows."""
    telemetry.note(task_id=task_id, task=task.name, request_id=getattr(task.request, "request_id", None))


@signals.task_postrun.connect
def put_down(**_: object) -> None:
    """End what `take_up` began: a worker's process goes on to the next task."""
    telemetry.forget()


@signals.worker_before_create_process.connect
def share_memory(**_: object) -> None:
    """Keep the collector's hands off what is loaded: a page that no process writes on is shared by all of them."""
    gc.collect()
    gc.freeze()
