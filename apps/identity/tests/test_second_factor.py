"""A second factor …"""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import ProgrammingError, transaction
from django.db.models import Model
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp

from apps.identity import services
from apps.identity.models import LoginLink, LoginTries, RecoveryCode, SecondFactor, User
from apps.identity.rules import MOST_TRIES
from apps.identity.services.second_factor import key_of
from apps.identity.tests.factories import ClientFactory, UserFactory
from apps.observability.api.ports import list_entries
from apps.shared.row_security import act_as_owner, act_for

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
PAGE = "second-factor"


@pytest.fixture
def person() -> User:
    return UserFactory(email="sam@aicmo.test")


@pytest.fixture
def browser(person: User) -> Browser:
    logged_in = Browser()
    logged_in.force_login(person)
    return logged_in


def code_of(person: User, *, halves_ahead: int = 0) -> str:
    """Return the code that the person's app shows now, or some half minutes ahead."""
    key = key_of(SecondFactor.objects.get(user=person))
    return f"{totp(key, t0=-30 * halves_ahead):06}"


def set_up(browser: Browser, person: User) -> list[str]:
    browser.post(reverse(PAGE), {"wish": "begin"})
    answer = browser.post(reverse(PAGE), {"wish": "confirm", "code": code_of(person, halves_ahead=-1)})
    return answer.context["codes"]


def log_in(person: User, code: str = "", page: str = "admin:login") -> Any:
    return Browser().post(reverse(page), {"username": person.email, "password": PASSWORD, "code": code})


def actions(person: User) -> list[str]:
    return [entry.action for entry in list_entries(object_type="identity.user", object_id=person.pk)]


def test_is_shown_as_a_picture_and_a_key_until_a_code_confirms_it(browser: Browser, person: User) -> None:
    browser.post(reverse(PAGE), {"wish": "begin"})
    page = browser.get(reverse(PAGE))
    key = services.key_to_type(SecondFactor.objects.get())
    assert "<svg" in page.content.decode()
    assert key in page.content.decode()
    assert log_in(person).status_code == 302, "not in force yet"
    browser.post(reverse(PAGE), {"wish": "confirm", "code": code_of(person)})
    assert key not in browser.get(reverse(PAGE)).content.decode()


def test_is_not_in_force_after_a_wrong_code(browser: Browser, person: User) -> None:
    browser.post(reverse(PAGE), {"wish": "begin"})
    wrong = f"{(int(code_of(person)) + 1) % 10**6:06}"
    assert "This code is wrong" in browser.post(reverse(PAGE), {"wish": "confirm", "code": wrong}).content.decode()
    person.refresh_from_db()
    assert person.second_factor_at is None


@pytest.mark.parametrize("page", ["admin:login", "account-login"])
def test_is_asked_for_at_every_log_in(browser: Browser, person: User, page: str) -> None:
    set_up(browser, person)
    assert log_in(person, page=page).status_code == 200
    assert log_in(person, "000000", page=page).status_code == 200
    assert log_in(person, code_of(person), page=page).status_code == 302


def test_reads_wrong_like_a_wrong_password(browser: Browser, person: User) -> None:
    set_up(browser, person)
    wrong_code = log_in(person).context["form"].non_field_errors()
    fields = {"username": person.email, "password": "wrong"}
    wrong_password = Browser().post(reverse("admin:login"), fields).context["form"].non_field_errors()
    assert wrong_code == wrong_password


def test_takes_a_code_once(browser: Browser, person: User) -> None:
    set_up(browser, person)
    code = code_of(person)
    assert [log_in(person, code).status_code for _ in range(2)] == [302, 200]


def test_takes_no_code_of_two_minutes_ago(browser: Browser, person: User) -> None:
    set_up(browser, person)
    old = code_of(person, halves_ahead=1)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert log_in(person, old).status_code == 200


def test_gives_way_once_to_each_recovery_code(browser: Browser, person: User) -> None:
    first, second, *others = set_up(browser, person)
    assert len(others) == 8
    assert [log_in(person, code).status_code for code in (first, first, second.upper())] == [302, 200, 302]
    assert actions(person).count("RecoveryCodeUsed") == 2


