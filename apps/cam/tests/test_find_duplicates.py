"""find_duplicates …"""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.cam import queries
from apps.cam.models import DuplicatePair, Lead
from apps.cam.services import merges
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import LeadFactory
from apps.identity.models import User
from apps.shared.desk import list_of

pytestmark = pytest.mark.django_db


def a_lead(address: str, **said: str) -> Lead:
    return LeadFactory(email=address, email_key=address.lower(), **said)


def reasons() -> list[list[str]]:
    return list(DuplicatePair.objects.order_by("pk").values_list("reasons", flat=True))


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({"address": "mia@x.example"}, {"address": "mia+1@x.example"}, ["ADDRESS"]),
        ({"address": "mia@x.example"}, {"address": "mia@x.example"}, ["ADDRESS"]),
        (
            {"address": "mia@x.example", "linkedin_url": "linkedin.com/in/mia"},
            {"address": "mia@y.example", "linkedin_url": "linkedin.com/in/MIA/"},
            ["PROFILE"],
        ),
        (
            {"address": "mia@x.example", "phone": "+353 1 2345678", "full_name": "Mia Byrne"},
            {"address": "mia@y.example", "phone": "01 2345678", "full_name": "MIA Byrne"},
            ["PHONE"],
        ),
        (
            {"address": "mia@x.example", "phone": "+353 1 2345678", "full_name": "Mia Byrne"},
            {"address": "tom@y.example", "phone": "+353 1 2345678", "full_name": "Tom Kelly"},
            None,
        ),
        (
            {"address": "mia@x.example", "full_name": "Mia Byrne"},
            {"address": "m.byrne@x.example", "full_name": "Byrne, Mia"},
            ["COLLEAGUE"],
        ),
        (
            {"address": "mia@gmail.com", "full_name": "Mia Byrne"},
            {"address": "m2@gmail.com", "full_name": "Mia Byrne"},
            None,
        ),
        ({"address": "mia@x.example"}, {"address": "tom@x.example"}, None),
    ],
)
def test_suspects_leads_that_share_a_trait(one: dict, other: dict, found: list[str] | None) -> None:
    for said in (one, other):
        a_lead(**{"full_name": "", **said})
    merges.find_duplicates()
    assert reasons() == ([found] if found else [])


def test_says_all_that_two_share_in_one_pair() -> None:
    for _ in range(2):
        a_lead("mia@x.example", full_name="Mia Byrne", phone="+353 1 2345678")
    assert merges.find_duplicates() == 1
    assert reasons() == [["ADDRESS", "COLLEAGUE", "PHONE"]]


def test_looks_once_at_each_lead_and_finds_who_comes_later(django_assert_max_num_queries: Any) -> None:
    a_lead("mia@x.example")
    merges.find_duplicates()
    with django_assert_max_num_queries(6):
        merges.find_duplicates()
    a_lead("mia@x.example")
    merges.find_duplicates()
    merges.find_duplicates()
    assert DuplicatePair.objects.count() == 1


def test_goes_on_slice_by_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merges, "SLICE", 2)
    for _ in range(5):
        a_lead("mia@x.example")
    merges.find_duplicates()
    assert DuplicatePair.objects.count() == 10
    assert not Lead.objects.filter(is_compared=False).exists()


def test_suspects_no_more_than_some_by_one_trait(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(queries.MOST_ALIKE + 10):
        a_lead(f"p{number}@x.example", phone="+353 1 2345678", full_name="")
    merges.find_duplicates()
    assert DuplicatePair.objects.count() <= (queries.MOST_ALIKE + 10) * queries.MOST_ALIKE


def test_does_not_ask_again_about_two_people(salesperson: User, desk: Browser) -> None:
    one, other = a_lead("mia@x.example"), a_lead("mia@x.example")
    merges.find_duplicates()
    merges.dismiss_duplicate(DuplicatePair.objects.get(), by=salesperson.pk, at=AT)
    Lead.objects.update(is_compared=False)
    merges.find_duplicates()
    assert DuplicatePair.objects.get().state == "DISMISSED"
    assert list(desk.get(list_of(DuplicatePair, needs="merge")).context["cl"].result_list) == []
    assert queries.suspicions_of(one) == queries.suspicions_of(other) == []


def test_puts_pairs_on_the_worklist(desk: Browser, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        a_lead("mia@x.example")
    merges.find_duplicates()
    home = desk.get(reverse("admin:index"))
    counts = {worklist.title: worklist.count for worklist in home.context["worklists"]}
    assert counts["Suspected duplicates"] == 3
    assert "They share the same address" in home.content.decode()
    for model in (DuplicatePair, Lead):
        with django_assert_max_num_queries(12):
            desk.get(list_of(model))


def test_says_where_there_is_none(desk: Browser) -> None:
    assert "No suspected duplicates." in desk.get(list_of(DuplicatePair)).content.decode()
