"""A rehearsal …"""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.cam.models import Campaign, Lead, OutboundEmail
from apps.cam.services.rehearsal import Rehearsal, rehearse
from apps.cam.tests.factories import (
    CampaignFactory,
    LeadFactory,
    MailboxFactory,
    SequenceFactory,
    SequenceStepFactory,
)

pytestmark = pytest.mark.django_db
OPEN = datetime(2026, 3, 3, 11, tzinfo=UTC)
"""A Tuesday, within the window of Dublin."""


@pytest.fixture
def ready(db: None) -> Campaign:
    """A draft that lacks nothing."""
    campaign = CampaignFactory(mailbox=MailboxFactory())
    SequenceStepFactory(sequence=SequenceFactory(campaign=campaign))
    return campaign


def _rulings(rehearsal: Rehearsal) -> list[tuple[str, str]]:
    return [(line.lead.full_name, line.ruling) for line in rehearsal.lines]


def test_says_what_would_be_sent_and_changes_nothing(ready: Campaign) -> None:
    LeadFactory(campaign=ready, state="QUALIFIED", full_name="Mia Byrne")
    rehearsal = rehearse(ready, at=OPEN)
    assert (_rulings(rehearsal), rehearsal.lines[0].text[:10]) == ([("Mia Byrne", "SEND")], "Hello Mia,")
    assert rehearsal.summary == "Of 1 messages, 1 would be sent now and 0 held back."
    assert (Lead.objects.get().state, OutboundEmail.objects.count()) == ("QUALIFIED", 0)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"contactability": "UNSUBSCRIBED"}, "The lead is unsubscribed."),
        ({"halted_because": "On holiday"}, "The sequence stands still: On holiday"),
        ({"full_name": ""}, "first_name is not known of this lead"),
        ({"country": ""}, ""),
        ({"email": "info@clinic.example", "email_key": "info@clinic.example"}, ""),
    ],
)
def test_says_why_somebody_would_get_nothing(ready: Campaign, columns: dict[str, str], said: str) -> None:
    LeadFactory(campaign=ready, state="QUALIFIED", **columns)
    line = rehearse(ready, at=OPEN).lines[0]
    assert line.ruling != "SEND"
    assert line.because
    assert said in line.because


def test_holds_back_what_the_hour_does_not_allow(ready: Campaign) -> None:
    LeadFactory(campaign=ready, state="QUALIFIED")
    assert rehearse(ready, at=OPEN.replace(hour=23)).would_send == 0


def test_fills_the_caps_up(ready: Campaign) -> None:
    Campaign.objects.update(daily_cap=2)
    ready.refresh_from_db()
    for _ in range(3):
        LeadFactory(campaign=ready, state="QUALIFIED")
    rehearsal = rehearse(ready, at=OPEN)
    assert (rehearsal.would_send, [line.ruling for line in rehearsal.lines]) == (2, ["SEND", "SEND", "HOLD"])


def test_says_what_is_missing_before_anything_could_be_sent(campaign: Campaign) -> None:
    LeadFactory(campaign=campaign, state="QUALIFIED")
    assert "has no mailbox" in rehearse(campaign, at=OPEN).summary
    campaign.mailbox = MailboxFactory()
    assert "has no sequence" in rehearse(campaign, at=OPEN).summary


def test_is_read_before_a_campaign_begins(desk: Browser, ready: Campaign) -> None:
    LeadFactory(campaign=ready, state="QUALIFIED", contactability="BOUNCED")
    dialog = desk.get(reverse("admin:cam_campaign_activate", args=[ready.pk])).content.decode()
    assert "0 would be sent now and 1 held back" in dialog
    page: Any = desk.get(reverse("admin:cam_campaign_rehearsal", args=[ready.pk]))
    assert "Nothing was changed or sent." in page.content.decode()
