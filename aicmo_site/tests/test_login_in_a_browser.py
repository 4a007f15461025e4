"""In a real browser, with a real mail server …"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from aicmo_site.tests.browsing import PATIENCE, grave_violations
from apps.identity.models import ApiToken, SecondFactor, User
from apps.identity.tests.factories import MembershipFactory
from apps.identity.tests.test_second_factor import code_of
from apps.orchestration.tests.conftest import worker  # noqa: F401
from apps.shared.tests.mailbox import Mailbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(chromium: Browser, complaints: list[str]) -> Iterator[Page]:
    """A page on a phone."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="en-IE", reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("console", lambda told: complaints.append(f"{page.url}: {told.text}") if told.type == "error" else None)
    yield page
    context.close()
    assert complaints == []


def is_wider_than_the_phone(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.worker
@pytest.mark.timeout(300)
def test_a_client_logs_in_by_a_mailed_link_and_issues_and_revokes_a_token_in_german(
    worker: Callable,
    mailbox: Mailbox,
    phone: Page,
    live_server: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in mail_of(settings, live_server.url).items():
        monkeypatch.setenv(name, value)
    worker()
    MembershipFactory(user__email="anna@acme.test", user__full_name="Anna", client__name="Acme")
    phone.goto(f"{live_server.url}{reverse('tokens')}")
    expect(phone.get_by_role("heading", name="Without a password")).to_be_visible()
    assert grave_violations(phone) == []
    phone.locator("#link_email").fill("anna@acme.test")
    phone.get_by_role("button", name="Mail me a link").click()
    expect(phone.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    phone.goto(link_in(mailbox, phone))
    assert grave_violations(phone) == []
    phone.get_by_role("button", name="Log in").click()
    expect(phone.get_by_text("Acme").first).to_be_visible()
    phone.get_by_role("button", name="Deutsch").click()
    phone.get_by_role("link", name="Ihr Konto").click()
    phone.get_by_role("link", name="Token für Ihre eigenen Systeme").click()
    phone.get_by_label("Wofür ist er?").fill("ERP")
    phone.get_by_label("Lesen").check()
    phone.get_by_role("button", name="Ausstellen", exact=True).click()
    expect(phone.get_by_text("Kopieren Sie ihn jetzt")).to_be_visible()
    assert not is_wider_than_the_phone(phone)
    assert grave_violations(phone) == []
    phone.get_by_role("button", name="ERP widerrufen").click()
    expect(phone.get_by_text("öffnet nichts mehr")).to_be_visible()
    assert ApiToken.objects.get().revoked_at is not None


def mail_of(settings: Any, address: str) -> dict[str, str]:
    """Return the environment in which a worker mails to this test's server, links that lead to this test's site."""
    server = f"{settings.EMAIL_HOST_USER}:p%40ss@{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return {
        "AICMO_EMAIL_URL": f"smtp://{server}",
        "AICMO_EMAIL_FROM": "desk@agency.example",
        "AICMO_BASE_URL": address,
    }


def link_in(box: Mailbox, page: Page) -> str:
    """Return where the link of the first letter leads, once it is there."""
    for _ in range(300):
        if box.letters:
            text = box.letters[0].get_body(("plain",)).get_content()
            return re.search(r"https?://\S+", text)[0]
        page.wait_for_timeout(100)
    raise AssertionError("no letter came")


@pytest.mark.timeout(300)
def test_somebody_of_the_staff_sets_up_a_second_factor_and_logs_in_by_it(
    page: Page, live_server: Any, log_in: Callable[..., User]
) -> None:
    person = log_in("Strategist")
    page.goto(f"{live_server.url}{reverse('second-factor')}")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("img", name="QR code with the key")).to_be_visible()
    assert grave_violations(page) == []
    page.get_by_role("textbox", name="Code").fill(code_of(person, halves_ahead=-1))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("button", name="Log out").click()
    page.goto(f"{live_server.url}/admin/")
    page.locator("#id_username").fill(person.email)
    page.locator("#id_password").fill("correct horse battery staple")
    page.locator("#id_code").fill(code_of(person))
    assert grave_violations(page) == []
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
    assert SecondFactor.objects.get().last_step > 0
