"""A page that cannot be shown says what happened, what to do, and an id that is in the log …"""

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client as Browser
from django.urls import reverse
from django.utils.module_loading import import_string

from aicmo_site.tests.conftest import desk_of
from apps.identity.models import User
from apps.identity.tests.factories import MembershipFactory

HOME = reverse("admin:index")
ID = re.compile(r"Error id: <code>(\w+)</code>")


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What is logged, as the site writes it."""
    line = {**django_settings.LOGGING["formatters"]["line"]}
    caplog.handler.setFormatter(import_string(line.pop("()"))(**line))
    return caplog


def error_id(page: Any) -> str:
    found = ID.search(page.content.decode())
    assert found is not None, "it names no error id"
    return found[1]


def said(page: Any, log: pytest.LogCaptureFixture, status: int, *words: str) -> None:
    text = page.content.decode()
    assert page.status_code == status
    assert all(word in text for word in (*words, "desk.css", "Go to the desk"))
    assert error_id(page) in log.text


def test_when_somebody_may_not(member_of: Callable[[str], User], log: pytest.LogCaptureFixture) -> None:
    page = desk_of(member_of("Sales")).get(reverse("admin:identity_user_changelist"))
    said(page, log, 403, "You may not do this", "Nothing was changed.")


@pytest.mark.parametrize("address", ["/admin/no/such/page/", "/admin/attend/no.such/x/"])
def test_when_there_is_nothing(desk: Browser, log: pytest.LogCaptureFixture, address: str) -> None:
    said(desk.get(address), log, 404, "There is nothing here", "Nothing was changed.")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("There is nothing here", "Nothing was changed.", "The portal, for clients", "The desk, for those")),
        ("de", ("Hier ist nichts", "Das Portal, für Kunden", "Der Schreibtisch, für alle")),
        ("fr", ("There is nothing here",)),
    ],
)
def test_by_nothing_but_words_where_nothing_may_be_loaded(
    db: None, log: pytest.LogCaptureFixture, language: str, words: tuple[str, ...]
) -> None:
    page = Browser().get("/nowhere", headers={"Accept-Language": language})
    text = page.content.decode()
    assert page.status_code == 404
    assert re.search(r"<code>(\w+)</code>", text)[1] in log.text
    assert all(word in text for word in (f'<html lang="{language if language != "fr" else "en"}">', *words))
    assert not re.search(r"<(?:script|style|img|form)|\sstyle=|rel=\"stylesheet|/static/", text)
    assert "default-src 'none'" in page["Content-Security-Policy"]


def test_when_the_site_fails_and_shows_nothing_of_the_inside(
    owner: User, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aicmo_site.admin.AgencyAdminSite._worklists", lambda *_: 1 / 0)
    browser = Browser(raise_request_exception=False)
    browser.force_login(owner)
    page = browser.get(HOME)
    said(page, log, 500, "Something went wrong here", "wholly or not at all")
    assert "ZeroDivisionError" in log.text
    assert not re.search("ZeroDivision|Traceback|division by zero", page.content.decode())


def test_when_the_page_was_open_for_too_long(owner: User, log: pytest.LogCaptureFixture) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(owner)
    page = browser.post(HOME, {"reason": "my words"})
    said(page, log, 403, "This page is too old", "reload the page, and send it again")


def test_in_plain_words_where_even_that_cannot_be_drawn(
    desk: Browser, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("aicmo_site.errors.render_to_string", lambda *_: 1 / 0)
    page = desk.get("/nowhere")
    assert page.status_code == 404
    assert re.match(r"There is nothing here\. .+ Error id: \w+$", page.content.decode())


def test_with_an_id_of_its_own_each_time(desk: Browser) -> None:
    assert error_id(desk.get("/nowhere")) != error_id(desk.get("/nowhere"))


def test_with_the_id_that_a_proxy_gave(desk: Browser) -> None:
    assert error_id(desk.get("/nowhere", headers={"X-Request-ID": "abc123"})) == "abc123"
    evil = "<script>alert(1)</script>"
    assert evil not in desk.get("/nowhere", headers={"X-Request-ID": evil}).content.decode()


def test_is_logged_as_a_warning_or_an_error(desk: Browser, log: pytest.LogCaptureFixture) -> None:
    desk.get("/nowhere")
    assert [record.levelno for record in log.records if record.name == "django.request"] == [logging.WARNING]


# --- what clients see -------------------------------------------------------------------------------------------------


@pytest.fixture
def client_person(db: None) -> Browser:
    return desk_of(MembershipFactory(role="VIEWER").user)


def said_to_clients(page: Any, log: pytest.LogCaptureFixture, status: int, *words: str) -> None:
    text = page.content.decode()
    assert page.status_code == status
    assert all(word in text for word in (*words, "portal.css"))
    assert not re.search("desk.css|alpine|x-data", text)
    assert error_id(page) in log.text


@pytest.mark.parametrize("address", ["/portal/nowhere", "/account/nowhere"])
def test_to_a_client_when_there_is_nothing(client_person: Browser, log: pytest.LogCaptureFixture, address: str) -> None:
    said_to_clients(client_person.get(address), log, 404, "There is nothing here", "To the overview")


def test_to_a_client_who_may_not_and_in_german(client_person: Browser, log: pytest.LogCaptureFixture) -> None:
    address = reverse("portal-invoices")
    said_to_clients(client_person.get(address), log, 403, "You may not do this", "To the overview")
    german = client_person.get(address, headers={"Accept-Language": "de"}).content.decode()
    assert "Das dürfen Sie nicht" in german


def test_to_a_client_when_the_site_fails(
    db: None, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = MembershipFactory().user
    browser = Browser(raise_request_exception=False)
    browser.force_login(person)
    monkeypatch.setattr("apps.onboarding.views.pages._answered", lambda *_: 1 / 0)
    browser.post(reverse("portal-intake-begin"))
    page = browser.get(reverse("portal-intakes"))
    said_to_clients(page, log, 500, "Something went wrong here")
    assert not re.search("ZeroDivision|Traceback", page.content.decode())


def test_to_a_client_when_the_page_was_open_for_too_long(db: None, log: pytest.LogCaptureFixture) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(MembershipFactory().user)
    page = browser.post(reverse("portal-intake-begin"))
    said_to_clients(page, log, 403, "This page is too old", "To the overview")


def test_to_staff_who_act_for_no_client_at_the_portal(owner: User, log: pytest.LogCaptureFixture) -> None:
    page = desk_of(owner).get(reverse("portal-home"))
    said_to_clients(page, log, 403, "The portal is for clients", f'href="{HOME}"')


def test_and_the_bare_address_leads_each_to_their_first_page(owner: User, client_person: Browser) -> None:
    portal = reverse("portal-home")
    assert [browser.get("/").url for browser in (desk_of(owner), client_person, Browser())] == [HOME, portal, portal]


def test_and_a_part_of_a_page_is_not_answered_by_the_log_in(db: None) -> None:
    part = {"HX-Request": "true"}
    polled = Browser().get(reverse("portal-home"), headers=part)
    assert (polled.status_code, polled.content) == (200, b"")
    assert polled["HX-Redirect"] == f"{reverse('account-login')}?next=%2Fportal%2F"
    assert Browser().post(reverse("portal-intake-begin"), headers=part).status_code == 401


def test_in_english_at_the_desk_whoever_was_there_before(desk: Browser) -> None:
    assert "Hier ist nichts" in Browser().get("/portal/nowhere", headers={"Accept-Language": "de"}).content.decode()
    assert "There is nothing here" in desk.get("/admin/nowhere/").content.decode()
