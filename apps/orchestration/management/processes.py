"""The processes of a site on one machine, started together and ended together."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings

STOP_SECONDS = 20


class ProcessEnded(Exception):
    """A process that was to serve is gone."""


class Processes:
    """Child processes that end with the block they were started in."""

    def __init__(self) -> None:
        self._started: dict[str, subprocess.Popen] = {}
        self._logs = Path(settings.DATA_DIR) / "logs"
        self._logs.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the block is left in order
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._started.values():
            process.terminate()
        for process in self._started.values():
            try:
                process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)

    def start_worker(self, concurrency: int = 2) -> None:
        """Start a Celery worker that serves all queues."""
        self._start("worker", ["celery", "-A", "aicmo_site", "worker", "-c", str(concurrency)])

    def start_beat(self) -> None:
        """Start the clock of the periodic tasks."""
        self._start("beat", ["celery", "-A", "aicmo_site", "beat"])

    def start_sweeper(self) -> None:
        """Start the sweeper that needs no broker: while it is away, a worker does nothing but look for it."""
        settings_module = {"DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
        self._start("sweeper", ["django", "sweep", "--loop"], settings_module)

    def start_web(self) -> str:
        """Start the web server on loopback and return its address: AICMO_PORT, or the next free port."""
        port = _free_port(int(os.environ.get("AICMO_PORT", "8000")))
        options = ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--log-level", "warning"]
        pool = {"AICMO_DB_POOL_SIZE": os.environ.get("AICMO_DB_POOL_SIZE", "4")}
        self._start("web", ["gunicorn", "aicmo_site.wsgi", *options], pool)
        return f"http://127.0.0.1:{port}/admin/"

    def wait(self) -> None:
        """Wait until Ctrl-C. Raises ProcessEnded when one of them ends by itself before that."""
        try:
            while all(process.poll() is None for process in self._started.values()):
                time.sleep(0.5)
        except KeyboardInterrupt:
            return
        ended = next(name for name, process in self._started.items() if process.poll() is not None)
        raise ProcessEnded(f"The {ended} ended by itself; its last words are in {self._logs / ended}.log.")

    def _start(self, name: str, command: list[str], environment: dict[str, str] | None = None) -> None:
        with (self._logs / f"{name}.log").open("ab") as log:
            self._started[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=os.environ | (environment or {}),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone, and we end them in order
            )


def _free_port(wanted: int) -> int:
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise OSError(f"No free port between {wanted} and {wanted + 49}; set AICMO_PORT.")
