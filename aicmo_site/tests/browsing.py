"""A real browser on the real site: Debian's Chromium, driven by Playwright.

Where there is none the tests skip and say how to get one; CI (`CI` in the environment) never skips them.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from importlib import import_module

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.apps import apps
from django.contrib.auth.models import Group
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from apps.identity.models import User
from apps.identity.services import grant_role_permissions
from apps.identity.tests.factories import UserFactory

NAMES = ("chromium", "chromium-browser", "google-chrome")
WHERE = "No Chromium here. `apt-get install chromium` brings one; elsewhere name it in AICMO_CHROMIUM."
PASSWORD = "correct horse battery staple"
PATIENCE = 15_000
"""Milliseconds that a page may take to show what a click led to."""
GRAVE = ("serious", "critical")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser itself, started once for all tests of a file."""
    program = os.environ.get("AICMO_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(WHERE)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright runs an event loop in this thread, which Django takes for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What went wrong in the browser; a test that leaves something here fails."""
    return []


@pytest.fixture
def page(chromium: Browser, complaints: list[str]) -> Iterator[Page]:
    """A page of a browser that knows nobody yet, at 1280 pixels."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("console", lambda message: _note(message, page, complaints))
    page.on("response", lambda got: complaints.append(f"{got.status} {got.url}") if got.status >= 500 else None)
    yield page
    context.close()
    assert complaints == []


def _note(message: ConsoleMessage, page: Page, complaints: list[str]) -> None:
    if message.type == "error":
        complaints.append(f"{page.url}: {message.text}")


@pytest.fixture
def log_in(page: Page, live_server: object) -> Callable[..., User]:
    """Log a person in by the form, as one does."""

    def log_in_as(role: str = "Owner", **columns: object) -> User:
        _ship_roles()
        user = UserFactory(is_superuser=role == "Owner", **columns)
        if role != "Owner":
            user.groups.add(Group.objects.get(name=role))
        page.goto(f"{live_server.url}/admin/")  # type: ignore[attr-defined]
        page.get_by_label("E-mail").or_(page.locator("#id_username")).first.fill(user.email)
        page.locator("#id_password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/admin/")
        return user

    return log_in_as


def _ship_roles() -> None:
    """Bring back what a migration ships, and the flush after an earlier test may have taken away."""
    if not Group.objects.exists():
        import_module("apps.identity.migrations.0002_staff_roles").add_roles(apps, None)
        for app in apps.get_app_configs():
            grant_role_permissions(app.label)


def grave_violations(page: Page) -> list[str]:
    """Return what axe-core calls serious or critical on a page, each with the first elements concerned."""
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {violation['help']}: {[node['target'] for node in violation['nodes'][:4]]}"
        for violation in found
        if violation["impact"] in GRAVE
    ]


def press(page: Page, label: str, reason: str = "") -> None:
    """Press a button of a row's page and answer its dialog, typing what it asks to type."""
    page.get_by_role("link", name=label, exact=True).or_(
        page.get_by_role("button", name=label, exact=True)
    ).first.click()
    dialog = page.locator("#dialog")
    dialog.locator("form").wait_for()
    if reason:
        dialog.locator("textarea").fill(reason)
    if asked := re.search("Type “(.+?)” to confirm", dialog.inner_text()):
        dialog.get_by_label(asked[0]).fill(asked[1])
    dialog.get_by_role("button", name=label, exact=True).click()
    dialog.wait_for(state="detached")
