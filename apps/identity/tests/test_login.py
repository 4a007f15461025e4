"""Logging in …"""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import User
from apps.identity.tests.factories import UserFactory
from apps.observability.api.ports import list_entries

PASSWORD = "correct horse battery staple"


def actions(user: User) -> list[str]:
    return [entry.action for entry in list_entries(object_type="identity.user", object_id=user.id)]


def login(browser: Browser, user: User, password: str = PASSWORD) -> None:
    browser.post(reverse("admin:login"), {"username": user.email, "password": password})


def test_and_out_is_told(strategist: User) -> None:
    browser = Browser()
    login(browser, strategist)
    browser.post(reverse("admin:logout"))
    assert actions(strategist) == ["UserAuthenticated", "UserLoggedOut"]


def test_with_a_wrong_password_is_not_told_as_a_login(strategist: User) -> None:
    login(Browser(), strategist, password="wrong horse")
    assert actions(strategist) == []


@pytest.mark.django_db
def test_out_without_having_been_in_is_nothing() -> None:
    Browser().post(reverse("admin:logout"))
    assert actions(UserFactory()) == []
