"""The command palette …"""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aicmo_site.tests.conftest import desk_of
from aicmo_site.tests.factories import a_publication, a_run, a_strategy
from apps.identity.models import Client, User
from apps.identity.tests.factories import ClientFactory
from apps.shared.desk import MOST_FOUND, page_of

MOST_QUERIES = 11


def found(browser: Browser, term: str) -> list[str]:
    """Return the addresses that the palette offers."""
    page = browser.get(reverse("admin:search"), {"s": term, "extended": "1"}).content.decode()
    return re.findall(r'href="([^"]+)"', page)


@pytest.mark.parametrize("term", ["acme", "ACM", "  cme "])
def test_finds_a_client_by_its_name_and_its_runs_and_packages(
    desk: Browser, acme: Client, globex: Client, term: str
) -> None:
    run, _ = a_run(acme, "COMPLETED"), a_run(globex, "COMPLETED")
    a_strategy(acme)
    package = a_publication(acme).package
    assert found(desk, term) == [page_of(acme), page_of(run), page_of(package)]


def test_finds_a_client_by_its_slug(desk: Browser) -> None:
    client = ClientFactory(name="Padaria São Bento", slug="padaria-sao-bento")
    assert found(desk, "sao-bento") == [page_of(client)]


def test_finds_a_row_by_its_id(desk: Browser, acme: Client) -> None:
    run, package = a_run(acme, "COMPLETED"), a_publication(acme).package
    for row in (run, package):
        assert found(desk, str(row.pk)) == [page_of(row)]
    assert found(desk, str(acme.pk)) == [page_of(row) for row in (acme, run, package)]


def test_finds_pages_by_their_name(desk: Browser) -> None:
    assert reverse("admin:delivery_package_changelist") in found(desk, "package")


def test_shows_the_newest_few_of_each_kind(desk: Browser) -> None:
    clients = [ClientFactory(name=f"Acme {number}") for number in range(MOST_FOUND + 1)]
    runs = [a_run(clients[0], "COMPLETED") for _ in range(MOST_FOUND + 1)]
    assert found(desk, "acme") == [page_of(row) for row in (*clients[:MOST_FOUND], *reversed(runs[1:]))]


@pytest.mark.parametrize("term", ["", " ", "a", "' OR 1=1; -- %_", "🦷🦷", "x" * 5000])
def test_finds_nothing_by_rubbish(desk: Browser, acme: Client, term: str) -> None:
    assert found(desk, term) == []


def test_shows_a_role_what_it_may_see_as_long_as_it_may(acme: Client, strategist: User) -> None:
    a_run(acme, "COMPLETED")
    browser = desk_of(strategist)
    assert found(browser, "acme") == []
    strategist.user_permissions.add(Permission.objects.get(codename="view_client"))
    assert found(browser, "acme") == [page_of(acme)]
    strategist.user_permissions.clear()
    assert found(browser, "acme") == []


def test_sends_strangers_to_the_login(client: Browser, acme: Client) -> None:
    assert client.get(reverse("admin:search"), {"s": "acme"}).status_code == 302


def test_escapes_what_it_finds(desk: Browser) -> None:
    ClientFactory(name="<b>Acme</b>")
    page = desk.get(reverse("admin:search"), {"s": "acme", "extended": "1"}).content.decode()
    assert "&lt;b&gt;Acme" in page
    assert "<b>Acme" not in page


def test_asks_a_few_bounded_questions(desk: Browser, acme: Client) -> None:
    for _ in range(20):
        a_run(acme, "COMPLETED")
        a_publication(acme)
    with CaptureQueriesContext(connection) as queries:
        found(desk, "acme")
    assert len(queries) <= MOST_QUERIES
    rows = [query["sql"] for query in queries if re.search("_workflowrun|_client|_package|_review", query["sql"])]
    assert len(rows) == 6
    assert all(sql.endswith(f"LIMIT {MOST_FOUND}") for sql in rows)


def test_is_opened_by_a_button_that_the_keyboard_reaches(desk: Browser) -> None:
    page = desk.get(reverse("admin:index")).content.decode()
    assert re.search(r'<button type="button" class="desk-search" aria-keyshortcuts="Control\+K Meta\+K"', page)
