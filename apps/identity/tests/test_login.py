"""Logging in …"""

import re
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.identity.models import User
from apps.identity.tests.factories import MembershipFactory, UserFactory
from apps.observability.api.ports import list_entries

PASSWORD = "correct horse battery staple"
FOREIGN = (
    "//evil.test",
    "///evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "https:evil.test",
    "https:///evil.test",
    "https://evil.test",
    "http://testserver@evil.test",
    "http://testserver.evil.test/",
    "javascript:alert(1)",
    "data:text/html,x",
    "\t//evil.test",
    "/%0d%0aLocation:%20//evil.test\r\nX: y",
    "ftp://testserver/",
    "http://[::1",
)


def actions(user: User) -> list[str]:
    return [entry.action for entry in list_entries(object_type="identity.user", object_id=user.id)]


def login(browser: Browser, user: User, password: str = PASSWORD) -> None:
    browser.post(reverse("admin:login"), {"username": user.email, "password": password})


def test_and_out_is_told(strategist: User) -> None:
    browser = Browser()
    login(browser, strategist)
    browser.post(reverse("admin:logout"))
    assert actions(strategist) == ["UserAuthenticated", "UserLoggedOut"]


def test_with_a_wrong_password_is_told_as_a_failure(strategist: User) -> None:
    login(Browser(), strategist, password="wrong horse")
    assert actions(strategist) == ["LoginFailed"]


def test_takes_an_address_in_any_letter_case(strategist: User) -> None:
    browser = Browser()
    browser.post(reverse("admin:login"), {"username": f" {strategist.email.upper()}", "password": PASSWORD})
    assert browser.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize("page", ["admin:login", "account-login"])
def test_does_the_same_work_for_an_unknown_name(strategist: User, page: str) -> None:
    """Here the quick hasher of the tests; what is counted is how often it runs, and what is asked of the database."""
    work = []
    for name in (strategist.email, "nobody@aicmo.test"):
        hasher = patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode)
        with hasher as hashing, CaptureQueriesContext(connection) as queries:
            answer = Browser().post(reverse(page), {"username": name, "password": "wrong horse"})
        said = re.sub(r"[A-Za-z0-9]{64}|value=\"[^\"]*\"", "", answer.content.decode())
        work.append((hashing.call_count, len(queries), answer.status_code, said))
    assert work[0] == work[1]


def test_brings_an_old_hash_up_to_date(strategist: User, settings: Any) -> None:
    assert strategist.password.startswith("md5$")
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    login(Browser(), strategist)
    strategist.refresh_from_db()
    assert strategist.password.startswith("argon2$argon2id$")
    assert strategist.check_password(PASSWORD)


@pytest.mark.django_db
@pytest.mark.parametrize("target", FOREIGN)
def test_leads_to_no_other_host(target: str) -> None:
    user = UserFactory(is_staff=False)
    answer = Browser().post(reverse("account-login"), {"username": user.email, "password": PASSWORD, "next": target})
    assert answer.status_code == 302
    assert re.match(r"/(?![/\\])[\x21-\x7e]*$", answer["Location"])


@pytest.mark.django_db
def test_leads_back_to_where_one_came_from() -> None:
    user = MembershipFactory().user
    asked = Browser().get(reverse("tokens"))
    assert unquote(asked["Location"]) == f"{reverse('account-login')}?next={reverse('tokens')}"
    answer = Browser().post(asked["Location"], {"username": user.email, "password": PASSWORD, "next": "/portal/tokens"})
    assert answer["Location"] == reverse("tokens")


def test_begins_a_session_of_another_key(strategist: User) -> None:
    browser = Browser()
    browser.get(reverse("account-login"))
    before = browser.session
    before["planted"] = True
    before.save()
    browser.cookies["sessionid"] = before.session_key
    login(browser, strategist)
    assert browser.session.session_key != before.session_key


@pytest.mark.django_db
def test_out_without_having_been_in_is_nothing() -> None:
    Browser().post(reverse("admin:logout"))
    assert actions(UserFactory()) == []
