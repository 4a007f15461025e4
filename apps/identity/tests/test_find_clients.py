"""Finding clients by name …"""

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.identity.api import ports
from apps.identity.models import Client
from apps.identity.tests.factories import ClientFactory


def test_gives_one_for_each_name_or_none(acme: Client) -> None:
    found = ports.find_clients(names=("ACME ", "Globex", "Acme"))
    assert [client and client.id for client in found] == [acme.pk, None, acme.pk]


def test_tells_apart_names_that_make_one_slug(acme: Client) -> None:
    other = ClientFactory(name="Acme!", slug="acme-2")
    found = ports.find_clients(names=("Acme!", "Acme", "Acme?"))
    assert [client and client.id for client in found] == [other.pk, acme.pk, None]


@pytest.mark.django_db
def test_asks_once_however_many_there_are(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    names = tuple(ClientFactory().name for _ in range(20))
    with django_assert_num_queries(1):
        assert all(ports.find_clients(names=names))
