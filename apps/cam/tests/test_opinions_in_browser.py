"""A person who reads what a language model reads in a reply, in a real browser …"""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from aicmo_site.tests.browsing import grave_violations, press
from apps.cam.models import InboundEmail, Lead, ReplyOpinion
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import InboundEmailFactory, LeadFactory
from apps.shared.desk import page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def replies() -> list[InboundEmail]:
    """Two replies that a language model takes for a no."""
    made = []
    for name in ("Mia Byrne", "Tom Kelly"):
        lead = LeadFactory(state="CONTACTED", full_name=name, company="Smile Clinic")
        text = "Hm, we have somebody for this already.\n\nOn Mon, Nora wrote:\n> Shall I call?"
        same = {"classification": "NEUTRAL", "confidence": 0, "reason": "no words that are known", "processed_at": AT}
        reply = InboundEmailFactory(lead=lead, text=text, from_name=name, **same)
        given = {"outcome": "GIVEN", "kind": "NEGATIVE", "quote": "we have somebody for this already", "model": "small"}
        ReplyOpinion.objects.create(reply=reply, attempts=1, asked_at=AT, next_at=AT, **given)
        made.append(reply)
    return made


def test_accepts_it_by_one_key_or_by_a_button(
    replies: list[InboundEmail], page: Page, live_server: Any, log_in: Callable
) -> None:
    log_in("Sales")
    page.goto(live_server.url + reverse("triage"))
    expect(
        page.get_by_text("A language model reads this as a no: “we have somebody for this already”.")
    ).to_be_visible()
    assert grave_violations(page) == []
    page.keyboard.press("y")
    expect(page.get_by_text("says no.")).to_be_visible()
    assert Lead.objects.get(pk=replies[0].lead_id).state == "LOST"
    page.goto(live_server.url + page_of(replies[1]))
    assert grave_violations(page) == []
    press(page, "It means that")
    expect(page.get_by_text("A person said negative.")).to_be_visible()
    assert Lead.objects.get(pk=replies[1].lead_id).state == "LOST"
