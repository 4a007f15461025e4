"""Calls to vendors: bulkhead, deadline, retries and breaker in one decorator."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import stamina
from django.conf import settings
from django.db import connections
from stamina.instrumentation import RetryDetails

from apps.shared.resilience.breaker import BREAKERS, Breaker, BreakerOpen, VendorIll
from apps.shared.resilience.limits import time_limit
from apps.shared.workflow import RetryPolicy

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

VENDOR_RETRY = RetryPolicy(attempts=3, first_seconds=0.5, most_seconds=5.0)


def _tell(retry: RetryDetails) -> None:
    log.warning("Try %d of a call failed, the next one in %.1f s: %s", retry.retry_num, retry.wait_for, retry.caused_by)


stamina.instrumentation.set_on_retry_hooks([_tell])  # its own would write past our log


def outside(
    name: str,
    *,
    deadline: float,
    retry: RetryPolicy = VENDOR_RETRY,
    ill: tuple[type[Exception], ...] = (),
    at_once: int = 8,
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Guard a gateway's function that calls a vendor: bulkhead, total deadline, retries and breaker in one decorator.

        @outside("openai", deadline=60, ill=(httpx.TransportError,))
        def complete(prompt: str) -> str:
            answer = client.post(..., timeout=20)
            if answer.status_code >= 500 or answer.status_code == 429:
                raise VendorIll(answer.reason_phrase, retry_after=seconds_asked_for(answer))
            ...

    VendorIll, ConnectionError, TimeoutError and the exceptions named in `ill` are tried again after a pause (the
    vendor's own, where it fits into the deadline) and counted by the breaker that all functions of this `name` share.
    Every other exception is the vendor's answer: it passes as it is. Raises VendorIll after the last try, BreakerOpen
    without a call, TookTooLong at the `deadline`, which covers all tries and pauses; each an exception of the kind the
    engine tries again later. Outside the main thread the deadline is only looked at between tries: give the client
    library its own. `at_once` is how many threads of one process may wait for the vendor; among workers the queue's
    concurrency limits that. Raises RuntimeError inside a database transaction, which would stay open as long.
    """
    breaker = BREAKERS.setdefault(name, Breaker(name))
    slots = threading.BoundedSemaphore(at_once)

    def guard(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            refuse_inside_a_transaction(name)
            with _slot(slots, name), time_limit(deadline):
                for attempt in _attempts(retry, deadline):
                    with attempt, breaker.watching(deadline), _translated(name, ill):
                        return function(*args, **kwargs)
            raise AssertionError("stamina raises the last failure")

        return call

    return guard


def refuse_inside_a_transaction(name: str) -> None:
    """Raise RuntimeError inside a database transaction, which a call to the outside would keep open."""
    for connection in connections.all(initialized_only=True):
        if any(not block._from_testcase for block in connection.atomic_blocks):
            raise RuntimeError(f"{name} is called inside a database transaction. Call it in the `prepare` of the step.")


@contextmanager
def _slot(slots: threading.BoundedSemaphore, name: str) -> Iterator[None]:
    if not slots.acquire(blocking=False):
        raise VendorIll(f"As many threads as may already wait for {name}.")
    try:
        yield
    finally:
        slots.release()


def _attempts(retry: RetryPolicy, deadline: float) -> Iterator[stamina.Attempt]:
    """Yield the tries. A pause the vendor asks for that does not fit into the deadline ends them: the engine waits."""
    ends = time.monotonic() + deadline

    def pause(error: Exception) -> bool | float:
        if not isinstance(error, VendorIll) or isinstance(error, BreakerOpen):
            return False
        asked = error.retry_after
        return True if asked is None else asked < ends - time.monotonic() and max(asked, 0.001)

    return iter(
        stamina.retry_context(
            on=pause,
            attempts=retry.attempts if settings.VENDOR_RETRIES else 1,
            timeout=deadline,
            wait_initial=retry.first_seconds,
            wait_max=retry.most_seconds,
            wait_jitter=retry.first_seconds,
        )
    )


@contextmanager
def _translated(name: str, ill: tuple[type[Exception], ...]) -> Iterator[None]:
    try:
        yield
    except (ConnectionError, TimeoutError, *ill) as error:
        raise VendorIll(f"{name} does not answer: {error!r}") from error
