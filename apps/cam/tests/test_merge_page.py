"""Merging leads at the desk …"""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from apps.cam.models import Lead, LeadMerge
from apps.cam.services import merges
from apps.cam.tests.factories import InboundEmailFactory, LeadFactory
from apps.cam.tests.test_admin import press
from apps.identity.models import User
from apps.shared.desk import list_of, page_of


@pytest.fixture
def two(lead: Lead) -> tuple[Lead, Lead]:
    other = LeadFactory(email_key="m.byrne@home.example", full_name="<b>Mia</b> Byrne", state="CONTACTED", company="")
    InboundEmailFactory.create_batch(2, lead=other)
    return lead, other


def page(a: Lead, b: Lead) -> str:
    return f"{reverse('merge-leads')}?a={a.pk}&b={b.pk}"


def sent(browser: Browser, a: Lead, b: Lead, **chosen: str) -> HttpResponse:
    form = browser.get(page(a, b)).context["form"]
    return browser.post(page(a, b), {name: form[name].initial or "" for name in form.fields} | chosen)


def test_shows_both_with_what_a_merge_touches(
    desk: Browser, two: tuple[Lead, Lead], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        shown = desk.get(page(*two))
    form, text = shown.context["form"], shown.content.decode()
    assert ("<b>Mia" not in text, "&lt;b&gt;Mia" in text) == (True, True)
    assert dict(shown.context["facts"])["Replies"] == ["0", "2"]
    assert form["keep"].initial == "b", "who has come further stays"
    assert form["of_company"].initial == "a", "what only one says is kept"
    assert Lead.objects.single().count() == 2


def test_merges_as_chosen_and_takes_it_back_by_a_button(desk: Browser, two: tuple[Lead, Lead]) -> None:
    done = sent(desk, *two, of_full_name="a")
    merge = LeadMerge.objects.get()
    assert done.url == page_of(merge)
    assert (merge.survivor, merge.survivor.full_name, merge.survivor.company) == (
        two[1],
        two[0].full_name,
        "Bright Smiles",
    )
    assert "is part of" in desk.get(page_of(two[0])).content.decode()
    assert "the merge" in desk.get(page_of(two[1])).content.decode()
    assert two[0] not in desk.get(list_of(Lead)).context["cl"].result_list
    assert list(desk.get(list_of(Lead, merged="only")).context["cl"].result_list) == [two[0]]
    press(desk, merge, "undo", "They are two.")
    assert LeadMerge.objects.get().undone_at is not None
    assert Lead.objects.single().count() == 2


def test_says_so_where_the_leads_have_changed_meanwhile(desk: Browser, two: tuple[Lead, Lead]) -> None:
    answer = sent(desk, *two, seen="2020-01-01T00:00:00+00:00 2020-01-01T00:00:00+00:00")
    assert "have changed since you looked" in answer.content.decode()
    assert not LeadMerge.objects.exists()


def test_says_why_one_cannot_be_merged(desk: Browser, two: tuple[Lead, Lead]) -> None:
    merges.merge_leads(*two, chosen={}, by=None, at=two[0].created_at)
    assert "part of another lead already" in sent(desk, *two).content.decode()


@pytest.mark.parametrize("query", ["", "?a=x&b=y", "?a={a}&b={a}", "?a={a}"])
def test_needs_two_leads(desk: Browser, lead: Lead, query: str) -> None:
    assert desk.get(reverse("merge-leads") + query.format(a=lead.pk)).status_code == 404


def test_is_for_those_who_may(client: Browser, reviewer: User, two: tuple[Lead, Lead]) -> None:
    reviewer.user_permissions.add(Permission.objects.get(codename="view_lead"))
    client.force_login(reviewer)
    assert client.get(page(*two)).status_code == 403
    assert client.post(page(*two), {"keep": "a"}).status_code == 403