def test_waits_after_too_many_wrong_codes(browser: Browser, person: User) -> None:
    set_up(browser, person)
    for _ in range(MOST_TRIES):
        log_in(person, "000000")
    assert "Too many tries" in log_in(person, code_of(person)).content.decode()


def test_keeps_no_key_and_no_code_in_the_database(browser: Browser, person: User, settings: Any) -> None:
    codes = set_up(browser, person)
    factor = SecondFactor.objects.get()
    kept = {str(value) for row in (factor, *RecoveryCode.objects.all()) for value in vars(row).values()}
    assert not kept & {key_of(factor).hex(), services.key_to_type(factor), *codes}
    before = key_of(factor)
    settings.SECRET_KEY = "another key of the site, long enough"
    assert key_of(factor) != before, "without the site's key, the salt is worth nothing"


def test_goes_by_a_right_code_alone(browser: Browser, person: User) -> None:
    set_up(browser, person)
    browser.post(reverse(PAGE), {"wish": "drop", "code": "000000"})
    assert SecondFactor.objects.exists()
    browser.post(reverse(PAGE), {"wish": "drop", "code": code_of(person)})
    assert not SecondFactor.objects.exists()
    assert log_in(person).status_code == 302


def test_cannot_be_guessed_away_by_who_finds_a_desk_unlocked(browser: Browser, person: User) -> None:
    set_up(browser, person)
    for _ in range(MOST_TRIES):
        browser.post(reverse(PAGE), {"wish": "drop", "code": "000000"})
    answer = browser.post(reverse(PAGE), {"wish": "drop", "code": code_of(person)})
    assert "Too many tries" in answer.content.decode()
    assert SecondFactor.objects.exists()


def test_ends_sessions_that_began_without_it(browser: Browser, person: User) -> None:
    elsewhere = Browser()
    elsewhere.force_login(person)
    set_up(browser, person)
    assert browser.get(reverse("admin:index")).status_code == 200
    assert elsewhere.get(reverse("admin:index")).status_code == 302


def test_is_told_in_the_audit(browser: Browser, person: User) -> None:
    set_up(browser, person)
    browser.post(reverse(PAGE), {"wish": "drop", "code": code_of(person)})
    assert [each for each in actions(person) if each.startswith("SecondFactor")] == [
        "SecondFactorSet",
        "SecondFactorDropped",
    ]


def test_is_seen_at_the_desk_and_taken_away_there_with_a_reason(browser: Browser, person: User) -> None:
    set_up(browser, person)
    owner = UserFactory(is_superuser=True)
    desk = Browser()
    desk.force_login(owner)
    listed = desk.get(reverse("admin:identity_user_changelist"), {"second_factor_at__isempty": "0"})
    assert list(listed.context["cl"].result_list) == [person]
    address = reverse("admin:identity_user_reset_second_factor", args=[person.pk])
    desk.post(address, {"_form_submitted": "1", "reason": "Phone and paper burnt."})
    person.refresh_from_db()
    assert person.second_factor_at is None
    (*_, entry) = list_entries(object_type="identity.user", object_id=person.pk)
    assert (entry.action, entry.actor_id, entry.reason) == ("SecondFactorDropped", owner.pk, "Phone and paper burnt.")


@pytest.mark.parametrize("path", ["/admin/", "/admin/identity/client/", "/portal/tokens", "/"])
def test_is_all_that_staff_can_reach_where_the_house_requires_it(
    browser: Browser, person: User, settings: Any, path: str
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    answer = browser.get(path)
    assert (answer.status_code, answer["Location"]) == (302, reverse(PAGE))
    assert browser.get("/api/v1/me").status_code == 403
    set_up(browser, person)
    assert browser.get(path).headers.get("Location") != reverse(PAGE)


def test_is_not_required_of_clients(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    browser = Browser()
    browser.force_login(UserFactory(is_staff=False))
    assert browser.get(reverse("account")).status_code == 200


@pytest.mark.parametrize("model", [SecondFactor, RecoveryCode, LoginLink, LoginTries])
def test_and_all_that_people_log_in_by_is_out_of_the_portal_s_sight(model: type[Model]) -> None:
    act_for(ClientFactory().pk)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        model.objects.exists()
    act_as_owner()
