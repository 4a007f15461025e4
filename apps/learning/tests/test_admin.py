"""Observations at the desk …"""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.tests.factories import UserFactory
from apps.learning.tests.factories import LearningEventFactory

LIST = "admin:learning_learningevent_changelist"


@pytest.fixture
def desk(db: None) -> Browser:
    browser = Browser()
    browser.force_login(UserFactory(is_superuser=True))
    return browser


def found(desk: Browser, query: str) -> list:
    return list(desk.get(reverse(LIST), {"q": query}).context["cl"].result_list)


def test_are_found_by_the_event_they_were_seen_by_and_by_their_kind(desk: Browser) -> None:
    wanted, other = LearningEventFactory(), LearningEventFactory(kind="QcFailed", outcome="BAD")
    assert found(desk, str(wanted.source_event_id)) == [wanted]
    assert found(desk, "failed") == [other]


def test_show_what_was_seen_escaped(desk: Browser) -> None:
    seen = LearningEventFactory(context={"section": "<script>"})
    page = desk.get(reverse("admin:learning_learningevent_change", args=[seen.pk])).content.decode()
    assert "&lt;script&gt;" in page
    assert reverse("admin:identity_client_change", args=[seen.client_id]) in page


@pytest.mark.parametrize("rows", [1, 20])
def test_cost_the_same_number_of_queries_for_any_number(
    desk: Browser, rows: int, django_assert_max_num_queries: object
) -> None:
    LearningEventFactory.create_batch(rows)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        desk.get(reverse(LIST))
