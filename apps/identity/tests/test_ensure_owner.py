"""Seeing to the owner's account …"""

import pytest

from apps.identity.api import ports
from apps.identity.models import User
from apps.observability.api.ports import list_entries

pytestmark = pytest.mark.django_db


def ensure(password: str = "first secret") -> User:
    ports.ensure_owner(email="owner@aicmo.test", password=password, full_name="Olivia Owner")
    return User.objects.get(email="owner@aicmo.test")


def actions(user: User) -> list[str]:
    return [entry.action for entry in list_entries(object_type="identity.user", object_id=user.id)]


def test_makes_one_with_every_right() -> None:
    owner = ensure()
    assert (owner.is_superuser, owner.is_staff, owner.check_password("first secret")) == (True, True, True)


def test_a_second_time_changes_nothing() -> None:
    assert ensure() == ensure()
    assert actions(ensure()) == ["UserAdded"]


def test_sets_another_password_and_tells_so() -> None:
    ensure()
    owner = ensure("second secret")
    assert owner.check_password("second secret")
    assert actions(owner) == ["UserAdded", "PasswordChanged"]
