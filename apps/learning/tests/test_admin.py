"""The learning desk …"""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import Client
from apps.identity.tests.factories import UserFactory
from apps.learning import services
from apps.learning.admin import LessonAdmin
from apps.learning.admin.texts import marked
from apps.learning.models import JudgedSection, Lesson
from apps.learning.tests.factories import (
    JudgedSectionFactory,
    LearningEventFactory,
    LessonFactory,
    StoredArtifactFactory,
    judged,
)
from apps.shared.testing import send_dialog

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

LIST = "admin:learning_learningevent_changelist"
LESSONS = reverse("admin:learning_lesson_changelist")
TEXTS = reverse("admin:learning_storedartifact_changelist")


@pytest.fixture
def desk(db: None) -> Browser:
    browser = Browser()
    browser.force_login(UserFactory(is_superuser=True))
    return browser


@pytest.fixture
def member_may_look(db: None) -> Browser:
    """Somebody who may view lessons and do nothing about them."""
    person = UserFactory()
    person.user_permissions.set(Permission.objects.filter(codename="view_lesson"))
    browser = Browser()
    browser.force_login(person)
    return browser


def found(desk: Browser, query: str) -> list:
    return list(desk.get(reverse(LIST), {"q": query}).context["cl"].result_list)


def test_finds_observations_by_their_event_and_their_kind(desk: Browser) -> None:
    wanted, other = LearningEventFactory(), LearningEventFactory(kind="QcFailed", outcome="BAD")
    assert found(desk, str(wanted.source_event_id)) == [wanted]
    assert found(desk, "failed") == [other]


def test_shows_what_was_seen_escaped(desk: Browser) -> None:
    seen = LearningEventFactory(context={"section": "<script>"})
    page = desk.get(reverse("admin:learning_learningevent_change", args=[seen.pk])).content.decode()
    assert "&lt;script&gt;" in page
    assert reverse("admin:identity_client_change", args=[seen.client_id]) in page


@pytest.mark.parametrize("rows", [1, 20])
def test_costs_the_same_number_of_queries_for_any_number(
    desk: Browser, rows: int, django_assert_max_num_queries: object
) -> None:
    for made in (LearningEventFactory, LessonFactory, StoredArtifactFactory, JudgedSectionFactory):
        made.create_batch(rows)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        desk.get(reverse(LIST))
    for address in (LESSONS, TEXTS, f"{TEXTS}?q=evening"):
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            assert desk.get(address).status_code == 200


def page_of(row: Model) -> str:
    return reverse(f"admin:learning_{row._meta.model_name}_change", args=[row.pk])


def test_says_for_whom_there_are_too_few_decisions_yet(desk: Browser, acme: Client, globex: Client) -> None:
    judged(acme, refused=4, accepted=5)
    judged(globex, accepted=30)
    page = desk.get(LESSONS).content.decode()
    assert "Acme: not enough decisions yet (9 of 30)." in page
    assert "Globex: not enough" not in page


def test_shows_on_a_lessons_page_what_it_stands_on_and_its_other_versions(desk: Browser, acme: Client) -> None:
    LessonFactory(client=acme, subject="synergy", state="DISMISSED", reason="They like it.")
    judged(acme, refused=6, accepted=30)
    JudgedSection.objects.filter(verdict="REFUSED").update(remarks=["No “synergy”, <b>please</b>"])
    (lesson,) = services.propose_lessons(acme.pk, at=AT)
    page = desk.get(page_of(lesson)).content.decode()
    assert page.count("No “synergy”, &lt;b&gt;please&lt;/b&gt;") == 6
    assert "Objected to with these words" in page
    assert "They like it." in page
    assert "0.6097" in page


@pytest.mark.parametrize(
    ("state", "button", "target"),
    [
        ("PROPOSED", "activate", "ACTIVE"),
        ("PROPOSED", "shadow", "SHADOW"),
        ("PROPOSED", "dismiss", "DISMISSED"),
        ("ACTIVE", "retire", "RETIRED"),
    ],
)
def test_decides_a_lesson_by_a_button(desk: Browser, acme: Client, state: str, button: str, target: str) -> None:
    lesson = LessonFactory(client=acme, state=state)
    answer = send_dialog(desk, page_of(lesson).replace("/change/", f"/{button}/"), reason="Because.")
    assert answer.status_code == 200
    decided = Lesson.objects.get()
    assert (decided.state, decided.reason) == (target, "Because.")


def test_offers_no_button_to_who_may_only_look(acme: Client, member_may_look: Browser) -> None:
    lesson = LessonFactory(client=acme)
    page = member_may_look.get(page_of(lesson)).content.decode()
    assert "The claim" in page
    assert "Try without effect" not in page


def test_lists_proposals_as_work(desk: Browser, acme: Client) -> None:
    LessonFactory(client=acme, subject="synergy")
    LessonFactory(client=acme, state="ACTIVE")
    (need,) = LessonAdmin.needs
    (row,) = need.narrow(Lesson.objects.all())
    assert (need.name(row), need.why(row)) == (
        "Leave out “synergy” (version 1)",
        "Would have caught 11 of 14, 1 false alarm.",
    )


def test_finds_kept_texts_by_their_words_marked_and_escaped(desk: Browser, acme: Client) -> None:
    text = "<script>alert(1)</script> The best <i>evenings</i> & prices of Acme"
    StoredArtifactFactory(client=acme, text=text)
    StoredArtifactFactory(client=acme, text="Nothing of that")
    page = desk.get(TEXTS, {"q": "evening"}).content.decode()
    assert "<mark>evenings</mark>" in page
    assert "&amp; prices" in page
    assert "<script>alert(1)" not in page
    assert "Nothing of that" not in page
    assert marked("<b>\x01evenings\x02</b>") == "&lt;b&gt;<mark>evenings</mark>&lt;/b&gt;"


def test_finds_nothing_for_words_that_are_none(desk: Browser, acme: Client) -> None:
    kept = StoredArtifactFactory(client=acme)
    assert list(desk.get(TEXTS, {"q": "& | !"}).context["cl"].result_list) == []
    assert list(desk.get(TEXTS, {"q": str(kept.source_id)}).context["cl"].result_list) == [kept]


def test_offers_a_text_to_others_by_a_button_and_keeps_it_again(desk: Browser, acme: Client) -> None:
    kept = StoredArtifactFactory(client=acme)
    for button, is_free in (("release", True), ("withhold", False)):
        send_dialog(desk, page_of(kept).replace("/change/", f"/{button}/"), reason="No name in it.")
        kept.refresh_from_db()
        assert kept.is_free_of_client_data is is_free
