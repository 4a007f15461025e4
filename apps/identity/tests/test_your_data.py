"""A person of a client's asks for data, or for its erasure, …"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.identity import services
from apps.identity.api.dtos import EXPORTS
from apps.identity.models import DataRequest, Membership, User
from apps.identity.rules import MOST_REQUESTS_A_DAY
from apps.identity.tests.factories import ClientFactory, MembershipFactory, UserFactory
from apps.observability.api import ports as observability

pytestmark = pytest.mark.django_db

PAGE, API = "/account/data", "/api/v1/data-requests"
PASSWORD = "correct horse battery staple"
OWN_COPY = {"about": "own", "kind": "EXPORT"}
OWN_COPY_BY_API = {"about": "ME", "kind": "EXPORT"}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def member() -> Membership:
    return MembershipFactory(client__name="Acme", role="APPROVER")


def browser_of(person: User) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


@pytest.fixture
def browser(member: Membership) -> Browser:
    return browser_of(member.user)


@pytest.fixture
def later() -> Iterator[Any]:
    """An hour later: the log-in is some time ago, and the session goes on."""
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False) as clock:
        yield clock


def send(browser: Browser, wish: dict[str, str], address: str = API) -> Any:
    return browser.post(address, wish, content_type="application/json")


def ready(request: DataRequest) -> DataRequest:
    """Make the copy that somebody asked for."""
    services.take_datarequest(request, by=UserFactory(is_staff=True).pk, at=timezone.now())
    key = default_storage.save(f"{EXPORTS}/{request.pk}.zip", ContentFile(b"PK of a copy"))
    told = {"key": key, "sha256": "0" * 64, "size": 12, "summary": {}}
    services.note_export(request.pk, **told, at=timezone.now())
    request.refresh_from_db()
    return request


def file_of(page: Any) -> str:
    return page.content.decode().split('href="/account/data/')[1].split('"')[0]


def test_of_their_own_and_the_staff_sees_it_with_its_deadline(browser: Browser, member: Membership) -> None:
    assert browser.post(PAGE, OWN_COPY).status_code == 302
    row = DataRequest.objects.for_people().get()
    assert (row.state, row.client, row.address, row.asked_in) == ("ASKED", None, member.user.email, member.client)
    assert row.due_date == (timezone.now() + timedelta(days=30)).date()
    assert "We have your wish." in browser.get(PAGE).content.decode()
    (entry,) = observability.list_entries(object_type="identity.datarequest", object_id=row.pk)
    assert (entry.action, entry.actor_id) == ("DataRequested", member.user_id)


def test_of_the_client_s_who_decides_for_it(browser: Browser, member: Membership) -> None:
    assert browser.post(PAGE, {"about": "client", "kind": "ERASURE"}).status_code == 302
    row = DataRequest.objects.get()
    assert (row.kind, row.client, row.address) == ("ERASURE", member.client, "")


def test_of_the_client_s_but_not_who_only_reads() -> None:
    viewer = MembershipFactory(role="VIEWER")
    browser = browser_of(viewer.user)
    assert browser.post(PAGE, {"about": "client", "kind": "EXPORT"}).status_code == 200
    assert send(browser, {"about": "CLIENT", "kind": "EXPORT"}).status_code == 403
    assert not DataRequest.objects.exists()


def test_of_their_own_though_they_act_for_nobody() -> None:
    person = UserFactory()
    assert browser_of(person).post(PAGE, OWN_COPY).status_code == 302
    assert DataRequest.objects.get().address == person.email


def test_once_at_a_time(browser: Browser) -> None:
    browser.post(PAGE, OWN_COPY)
    assert "asked for already" in browser.post(PAGE, OWN_COPY).content.decode()
    assert send(browser, OWN_COPY_BY_API).status_code == 409
    assert DataRequest.objects.count() == 1


def test_five_times_a_day(browser: Browser) -> None:
    for _ in range(MOST_REQUESTS_A_DAY):
        assert send(browser, OWN_COPY_BY_API).status_code == 201
        DataRequest.objects.update(state="REFUSED")
    assert "asked for a lot" in browser.post(PAGE, OWN_COPY).content.decode()
    assert send(browser, OWN_COPY_BY_API).status_code == 429


def test_by_the_password_where_the_log_in_is_some_time_ago(browser: Browser, member: Membership, later: Any) -> None:
    member.user.set_password(PASSWORD)
    member.user.save()
    browser.force_login(member.user)
    later.shift(timedelta(hours=1))
    assert 'type="password"' in browser.get(PAGE).content.decode()
    for wrong in ({}, {"password": "wrong"}):
        assert browser.post(PAGE, OWN_COPY | wrong).status_code == 200
    assert not DataRequest.objects.exists()
    assert browser.post(PAGE, OWN_COPY | {"password": PASSWORD}).status_code == 302


def test_by_a_mailed_link_where_they_have_no_password(browser: Browser, member: Membership, later: Any) -> None:
    member.user.set_unusable_password()
    member.user.save()
    browser.force_login(member.user)
    later.shift(timedelta(hours=1))
    assert "log in by a mailed link" in browser.get(PAGE).content.decode()
    assert browser.post(PAGE, OWN_COPY).status_code == 200
    assert "log in again" in send(browser, OWN_COPY_BY_API).json()["detail"]
    assert not DataRequest.objects.exists()


def test_and_gets_the_copy_alone(browser: Browser, member: Membership) -> None:
    browser.post(PAGE, OWN_COPY)
    row = ready(DataRequest.objects.get())
    address = f"{PAGE}/{file_of(browser.get(PAGE))}"
    assert b"".join(browser.get(address).streaming_content) == b"PK of a copy"
    entries = observability.list_entries(object_type="identity.datarequest", object_id=row.pk)
    assert ("ExportDownloaded", member.user_id) in {(entry.action, entry.actor_id) for entry in entries}
    colleague = MembershipFactory(client=member.client, role="APPROVER").user
    assert browser_of(colleague).get(address).status_code == 404
    assert Browser().get(address).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert browser.get(address).status_code == 404


def test_and_the_client_s_copy_goes_to_those_who_decide_for_it(browser: Browser, member: Membership) -> None:
    browser.post(PAGE, {"about": "client", "kind": "EXPORT"})
    row = ready(DataRequest.objects.get())
    other, viewer = (MembershipFactory(client=member.client, role=role).user for role in ("APPROVER", "VIEWER"))
    stranger = MembershipFactory(client=ClientFactory(), role="APPROVER").user
    assert file_of(browser_of(other).get(PAGE)).startswith(str(row.pk))
    for nobody in (viewer, stranger):
        assert "The copy is ready." not in browser_of(nobody).get(PAGE).content.decode()
        assert send(browser_of(nobody), {}, f"{API}/{row.pk}/link").status_code == 404
    link = send(browser_of(other), {}, f"{API}/{row.pk}/link")
    assert link.status_code == 201
    address = link.json()["url"].removeprefix("http://testserver")
    assert b"".join(browser_of(other).get(address).streaming_content) == b"PK of a copy"


def test_and_reads_why_it_was_refused(browser: Browser) -> None:
    browser.post(PAGE, {"about": "client", "kind": "ERASURE"})
    by = UserFactory(is_staff=True).pk
    services.refuse_datarequest(DataRequest.objects.get(), by=by, reason="Your contract runs.", at=timezone.now())
    page = browser.get(PAGE).content.decode()
    assert "Your contract runs." in page
    assert "supervisory authority" in page


def test_and_sees_nothing_of_what_was_asked_at_the_desk(browser: Browser, member: Membership) -> None:
    told = {"kind": "EXPORT", "address": "", "note": "By phone.", "by": UserFactory().pk, "at": timezone.now()}
    services.open_datarequest(client=member.client, **told)
    assert browser.get(API).json()["results"] == []
    assert reverse("your-data") == PAGE
    assert "What you asked for" not in browser.get(PAGE).content.decode()


def test_in_german(browser: Browser) -> None:
    browser.post(PAGE, OWN_COPY)
    page = browser.get(PAGE, headers={"Accept-Language": "de"}).content.decode()
    assert "Ihre Daten" in page
    assert "Your data" not in page


def test_and_a_file_that_nobody_knows_is_removed_after_a_day() -> None:
    key = default_storage.save(f"{EXPORTS}/stray.zip", ContentFile(b"PK"))
    assert services.remove_exports(at=timezone.now() + timedelta(hours=23)) == 0
    assert services.remove_exports(at=timezone.now() + timedelta(hours=25)) == 1
    assert not default_storage.exists(key)
