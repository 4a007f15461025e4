"""A person at the desk who has no mouse …"""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from aicmo_site.tests.browsing import grave_violations
from aicmo_site.tests.factories import a_run, a_strategy
from aicmo_site.tests.test_desk import page_of
from apps.identity.models import Client
from apps.identity.tests.factories import UserFactory
from apps.strategy import services
from apps.strategy.models import Strategy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
RUNS = reverse("admin:orchestration_workflowrun_changelist")
CLIENTS = reverse("admin:identity_client_changelist")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.closest('tr, li')?.innerText ?? ''")


def test_goes_places_moves_in_lists_selects_and_is_told_how(
    page: Page, live_server: Any, log_in: Callable, acme: Client
) -> None:
    names = [str(a_run(acme, "RUNNING").pk)[-6:] for _ in range(3)][::-1]
    log_in()
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url(f"**{RUNS}")
    for key, expected in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        assert names[expected] in focused(page)
    page.keyboard.press("x")
    assert page.locator("input.action-select:checked").count() == 1
    page.keyboard.press("/")
    expect(page.locator("#searchbar")).to_be_focused()
    page.keyboard.type("gcj?x")
    assert (page.locator("#searchbar").input_value(), page.url.endswith(RUNS)) == ("gcj?x", True)
    page.locator("#searchbar").blur()
    page.keyboard.press("?")
    expect(page.locator("#desk-keys")).to_be_visible()
    assert grave_violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url(f"**{CLIENTS}")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/admin/")


def test_puts_off_an_entry_of_a_worklist(page: Page, live_server: Any, log_in: Callable, acme: Client) -> None:
    a_strategy(acme)
    log_in("Strategist")
    page.keyboard.press("j")
    page.keyboard.press("Tab")
    while "whose" not in page.evaluate("document.activeElement.innerText"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert grave_violations(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing needs you.")).to_be_visible()
    expect(page.get_by_text("is put off until")).to_be_visible()


def test_is_kept_in_a_dialog_and_led_back_to_its_button(
    page: Page, live_server: Any, log_in: Callable, acme: Client
) -> None:
    strategy = a_strategy(acme)
    log_in("Strategist")
    page.goto(live_server.url + page_of(strategy))
    button = page.get_by_role("link", name="Reject", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Reject")
    expect(dialog.locator("textarea")).to_be_focused()
    assert grave_violations(page) == []
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#modal-content') !== null")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


def test_reads_in_the_dialog_who_was_faster_and_loses_no_word(
    page: Page, live_server: Any, log_in: Callable, acme: Client
) -> None:
    strategy = a_strategy(acme)
    log_in("Strategist")
    page.goto(live_server.url + page_of(strategy))
    page.get_by_role("link", name="Reject", exact=True).click()
    page.locator("#dialog textarea").fill("Too broad.")
    mia = UserFactory(full_name="Mia")
    services.approve_strategy(Strategy.objects.get(pk=strategy.pk), by=mia.pk, at=timezone.now())
    page.locator("#dialog").get_by_role("button", name="Reject", exact=True).click()
    expect(page.locator("#dialog").get_by_role("alert")).to_contain_text("Updated by Mia")
    expect(page.locator("#dialog textarea")).to_have_value("Too broad.")
    assert grave_violations(page) == []
