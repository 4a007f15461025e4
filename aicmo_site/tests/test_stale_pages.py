"""A button pressed on a page that shows an older state …"""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from aicmo_site.tests.conftest import desk_of
from aicmo_site.tests.factories import a_strategy
from apps.identity.models import Client, User
from apps.observability.models import AuditEntry
from apps.shared.testing import send_dialog
from apps.strategy import services
from apps.strategy.models import Strategy


@pytest.fixture
def mia(member_of: Callable[[str], User]) -> User:
    person = member_of("Strategist")
    person.full_name = "Mia"
    person.save()
    return person


def page_of(strategy: Strategy, name: str = "change") -> str:
    return reverse(f"admin:strategy_strategy_{name}", args=[strategy.pk])


def link_on_page(desk: Browser, strategy: Strategy, name: str) -> str:
    """Return the address of a button as the page has it, with the version that the page shows."""
    page = desk.get(page_of(strategy)).content.decode()
    found = re.search(rf'hx-get="({page_of(strategy, name)}\?seen=[^"]+)"', page)
    assert found is not None
    return unescape(found[1])


def touch(strategy: Strategy) -> None:
    Strategy.objects.filter(pk=strategy.pk).update(updated_at=timezone.now() + timedelta(seconds=1))


def test_says_who_was_faster_and_when_and_keeps_what_was_written(desk: Browser, acme: Client, mia: User) -> None:
    strategy = a_strategy(acme)
    button = link_on_page(desk, strategy, "reject")
    services.approve_strategy(Strategy.objects.get(pk=strategy.pk), by=mia.pk, at=timezone.now())
    answer = " ".join(send_dialog(desk, button, reason="Too <broad>.").content.decode().split())
    assert re.search(r"Updated by Mia <time [^>]+>\d+ s ago</time>", answer)
    assert f'<a class="desk-link" href="{page_of(strategy)}">Reload</a>' in answer
    assert "Too &lt;broad&gt;." in answer
    assert Strategy.objects.get().state == "APPROVED"


def test_is_refused_when_the_row_was_saved_meanwhile_though_its_state_is_the_same(desk: Browser, acme: Client) -> None:
    strategy = a_strategy(acme)
    button = link_on_page(desk, strategy, "approve")
    touch(strategy)
    assert "It has moved on since you opened this." in desk.get(button).content.decode()
    assert "It has moved on since you opened this." in send_dialog(desk, button).content.decode()
    assert Strategy.objects.get().state == "DRAFT"


def test_is_done_on_second_thought_with_what_is_shown_then(desk: Browser, acme: Client) -> None:
    strategy = a_strategy(acme)
    button = link_on_page(desk, strategy, "approve")
    touch(strategy)
    again = send_dialog(desk, button).content.decode()
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', again)
    assert seen is not None
    send_dialog(desk, button, seen=unescape(seen[1]))
    assert Strategy.objects.get().state == "APPROVED"


def test_is_done_when_nothing_has_come_between(desk: Browser, acme: Client) -> None:
    strategy = a_strategy(acme)
    assert "HX-Redirect" in send_dialog(desk, link_on_page(desk, strategy, "approve"))
    assert Strategy.objects.get().state == "APPROVED"


def test_tells_nothing_to_who_may_not_press_it(acme: Client, member_of: Callable[[str], User], mia: User) -> None:
    strategy = a_strategy(acme)
    services.approve_strategy(Strategy.objects.get(pk=strategy.pk), by=mia.pk, at=timezone.now())
    browser = desk_of(member_of("Producer"))
    assert send_dialog(browser, page_of(strategy, "approve")).status_code == 403
    assert AuditEntry.objects.filter(action="StrategyApproved").count() == 1
