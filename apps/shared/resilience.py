"""Failing well: back-off, time limits, and the fault points through which tests make the engine fail."""

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from django.db import connections
from psycopg.pq import TransactionStatus

from apps.shared.workflow import RetryPolicy, StepRefused, TransientFailure

ALARM_AGAIN_SECONDS = 5.0
"""After a time limit passed, how often what still runs is interrupted again (a cleanup may hang like the work)."""

FAULTS_DIR = os.environ.get("AICMO_FAULTS_DIR")
"""Where tests plan faults. Unset in production: then a fault point is one comparison with None."""


def pause_before_attempt(policy: RetryPolicy, attempt: int) -> float:
    """Return the seconds to wait before attempt number `attempt` (2 and up): exponential, with full jitter above half.

    Jitter keeps runs that failed together from coming back together.
    """
    longest = min(policy.most_seconds, policy.first_seconds * 2 ** (attempt - 2))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311  (no secret)


class TookTooLong(TransientFailure):
    """Work was interrupted at its time limit."""


class _Alarm(KeyboardInterrupt):
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
    outer_left, _ = signal.getitimer(signal.ITIMER_REAL)
    is_outer_shorter = 0 < outer_left <= (seconds or 0)
    if seconds is None or is_outer_shorter or threading.current_thread() is not threading.main_thread():
        yield
        return
    alarm = _Alarm()

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
    except _Alarm as caught:
        _stop_timer()
        if caught is not alarm:
            raise
        _close_interrupted_connections()
        raise TookTooLong(f"It took longer than its limit of {seconds:g} s.") from None
    finally:
        signal.signal(signal.SIGALRM, outer_handler)
        if outer_left:
            signal.setitimer(signal.ITIMER_REAL, max(outer_left - (time.monotonic() - began), 0.001))


def _stop_timer() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)


def _close_interrupted_connections() -> None:
    """Close connections that still wait for an answer nobody will read, or are lost: the next query would fail."""
    for connection in connections.all(initialized_only=True):
        raw = connection.connection
        if raw is not None and raw.info.transaction_status in (TransactionStatus.ACTIVE, TransactionStatus.UNKNOWN):
            connection.close()


def fault_point(name: str, key: object) -> None:
    """Do nothing; in a test that planned a fault for this name and key, do that instead, once.

    A plan is a file `<name>@<key>` in AICMO_FAULTS_DIR whose text is `kill`, `transient`, `error`, `refuse` or
    `sleep:SECONDS`. Taking a plan is an atomic rename, so that of several processes exactly one is hit. A plan for the
    key `any` hits the first that passes.
    """
    if FAULTS_DIR is None:
        return
    for plan in (Path(FAULTS_DIR) / f"{name}@{key}", Path(FAULTS_DIR) / f"{name}@any"):
        taken = plan.with_name(f"fired-{plan.name}-{os.getpid()}-{time.monotonic_ns()}")
        try:
            plan.rename(taken)
        except FileNotFoundError:
            continue
        _act(taken.read_text().strip(), name)
        return


def _act(fault: str, name: str) -> None:
    kind, _, argument = fault.partition(":")
    match kind:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "sleep":
            time.sleep(float(argument))
        case "transient":
            raise TransientFailure(f"planned at {name}")
        case "refuse":
            raise StepRefused(f"planned at {name}")
        case "error":
            raise RuntimeError(f"planned at {name}")
        case _:
            raise ValueError(f"unknown planned fault {fault!r} at {name}")
