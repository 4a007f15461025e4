"""Time limits: work that takes too long is interrupted, and nothing it used is left broken."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from django.db import connections
from psycopg.pq import TransactionStatus

from apps.shared.workflow import TransientFailure

ALARM_AGAIN_SECONDS = 5.0
"""After a time limit passed, how often what still runs is interrupted again (a cleanup may hang like the work)."""


class TookTooLong(TransientFailure):
    """Work was interrupted at its time limit."""


class Alarm(KeyboardInterrupt):
    """What the timer raises inside the work.

    A KeyboardInterrupt, because that passes `except Exception` of libraries, and because psycopg then cancels the
    query on the server before it lets go of the connection.
    """


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Interrupt the block after so many seconds and raise TookTooLong; None is no limit.

    Works in the main thread alone (a worker's process, a command), for only there Python runs signal handlers;
    elsewhere it does nothing, and the limits of what the block calls must do. A limit inside a longer one takes effect
    by itself; inside a shorter one it leaves that to it. A connection whose query was interrupted is either usable or
    closed afterwards. What never returns to Python (an endless C function) is left to Celery's hard time limit.
    """
    outer_left, outer_again = signal.getitimer(signal.ITIMER_REAL)
    is_outer_shorter = 0 < outer_left <= (seconds or 0)
    if seconds is None or is_outer_shorter or threading.current_thread() is not threading.main_thread():
        yield
        return
    alarm = Alarm()

    def interrupt(signal_number: int, frame: FrameType | None) -> None:
        raise alarm

    began = time.monotonic()
    outer_handler = signal.signal(signal.SIGALRM, interrupt)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds, ALARM_AGAIN_SECONDS)
            yield
        finally:
            _stop_timer()  # inside the outer try: the alarm may ring right before
    except Alarm as caught:
        _stop_timer()
        if caught is not alarm:
            raise
        _close_interrupted_connections()
        raise TookTooLong(f"It took longer than its limit of {seconds:g} s.") from caught
    finally:
        signal.signal(signal.SIGALRM, outer_handler)
        if outer_left:
            signal.setitimer(signal.ITIMER_REAL, max(outer_left - (time.monotonic() - began), 0.001), outer_again)


def _stop_timer() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)


def _close_interrupted_connections() -> None:
    """Close connections that still wait for an answer nobody will read, or are lost: the next query would fail."""
    for connection in connections.all(initialized_only=True):
        raw = connection.connection
        if raw is not None and raw.info.transaction_status in (TransactionStatus.ACTIVE, TransactionStatus.UNKNOWN):
            connection.close()
