"""A time limit."""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction

from apps.shared.resilience import limits
from apps.shared.resilience.limits import TookTooLong, time_limit

SHORT = 0.2


def _compute() -> None:
    while True:
        sum(range(1000))


def _sleep() -> None:
    time.sleep(60)


def _read_from_a_silent_socket() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.recv(1)


def _wait_for_a_program() -> None:
    subprocess.run(["sleep", "60"], check=True)


def _swallow_every_exception() -> None:
    while True:
        try:
            time.sleep(60)
        except Exception:  # noqa: BLE001  (as a careless library does)
            continue


@pytest.mark.parametrize(
    "work", [_compute, _sleep, _read_from_a_silent_socket, _wait_for_a_program, _swallow_every_exception]
)
def test_interrupts(work: Callable[[], None]) -> None:
    with pytest.raises(TookTooLong, match=r"limit of 0\.2 s"), time_limit(SHORT):
        work()


def test_leaves_work_that_ends_in_time_alone() -> None:
    handler = signal.getsignal(signal.SIGALRM)
    with time_limit(SHORT):
        pass
    time.sleep(2 * SHORT)
    assert signal.getsignal(signal.SIGALRM) is handler


def test_lets_other_exceptions_through() -> None:
    with pytest.raises(KeyError), time_limit(60):
        raise KeyError


@pytest.mark.django_db(transaction=True)
def test_cancels_a_query_on_the_server() -> None:
    with pytest.raises(TookTooLong), time_limit(SHORT), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(60) /* limited */")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%* limited *%'")
        assert cursor.fetchone() == (1,)  # this very query


@pytest.mark.django_db(transaction=True)
def test_rolls_the_transaction_back_and_leaves_the_connection_usable() -> None:
    with pytest.raises(TookTooLong), time_limit(SHORT), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE half_done AS SELECT pg_sleep(60)::text")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('half_done')")
        assert cursor.fetchone() == (None,)


@pytest.mark.django_db(transaction=True)
def test_closes_a_connection_whose_server_is_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ALARM_AGAIN_SECONDS", SHORT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    os.kill(backend, signal.SIGSTOP)
    try:
        with pytest.raises(TookTooLong), time_limit(SHORT), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        os.kill(backend, signal.SIGCONT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] != backend


@pytest.fixture
def outer_timer() -> Iterator[object]:
    """A timer of somebody else, 40 s away; gives the handler it calls."""
    handler = signal.getsignal(signal.SIGALRM)
    left, _ = signal.getitimer(signal.ITIMER_REAL)
    signal.setitimer(signal.ITIMER_REAL, 40)
    yield handler
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, left)


def test_gives_an_outer_timer_back(outer_timer: object) -> None:
    with pytest.raises(TookTooLong), time_limit(SHORT):
        _sleep()
    left, _ = signal.getitimer(signal.ITIMER_REAL)
    assert 0 < left < 40 - SHORT
    assert signal.getsignal(signal.SIGALRM) is outer_timer


def test_inside_a_shorter_one_leaves_it_to_that() -> None:
    with pytest.raises(TookTooLong, match=r"limit of 0\.2 s"), time_limit(SHORT), time_limit(60):
        _sleep()


def test_inside_a_longer_one_takes_effect_by_itself() -> None:
    with time_limit(60):
        with pytest.raises(TookTooLong, match=r"limit of 0\.2 s"), time_limit(SHORT):
            _sleep()
        left, _ = signal.getitimer(signal.ITIMER_REAL)
    assert left > 50


def test_does_nothing_outside_the_main_thread() -> None:
    ended: list[bool] = []

    def work() -> None:
        with time_limit(0.01):
            time.sleep(0.05)
        ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended == [True]


def test_may_be_none() -> None:
    before = signal.getitimer(signal.ITIMER_REAL)[0]
    with time_limit(None):
        assert signal.getitimer(signal.ITIMER_REAL)[0] <= before
