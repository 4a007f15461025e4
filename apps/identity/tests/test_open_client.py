"""Opening a client …"""

from decimal import Decimal
from threading import Thread

import pytest
from django.db import connection
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from apps.identity.api import ports
from apps.identity.api.dtos import ClientDetails, Contract
from apps.identity.models import Client, User
from apps.observability.api.ports import list_entries

GERMAN = {"country": "DE", "currency": "EUR", "time_zone": "Europe/Berlin"}


def details(name: str = "Blaue Tür GmbH", **changes: str) -> ClientDetails:
    return ClientDetails(**{"name": name, **GERMAN, **changes})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Blaue Tür GmbH", "blaue-tur-gmbh"),
        ("Straße & Söhne", "strasse-sohne"),
        ("  O'Neill  ", "o-neill"),
        ("x" * 200, "x" * 72),
    ],
)
def test_makes_a_plain_slug_of_any_name(name: str, slug: str) -> None:
    assert ports.open_client(details=details(name)).slug == slug


@pytest.mark.django_db
def test_gives_names_without_latin_letters_slugs_of_their_own() -> None:
    first, second = (ports.open_client(details=details(name)).slug for name in ("株式会社", "Ωμέγα"))
    assert first.startswith("client-")
    assert second.startswith("client-")
    assert first != second


@pytest.mark.django_db
def test_leaves_an_event_and_an_audit_entry_naming_who(strategist: User) -> None:
    client = ports.open_client(details=details(), by=strategist.id)
    (entry,) = list_entries(object_type="identity.client", object_id=client.id)
    assert (entry.action, entry.actor_id, entry.client_id) == ("ClientOpened", strategist.id, client.id)
    assert entry.after["name"] == "Blaue Tür GmbH"


@pytest.mark.django_db
def test_a_second_time_returns_the_same_client_and_overwrites_nothing() -> None:
    first = ports.open_client(details=details())
    again = ports.open_client(details=details("BLAUE  TÜR gmbh", currency="CHF", contact_email="x@tuer.test"))
    assert again == first
    assert len(list_entries(object_type="identity.client", object_id=first.id)) == 1


@pytest.mark.django_db
def test_keeps_two_names_apart_that_make_one_slug() -> None:
    names = ("Acme", "Acme!", "Ácme")
    slugs = [ports.open_client(details=details(name)).slug for name in names]
    assert slugs == ["acme", "acme-2", "acme-3"]
    assert [ports.open_client(details=details(name)).slug for name in names] == slugs


@pytest.mark.django_db(transaction=True)
def test_by_many_at_once_opens_one() -> None:
    opened = []

    def open_one() -> None:
        opened.append(ports.open_client(details=details()).id)
        connection.close()

    threads = [Thread(target=open_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4
    assert set(opened) == {Client.objects.get().id}


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "  "), ("name", "x" * 201), ("time_zone", "Europe/Atlantis"), ("contact_email", "no"), ("currency", "€")],
)
def test_is_refused_details_that_cannot_be(field: str, value: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        details(**{field: value})
    assert {problem["loc"][0] for problem in refusal.value.errors()} == {field}


@pytest.mark.django_db
def test_is_found_again_by_slug_and_by_id() -> None:
    client = ports.open_client(details=details())
    assert ports.find_client(slug=client.slug) == client
    assert ports.get_client(client_id=client.id) == client
    assert ports.find_client(slug="nobody") is None


@pytest.mark.django_db
def test_of_a_deal_gives_the_same_client_again_and_leaves_what_people_corrected() -> None:
    contract = Contract(deal_id=uuid7(), value=Decimal(12000))
    first = ports.open_signed_client(details=details(), contract=contract)
    Client.objects.filter(pk=first.id).update(contract_value=13000)
    again = ports.open_signed_client(details=details("Other"), contract=contract)
    assert (again.id, again.name, again.contract_value) == (first.id, "Blaue Tür GmbH", Decimal(13000))
    assert Client.objects.count() == 1


@pytest.mark.django_db
def test_of_a_deal_never_takes_another_client_for_its_own() -> None:
    named = ports.open_client(details=details())
    slugs = [
        ports.open_signed_client(details=details(), contract=Contract(deal_id=uuid7(), value=Decimal(1))).slug
        for _ in range(2)
    ]
    assert [named.slug, *slugs] == ["blaue-tur-gmbh", "blaue-tur-gmbh-2", "blaue-tur-gmbh-3"]


@pytest.mark.django_db(transaction=True)
def test_of_a_deal_by_eight_at_once_opens_one() -> None:
    contract = Contract(deal_id=uuid7(), value=Decimal(1))
    opened: list[object] = []

    def open_it() -> None:
        opened.append(ports.open_signed_client(details=details(), contract=contract).id)
        connection.close()

    threads = [Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(opened), len(set(opened)), Client.objects.count()) == (8, 1, 1)
