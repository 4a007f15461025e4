"""The audit at the desk …"""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import Client
from apps.identity.tests.factories import UserFactory
from apps.observability.tests.factories import make_entry
from apps.shared.events import AuditNote

LIST = "admin:observability_auditentry_changelist"


@pytest.fixture
def desk(db: None) -> Browser:
    browser = Browser()
    browser.force_login(UserFactory(is_superuser=True))
    return browser


def test_finds_an_entry_by_the_id_of_its_row(desk: Browser) -> None:
    wanted, other = make_entry(), make_entry()
    page = desk.get(reverse(LIST), {"q": str(wanted.object_id)})
    assert [entry.pk for entry in page.context["cl"].result_list] == [wanted.pk]
    assert str(other.pk) not in page.content.decode()


def test_finds_an_entry_by_the_words_of_its_reason(desk: Browser) -> None:
    wanted = make_entry(note=AuditNote(reason="The client has moved to Cork."))
    make_entry()
    page = desk.get(reverse(LIST), {"q": "moved to cork"})
    assert [entry.pk for entry in page.context["cl"].result_list] == [wanted.pk]


def test_narrows_to_an_action(desk: Browser) -> None:
    entry = make_entry()
    assert list(desk.get(reverse(LIST), {"action": "StrategyApproved"}).context["cl"].result_list) == []
    assert list(desk.get(reverse(LIST), {"action": "LampSwitched"}).context["cl"].result_list) == [entry]


def test_links_the_client_and_escapes_what_people_wrote(desk: Browser, acme: Client) -> None:
    entry = make_entry(client_id=acme.id, note=AuditNote(before={"name": "<script>"}))
    page = desk.get(reverse("admin:observability_auditentry_change", args=[entry.pk])).content.decode()
    assert reverse("admin:identity_client_change", args=[acme.pk]) in page
    assert "&lt;script&gt;" in page


def test_offers_no_way_to_change_an_entry(desk: Browser) -> None:
    entry = make_entry()
    assert desk.get(reverse("admin:observability_auditentry_add")).status_code == 403
    assert desk.post(reverse("admin:observability_auditentry_delete", args=[entry.pk])).status_code == 403
    assert desk.post(reverse("admin:observability_auditentry_change", args=[entry.pk]), {}).status_code == 403


@pytest.mark.parametrize("rows", [1, 20])
def test_costs_the_same_number_of_queries_for_any_number_of_entries(
    desk: Browser, rows: int, django_assert_max_num_queries: object
) -> None:
    for _ in range(rows):
        make_entry()
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        desk.get(reverse(LIST))
