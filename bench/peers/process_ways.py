"""Ways that run in processes of their own, which take the ids of runs on their standard input."""

import os
import subprocess
import sys
from abc import abstractmethod
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from uuid_utils.compat import uuid7

from apps.orchestration.tests.conftest import kill_group, worker_environment
from bench.peers.way import Way
from bench.stage import CannotRun, database_url, log_of

HERE = Path(__file__).resolve().parent
PEERS_PYTHON = HERE.parent.parent / ".venv-bench" / "bin" / "python"
PROCESSES = 2


class ProcessWay(Way):
    """Two processes that say `ready`, then take lines of run ids."""

    @abstractmethod
    def command(self, number: int) -> list[str]:
        """Return the command line of one of the processes."""

    def bring_up(self) -> None:
        self.processes = [self.spawn(self.command(number)) for number in range(PROCESSES)]
        self.workers = [process.pid for process in self.processes]
        self.starters = []

    def spawn(self, command: list[str]) -> subprocess.Popen:
        """Start a process and wait until it is ready; it ends with `self.stack`."""
        log = log_of(type(self).__name__)
        with log.open("a") as errors:
            process = subprocess.Popen(
                command,
                env=self.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
        self.stack.callback(kill_group, process)
        if process.stdout is None or process.stdout.readline().strip() != "ready":
            raise CannotRun(f"{' '.join(command[:3])} ended with: {(log.read_text().splitlines() or ['nothing'])[-1]}")
        return process

    def environment(self) -> dict[str, str]:
        """Return the environment of the processes."""
        return dict(os.environ)

    def start(self, count: int) -> list[UUID]:
        run_ids = [uuid7() for _ in range(count)]
        for number, process in enumerate(self.processes):
            tell(process, run_ids[number::PROCESSES])
        return run_ids


def tell(process: subprocess.Popen, run_ids: list[UUID]) -> None:
    """Give a process the ids of runs to do."""
    if run_ids and process.stdin is not None:
        process.stdin.write(" ".join(map(str, run_ids)) + "\n")
        process.stdin.flush()


class Psycopg(ProcessWay):
    """Plain psycopg, a transaction per step, and nothing around it: what the rows themselves cost."""

    name = "plain psycopg"
    kind: ClassVar[str] = "psycopg"

    def command(self, number: int) -> list[str]:
        return [sys.executable, "-m", "bench.peers.rows_app", self.kind]

    def environment(self) -> dict[str, str]:
        return worker_environment()


class DjangoOrm(Psycopg):
    """The plain Django ORM, a transaction per step."""

    name = "plain Django ORM"
    kind = "django"


class PeerWay(ProcessWay):
    """A package from PyPI, in the virtual environment of the peers."""

    def bring_up(self) -> None:
        if not PEERS_PYTHON.exists():
            raise CannotRun(".venv-bench is missing; `make bench` makes it from requirements-bench.txt.")
        super().bring_up()


class DbosTransactions(PeerWay):
    """dbos with transactions of its datasource: the row and the step's record are one commit, as in our engine."""

    name = "dbos, transactions, queued"
    kind: ClassVar[str] = "transactions"
    hand_over: ClassVar[str] = "queued"

    def command(self, number: int) -> list[str]:
        return [str(PEERS_PYTHON), str(HERE / "dbos_app.py"), self.kind, self.hand_over, database_url(), str(number)]


class DbosSteps(DbosTransactions):
    """dbos with steps: the row and the step's record are two commits."""

    name = "dbos, steps, queued"
    kind = "steps"


class DbosDirectTransactions(DbosTransactions):
    """The same without a queue: asked for, and done, by the same process."""

    name = "dbos, transactions, in process"
    hand_over = "direct"


class DbosDirectSteps(DbosSteps):
    """The same without a queue: asked for, and done, by the same process."""

    name = "dbos, steps, in process"
    hand_over = "direct"


class CelerySaga(PeerWay):
    """celery-saga: a worker with two processes, and a process that asks for the runs; connections are kept."""

    name = "celery-saga, tuned"
    settings_module: ClassVar[dict[str, str]] = {}

    def command(self, number: int) -> list[str]:
        return [str(PEERS_PYTHON), str(HERE / "saga_app.py")]

    def environment(self) -> dict[str, str]:
        broker = str(settings.CELERY_BROKER_URL)
        plain = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        return plain | self.settings_module | {"BENCH_DATABASE_URL": database_url(), "BENCH_BROKER_URL": broker}

    def bring_up(self) -> None:
        if not PEERS_PYTHON.exists():
            raise CannotRun(".venv-bench is missing; `make bench` makes it from requirements-bench.txt.")
        command = [str(PEERS_PYTHON), "-m", "celery", "-A", "saga_app", "worker", "-c", str(PROCESSES), "-l", "ERROR"]
        command += ["--without-gossip", "--without-mingle"]
        with log_of("celery-saga").open("a") as log:
            worker = subprocess.Popen(
                command, cwd=HERE, env=self.environment(), stdout=log, stderr=log, start_new_session=True
            )
        self.stack.callback(kill_group, worker)
        self.workers = [worker.pid]
        self.processes = [self.spawn(self.command(0))]
        self.starters = [self.processes[0].pid]

    def start(self, count: int) -> list[UUID]:
        run_ids = [uuid7() for _ in range(count)]
        (starter,) = self.processes
        tell(starter, run_ids)
        if starter.stdout is None or starter.stdout.readline().strip() != "asked":
            raise CannotRun("The process that asks for sagas has ended.")
        return run_ids


class CelerySagaByDefault(CelerySaga):
    """The same in a Django project, as Celery works there unless told otherwise."""

    name = "celery-saga"
    settings_module: ClassVar[dict[str, str]] = {"DJANGO_SETTINGS_MODULE": "saga_settings"}
