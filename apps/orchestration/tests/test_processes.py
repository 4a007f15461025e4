"""The processes of a site are kept alive."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.orchestration.management import processes
from apps.orchestration.management.processes import ProcessEnded, Processes

SLEEPER = ["timeit", "-n", "1", "import time; time.sleep(60)"]


@pytest.fixture
def site(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Processes]:
    """Nothing that serves yet; what is started ends with the test."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(processes, "LONGEST_PAUSE_SECONDS", 0)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with Processes() as site:
        yield site


def _keep_until(site: Processes, name: str, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        site._keep(name, site._served[name])
        time.sleep(0.02)


def test_after_a_kill(site: Processes) -> None:
    site._start("sleeper", SLEEPER)
    killed = site._served["sleeper"].process
    killed.kill()
    killed.wait()
    _keep_until(site, "sleeper", lambda: site._served["sleeper"].process.pid != killed.pid)
    assert site._served["sleeper"].process.poll() is None


def test_but_not_for_ever_when_they_die_at_once(site: Processes) -> None:
    site._start("sleeper", ["no.such.module"])
    with pytest.raises(ProcessEnded, match="its last words are in"):
        _keep_until(site, "sleeper", lambda: False)
    assert site._served["sleeper"].quick_deaths == processes.MOST_QUICK_DEATHS + 1


def test_without_touching_one_that_lives(site: Processes) -> None:
    site._start("sleeper", SLEEPER)
    before = site._served["sleeper"].process
    site._keep("sleeper", site._served["sleeper"])
    assert site._served["sleeper"].process is before
