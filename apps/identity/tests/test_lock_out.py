"""Whoever guesses …"""

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.identity import services
from apps.identity.models import LoginTries, User
from apps.identity.rules import MOST_TRIES, MOST_TRIES_OF_ADDRESS
from apps.identity.tests.factories import UserFactory
from apps.observability.api.ports import list_entries
from apps.shared.rest.limits import counted_address

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
HERE, THERE = "203.0.113.7", "198.51.100.9"
WAITS = "Too many tries"


@pytest.fixture
def victim() -> User:
    return UserFactory(email="victim@aicmo.test")


def guess(
    email: str, password: str = "wrong", *, page: str = "account-login", address: str = HERE, **headers: str
) -> Any:
    fields = {"username": email, "password": password}
    return Browser(REMOTE_ADDR=address).post(reverse(page), fields, headers=headers)


def guess_often(email: str, times: int = MOST_TRIES, **options: Any) -> None:
    for _ in range(times):
        guess(email, **options)


@pytest.mark.parametrize("page", ["account-login", "admin:login"])
def test_waits_after_five_failures_even_with_the_right_password(victim: User, page: str) -> None:
    guess_often(victim.email, page=page)
    answer = guess(victim.email, PASSWORD, page=page)
    assert WAITS in answer.content.decode()
    assert "sessionid" not in answer.cookies


def test_waits_at_the_desk_for_what_was_tried_at_the_portal(victim: User) -> None:
    guess_often(victim.email)
    assert WAITS in guess(victim.email, PASSWORD, page="admin:login").content.decode()


def test_reads_the_same_for_a_name_that_nobody_has(victim: User) -> None:
    told = []
    for name in (victim.email, "nobody@aicmo.test"):
        guess_often(name)
        answer = guess(name, PASSWORD)
        told.append((answer.status_code, answer.context["form"].non_field_errors()))
    assert told[0] == told[1]


def test_shuts_nobody_out_who_comes_from_elsewhere(victim: User) -> None:
    guess_often(victim.email, times=MOST_TRIES + 3)
    assert guess(victim.email, PASSWORD, address=THERE).status_code == 302


def test_may_try_again_after_a_quarter_of_an_hour(victim: User) -> None:
    guess_often(victim.email, times=MOST_TRIES + 3)
    with time_machine.travel(timezone.now() + timedelta(minutes=14)):
        assert WAITS in guess(victim.email, PASSWORD).content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert guess(victim.email, PASSWORD).status_code == 302


def test_begins_anew_after_a_success(victim: User) -> None:
    guess_often(victim.email, times=MOST_TRIES - 1)
    assert guess(victim.email, PASSWORD).status_code == 302
    guess_often(victim.email, times=MOST_TRIES - 1)
    assert guess(victim.email, PASSWORD).status_code == 302


def test_wins_nothing_by_a_forwarded_address_of_their_own(victim: User) -> None:
    for number in range(MOST_TRIES):
        guess(victim.email, **{"X-Forwarded-For": f"192.0.2.{number}"})
    answer = guess(victim.email, PASSWORD, **{"X-Forwarded-For": "192.0.2.99"})
    assert WAITS in answer.content.decode()


def test_is_told_apart_behind_a_proxy_of_ours(victim: User, settings: Any) -> None:
    settings.PROXIES = 1
    for number in range(MOST_TRIES):
        guess(victim.email, address="10.0.0.1", **{"X-Forwarded-For": f"192.0.2.{number}, {HERE}"})
    locked = guess(victim.email, PASSWORD, address="10.0.0.1", **{"X-Forwarded-For": f"192.0.2.99, {HERE}"})
    free = guess(victim.email, PASSWORD, address="10.0.0.1", **{"X-Forwarded-For": THERE})
    assert WAITS in locked.content.decode()
    assert free.status_code == 302


@pytest.mark.parametrize(
    ("remote", "forwarded_for", "proxies", "counted"),
    [
        (HERE, THERE, 0, HERE),
        (HERE, f"1.1.1.1, {THERE}", 1, THERE),
        (HERE, f"{THERE}, 10.0.0.2", 2, THERE),
        (HERE, THERE, 2, HERE),
        (HERE, "", 1, HERE),
        ("2001:db8:1:2:aaaa::1", "", 0, "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "", 0, HERE),
        ("", "", 0, ""),
        ("", "not an address", 1, ""),
    ],
)
def test_is_counted_by(remote: str, forwarded_for: str, proxies: int, counted: str) -> None:
    assert counted_address(remote, forwarded_for, proxies) == counted


def test_cannot_try_one_password_on_everybody(victim: User) -> None:
    for number in range(MOST_TRIES_OF_ADDRESS):
        guess(f"person{number}@aicmo.test")
    assert WAITS in guess(victim.email, PASSWORD).content.decode()
    assert guess(victim.email, PASSWORD, address=THERE).status_code == 302


def test_is_told_in_the_audit_and_a_stranger_s_name_is_not(victim: User) -> None:
    guess_often(victim.email, times=MOST_TRIES + 3)
    actions = [entry.action for entry in list_entries(object_type="identity.user", object_id=victim.pk)]
    assert actions == ["LoginFailed"] * MOST_TRIES + ["LoginLocked"]
    guess_often("stranger@elsewhere.test")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), string_agg(entry::text, '') FROM observability_auditentry AS entry")
        count, told = cursor.fetchone()
    assert count == 2 * (MOST_TRIES + 1)
    assert "stranger" not in told
    assert not LoginTries.objects.filter(name_hash__contains="stranger").exists()


@pytest.mark.django_db(transaction=True)
def test_reaches_the_hasher_five_times_however_many_come_at_once() -> None:
    victim = UserFactory(email="victim@aicmo.test")
    barrier, refusals = Barrier(12), []

    def try_one() -> None:
        barrier.wait()
        try:
            services.recognise(victim.email, "wrong", address=HERE, at=timezone.now())
        except (services.LoginRefused, services.LoginWaits) as refusal:
            refusals.append(type(refusal))
        finally:
            connection.close()

    with patch.object(User, "check_password", autospec=True, return_value=False) as checking:
        threads = [Thread(target=try_one) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert checking.call_count == refusals.count(services.LoginRefused) == MOST_TRIES
    assert len(refusals) == 12


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level("ERROR"):
        yield
