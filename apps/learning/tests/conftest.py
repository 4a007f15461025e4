"""What tests of learning listen with, and how they do things at the same moment."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from apps.shared.events import Event, event_published


@pytest.fixture
def told() -> Iterator[list[Event]]:
    """Collect what is published."""
    events: list[Event] = []

    def note(sender: type[Event], event: Event, **_: object) -> None:
        events.append(event)

    event_published.connect(note)
    yield events
    event_published.disconnect(note)


def at_once(times: int, deed: Callable[[], Any]) -> list[Any]:
    """Do something several times at the same moment, each on a connection of its own; return what each gave."""
    barrier = threading.Barrier(times)
    given: list[Any] = []

    def race() -> None:
        barrier.wait()
        given.append(deed())
        connection.close()

    threads = [threading.Thread(target=race) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given
