"""The lead board …"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from django.urls import reverse
from uuid_utils.compat import uuid7

from apps.cam import queries
from apps.cam.models import Campaign, Lead
from apps.cam.rules.moves import STATES
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import LeadFactory
from apps.identity.models import User

MOST_QUERIES = 12


def board(campaign: Campaign) -> str:
    return reverse("admin:cam_campaign_board", args=[campaign.pk])


def move(browser: Browser, lead: Lead, to: str, reason: str = "", **headers: str) -> Any:
    return browser.post(board(lead.campaign), {"lead": lead.pk, "to": to, "reason": reason}, headers=headers)


def drag(browser: Browser, lead: Lead, to: str, reason: str = "") -> Any:
    return move(browser, lead, to, reason, **{"X-Board": "1"})


def is_refused(answer: Any) -> bool:
    return answer.status_code == 200 and "desk-board-said desk-error" in answer.content.decode()


def state_of(lead: Lead) -> str:
    return Lead.objects.get(pk=lead.pk).state


def test_has_a_column_for_every_state(desk: Browser, campaign: Campaign) -> None:
    page = desk.get(board(campaign)).content.decode()
    assert [state for state in STATES if f'data-state="{state}"' not in page] == []
    assert "No leads yet." in page


def test_puts_the_most_urgent_first_and_then_the_newest(campaign: Campaign) -> None:
    old, new = (LeadFactory(campaign=campaign) for _ in range(2))
    due = LeadFactory(campaign=campaign, next_action_at=AT)
    later = LeadFactory(campaign=campaign, next_action_at=AT + timedelta(days=1))
    assert queries.cards_of(campaign)["NEW"] == [due, later, new, old]


def test_shows_the_first_cards_and_counts_no_further_than_needed(
    desk: Browser, campaign: Campaign, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    LeadFactory.create_batch(8, campaign=campaign)
    monkeypatch.setattr("apps.cam.queries.leads.CARDS", 3)
    monkeypatch.setattr(queries, "MOST_COUNTED", 5)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = desk.get(board(campaign)).content.decode()
    assert page.count("data-lead=") == 3
    assert "All more than 5" in page


def test_moves_a_lead_by_the_menu_without_a_script(desk: Browser, lead: Lead) -> None:
    answer = move(desk, lead, "ENRICHED")
    assert (answer.status_code, answer.url) == (302, board(lead.campaign))
    assert state_of(lead) == "ENRICHED"
    assert "is enriched." in desk.get(answer.url).content.decode()


def test_moves_a_lead_that_was_dragged_and_sends_the_board_back(desk: Browser, lead: Lead) -> None:
    answer = drag(desk, lead, "ENRICHED")
    page = answer.content.decode()
    assert not is_refused(answer)
    assert state_of(lead) == "ENRICHED"
    assert (
        page.index('data-state="ENRICHED"') < page.index(f'data-lead="{lead.pk}"') < page.index('data-state="SCORED"')
    )


def test_refuses_in_words_what_is_illegal(desk: Browser, lead: Lead) -> None:
    answer = drag(desk, lead, "WON")
    page = answer.content.decode()
    assert is_refused(answer)
    assert state_of(lead) == "NEW"
    assert "is new and cannot become won. It can become enriched." in page
    assert page.index('data-state="NEW"') < page.index(f'data-lead="{lead.pk}"') < page.index('data-state="ENRICHED"')


def test_asks_on_the_card_for_a_reason_that_is_missing(desk: Browser, lead_in: Callable[..., Lead]) -> None:
    lead = lead_in("CONTACTED")
    answer = drag(desk, lead, "LOST")
    assert is_refused(answer)
    assert state_of(lead) == "CONTACTED"
    assert "<details open>" in answer.content.decode()
    assert '<option value="LOST" selected>' in answer.content.decode()
    assert not is_refused(drag(desk, lead, "LOST", "They closed."))
    assert state_of(lead) == "LOST"


def test_writes_to_nobody_who_must_not_be_contacted(desk: Browser, lead_in: Callable[..., Lead]) -> None:
    lead = lead_in("ROUTED", contactability="UNSUBSCRIBED")
    answer = drag(desk, lead, "CONTACTED")
    assert is_refused(answer)
    assert state_of(lead) == "ROUTED"
    assert "must not be contacted" in answer.content.decode()
    assert f'value="{lead.pk}"' not in desk.get(board(lead.campaign)).content.decode()


@pytest.mark.parametrize("sent", [{}, {"lead": "x", "to": "NEW"}, {"lead": str(uuid7()), "to": "ENRICHED"}])
def test_refuses_what_is_no_move(desk: Browser, lead: Lead, sent: dict[str, str]) -> None:
    assert is_refused(desk.post(board(lead.campaign), sent, headers={"X-Board": "1"}))


def test_leaves_another_campaign_s_lead_alone(desk: Browser, campaign: Campaign) -> None:
    other = LeadFactory()
    answer = desk.post(board(campaign), {"lead": other.pk, "to": "ENRICHED"}, headers={"X-Board": "1"})
    assert is_refused(answer)
    assert state_of(other) == "NEW"


def test_is_read_only_for_those_who_may_only_look(client: Browser, reviewer: User, lead: Lead) -> None:
    client.force_login(reviewer)
    assert client.get(board(lead.campaign)).status_code == 403
    reviewer.user_permissions.add(*Permission.objects.filter(codename__in=["view_campaign", "view_lead"]))
    reader = Browser()
    reader.force_login(User.objects.get(pk=reviewer.pk))
    assert "draggable" not in reader.get(board(lead.campaign)).content.decode().replace('draggable="false"', "")
    assert move(reader, lead, "ENRICHED").status_code == 403
    assert state_of(lead) == "NEW"


def test_knows_no_campaign_that_does_not_exist(desk: Browser, campaign: Campaign) -> None:
    assert desk.get(reverse("admin:cam_campaign_board", args=[uuid7()])).status_code == 404
