"""A person who wins clients, in a real browser …"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from aicmo_site.tests.browsing import grave_violations, press
from apps.cam.models import Campaign, ImportBatch, InboundEmail, Lead
from apps.cam.tests.factories import CampaignFactory, InboundEmailFactory, LeadFactory, csv_of
from apps.shared.desk import page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

TABLE = csv_of(
    ("First Name", "Last Name", "Company Name", "Work Email", "Country"),
    ("Mia", "Byrne", "Bright Smiles", "mia@bright.example", "Ireland"),
    ("Tom", "Kelly", "White Teeth", "tom@white.example, info@white.example", "Ireland"),
    ("Ann", "Lee", "Good Gums", "ann@gums.example", "Atlantis"),
    ("Eve", "Ross", "Clean Crowns", "eve@crowns.example", ""),
)


@pytest.fixture
def campaign() -> Campaign:
    """A campaign of this test alone."""
    return CampaignFactory(name="Dentists", state="ACTIVE")


def column(page: Page, state: str) -> Locator:
    return page.locator(f'.desk-column[data-state="{state}"]')


def card(page: Page, lead: Lead) -> Locator:
    return page.locator(f'[data-lead="{lead.pk}"]')


def board(live_server: Any, campaign: Campaign) -> str:
    return live_server.url + reverse("admin:cam_campaign_board", args=[campaign.pk])


def test_imports_a_table_after_seeing_its_errors(
    campaign: Campaign, page: Page, live_server: Any, log_in: Callable, tmp_path: Path
) -> None:
    log_in("Sales")
    table = tmp_path / "leads.csv"
    table.write_bytes(TABLE)
    page.get_by_role("link", name="Import leads").first.click()
    assert grave_violations(page) == []
    page.get_by_label("Campaign").select_option(label="Dentists")
    page.set_input_files("input[type=file]", table)
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("2 leads to create")).to_be_visible()
    expect(page.get_by_text("holds more than one address")).to_be_visible()
    expect(page.get_by_text("is no country")).to_be_visible()
    assert grave_violations(page) == []
    assert not Lead.objects.exists()
    page.get_by_role("button", name="Import the good rows").click()
    expect(page.get_by_text("4 of 4 rows read")).to_be_visible()
    assert grave_violations(page) == []
    assert (Lead.objects.count(), ImportBatch.objects.get().refused) == (2, 2)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download them").click()
    assert "Atlantis" in download.value.path().read_text()


def test_moves_a_card_by_its_menu_with_the_keyboard(
    campaign: Campaign, page: Page, live_server: Any, log_in: Callable
) -> None:
    log_in("Sales")
    lead = LeadFactory(campaign=campaign, full_name="Mia Byrne", state="PROPOSAL")
    page.goto(board(live_server, campaign))
    card(page, lead).locator("summary").focus()
    page.keyboard.press("Enter")
    card(page, lead).get_by_label("State").select_option("LOST")
    card(page, lead).get_by_role("button", name="Move").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Say why it came to nothing")).to_be_visible()
    card(page, lead).get_by_label("Reason").fill("They closed.")
    card(page, lead).get_by_role("button", name="Move").press("Enter")
    expect(column(page, "LOST").locator(".desk-card")).to_contain_text("Mia Byrne")
    assert Lead.objects.get().state == "LOST"


def test_drags_a_card_and_is_told_why_it_goes_back(
    campaign: Campaign, page: Page, live_server: Any, log_in: Callable
) -> None:
    log_in("Sales")
    lead = LeadFactory(campaign=campaign, full_name="Mia Byrne")
    page.goto(board(live_server, campaign))
    card(page, lead).drag_to(column(page, "ENRICHED"))
    expect(column(page, "ENRICHED").locator(".desk-card")).to_contain_text("Mia Byrne")
    card(page, lead).drag_to(column(page, "NEW"))
    expect(page.get_by_role("status").filter(has_text="is enriched and cannot become new")).to_be_visible()
    expect(column(page, "ENRICHED").locator(".desk-card")).to_contain_text("Mia Byrne")
    assert Lead.objects.get().state == "ENRICHED"


def test_answers_a_reply(campaign: Campaign, page: Page, live_server: Any, log_in: Callable) -> None:
    salesperson = log_in("Sales")
    reply = InboundEmailFactory(lead=LeadFactory(campaign=campaign), text="Call me on Monday.")
    page.goto(live_server.url + reverse("admin:index"))
    expect(page.get_by_text("Replies to answer")).to_be_visible()
    page.goto(live_server.url + page_of(reply))
    expect(page.get_by_text("Call me on Monday.")).to_be_visible()
    assert grave_violations(page) == []
    press(page, "Answered", "Called back on Tuesday.")
    expect(page.get_by_text("Called back on Tuesday.").first).to_be_visible()
    assert InboundEmail.objects.get().answered_by == salesperson


@pytest.mark.parametrize("width", [1280, 820])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_reads_board_campaign_and_lead_without_a_barrier(
    campaign: Campaign, page: Page, live_server: Any, log_in: Callable, theme: str, width: int
) -> None:
    log_in("Sales")
    rows = [LeadFactory(campaign=campaign, state=state, grade="B") for state in ("NEW", "SCORED", "REPLIED", "WON")]
    LeadFactory(campaign=campaign, state="ROUTED", contactability="DO_NOT_CONTACT")
    InboundEmailFactory(lead=rows[2])
    page.set_viewport_size({"width": width, "height": 1000})
    page.evaluate(f"localStorage.setItem('adminTheme', '\"{theme}\"')")
    for address in (board(live_server, campaign), *(live_server.url + page_of(row) for row in (campaign, rows[2]))):
        page.goto(address)
        assert grave_violations(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), address
    page.goto(board(live_server, campaign))
    card(page, rows[0]).locator("summary").click()
    assert grave_violations(page) == []
