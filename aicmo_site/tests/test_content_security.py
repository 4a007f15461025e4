"""What a page may load …"""

from typing import Any

import pytest
from django.test import Client as Browser
from playwright.sync_api import Page, expect

from aicmo_site.policies import content_security


def directives(policy: str) -> dict[str, list[str]]:
    named = (directive.split() for directive in policy.split(";"))
    return {name: values for name, *values in named}


@pytest.mark.parametrize(
    ("path", "scripts", "styles"),
    [
        ("/account/log-in", ["'self'"], ["'self'"]),
        ("/portal/tokens", ["'self'"], ["'self'"]),
        ("/api/docs/", ["'self'"], ["'self'", "'unsafe-inline'"]),
        ("/admin/", ["'self'", "'unsafe-eval'"], ["'self'", "'unsafe-inline'"]),
        ("/api/v1/me", None, None),
        ("/health/live", None, None),
        ("/administration", None, None),
    ],
)
def test_is_said_by_its_path(path: str, scripts: list[str] | None, styles: list[str] | None) -> None:
    allowed = directives(content_security(path))
    assert (allowed.get("script-src"), allowed.get("style-src")) == (scripts, styles)
    assert (allowed["frame-ancestors"], allowed["base-uri"], allowed["object-src"]) == (["'none'"],) * 3
    assert allowed["default-src"] == (["'self'"] if path == "/admin/" else ["'none'"])


def test_lets_pages_of_ours_frame_what_a_view_says_they_may() -> None:
    framed = directives(content_security("/admin/delivery/artifact/", is_framed=True))
    assert framed["frame-ancestors"] == ["'self'"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/login/", "/account/log-in", "/api/v1/me", "/api/docs/", "/nowhere", "/"])
def test_is_told_with_every_answer(path: str) -> None:
    answer = Browser().get(path)
    assert answer["Content-Security-Policy"] == content_security(path)
    assert (answer["X-Content-Type-Options"], answer["X-Frame-Options"]) == ("nosniff", "DENY")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_is_enough_for_the_page_of_the_api(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/api/docs/")
    expect(page.get_by_role("heading", name="AICMO portal")).to_be_visible()
    expect(page.get_by_text("/api/v1/intakes/{id}/submit")).to_be_visible()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_stops_a_script_that_got_into_a_page(page: Page, live_server: Any, complaints: list[str]) -> None:
    page.goto(f"{live_server.url}/account/log-in")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')")
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in complaint for complaint in complaints)
    complaints.clear()
