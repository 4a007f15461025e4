import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import User
from apps.identity.tests.factories import UserFactory
from apps.production import services
from apps.production.api.dtos import SectionChange
from apps.production.models import CalendarItem, Draft, DraftSection
from apps.production.tests.conftest import Store

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Browser) -> Browser:
    client.force_login(UserFactory(is_superuser=True))
    return client


def test_shows_a_draft_as_it_reads(desk: Browser, store: Store) -> None:
    page = desk.get(reverse("admin:production_draft_change", args=[store().pk])).content.decode()
    assert "<h3>Core Message</h3>" in page
    assert "<th>Platform</th>" in page
    assert "<strong>Brand:</strong>" in page


def test_prints_html_of_a_client_as_text(desk: Browser, store: Store) -> None:
    draft = store()
    DraftSection.objects.filter(draft=draft, key="overview").update(markdown="<script>alert(1)</script>")
    page = desk.get(reverse("admin:production_draft_change", args=[draft.pk])).content.decode()
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_shows_the_specifications_of_a_bundle(desk: Browser, store: Store) -> None:
    bundle = services.assemble_bundle(store())
    page = desk.get(reverse("admin:production_bundle_change", args=[bundle.pk])).content.decode()
    assert "Text on the visual:" in page


@pytest.mark.parametrize("model", ["pack", "draft", "bundle"])
def test_lists_without_a_query_per_row(desk: Browser, store: Store, model: str, django_assert_max_num_queries) -> None:
    services.assemble_bundle(store())
    services.assemble_bundle(store())
    with django_assert_max_num_queries(12):
        assert desk.get(reverse(f"admin:production_{model}_changelist")).status_code == 200


def test_offers_no_way_to_change_a_draft(desk: Browser, store: Store) -> None:
    url = reverse("admin:production_draft_delete", args=[store().pk])
    assert desk.post(url, {"post": "yes"}).status_code == 403


SCRIPT = "<script>alert(1)</script>"


def page_of(draft: Draft) -> str:
    return reverse("admin:production_draft_change", args=[draft.pk])


def compared(one: Draft, other: Draft) -> str:
    return reverse("admin:production_draft_compare", args=[one.pk, other.pk])


def revised(draft: Draft, text: str) -> Draft:
    changes = (SectionChange(key="overview", markdown=text),)
    return services.revise_draft(draft, changes, reason="The client asked.", calendar=None, by=None, run_id=None)


def test_lists_the_contents_with_links_into_the_text(desk: Browser, store: Store) -> None:
    draft = store()
    page = desk.get(page_of(draft)).content.decode()
    for key in draft.sections.values_list("key", flat=True):
        assert f'href="#section-{key}"' in page
        assert f'id="section-{key}"' in page


def test_shows_the_calendar_by_months(desk: Browser, store: Store) -> None:
    draft = store()
    page = desk.get(page_of(draft)).content.decode()
    days = list(draft.calendar.values_list("date", flat=True))
    assert [page.count(f'datetime="{day}"') for day in days] == [1] * 30
    assert {f"<caption>{day:%B %Y}</caption>" for day in days} == {
        line.strip() for line in page.splitlines() if "<caption>" in line
    }


def test_says_that_a_calendar_is_empty(desk: Browser, store: Store) -> None:
    draft = store()
    CalendarItem.objects.filter(draft=draft).delete()
    assert "No posts are planned in this draft." in desk.get(page_of(draft)).content.decode()


def test_prints_html_in_the_calendar_as_text(desk: Browser, store: Store) -> None:
    draft = store()
    CalendarItem.objects.filter(draft=draft).update(hook=SCRIPT, platform=SCRIPT, caption=SCRIPT)
    assert SCRIPT not in desk.get(page_of(draft)).content.decode()


def test_offers_the_other_rounds_to_compare_with(desk: Browser, store: Store) -> None:
    first, second = store(), store()
    assert compared(first, second) in desk.get(page_of(first)).content.decode()
    assert compared(second, first) in desk.get(page_of(second)).content.decode()


@pytest.mark.parametrize("turn", [slice(None), slice(None, None, -1)])
def test_shows_two_rounds_side_by_side_with_the_older_left(desk: Browser, store: Store, turn: slice) -> None:
    first = store()
    DraftSection.objects.filter(draft=first, key="overview").update(markdown="We open in the morning.")
    second = revised(first, "We open in the evening.")
    page = desk.get(compared(*(first, second)[turn])).content.decode()
    assert "<td>We open in the <del>morning.</del></td><td>We open in the <ins>evening.</ins></td>" in page
    sections = first.sections.count()
    assert page.count("Identical in both.") == sections  # all sections but one, and the calendar


def test_compares_without_letting_client_text_act(desk: Browser, store: Store) -> None:
    first = store()
    assert SCRIPT not in desk.get(compared(first, revised(first, SCRIPT))).content.decode()


def test_compares_only_drafts_for_the_same_strategy(desk: Browser, store: Store) -> None:
    first, foreign = store(), store()
    Draft.objects.filter(pk=foreign.pk).update(strategy_id=foreign.pk)
    assert desk.get(compared(first, foreign)).status_code == 404


def test_sends_a_section_with_quoted_words_marked(desk: Browser, store: Store) -> None:
    draft = store()
    DraftSection.objects.filter(draft=draft, key="overview").update(markdown=f"Book in **the** the evening. {SCRIPT}")
    address = reverse("admin:production_draft_section", args=[draft.pk, "overview"])
    part = desk.get(address, {"quote": "Book in ‹the the› evening."}).content.decode()
    assert "Book in <strong><mark>the</mark></strong><mark> the</mark> evening." in part
    assert SCRIPT not in part
    assert "do not stand in this text" in desk.get(address, {"quote": "‹elsewhere›"}).content.decode()


def test_shows_nothing_of_a_draft_to_staff_without_the_right(client: Browser, store: Store, reviewer: User) -> None:
    first, second = store(), store()
    client.force_login(reviewer)
    section = reverse("admin:production_draft_section", args=[first.pk, "overview"])
    assert [client.get(url).status_code for url in (compared(first, second), section)] == [403, 403]
    reviewer.user_permissions.add(Permission.objects.get(codename="view_draft"))
    assert [client.get(url).status_code for url in (compared(first, second), section)] == [200, 200]


def test_reads_a_page_in_few_queries(desk: Browser, store: Store, django_assert_max_num_queries) -> None:
    first, second = store(pack="strategy_campaign_standard"), store(pack="strategy_campaign_standard")
    for address in (page_of(first), compared(first, second)):
        with django_assert_max_num_queries(12):
            assert desk.get(address).status_code == 200
