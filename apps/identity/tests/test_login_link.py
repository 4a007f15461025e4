"""A link to log in by …"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.identity import services, tasks
from apps.identity.models import LoginLink, LoginTries, Membership, StoredAnswer, User
from apps.identity.services import links
from apps.identity.tests.factories import MembershipFactory, UserFactory
from apps.identity.tests.test_second_factor import code_of, set_up
from apps.observability.api.ports import list_entries
from apps.shared.resilience import VendorIll

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return MembershipFactory(user__email="anna@acme.test", user__full_name="Anna").user


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the worker is told, in place of a worker."""
    told: list[Any] = []
    monkeypatch.setattr(links.bell, "_ring", told.append)
    return told


@pytest.fixture
def ask(rung: list[Any], django_capture_on_commit_callbacks: Callable) -> Callable[..., Any]:
    """Ask for a link by the page."""

    def ask_for(email: str, **options: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return Browser(**options).post(reverse("ask-for-link"), {"email": email})

    return ask_for


@pytest.fixture
def mailed(ask: Callable, rung: list[Any]) -> Callable[[User], str]:
    """Ask for a link, let the worker mail it, and return the path it leads to."""

    def path_of(person: User) -> str:
        ask(person.email)
        tasks.send_login_link(str(rung[-1]))
        return re.search(r"https?://[^/]+(/account/link/\S+)", mail.outbox[-1].body)[1]

    return path_of


def opens(path: str, browser: Browser | None = None, **fields: str) -> bool:
    browser = browser or Browser()
    browser.post(path, fields)
    return browser.get(reverse("account")).status_code == 200


def test_is_mailed_to_the_person_alone_and_leads_to_the_configured_site(
    person: User, ask: Callable, rung: list[Any], settings: Any
) -> None:
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://desk.agency.example", ["*"]
    ask(person.email.upper(), HTTP_HOST="evil.test", HTTP_X_FORWARDED_HOST="evil.test")
    tasks.send_login_link(str(rung[0]))
    (letter,) = mail.outbox
    assert letter.to == ["anna@acme.test"]
    assert "https://desk.agency.example/account/link/" in letter.body
    assert "https://desk.agency.example/account/link/" in letter.alternatives[0][0]
    assert "evil.test" not in letter.message().as_string()


def test_is_made_by_the_worker_who_is_told_an_id_and_nothing_else(person: User, ask: Callable, rung: list[Any]) -> None:
    ask(person.email)
    link = LoginLink.objects.get()
    assert rung == [link.pk]
    assert link.digest is None
    tasks.send_login_link(str(link.pk))
    link.refresh_from_db()
    secret = re.search(r"/account/link/(\S+)", mail.outbox[0].body)[1]
    assert link.digest == services.links.digest_of(secret) != secret


def test_is_asked_for_by_the_same_work_and_words_whoever_asks(person: User, rung: list[Any]) -> None:
    work = []
    for email in (person.email, "nobody@elsewhere.test"):
        with CaptureQueriesContext(connection) as queries:
            answer = Browser().post(reverse("ask-for-link"), {"email": email})
        said = re.sub(r"value=\"[^\"]*\"", "", answer.content.decode())
        writes = [query["sql"].split(" ")[0] for query in queries if "login_links" not in query["sql"]]
        work.append((answer.status_code, said, len(writes)))
    assert work[0][:2] == work[1][:2]
    assert abs(work[0][2] - work[1][2]) <= 1, "the row of the link"


def test_rings_for_somebody_unknown_too(ask: Callable, rung: list[Any]) -> None:
    ask("nobody@elsewhere.test")
    tasks.send_login_link(str(rung[0]))
    assert (len(rung), mail.outbox) == (1, [])


def test_logs_in_by_a_press_and_not_by_being_looked_at(person: User, mailed: Callable) -> None:
    path = mailed(person)
    scanner = Browser()
    for _ in range(3):
        assert scanner.get(path).status_code == 200
    assert scanner.head(path).status_code == 200
    assert scanner.get(reverse("account")).status_code == 302
    assert opens(path)


def test_works_once(person: User, mailed: Callable) -> None:
    path = mailed(person)
    assert [opens(path), opens(path)] == [True, False]
    ended = Browser().get(path)
    assert ended.status_code == 410
    assert "Mail me a link" in ended.content.decode()


def test_ends_the_person_s_others_when_it_is_used(person: User, mailed: Callable) -> None:
    first, second = mailed(person), mailed(person)
    assert [opens(first), opens(second)] == [True, False]


def test_is_too_old_after_a_quarter_of_an_hour(person: User, mailed: Callable) -> None:
    path = mailed(person)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert not opens(path)


@pytest.mark.parametrize("end", ["switched off", "made up"])
def test_opens_nothing_to_nobody(person: User, mailed: Callable, end: str) -> None:
    path = mailed(person)
    if end == "switched off":
        User.objects.update(is_active=False)
    else:
        path = reverse("follow-link", args=["x" * 43])
    assert not opens(path)


def test_takes_the_code_of_who_has_a_second_factor(mailed: Callable) -> None:
    staff = UserFactory()
    browser = Browser()
    browser.force_login(staff)
    set_up(browser, staff)
    path = mailed(staff)
    assert not opens(path)
    assert not opens(path, code="000000")
    assert opens(path, code=code_of(staff))


def test_speaks_the_language_it_was_asked_in(person: User, ask: Callable, rung: list[Any]) -> None:
    ask(person.email, HTTP_ACCEPT_LANGUAGE="de")
    tasks.send_login_link(str(rung[0]))
    assert mail.outbox[0].subject == "Anmelden bei AICMO"
    assert "Minuten und einmal" in mail.outbox[0].body


def test_floods_no_mailbox(person: User, ask: Callable, rung: list[Any]) -> None:
    for number in range(30):
        ask(person.email, REMOTE_ADDR=f"192.0.2.{number // 3}")
    assert LoginLink.objects.count() == links.MOST_WAITING


def test_that_could_not_be_mailed_waits_for_the_next_try(person: User, ask: Callable, rung: list[Any]) -> None:
    ask(person.email)
    with patch.object(links.email, "send_letter", side_effect=VendorIll("away")), pytest.raises(VendorIll):
        services.send_login_link(rung[0], at=timezone.now())
    assert services.send_waiting_links(at=timezone.now()) == 0, "its message may still come"
    assert services.send_waiting_links(at=timezone.now() + timedelta(minutes=1)) == 1
    assert len(mail.outbox) == 1


def test_is_mailed_once_however_often_the_worker_is_told(person: User, ask: Callable, rung: list[Any]) -> None:
    ask(person.email)
    for _ in range(3):
        tasks.send_login_link(str(rung[0]))
    assert len(mail.outbox) == 1


def test_is_told_in_the_audit(person: User, mailed: Callable) -> None:
    opens(mailed(person))
    actions = [entry.action for entry in list_entries(object_type="identity.user", object_id=person.pk)]
    assert actions == ["LoginLinkAsked", "LoginLinkMailed", "LoginLinkFollowed", "UserAuthenticated"]


def test_lets_a_password_be_set_without_the_present_one_for_a_while(person: User, mailed: Callable) -> None:
    browser = Browser()
    assert opens(mailed(person), browser)
    fields = {"new": "eleven wide rivers", "again": "eleven wide rivers"}
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        assert "old" in browser.post(reverse("change-password"), fields).context["form"].errors
    assert browser.post(reverse("change-password"), fields).status_code == 302
    person.refresh_from_db()
    assert person.check_password("eleven wide rivers")


def test_is_forgotten_after_a_day_and_answers_tries_and_sessions_with_it(person: User, mailed: Callable) -> None:
    mailed(person)
    member = person.memberships.get()
    StoredAnswer.objects.create(client=member.client, membership=member, key="k", status=200, body=b"")
    Browser().force_login(person)
    Session.objects.update(expire_date=timezone.now())
    kept = (LoginLink, StoredAnswer, LoginTries)
    services.forget_expired(at=timezone.now())
    assert [model.objects.count() for model in (*kept, Session)] == [1, 1, 1, 0]
    services.forget_expired(at=timezone.now() + timedelta(days=2))
    assert [model.objects.count() for model in kept] == [0, 0, 0]


def test_comes_as_an_invitation_with_an_account(person: User, rung: list[Any]) -> None:
    client, owner = Membership.objects.get().client, UserFactory(is_superuser=True)
    desk = Browser()
    desk.force_login(owner)
    fields = {"client": client.pk, "user": "", "email": "New@Acme.test", "role": "VIEWER"}
    with patch.object(links.bell, "ring_after_commit", rung.append):
        assert desk.post(reverse("admin:identity_membership_add"), fields).status_code == 302
    invited = Membership.objects.get(user__email="new@acme.test")
    assert (invited.role, invited.user.is_staff, invited.user.has_usable_password()) == ("VIEWER", False, False)
    tasks.send_login_link(str(rung[0]))
    assert "opened its portal to you" in mail.outbox[0].body
    (granted, told) = list_entries(object_type="identity.membership", object_id=invited.pk)
    assert (granted.action, told.action, told.actor_id) == ("MembershipGranted", "MemberInvited", owner.pk)
    path = re.search(r"https?://[^/]+(/account/link/\S+)", mail.outbox[0].body)[1]
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        assert opens(path)


def test_comes_as_an_invitation_by_a_button(person: User, rung: list[Any]) -> None:
    desk, membership = Browser(), Membership.objects.get()
    desk.force_login(UserFactory(is_superuser=True))
    with patch.object(links.bell, "ring_after_commit", rung.append):
        address = reverse("admin:identity_membership_invite", args=[membership.pk])
        desk.post(address, {"_form_submitted": "1"})
    assert LoginLink.objects.get().user == person
    assert len(rung) == 1


def test_invites_nobody_twice_into_one_client(person: User, rung: list[Any]) -> None:
    client, owner = Membership.objects.get().client, UserFactory(is_superuser=True)
    known = {"email": person.email, "full_name": "Somebody else", "by": owner.pk, "at": timezone.now()}
    services.invite_member(client, role="VIEWER", **known)
    person.refresh_from_db()
    assert (Membership.objects.get().role, person.full_name) == ("VIEWER", "Anna")


@pytest.mark.parametrize("fields", [{}, {"user": "me", "email": "new@acme.test"}, {"email": "a@b.test, c@d.test"}])
def test_is_not_sent_to_who_is_not_one_person(person: User, rung: list[Any], fields: dict[str, str]) -> None:
    desk = Browser()
    desk.force_login(UserFactory(is_superuser=True))
    chosen = {"client": Membership.objects.get().client_id, "role": "VIEWER"} | fields
    chosen = {name: person.pk if value == "me" else value for name, value in chosen.items()}
    assert desk.post(reverse("admin:identity_membership_add"), chosen).status_code == 200
    assert Membership.objects.count() == 1
