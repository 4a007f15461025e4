"""On the portal's pages, a strategy …"""

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django_fsm import ConcurrentTransition

from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory
from apps.strategy.models import Strategy
from apps.strategy.tests.test_portal import strategy_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(acme: Client) -> Client:
    acme.approves_strategies = True
    acme.save()
    return acme


def browser_of(client: Client, role: str = "APPROVER") -> Browser:
    browser = Browser()
    browser.force_login(MembershipFactory(client=client, role=role).user)
    return browser


def at(strategy: Strategy, deed: str = "") -> str:
    return reverse(f"portal-strategy{deed}", args=[strategy.pk])


def test_waits_on_the_first_page_and_is_approved(client: Client) -> None:
    strategy, browser = strategy_of(client), browser_of(client)
    assert at(strategy) in browser.get(reverse("portal-home")).content.decode()
    page = browser.get(at(strategy)).content.decode()
    assert all(
        words in page
        for words in ("Approve this version", "Where the market stands", strategy.channels.first().channel)
    )
    told = browser.post(at(strategy, "-decide"), {"verdict": "APPROVED"}, follow=True).content.decode()
    assert ("you have approved this version" in told, "Approve this version" in told) == (True, False)
    strategy.refresh_from_db()
    assert strategy.state == "APPROVED"
    assert browser.post(at(strategy, "-decide"), {"verdict": "APPROVED"}).status_code == 409
    assert at(strategy) not in browser.get(reverse("portal-home")).content.decode()


def test_is_listed_with_how_it_stands(client: Client, globex: Client, asks_at_most: Callable) -> None:
    older, newer, foreign = strategy_of(client), strategy_of(client), strategy_of(globex)
    browser = browser_of(client, "VIEWER")
    with asks_at_most(10):
        page = browser.get(reverse("portal-strategies")).content.decode()
    assert page.index(at(newer)) < page.index(at(older))
    assert ("Waits for your decision" in page, at(foreign) in page) == (True, False)
    nothing = browser_of(globex).get(reverse("portal-strategies")).content.decode()
    assert ("There is no strategy yet" in nothing, at(foreign) in nothing) == (True, False), "we approve it ourselves"


def test_is_rejected_only_with_a_reason(client: Client) -> None:
    strategy, browser = strategy_of(client), browser_of(client)
    assert browser.post(at(strategy, "-decide"), {"verdict": "REJECTED", "reason": " "}).status_code == 400
    browser.post(at(strategy, "-decide"), {"verdict": "REJECTED", "reason": "Too loud."})
    strategy.refresh_from_db()
    assert (strategy.state, strategy.reason) == ("REJECTED", "Too loud.")
    assert browser.get(at(strategy)).status_code == 200


def test_is_decided_by_nobody_else(client: Client, globex: Client) -> None:
    strategy = strategy_of(client)
    viewer, stranger = browser_of(client, "VIEWER"), browser_of(globex)
    assert "Approve this version" not in viewer.get(at(strategy)).content.decode()
    assert viewer.post(at(strategy, "-decide"), {"verdict": "APPROVED"}).status_code == 403
    assert stranger.get(at(strategy)).status_code == 404
    assert stranger.post(at(strategy, "-decide"), {"verdict": "APPROVED"}).status_code == 404
    strategy.refresh_from_db()
    assert strategy.state == "DRAFT"


def test_is_no_matter_of_a_client_whose_contract_leaves_it_to_the_agency(acme: Client) -> None:
    strategy, browser = strategy_of(acme), browser_of(acme)
    assert browser.get(at(strategy)).status_code == 404
    assert at(strategy) not in browser.get(reverse("portal-home")).content.decode()
    assert browser.post(at(strategy, "-decide"), {"verdict": "APPROVED"}).status_code == 404


def test_is_shown_as_it_stands_to_who_decides_in_the_same_moment(client: Client) -> None:
    strategy, browser = strategy_of(client), browser_of(client)
    with patch("apps.strategy.services.approve_strategy", side_effect=ConcurrentTransition):
        page = browser.post(at(strategy, "-decide"), {"verdict": "APPROVED"})
    assert page.status_code == 409
    assert "Below is how it stands." in page.content.decode()
