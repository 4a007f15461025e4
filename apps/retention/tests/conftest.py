"""What tests of retention watch and who they are about."""

import time
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client as Browser

from apps.identity.models import Client, User
from apps.identity.tests.factories import UserFactory
from apps.shared.events import AuditNote, Event, event_published


@pytest.fixture
def published() -> Iterator[list[tuple[Event, AuditNote]]]:
    """The events of this module published during the test, each with its audit note."""
    heard: list[tuple[Event, AuditNote]] = []

    def hear(event: Event, note: AuditNote, **_: Any) -> None:
        if event.aggregate.startswith("retention."):
            heard.append((event, note))

    event_published.connect(hear, weak=False)
    yield heard
    event_published.disconnect(hear)


def named(published: list[tuple[Event, AuditNote]], name: str) -> list[Event]:
    """Return the events of one name."""
    return [event for event, _ in published if event.name == name]


def begin(deed: Callable[[], Any]) -> Thread:
    """Let another connection do something, and return once it waits for a lock that this one has."""

    def run() -> None:
        try:
            deed()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone():
                return thread
        time.sleep(0.02)
    raise AssertionError("It waits for nothing.")


def member_of(role: str) -> User:
    """Make a person of the staff with one role."""
    user = UserFactory(full_name=f"The {role}")
    # The flush after an earlier test may have taken the groups away.
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


@pytest.fixture
def manager(db: None, acme: Client) -> User:
    """Acme's account manager."""
    person = member_of("Account manager")
    acme.account_manager = person
    acme.save()
    return person


@pytest.fixture
def desk(manager: User) -> Browser:
    browser = Browser()
    browser.force_login(manager)
    return browser
