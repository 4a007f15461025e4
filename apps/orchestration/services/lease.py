"""A lease on a run while a step prepares outside any transaction."""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from apps.orchestration.models import WorkflowRun, seconds_from_now

log = logging.getLogger(__name__)


def owner() -> str:
    """Name this thread of this process on this machine, for people who read who holds a lease; the fence decides."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"


@contextmanager
def kept_lease(run_id: UUID, fence: int, seconds: float) -> Iterator[None]:
    """Extend our lease every third of its length for as long as the block runs, but no longer than `seconds`.

    The extension asks for our fence: once somebody else took the run over, it changes nothing, and nothing we prepare
    will be written. Work that hangs beyond its limit loses its lease, and the run goes on elsewhere.
    """
    done = threading.Event()
    until = time.monotonic() + seconds
    keeper = threading.Thread(target=_keep, args=(run_id, fence, done, until), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def _keep(run_id: UUID, fence: int, done: threading.Event, until: float) -> None:
    try:
        while not done.wait(settings.RUN_LEASE_SECONDS / 3) and time.monotonic() < until:
            _extend(run_id, fence)
    finally:
        connection.close()  # a thread has a connection of its own


def _extend(run_id: UUID, fence: int) -> None:
    until = seconds_from_now(settings.RUN_LEASE_SECONDS)
    try:
        WorkflowRun.objects.filter(pk=run_id, fence=fence, state="RUNNING").update(lease_until=until, wake_at=until)
    except (OperationalError, InterfaceError) as error:  # PostgreSQL restarts: two more tries fit into the lease
        log.warning("The lease on run %s could not be extended this time: %s", run_id, error)
        connection.close()
