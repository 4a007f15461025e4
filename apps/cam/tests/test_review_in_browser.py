"""A person who decides on leads, in a real browser …"""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from aicmo_site.tests.browsing import grave_violations, press
from apps.cam.models import Campaign, Lead, RuleBook
from apps.cam.services import ratings
from apps.cam.tests.factories import CampaignFactory, LeadFactory, RuleBookFactory
from apps.shared.desk import page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def campaign() -> Campaign:
    """A campaign with leads that wait for a person, who did not say in which industry they are."""
    if not RuleBook.objects.live().exists():  # a flush took away what a migration ships
        RuleBookFactory(version=1, state="LIVE")
    campaign = CampaignFactory(name="Dentists", profile={"industries": ["dental"], "countries": ["IE"]})
    for name in ("Mia Byrne", "Tom Kelly", "Ann Lee"):
        LeadFactory(campaign=campaign, full_name=name, title="Owner")
    ratings.qualify_leads(campaign, at=timezone.now())
    return campaign


def states() -> dict[str, str]:
    return dict(Lead.objects.values_list("full_name", "state"))


def test_decides_by_keys_alone(campaign: Campaign, page: Page, live_server: Any, log_in: Callable) -> None:
    log_in("Sales")
    page.goto(live_server.url + reverse("admin:cam_lead_review"))
    expect(page.get_by_text("industry not known").first).to_be_visible()
    assert grave_violations(page) == []
    page.keyboard.press("q")
    expect(page.get_by_text("Mia Byrne is qualified.")).to_be_visible()
    page.keyboard.press("d")
    expect(page.get_by_label("Reason")).to_be_focused()
    assert states()["Tom Kelly"] == "MANUAL_REVIEW"
    page.keyboard.type("They quit dentistry.")
    page.get_by_role("button", name="Disqualify").press("Enter")
    expect(page.get_by_text("Tom Kelly is disqualified.")).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_text("That was the last one.")).to_be_visible()
    assert states() == {"Mia Byrne": "QUALIFIED", "Tom Kelly": "DISQUALIFIED", "Ann Lee": "MANUAL_REVIEW"}
    page.keyboard.press("?")
    expect(page.get_by_text("Leave it for later")).to_be_visible()


def test_edits_the_rules_sees_what_would_change_and_puts_them_live(
    campaign: Campaign, page: Page, live_server: Any, log_in: Callable
) -> None:
    log_in("Sales")
    page.goto(live_server.url + page_of(RuleBook.objects.live().get()))
    assert grave_violations(page) == []
    page.get_by_role("link", name="Edit as a new version").click()
    page.get_by_label("Least fit").fill("30")
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_text("3 would be judged otherwise")).to_be_visible()
    assert grave_violations(page) == []
    page.get_by_label("Reason").fill("Too few leads.")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_text("It counts once it is put live.")).to_be_visible()
    press(page, "Put live")
    expect(page.locator("#rulebook-head").get_by_text("LIVE")).to_be_visible()
    assert str(RuleBook.objects.live().get().rules.bars.fit) == "0.3"


def test_shows_a_campaign_s_profile_and_a_lead_s_score(
    campaign: Campaign, page: Page, live_server: Any, log_in: Callable
) -> None:
    log_in("Sales")
    page.goto(live_server.url + reverse("admin:cam_campaign_profile", args=[campaign.pk]))
    assert grave_violations(page) == []
    page.get_by_label("Countries").fill("Ireland\nGermany")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("DE", exact=True)).to_be_visible()
    page.goto(live_server.url + page_of(Lead.objects.first()))
    expect(page.get_by_role("table", name="What each factor counted")).to_be_visible()
    assert grave_violations(page) == []
