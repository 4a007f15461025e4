"""What the tests of billing share."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser

from apps.billing.models import TaxRate
from apps.billing.tests.factories import TaxRateFactory
from apps.identity.tests.factories import UserFactory
from apps.shared.events import AuditNote, Event, event_published


@pytest.fixture
def vat(db: None) -> TaxRate:
    """A rate of 23 %."""
    return TaxRateFactory(name="VAT 23 %")


@pytest.fixture
def told() -> Iterator[list[tuple[Event, AuditNote]]]:
    """The events of this module published during the test, each with its audit note."""
    heard: list[tuple[Event, AuditNote]] = []

    def hear(sender: type[Event], event: Event, note: AuditNote, **_: Any) -> None:
        if event.aggregate.startswith("billing."):
            heard.append((event, note))

    event_published.connect(hear, weak=False)
    yield heard
    event_published.disconnect(hear)


def browser_of(role: str) -> Browser:
    """Return a browser in which somebody of a role has logged in."""
    person = UserFactory(full_name=f"The {role}")
    person.groups.add(Group.objects.get(name=role))
    browser = Browser()
    browser.force_login(person)
    return browser


@pytest.fixture
def finance(db: None) -> Browser:
    """A browser of somebody who works in finance."""
    return browser_of("Finance")
