"""The desk of client acquisition …"""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from django.urls import reverse

from apps.cam.models import Campaign, ImportBatch, InboundEmail, Lead, RuleBook
from apps.cam.tests.factories import (
    CampaignFactory,
    ImportBatchFactory,
    InboundEmailFactory,
    LeadFactory,
    RuleBookFactory,
)
from apps.identity.models import User
from apps.shared.desk import list_of, page_of

MOST_QUERIES = 12
HOME = reverse("admin:index")

pytestmark = pytest.mark.django_db


def found(browser: Browser, term: str) -> list[Lead]:
    return list(browser.get(list_of(Lead), {"q": term}).context["cl"].result_list)


def press(browser: Browser, row: Any, button: str, reason: str = "") -> Any:
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{button}", args=[row.pk])
    return browser.post(address, {"_form_submitted": "1", "reason": reason})


@pytest.mark.parametrize("term", ["mia", "BYR", "byrne acm", "acme", "mia@acme.example", "acme.ex", "acme mia"])
def test_finds_a_lead_by_how_words_of_name_company_and_address_begin(desk: Browser, term: str) -> None:
    mia = LeadFactory(full_name="Mia Byrne", company="Acme Dental", email_key="mia@acme.example")
    LeadFactory(full_name="Tom Kelly", company="Other", email_key="tom@other.example")
    assert found(desk, term) == [mia]


@pytest.mark.parametrize("term", ["nobody", "rne", "mia tom", "' & ! | :* (", "🦷", "%_"])
def test_finds_nobody_otherwise(desk: Browser, term: str) -> None:
    LeadFactory(full_name="Mia Byrne")
    LeadFactory(full_name="Tom Kelly")
    assert found(desk, term) == []


