"""The processes of a site on one machine: started together, ended together, and started again when one dies."""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings

log = logging.getLogger(__name__)

STOP_SECONDS = 20
LONGEST_PAUSE_SECONDS = 30
STEADY_SECONDS = 60
"""A process that served so long is started again at once; one that dies sooner, after a growing pause."""
MOST_QUICK_DEATHS = 6


class ProcessEnded(Exception):
    """A process that was to serve dies as often as it is started."""


@dataclass
class _Served:
    """One process to keep alive: how it is started, and how often it died before it was steady."""

    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen
    started_at: float
    quick_deaths: int = 0
    starts_at: float | None = None


class Processes:
    """Child processes that end with the block they were started in."""

    def __init__(self) -> None:
        self._served: dict[str, _Served] = {}
        self._logs = Path(settings.DATA_DIR) / "logs"
        self._logs.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the block is left in order
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for served in self._served.values():
            served.process.terminate()
        for served in self._served.values():
            try:
                served.process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(served.process.pid, signal.SIGKILL)

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
        """Keep all of them alive until Ctrl-C. Raises ProcessEnded when one dies as often as it is started."""
        try:
            while True:
                for name, served in self._served.items():
                    self._keep(name, served)
                time.sleep(0.2)
        except KeyboardInterrupt:
            return

    def _keep(self, name: str, served: _Served) -> None:
        """Start a process again that has died, now or when its pause is over."""
        if served.process.poll() is None:
            return
        now = time.monotonic()
        if served.starts_at is None:
            served.quick_deaths = 0 if now - served.started_at > STEADY_SECONDS else served.quick_deaths + 1
            if served.quick_deaths > MOST_QUICK_DEATHS:
                raise ProcessEnded(f"The {name} dies again and again; its last words are in {self._logs / name}.log.")
            pause = min(LONGEST_PAUSE_SECONDS, 2 ** (served.quick_deaths - 1)) if served.quick_deaths else 0
            served.starts_at = now + pause
            log.error("The %s ended (%s); starting it again in %s s.", name, served.process.returncode, pause)
        if now >= served.starts_at:
            served.process = self._spawn(name, served.command, served.environment)
            served.started_at, served.starts_at = now, None

    def _start(self, name: str, command: list[str], environment: dict[str, str] | None = None) -> None:
        process = self._spawn(name, command, environment or {})
        self._served[name] = _Served(command, environment or {}, process, started_at=time.monotonic())

    def _spawn(self, name: str, command: list[str], environment: dict[str, str]) -> subprocess.Popen:
        with (self._logs / f"{name}.log").open("ab") as log_file:
            return subprocess.Popen(
                [sys.executable, "-m", *command],
                env=os.environ | environment,
                stdout=log_file,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone, and we end them in order
            )


def _free_port(wanted: int) -> int:
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise OSError(f"No free port between {wanted} and {wanted + 49}; set AICMO_PORT.")
