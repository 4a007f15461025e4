"""What the tests of billing share."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser

from apps.billing.models import TaxRate
from apps.billing.tests.factories import TaxRateFactory
from apps.identity.models import Client, User
from apps.identity.tests.factories import MembershipFactory, UserFactory
from apps.shared.events import AuditNote, Event, event_published


@pytest.fixture
def vat(db: None) -> TaxRate:
    """A rate of 23 %."""
    return TaxRateFactory(name="VAT 23 %")


@pytest.fixture
def e_invoices(settings: Any) -> None:
    """An agency of whom e-invoices are made."""
    settings.AGENCY_NAME, settings.AGENCY_COUNTRY = "Harbour & Sons", "IE"
    settings.AGENCY_STREET, settings.AGENCY_POSTCODE, settings.AGENCY_CITY = "Quay 1", "D02 X285", "Dublin"
    settings.AGENCY_VAT_ID, settings.AGENCY_IBAN = "IE 6388047V", "IE29 AIBK 9311 5212 3456 78"
    settings.AGENCY_BIC, settings.AGENCY_EMAIL, settings.AGENCY_CONTACT = "AIBKIE2D", "books@example.com", "Ann"


@pytest.fixture
def anna(acme: Client) -> User:
    """Who decides on acme's money."""
    return MembershipFactory(client=acme).user


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
