"""The clients a user sees …"""

import pytest

from apps.identity.api import ports
from apps.identity.models import Client, User
from apps.identity.tests.factories import MembershipFactory, UserFactory


def slugs(user: User) -> list[str]:
    return [client.slug for client in ports.visible_clients(user_id=user.id)]


def test_are_all_for_the_staff(acme: Client, globex: Client, strategist: User) -> None:
    assert slugs(strategist) == ["acme", "globex"]


def test_are_their_own_for_a_client_s_people(acme: Client, globex: Client) -> None:
    assert slugs(MembershipFactory(client=acme).user) == ["acme"]


def test_are_none_without_a_membership(acme: Client) -> None:
    assert slugs(UserFactory(is_staff=False)) == []


@pytest.mark.parametrize("is_staff", [True, False])
def test_are_none_for_an_account_that_is_switched_off(acme: Client, is_staff: bool) -> None:
    user = UserFactory(is_staff=is_staff, is_active=False)
    MembershipFactory(client=acme, user=user)
    assert slugs(user) == []
