"""Campaigns with people of the staff who work in them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser

from apps.cam.models import Campaign, InboundEmail, Lead, Mailbox, OutboundEmail, SequenceStep
from apps.cam.services import inbox, processing
from apps.cam.services.answering import answer_lead
from apps.cam.tests.factories import (
    CampaignFactory,
    LeadFactory,
    MailboxFactory,
    OutboundEmailFactory,
    SequenceStepFactory,
    eml,
)
from apps.cam.tests.post_office import PostOffice, open_post_office
from apps.identity.models import User
from apps.identity.tests.factories import UserFactory
from apps.shared.events import AuditNote, Event, event_published
from apps.shared.gateways import proof
from apps.shared.resilience import breaker

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
"""A Tuesday: working hours in Dublin."""


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


@pytest.fixture
def steps(running: Campaign) -> list[SequenceStep]:
    """The two messages of a sequence at work."""
    wishes = {"sequence__campaign": running, "sequence__state": "LIVE", "sequence__name": "regular_nurture"}
    first = SequenceStepFactory(**wishes, position=1)
    return [first, SequenceStepFactory(sequence=first.sequence, position=2, wait_days=7)]


@pytest.fixture
def mia(running: Campaign, steps: list[SequenceStep], box: Mailbox) -> Lead:
    """A lead who got the first message of a sequence a day ago."""
    lead = LeadFactory(campaign=running, state="CONTACTED", sequence=steps[0].sequence, email_key="mia@clinic.example")
    sent = {"state": "SENT", "sent_at": NOON - timedelta(days=1), "message_id": "<first@agency.example>"}
    OutboundEmailFactory(lead=lead, mailbox=box, step=steps[0], **sent)
    return lead


@pytest.fixture
def asked(mia: Lead) -> InboundEmail:
    """What she wrote: a question that nobody understood, so that her sequence stands still."""
    content = eml("Who gave you this address?", message_id="<q@clinic.example>", answers="<first@agency.example>")
    reply, _ = inbox.receive_reply(content, by=None, at=NOON)
    processing.process_new(at=NOON)
    reply.refresh_from_db()
    mia.refresh_from_db()
    assert (reply.classification, mia.halted_because) == ("NEUTRAL", processing.ANSWERED)
    return reply


@pytest.fixture
def answer(asked: InboundEmail, salesperson: User) -> Callable[..., OutboundEmail]:
    """Answers her."""

    def write(reply: InboundEmail = asked, **columns: Any) -> OutboundEmail:
        words = {"subject": "Re: More patients", "text": "Hello Mia,\n\nhalf an hour is enough.\n\nNora"}
        return answer_lead(reply, **{**words, "by": salesperson.pk, "at": NOON, **columns})

    return write