@pytest.mark.parametrize("model", [Campaign, Lead, ImportBatch, InboundEmail, RuleBook])
def test_draws_a_list_without_a_query_per_row(desk: Browser, model: type, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        InboundEmailFactory()
        ImportBatchFactory()
        RuleBookFactory()
    with django_assert_max_num_queries(MOST_QUERIES):
        desk.get(list_of(model))


def test_narrows_leads_by_what_is_asked_of_them(desk: Browser, campaign: Campaign) -> None:
    wanted = LeadFactory(campaign=campaign, state="MANUAL_REVIEW", grade="B", contactability="BOUNCED")
    LeadFactory()
    for narrowed in (
        {"state__exact": "MANUAL_REVIEW"},
        {"grade__exact": "B"},
        {"contactability__exact": "BOUNCED"},
        {"campaign__id__exact": campaign.pk},
        {"needs": "review"},
    ):
        assert list(desk.get(list_of(Lead, **narrowed)).context["cl"].result_list) == [wanted], narrowed


def test_begins_pauses_and_ends_a_campaign_by_buttons(desk: Browser, campaign: Campaign) -> None:
    press(desk, campaign, "activate")
    press(desk, campaign, "pause")
    assert Campaign.objects.get().state == "ACTIVE"
    press(desk, campaign, "pause", "Holidays")
    assert "Paused because: Holidays" in desk.get(page_of(campaign)).content.decode()
    press(desk, campaign, "resume")
    press(desk, campaign, "complete")
    assert Campaign.objects.get().state == "COMPLETED"


def test_creates_a_campaign_and_says_what_is_wrong_with_one(desk: Browser) -> None:
    page = reverse("new-campaign")
    plan = {"name": "Dentists", "niche": "n", "goal": "g", "mode": "PROOF", "daily_cap": "20"}
    plan |= {"window_opens": "09:00", "window_closes": "08:00", "time_zone": "Europe/Dublin"}
    plan |= {"hourly_cap": "10", "cool_down_hours": "24"}
    assert "must be later than it opens" in desk.post(page, plan).content.decode()
    made = desk.post(page, plan | {"window_closes": "17:00"})
    assert made.url == page_of(Campaign.objects.get())


def test_offers_on_a_lead_s_page_what_is_legal(desk: Browser, lead_in: Callable[..., Lead]) -> None:
    lead = lead_in("MANUAL_REVIEW")
    page = desk.get(page_of(lead)).content.decode()
    offered = {
        name
        for name in ("qualify", "disqualify", "lose", "enrich", "stop_contact", "allow_contact")
        if reverse(f"admin:cam_lead_{name}", args=[lead.pk]) in page
    }
    assert offered == {"qualify", "disqualify", "stop_contact"}
    press(desk, lead, "disqualify")
    assert Lead.objects.get().state == "MANUAL_REVIEW"
    press(desk, lead, "disqualify", "They closed.")
    assert Lead.objects.get().state == "DISQUALIFIED"


def test_shows_what_the_source_said_and_no_field_has_a_place_for(desk: Browser, lead_in: Callable[..., Lead]) -> None:
    lead = lead_in("NEW", raw={"Notes": "met in May"})
    assert "met in May" in desk.get(page_of(lead)).content.decode()


def test_presses_a_button_for_several_leads(desk: Browser, lead_in: Callable[..., Lead]) -> None:
    rows = [lead_in("SCORED"), lead_in("SCORED"), lead_in("NEW")]
    chosen = {"action": "disqualify_several", "_selected_action": [str(row.pk) for row in rows]}
    asked = desk.post(list_of(Lead), chosen)
    assert "Disqualify: 2 of 3" in asked.content.decode()
    desk.post(list_of(Lead), chosen | {"press": "1", "reason": "too small"})
    assert sorted(Lead.objects.values_list("state", flat=True)) == ["DISQUALIFIED", "DISQUALIFIED", "NEW"]


def test_stops_contact_by_a_button(desk: Browser, lead: Lead) -> None:
    press(desk, lead, "unsubscribe", "wrote so")
    assert Lead.objects.get().contactability == "UNSUBSCRIBED"
    assert reverse("admin:cam_lead_allow_contact", args=[lead.pk]) not in desk.get(page_of(lead)).content.decode()


def test_answers_a_reply_by_a_button_that_asks_how(desk: Browser, salesperson: User) -> None:
    reply = InboundEmailFactory()
    press(desk, reply, "answer")
    assert InboundEmail.objects.get().answered_at is None
    press(desk, reply, "answer", "By telephone.")
    assert InboundEmail.objects.get().answered_by == salesperson


def test_shows_on_the_first_page_what_waits(desk: Browser, lead_in: Callable[..., Lead]) -> None:
    lead_in("MANUAL_REVIEW", reasons=["no budget known"])
    InboundEmailFactory()
    InboundEmailFactory(lead=None, matched_by="NOTHING")
    ImportBatchFactory(state="FAILED", error="The file is gone.")
    home = desk.get(HOME)
    counts = {worklist.title: worklist.count for worklist in home.context["worklists"]}
    assert counts == {"Leads to decide on": 1, "Replies to answer": 2, "Imports that stopped": 1}
    assert "no budget known" in home.content.decode()


def test_asks_nobody_who_may_only_look(client: Browser, reviewer: User) -> None:
    InboundEmailFactory()
    reviewer.user_permissions.add(Permission.objects.get(codename="view_inboundemail"))
    client.force_login(reviewer)
    assert client.get(HOME).context["worklists"] == []


def test_draws_the_funnel_of_the_active_campaigns(desk: Browser, campaign: Campaign) -> None:
    active = CampaignFactory(state="ACTIVE")
    assert desk.get(HOME).context["charts"] == []
    LeadFactory.create_batch(2, campaign=active)
    LeadFactory(campaign=active, state="WON")
    LeadFactory(campaign=campaign, state="WON")
    [chart] = desk.get(HOME).context["charts"]
    totals = {bar.label: bar.total for bar in chart.bars}
    assert (len(totals), totals["New"], totals["Won"], totals["Lost"]) == (13, 2, 1, 0)
    won = next(bar for bar in chart.bars if bar.label == "Won")
    assert len(desk.get(won.parts[0].url).context["cl"].result_list) == 1


def test_finds_leads_and_campaigns_in_the_palette(desk: Browser, campaign: Campaign) -> None:
    LeadFactory(campaign=campaign, full_name="Mia Byrne")
    for term, name in (("byrne", "Mia Byrne"), ("dentis", "Dentists")):
        assert name in desk.get(reverse("admin:search"), {"s": term}).content.decode()
