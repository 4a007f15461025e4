import os
from pathlib import Path
from typing import Any

from celery.signals import task_prerun, worker_ready
from django.apps import AppConfig


class ChaosConfig(AppConfig):
    """Tells the harness what a worker got, multiplies messages, and loads the bugs that this process is to have."""

    name = "bench.chaos"
    verbose_name = "Fault harness"

    def ready(self) -> None:
        from bench.chaos import bugs, reactions

        reactions.install()
        worker_ready.connect(_tell_ready, dispatch_uid="bench.chaos.ready")
        task_prerun.connect(_tell_receipt, dispatch_uid="bench.chaos.receipt")
        if copies := int(os.environ.get("AICMO_CHAOS_COPIES", "1")) - 1:
            _send_again(copies)
        bugs.load(os.environ.get("AICMO_SEEDED_BUG", ""))


def _tell_ready(**signal: Any) -> None:
    if folder := os.environ.get("AICMO_CHAOS_READY"):
        (Path(folder) / str(os.getpid())).touch()


def _tell_receipt(args: tuple[Any, ...] = (), task: Any = None, **signal: Any) -> None:
    """Note each message that a pool process takes up."""
    from bench.chaos import ledger

    if path := os.environ.get("AICMO_CHAOS_RECEIPTS"):
        ledger.note(path, task=task.name, of=" ".join(map(str, args)), pid=os.getpid())


def _send_again(copies: int) -> None:
    """Send each message that many times more, back to back: copies that come later find their run long gone on."""
    from kombu.transport.virtual import Channel

    send_once = Channel.basic_publish

    def send(self: Channel, message: dict[str, Any], *arguments: Any, **options: Any) -> Any:
        for _ in range(copies):
            send_once(self, {**message, "properties": {**message["properties"]}}, *arguments, **options)
        return send_once(self, message, *arguments, **options)

    Channel.basic_publish = send
