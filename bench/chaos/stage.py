"""Where trials take place: servers, a fresh database for each trial, the vendor, the workers."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

from bench.chaos.proxy import Proxy
from bench.chaos.servers import Postgres, Redis
from bench.chaos.vendor import Vendor
from bench.chaos.workers import Crew, Sweeper, Worker

DATABASE, TEMPLATE = "chaos", "chaos_template"

SHORT_LEASE_SECONDS, LONG_LEASE_SECONDS = 3, 30

QUICKENED = {
    "AICMO_DISPATCH_GRACE_SECONDS": "1",
    "AICMO_SWEEP_SECONDS": "0.3",
    "AICMO_IDLE_TRANSACTION_SECONDS": "6",
    "AICMO_COMPENSATION_ATTEMPTS": "4",
    "AICMO_COMPENSATION_PAUSE_SECONDS": "0.3",
}
"""What is made short so that recovery is seen within seconds."""


class Stage(Crew):
    """The servers, folders and processes of one run of the harness."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="aicmo-chaos-"))
        self.folder.chmod(0o755)
        names = ("faults", "flags", "ready", "media")
        self.faults, self.flags, self.ready, self.media = (self._make(name) for name in names)
        self.trace, self.receipts = self.folder / "trace", self.folder / "receipts"
        self.postgres = Postgres(self._make("postgres"))
        self.redis = Redis(self._make("redis"))
        self.vendor = Vendor(self.folder / "ledger")
        self.bug, self.lease_seconds = "", SHORT_LEASE_SECONDS
        self._open = ExitStack()

    def _make(self, name: str) -> Path:
        path = self.folder / name
        path.mkdir()
        return path

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            self.postgres.create()
            for server in (self.postgres, self.redis):
                opening.callback(server.stop)
                server.start()
            opening.enter_context(self.vendor)
            self.postgres_proxy = opening.enter_context(Proxy(self.postgres.port))
            self.redis_proxy = opening.enter_context(Proxy(self.redis.port))
            opening.callback(self.end_processes)
            self.postgres.execute(f"CREATE DATABASE {TEMPLATE}")
            os.environ |= self.environment(database=TEMPLATE) | {"AICMO_LOG_LEVEL": "CRITICAL"}  # the table tells
            self._open = opening.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def environment(self, *, database: str = DATABASE, proxied: bool = False) -> dict[str, str]:
        """Return what a process needs to work here; `proxied` puts the network between it and the servers."""
        ports = (self.postgres_proxy.port, self.redis_proxy.port) if proxied else (None, None)
        return {
            "DJANGO_SETTINGS_MODULE": "bench.chaos.settings",
            "DATABASE_URL": self.postgres.url(database, ports[0]),
            "CELERY_BROKER_URL": self.redis.url(ports[1]),
            "SECRET_KEY": "chaos-" * 8,
            "AICMO_MEDIA_ROOT": str(self.media),
            "AICMO_DATA_DIR": str(self.folder),
            "AICMO_PROBE_VENDOR": self.vendor.url,
            "AICMO_PROBE_TRACE": str(self.trace),
            "AICMO_PROBE_FLAGS": str(self.flags),
            "AICMO_CHAOS_RECEIPTS": str(self.receipts),
            "AICMO_LEASE_SECONDS": str(self.lease_seconds),
            **QUICKENED,
        }

    def migrate(self) -> None:
        """Make the tables in the template, and turn this process to the database of the trials."""
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0, interactive=False)
        connection.close()
        connection.settings_dict["NAME"] = DATABASE

    def renew(self, *alterations: str) -> None:
        """Give the next trial an empty database, broker, ledger and folder; alterations are SQL run beforehand."""
        from django.db import connection

        connection.close()
        self.end_processes()
        self.crashes.clear()
        for server in (self.postgres, self.redis):
            server.heal()
        for proxy in (self.postgres_proxy, self.redis_proxy):
            proxy.heal()
        self.postgres.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        self.postgres.execute(f"CREATE DATABASE {DATABASE} TEMPLATE {TEMPLATE}")
        for sql in alterations:
            self.postgres.execute(sql, database=DATABASE)
        self.redis.flush()
        self.vendor.forget()
        left = (*self.faults.iterdir(), *self.flags.iterdir(), *self.ready.glob("[0-9]*"))
        for path in (self.trace, self.receipts, *left):
            path.unlink(missing_ok=True)

    def start_worker(self, concurrency: int = 2, *, proxied: bool = False, **environment: str) -> Worker:
        """Start a worker; wait for it with `wait_until_ready`."""
        worker = Worker(self.ready, self.environment_of_process(proxied=proxied, **environment), concurrency)
        self.processes.append(worker)
        return worker

    def start_sweeper(self, *, proxied: bool = False, **environment: str) -> Sweeper:
        """Start a sweeper that needs no broker."""
        sweeper = Sweeper(self.ready, self.environment_of_process(proxied=proxied, **environment))
        self.processes.append(sweeper)
        return sweeper

    def environment_of_process(self, *, proxied: bool = False, **extra: str) -> dict[str, str]:
        """Return the environment of a process that faults are planned for, and that has the seeded bugs."""
        torments = {"AICMO_FAULTS_DIR": str(self.faults), "AICMO_SEEDED_BUG": self.bug, "AICMO_LOG_LEVEL": "WARNING"}
        return os.environ | self.environment(proxied=proxied) | torments | extra

    def fired(self) -> list[str]:
        """Return the names of the planned faults that fired."""
        return [path.name for path in self.faults.iterdir() if path.name.startswith("fired-")]

    def planned_left(self) -> list[str]:
        """Return the planned faults that did not fire."""
        return [path.name for path in self.faults.iterdir() if not path.name.startswith("fired-")]


@contextmanager
def opened() -> Iterator[Stage]:
    """Open a stage and load Django on it; its folder, with all logs, is kept when the block is left by an error."""
    with Stage() as stage:
        import django

        django.setup()
        stage.migrate()
        try:
            yield stage
        except SystemExit as end:
            if end.code:
                raise
    shutil.rmtree(stage.folder, ignore_errors=True)
