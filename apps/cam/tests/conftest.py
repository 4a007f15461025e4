"""Campaigns with people of the staff who work in them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser

from apps.cam.models import Campaign, Lead, Mailbox, OutboundEmail
from apps.cam.tests.factories import (
    CampaignFactory,
    LeadFactory,
    MailboxFactory,
    OutboundEmailFactory,
    SequenceStepFactory,
)
from apps.cam.tests.post_office import PostOffice, open_post_office
from apps.identity.models import User
from apps.identity.tests.factories import UserFactory
from apps.shared.events import AuditNote, Event, event_published
from apps.shared.gateways import proof
from apps.shared.resilience import breaker

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def campaign(db: None) -> Campaign:
    """A campaign that nobody has begun."""
    return CampaignFactory(name="Dentists")


@pytest.fixture
def lead(campaign: Campaign) -> Lead:
    """A lead who has just come in."""
    return LeadFactory(campaign=campaign, email="Mia@clinic.example", email_key="mia@clinic.example")


@pytest.fixture
def salesperson(db: None) -> User:
    """A person who works in client acquisition."""
    user = UserFactory(email="sales@aicmo.test")
    user.groups.add(Group.objects.get(name="Sales"))
    return user


@pytest.fixture
def desk(client: Browser, salesperson: User) -> Browser:
    """The browser of a person who works in client acquisition."""
    client.force_login(salesperson)
    return client


@pytest.fixture
def published() -> Iterator[list[tuple[Event, AuditNote]]]:
    """The events of this module published during the test, each with its audit note."""
    heard: list[tuple[Event, AuditNote]] = []

    def hear(sender: type[Event], event: Event, note: AuditNote, **_: Any) -> None:
        if event.aggregate.startswith("cam."):
            heard.append((event, note))

    event_published.connect(hear, weak=False)
    yield heard
    event_published.disconnect(hear)


@pytest.fixture
def lead_in(campaign: Campaign) -> Callable[..., Lead]:
    """Makes a lead of the campaign in a state."""

    def make(state: str, **columns: Any) -> Lead:
        return LeadFactory(campaign=campaign, state=state, **columns)

    return make


@pytest.fixture
def box(db: None) -> Mailbox:
    """A mailbox that campaigns write from."""
    return MailboxFactory(key="NORA", address="nora@agency.example")


@pytest.fixture
def running(box: Mailbox) -> Campaign:
    """A campaign that writes from the mailbox, to anybody and as much as it likes."""
    return CampaignFactory(name="Running", state="ACTIVE", mode="LIVE", mailbox=box, daily_cap=500, cool_down_hours=0)


@pytest.fixture
def a_mail(running: Campaign, box: Mailbox) -> Callable[..., OutboundEmail]:
    """Makes a message of a lead of the campaign that may go out at once."""
    step = SequenceStepFactory(sequence__campaign=running)

    def make(**columns: Any) -> OutboundEmail:
        wishes = {"lead__campaign": running, "lead__state": "ROUTED", "mailbox": box, "step": step}
        wishes = {
            name: value for name, value in wishes.items() if not (name.startswith("lead__") and "lead" in columns)
        }
        return OutboundEmailFactory(**wishes | columns)

    return make


@pytest.fixture
def office(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """The mailbox's mail server, on loopback."""
    monkeypatch.setattr(proof, "_ask", lambda: False)
    settings.BASE_URL = "https://desk.agency.example"
    with open_post_office() as opened:
        settings.MAILBOX_URLS = {"AICMO_MAILBOX_NORA_SMTP_URL": opened.url}
        yield opened
    for name in [name for name in breaker.BREAKERS if name.startswith("smtp-")]:
        breaker.BREAKERS[name].close()
