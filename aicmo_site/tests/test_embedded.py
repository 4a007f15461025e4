"""The embedded servers …"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from aicmo_site import embedded
from aicmo_site.tests.architecture import ROOT

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data directory of a short name, gone afterwards with whatever runs in it."""
    with tempfile.TemporaryDirectory(prefix="aicmo-embedded-") as name:
        yield Path(name)
        embedded.stop(Path(name))


def start(data_dir: Path) -> tuple[str, redis.Redis]:
    """Start both from a process of its own, as every command does, and return PostgreSQL's URL and a Redis client."""
    command = [sys.executable, "-m", "aicmo_site.embedded", "start", "--data-dir", str(data_dir)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=90, cwd=ROOT).stdout
    database, broker = printed.split()[-2:]
    return database, redis.Redis(unix_socket_path=broker.removeprefix("redis+socket://").split("?")[0])


def ask(url: str, question: str = "SELECT current_database()") -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        answer = connection.execute(question)
        row = answer.fetchone() if answer.description else None
    return str(row[0]) if row else ""


def pids_in(data_dir: Path) -> tuple[int, int]:
    postmaster = (data_dir / "postgres/postmaster.pid").read_text().splitlines()[0]
    return int(postmaster), int((data_dir / "redis/redis.pid").read_text())


def is_running(pid: int) -> bool:
    # What nobody waits for stays a zombie: where a container's first process reaps no children, for ever.
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_start_from_nothing_and_are_found_running_by_the_next_process(data_dir: Path) -> None:
    database, broker = start(data_dir)
    pids = pids_in(data_dir)
    assert ask(database) == "aicmo"
    assert broker.ping()
    assert start(data_dir)[0] == database
    assert pids_in(data_dir) == pids
    broker.close()


def test_stop_together_and_keep_their_data(data_dir: Path) -> None:
    database, broker = start(data_dir)
    ask(database, "CREATE TABLE kept AS SELECT 7 AS number")
    broker.set("kept", "8")
    broker.close()
    pids = pids_in(data_dir)
    assert embedded.stop(data_dir) == ["postgres", "redis"]
    assert not any(is_running(pid) for pid in pids)
    assert embedded.stop(data_dir) == []
    database, broker = start(data_dir)
    assert ask(database, "SELECT number FROM kept") == "7"
    assert broker.get("kept") == b"8"
    broker.close()


def test_survive_a_pid_file_that_names_a_process_of_somebody_else(data_dir: Path) -> None:
    start(data_dir)[1].close()
    file = data_dir / "postgres/postmaster.pid"
    lines = file.read_text().splitlines()
    embedded.stop(data_dir)
    file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert embedded.stop(data_dir) == []
    database, broker = start(data_dir)
    broker.close()
    assert ask(database) == "aicmo"
    assert os.getpid() not in pids_in(data_dir)


def test_survive_being_killed(data_dir: Path) -> None:
    start(data_dir)[1].close()
    for pid in pids_in(data_dir):
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        process.kill()
        psutil.wait_procs(family, timeout=20)
    database, broker = start(data_dir)
    assert ask(database) == "aicmo"
    assert broker.ping()
    broker.close()


def test_of_two_data_directories_do_not_meet(data_dir: Path) -> None:
    one, other = data_dir / "one", data_dir / "other"
    try:
        (database, broker), (other_database, other_broker) = start(one), start(other)
        ask(database, "CREATE TABLE mine AS SELECT 1 AS number")
        broker.set("mine", "1")
        assert other_broker.get("mine") is None
        with pytest.raises(psycopg.errors.UndefinedTable):
            ask(other_database, "SELECT number FROM mine")
        broker.close()
        assert embedded.stop(one) == ["postgres", "redis"]
        assert ask(other_database) == "aicmo"
        assert other_broker.ping()
        other_broker.close()
    finally:
        embedded.stop(one)
        embedded.stop(other)


def test_share_no_lock_file_with_other_users(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(data_dir))
    _, broker = start(data_dir)
    broker.close()
    assert (data_dir / f"aicmo-{os.getuid()}" / "start.lock").exists()
    assert not (data_dir / ".lockfile").exists()


def test_work_below_a_path_too_long_for_a_socket(data_dir: Path) -> None:
    deep = data_dir / ("a-long-name-" * 8) / ("and-another-" * 8)
    try:
        database, broker = start(deep)
        assert ask(database) == "aicmo"
        assert broker.ping()
        broker.close()
    finally:
        assert embedded.stop(deep) == ["postgres", "redis"]


def test_keep_a_secret_that_only_their_owner_reads(data_dir: Path) -> None:
    secret = embedded.local_secret_key(data_dir)
    assert len(secret) >= 50
    assert embedded.local_secret_key(data_dir) == secret
    assert (data_dir / "secret_key").stat().st_mode & 0o777 == 0o600
