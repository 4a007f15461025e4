"""A rehearsal …"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.cam.models import Campaign, Lead, Mailbox, OutboundEmail, SequenceStep
from apps.cam.services.rehearsal import Rehearsal, rehearse
from apps.cam.tests.factories import (
    CampaignFactory,
    LeadFactory,
    MailboxFactory,
    OutboundEmailFactory,
    SequenceFactory,
    SequenceStepFactory,
)

pytestmark = pytest.mark.django_db
OPEN = datetime(2026, 3, 3, 11, tzinfo=UTC)
"""A Tuesday, within the window of Dublin."""
DAY = timedelta(days=1)


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
        ({"country": ""}, "Their country is not known"),
        ({"email": "info@clinic.example", "email_key": "info@clinic.example"}, "read by nobody in particular"),
    ],
)
def test_says_why_somebody_would_get_nothing(ready: Campaign, columns: dict[str, str], said: str) -> None:
    LeadFactory(campaign=ready, state="QUALIFIED", **columns)
    line = rehearse(ready, at=OPEN).lines[0]
    assert line.ruling != "SEND"
    assert said in line.because


@pytest.mark.parametrize(
    ("mail", "lead", "ruling", "said"),
    [
        ({}, {}, "SEND", ""),
        ({}, {"state": "REPLIED"}, "CANCEL", "The lead is replied."),
        ({}, {"state": "LOST"}, "CANCEL", "The lead is lost."),
        ({}, {"halted_because": "On holiday"}, "HOLD", "The sequence stands still: On holiday"),
        ({"due_at": OPEN + DAY}, {}, "HOLD", "It is not due yet."),
        ({"due_at": OPEN + DAY, "held_because": "It is 3 there."}, {}, "HOLD", "It is not due yet: It is 3 there."),
        ({"due_at": OPEN + DAY}, {"state": "LOST"}, "CANCEL", "The lead is lost."),
        ({"due_at": OPEN}, {}, "SEND", ""),
    ],
)
def test_asks_of_a_message_that_waits_whether_its_time_has_come_and_how_its_lead_is(
    ready: Campaign, mail: dict[str, Any], lead: dict[str, str], ruling: str, said: str
) -> None:
    Campaign.objects.update(daily_cap=1)
    ready.refresh_from_db()
    waiting = LeadFactory(campaign=ready, **{"state": "ROUTED"} | lead)
    OutboundEmailFactory(lead=waiting, mailbox=ready.mailbox, step=SequenceStep.objects.get(), **mail)
    LeadFactory(campaign=ready, state="QUALIFIED")
    lines = rehearse(ready, at=OPEN).lines
    assert (lines[0].ruling, lines[0].because) == (ruling, said)
    assert not said.startswith("It is not due") or lines[0].until == OPEN + DAY
    assert lines[1].ruling == ("HOLD" if ruling == "SEND" else "SEND")


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


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"daily_cap": 1}, "The mailbox has sent its 1 for today."),
        ({"hourly_cap": 1}, "The mailbox has sent its 1 for this hour."),
        ({"warm_up_from": OPEN.date(), "warm_up_start": 1}, "The mailbox has sent its 1 for today."),
    ],
)
def test_fills_the_mailbox_up(ready: Campaign, columns: dict[str, Any], said: str) -> None:
    Mailbox.objects.update(**columns)
    ready.refresh_from_db()
    for _ in range(2):
        LeadFactory(campaign=ready, state="QUALIFIED")
    assert [line.because for line in rehearse(ready, at=OPEN).lines] == ["", said]


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
