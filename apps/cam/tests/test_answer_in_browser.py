"""A person who answers a lead, in a real browser …"""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from aicmo_site.tests.browsing import grave_violations
from apps.cam.models import OutboundEmail
from apps.cam.tests.factories import CampaignFactory, InboundEmailFactory, LeadFactory, MailboxFactory
from apps.shared.desk import page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_answers_from_triage_by_a_key(page: Page, live_server: Any, log_in: Callable) -> None:
    campaign = CampaignFactory(name="Dentists", state="ACTIVE", mailbox=MailboxFactory())
    mia = LeadFactory(campaign=campaign, state="CONTACTED", full_name="Mia Byrne")
    words = {"text": "How long <b>would</b> it take?", "subject": "RE: Re: More patients", "from_address": mia.email}
    InboundEmailFactory(lead=mia, classification="NEUTRAL", confidence=0, **words)
    log_in("Sales")
    page.goto(live_server.url + reverse("triage"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").get_by_text("Answer it")).to_be_visible()
    assert grave_violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.get_by_label("Text").fill("Hello Mia,\n\nhalf an hour is enough.\n\nNora")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="What goes out: Re: More patients")).to_contain_text("1 Main Street")
    expect(page.get_by_text("How long <b>would</b> it take?")).to_be_visible()
    assert grave_violations(page) == []
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("The answer goes out within minutes.")).to_be_visible()
    assert OutboundEmail.objects.get().text == "Hello Mia,\n\nhalf an hour is enough.\n\nNora"
    page.goto(live_server.url + page_of(mia))
    expect(page.get_by_text("Message 1, an answer by")).to_be_visible()
    assert grave_violations(page) == []
