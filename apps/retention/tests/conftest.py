"""What tests of retention watch and who they are about."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
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


def member_of(role: str) -> User:
    """Make a person of the staff with one role."""
    user = UserFactory(full_name=f"The {role}")
    user.groups.add(Group.objects.get(name=role))
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
