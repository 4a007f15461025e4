"""The pages of an account …"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.identity.models import ApiToken, Membership, User
from apps.identity.tests.factories import ClientFactory, MembershipFactory, UserFactory
from apps.identity.urls import account, portal

pytestmark = pytest.mark.django_db

PASSWORD, ANOTHER = "correct horse battery staple", "eleven wide rivers"


@pytest.fixture
def membership() -> Membership:
    return MembershipFactory(client__name="Acme")


@pytest.fixture
def browser(membership: Membership) -> Browser:
    return logged_in(membership.user)


def logged_in(person: User, **options: Any) -> Browser:
    browser = Browser(**options)
    browser.force_login(person)
    return browser


def addresses() -> list[str]:
    """Return every address of these pages."""
    nowhere = "00000000-0000-7000-8000-000000000000"
    some = {"secret": "x" * 43, "token_id": nowhere, "request_id": nowhere, "signed": "x:y:z"}
    known = {each.name: {name: some[name] for name in each.pattern.converters} for each in (*account, *portal)}
    return [reverse(name, kwargs=arguments) for name, arguments in known.items()]


def rows() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


@pytest.mark.parametrize("address", addresses())
def test_change_nothing_by_being_looked_at(browser: Browser, address: str) -> None:
    before, writes = rows(), []
    for visitor in (Browser(), browser):
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(address).status_code < 500
        writes += [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert (rows(), writes) == (before, [])


@pytest.mark.parametrize("address", addresses())
@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain"])
def test_take_nothing_from_another_site(membership: Membership, address: str, content_type: str) -> None:
    strict = logged_in(membership.user, enforce_csrf_checks=True)
    answer = strict.post(address, data="client=1", content_type=content_type, headers={"Origin": "https://evil.test"})
    assert answer.status_code == 403


@pytest.mark.parametrize("address", addresses())
def test_answer_no_host_but_ours(browser: Browser, address: str) -> None:
    assert browser.get(address, headers={"Host": "evil.test"}).status_code == 400


@pytest.mark.parametrize("address", addresses())
def test_are_kept_by_no_browser_and_run_no_foreign_script(browser: Browser, address: str) -> None:
    answer = browser.get(address)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert answer.status_code in (302, 404, 405) or "no-store" in answer["Cache-Control"]
    assert b"<script" not in answer.content
    assert b"style=" not in answer.content


@pytest.mark.parametrize("address", addresses())
def test_cost_few_queries(browser: Browser, address: str, django_assert_max_num_queries: Callable) -> None:
    with django_assert_max_num_queries(10):
        browser.get(address)


def test_let_a_person_choose_a_client_of_theirs_alone(browser: Browser, membership: Membership) -> None:
    second, foreign = MembershipFactory(user=membership.user).client, ClientFactory()
    assert browser.get("/api/v1/me").json()["client_id"] == str(membership.client_id)
    assert browser.post(reverse("choose-client"), {"client": second.pk}).status_code == 302
    assert browser.get("/api/v1/me").json()["client_id"] == str(second.pk)
    for wanted in (foreign.pk, "nonsense", ""):
        assert browser.post(reverse("choose-client"), {"client": wanted}).status_code == 404
    assert browser.get("/api/v1/me").json()["client_id"] == str(second.pk)


def test_tell_somebody_without_a_client_so() -> None:
    browser = logged_in(UserFactory(is_staff=False))
    assert "You do not act for any client" in browser.get(reverse("account")).content.decode()
    assert browser.get(reverse("tokens")).status_code == 403


def test_speak_the_chosen_language_on_every_machine(browser: Browser, membership: Membership) -> None:
    answer = browser.post(reverse("portal-language"), {"language": "de", "next": reverse("account")}, follow=True)
    assert "Ihr Konto" in answer.content.decode()
    assert answer["Content-Language"] == "de"
    elsewhere = Browser()
    fields = {"username": membership.user.email, "password": PASSWORD}
    assert "Ihr Konto" in elsewhere.post(reverse("account-login"), fields, follow=True).content.decode()
    assert "Anmelden" in Browser(headers={"Accept-Language": "de"}).get(reverse("account-login")).content.decode()


@pytest.mark.parametrize("back", ["//evil.test", "https://evil.test", "javascript:alert(1)", "/\\evil.test", ""])
def test_change_the_language_and_stay_on_this_site(browser: Browser, back: str) -> None:
    answer = browser.post(reverse("portal-language"), {"language": "xx", "next": back})
    assert (answer.status_code, answer["Location"]) == (302, reverse("account"))


# --- passwords --------------------------------------------------------------------------------------------------------


def change(browser: Browser, new: str = ANOTHER, old: str = PASSWORD, again: str = "") -> Any:
    return browser.post(reverse("change-password"), {"old": old, "new": new, "again": again or new})


def test_change_a_password_and_end_the_other_sessions(browser: Browser, membership: Membership) -> None:
    elsewhere = logged_in(membership.user)
    assert change(browser).status_code == 302
    assert browser.get(reverse("account")).status_code == 200
    assert elsewhere.get(reverse("account")).status_code == 302
    assert User.objects.get(pk=membership.user_id).check_password(ANOTHER)


@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({"new": "short"}, "new", "too short"),
        ({"new": "1qaz2wsx3edc4rfv"}, "new", "too common"),
        ({"new": "123456789012345"}, "new", "entirely numeric"),
        ({"new": "bob.builder@acme.test"}, "new", "too similar"),
        ({"again": "another one entirely"}, "again", "not the same"),
        ({"old": "wrong"}, "old", "not your present password"),
    ],
)
def test_say_what_is_wrong_with_a_password(fields: dict[str, str], field: str, told: str) -> None:
    browser = logged_in(UserFactory(is_staff=False, email="bob.builder@acme.test"))
    errors = change(browser, **fields).context["form"].errors
    assert told in str(errors[field])


def test_let_nobody_guess_the_present_password(browser: Browser, membership: Membership) -> None:
    for _ in range(5):
        change(browser, old="wrong")
    assert "Too many tries" in str(change(browser).context["form"].errors["old"])
    assert User.objects.get(pk=membership.user_id).check_password(PASSWORD)


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_are_shut_after_logging_out_to_a_copied_cookie(browser: Browser) -> None:
    copied = Browser()
    copied.cookies = browser.cookies.copy()
    browser.post(reverse("log-out"))
    assert copied.get(reverse("account")).status_code == 302


def test_log_nobody_out_by_a_link(browser: Browser) -> None:
    assert browser.get(reverse("log-out")).status_code == 405
    assert browser.get(reverse("account")).status_code == 200


@pytest.mark.parametrize(
    ("is_staff", "minutes", "is_open"), [(True, 29, True), (True, 31, False), (False, 119, True), (False, 121, False)]
)
def test_are_shut_to_who_was_away(is_staff: bool, minutes: int, is_open: bool) -> None:
    browser = logged_in(UserFactory(is_staff=is_staff))
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        assert (browser.get(reverse("account")).status_code == 200) is is_open


def test_are_shut_after_twelve_hours_of_work() -> None:
    browser, began = logged_in(UserFactory()), timezone.now()
    for minutes in range(20, 12 * 60, 20):
        with time_machine.travel(began + timedelta(minutes=minutes)):
            assert browser.get(reverse("account")).status_code == 200
    with time_machine.travel(began + timedelta(hours=12, minutes=1)):
        assert browser.get(reverse("account")).status_code == 302


@pytest.mark.parametrize("end", ["switched off", "left", "password", "token by session"])
def test_are_shut_at_once_to_who_lost_the_right(browser: Browser, membership: Membership, end: str) -> None:
    assert browser.get(reverse("tokens")).status_code == 200
    match end:
        case "switched off":
            User.objects.update(is_active=False)
        case "left":
            membership.delete()
        case "password":
            membership.user.set_password(ANOTHER)
            membership.user.save()
        case "token by session":
            browser = Browser(headers={"Authorization": f"Bearer {browser.cookies['sessionid'].value}"})
    assert browser.get(reverse("tokens")).status_code == (403 if end == "left" else 302)
    assert browser.get("/api/v1/me").status_code == 401


def test_of_the_desk_are_shut_at_once_to_who_lost_the_role() -> None:
    person = UserFactory(is_superuser=True)
    browser = logged_in(person)
    assert browser.get(reverse("admin:identity_user_changelist")).status_code == 200
    User.objects.update(is_superuser=False)
    assert browser.get(reverse("admin:identity_user_changelist")).status_code == 403
    User.objects.update(is_staff=False)
    assert browser.get(reverse("admin:index")).status_code == 302


# --- tokens -----------------------------------------------------------------------------------------------------------

WISH = {"name": "ERP", "scopes": ["read", "review"], "days": "90"}


def test_issue_a_token_whose_secret_is_shown_once(browser: Browser, membership: Membership) -> None:
    answer = browser.post(reverse("tokens"), WISH)
    secret = answer.context["secret"]
    token = ApiToken.objects.get()
    assert (token.membership, token.scopes, token.name) == (membership, ["read", "review"], "ERP")
    assert secret in answer.content.decode()
    assert secret not in browser.get(reverse("tokens")).content.decode()
    me = Browser().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert me.json()["scopes"] == ["read", "review"]


def test_offer_a_viewer_no_more_than_to_read() -> None:
    browser = logged_in(MembershipFactory(role="VIEWER").user)
    assert "scopes" in browser.post(reverse("tokens"), WISH).context["form"].errors
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("fields", [{"days": "9999"}, {"scopes": []}, {"name": ""}, {"name": "x" * 81}])
def test_refuse_a_token_that_cannot_be(browser: Browser, fields: dict[str, Any]) -> None:
    assert browser.post(reverse("tokens"), WISH | fields).context["form"].errors.keys() == fields.keys()
    assert not ApiToken.objects.exists()


def test_revoke_a_token_of_one_s_own_alone(browser: Browser) -> None:
    browser.post(reverse("tokens"), WISH)
    foreign = logged_in(MembershipFactory().user)
    foreign.post(reverse("tokens"), WISH | {"name": "Foreign"})
    own, other = ApiToken.objects.get(name="ERP"), ApiToken.objects.get(name="Foreign")
    for token, status in ((other, 404), (own, 302), (own, 302)):
        assert browser.post(reverse("revoke-token", args=[token.pk])).status_code == status
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.revoked_at is None, other.revoked_at is None) == (False, True)
    assert "Foreign" not in browser.get(reverse("tokens")).content.decode()


def test_of_the_desk_revoke_a_token_with_a_reason(browser: Browser, membership: Membership) -> None:
    secret = browser.post(reverse("tokens"), WISH).context["secret"]
    token = ApiToken.objects.get()
    desk = logged_in(UserFactory(is_superuser=True))
    tab = desk.get(reverse("admin:client_tab", args=[membership.client_id, "people"])).content.decode()
    assert token.hint in tab
    assert secret not in tab + desk.get(reverse("admin:identity_apitoken_change", args=[token.pk])).content.decode()
    address = reverse("admin:identity_apitoken_revoke", args=[token.pk])
    desk.post(address, {"_form_submitted": "1", "reason": "The contract ended."})
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert Browser().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
