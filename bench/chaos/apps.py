import os
from pathlib import Path
from typing import Any

from celery.signals import worker_ready
from django.apps import AppConfig


class ChaosConfig(AppConfig):
    """Tells the harness when a worker is ready, and loads the bugs that this process is to have."""

    name = "bench.chaos"
    verbose_name = "Fault harness"

    def ready(self) -> None:
        from bench.chaos import bugs

        worker_ready.connect(_tell_ready, dispatch_uid="bench.chaos.ready")
        bugs.load(os.environ.get("AICMO_SEEDED_BUG", ""))


def _tell_ready(**signal: Any) -> None:
    if folder := os.environ.get("AICMO_CHAOS_READY"):
        (Path(folder) / str(os.getpid())).touch()
