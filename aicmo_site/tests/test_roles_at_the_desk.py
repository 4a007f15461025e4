"""Every page of every model, for every role, opens or is refused as its rights say."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import models
from django.test import Client as Browser

from aicmo_site.tests.conftest import desk_of
from aicmo_site.tests.test_desk import page_of, pages, some_row
from apps.identity.models import User
from apps.identity.rules import ROLES
from apps.identity.tests.factories import UserFactory
from apps.shared.admin import ReadOnlyAdmin


def _person(role: str) -> User:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=role))
    return user


def _may(user: User, model: type[models.Model], *deeds: str) -> bool:
    return any(user.has_perm(f"{model._meta.app_label}.{deed}_{model._meta.model_name}") for deed in deeds)


def _expected(user: User) -> Iterator[tuple[str, bool]]:
    """Give each address with whether it opens: rows are looked at by right, and added where the desk offers that."""
    for model, address in pages():
        row, page = some_row(model), admin.site._registry[model]
        opens = _may(user, model, "view", "change")
        yield from ((address, opens), (page_of(row), opens), (page_of(row, "history"), opens))
        yield address + "add/", not isinstance(page, ReadOnlyAdmin) and _may(user, model, "add")


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("role", ROLES)
def test_opens_or_is_refused_by_role(role: str) -> None:
    user = _person(role)
    browser = desk_of(user)
    wrong = [
        f"{address} answers {status}"
        for address, opens in _expected(user)
        if (status := browser.get(address).status_code) != (200 if opens else 403)
    ]
    assert wrong == []


@pytest.mark.usefixtures("run")
def test_leads_strangers_to_the_login() -> None:
    for browser in (Browser(), desk_of(UserFactory(is_staff=False))):
        for _, address in pages():
            answer = browser.get(address)
            assert (answer.status_code, "/login/" in answer.url) == (302, True)
