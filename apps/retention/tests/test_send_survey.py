"""Asking a client's people whether they recommend us …"""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.identity.models import Client, User
from apps.identity.tests.factories import MembershipFactory, UserFactory
from apps.retention import rules, services
from apps.retention.models import Signal, Survey
from apps.retention.services import surveys
from apps.retention.tests.conftest import named
from apps.retention.tests.factories import AT, SurveyFactory
from apps.shared import post
from apps.shared.gateways import proof
from apps.shared.resilience import VendorIll
from apps.shared.tests.mailbox import Mailbox


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    told: list[UUID] = []
    monkeypatch.setattr(surveys.post.bell, "_ring", told.append)
    return told


@pytest.fixture
def browser() -> Browser:
    return Browser(enforce_csrf_checks=True)


def asked(client: Client, by: User, **fields: Any) -> Survey:
    """Ask a client's only person, and mail the letter."""
    MembershipFactory(client=client, user=UserFactory(is_staff=False, **fields))
    services.send_survey(client.pk, by=by.pk, at=timezone.now())
    survey = Survey.objects.get(client=client)
    assert services.mail_survey(survey.pk, at=timezone.now())
    return survey


def link_of(mailbox: Mailbox) -> str:
    """Return where the last letter leads to on our site."""
    text = mailbox.letters[-1].get_body(("plain",)).get_content()
    return re.search(r"https?://[^/]+(/survey/\S+)", text)[1]


def answer(browser: Browser, link: str, **said: Any) -> Any:
    """Send the page's form off as a browser does."""
    page = browser.get(link).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(.+?)"', page)
    return browser.post(link, {"csrfmiddlewaretoken": token[1] if token else "", **said})


def test_writes_one_letter_to_each_of_them_and_to_nobody_else(
    acme: Client, globex: Client, manager: User, rung: list, django_capture_on_commit_callbacks: Any
) -> None:
    people = {MembershipFactory(client=acme, role=role).user.email for role in ("APPROVER", "VIEWER")}
    MembershipFactory(client=acme, user=UserFactory(is_staff=False, is_active=False))
    MembershipFactory(client=globex)
    with django_capture_on_commit_callbacks(execute=True):
        assert services.send_survey(acme.pk, by=manager.pk, at=AT) == 2
    assert set(Survey.objects.values_list("email", flat=True)) == people
    assert sorted(rung) == sorted(Survey.objects.values_list("pk", flat=True))


def test_writes_to_the_contact_where_nobody_is_in_the_portal(acme: Client, manager: User) -> None:
    with pytest.raises(services.SurveyRefused, match="no people"):
        services.send_survey(acme.pk, by=manager.pk, at=AT)
    Client.objects.filter(pk=acme.pk).update(contact_email="ann@acme.test")
    services.send_survey(acme.pk, by=manager.pk, at=AT)
    assert Survey.objects.get().email == "ann@acme.test"


def test_leaves_alone_who_was_asked_lately(acme: Client, manager: User, published: list) -> None:
    now = timezone.now()
    MembershipFactory(client=acme)
    assert services.send_survey(acme.pk, by=manager.pk, at=now) == 1
    with pytest.raises(services.SurveyRefused, match="90 days"):
        services.send_survey(acme.pk, by=manager.pk, at=now + timedelta(days=89))
    MembershipFactory(client=acme)
    assert services.send_survey(acme.pk, by=manager.pk, at=now + timedelta(days=1)) == 1
    assert len(named(published, "SurveySent")) == 2


@pytest.mark.parametrize(("state", "is_asked"), [("PROOF", True), ("REFUSED", True), ("UNKNOWN", False)])
def test_asks_again_who_never_got_the_letter(acme: Client, manager: User, state: str, is_asked: bool) -> None:
    person = MembershipFactory(client=acme).user
    SurveyFactory(client=acme, email=person.email, state=state, score=None, answered_at=None)
    try:
        assert (services.send_survey(acme.pk, by=manager.pk, at=timezone.now()) == 1) is is_asked
    except services.SurveyRefused:
        assert not is_asked


def test_mails_each_once_and_keeps_no_secret(
    acme: Client, manager: User, mailbox: Mailbox, published: list, settings: Any
) -> None:
    settings.BASE_URL = "https://desk.agency.example"
    survey = asked(acme, manager)
    assert services.mail_survey(survey.pk, at=timezone.now()) is False
    assert services.sweep_surveys(at=timezone.now() + timedelta(hours=1)) == 0
    (letter,) = mailbox.letters
    assert letter["Subject"] == "Would you recommend AICMO?"
    for kind in ("plain", "html"):
        assert f"https://desk.agency.example{link_of(mailbox)}" in letter.get_body((kind,)).get_content()
    token = link_of(mailbox).split("/")[2]
    stored = Survey.objects.filter(pk=survey.pk).values().get()
    assert token not in str(stored)
    assert (stored["state"], stored["token_hash"]) == ("SENT", services.hash_of(token))
    assert [event.outcome for event in named(published, "SurveyMailed")] == ["SENT"]


def test_holds_the_same_link_when_the_server_was_ill_at_first(
    acme: Client, manager: User, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    MembershipFactory(client=acme)
    services.send_survey(acme.pk, by=manager.pk, at=timezone.now())
    written = []
    real = post.render_to_string

    def render(template: str, facts: dict[str, Any]) -> str:
        if template.endswith("survey.txt"):
            written.append(facts["link"])
        return real(template, facts)

    monkeypatch.setattr(post, "render_to_string", render)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    survey = Survey.objects.get()
    with pytest.raises(VendorIll):
        services.mail_survey(survey.pk, at=timezone.now())
    assert Survey.objects.get().state == "WAITING"
    settings.EMAIL_PORT = port
    assert services.mail_survey(survey.pk, at=timezone.now()) is True
    assert len(set(written)) == 1 < len(written)


def test_sends_nothing_that_cannot_be_answered_any_more(acme: Client, mailbox: Mailbox) -> None:
    old = SurveyFactory(client=acme, state="WAITING", score=None, answered_at=None, expires_at=AT)
    assert services.mail_survey(old.pk, at=timezone.now()) is False
    assert (Survey.objects.get().state, mailbox.letters) == ("DROPPED", [])


def test_shows_a_page_that_changes_nothing(
    acme: Client, manager: User, mailbox: Mailbox, browser: Browser, published: list
) -> None:
    before = Survey.objects.filter(pk=asked(acme, manager).pk).values().get()
    told = len(published)
    for method in (browser.get, browser.head):
        answered = method(link_of(mailbox))
        assert (answered.status_code, answered["Cache-Control"].count("no-store")) == (200, 1)
    assert Survey.objects.values().get() == before
    assert len(published) == told
    refused = browser.post(link_of(mailbox), {"score": "9"})
    assert refused.status_code == 403
    assert "try it from there" in refused.content.decode(), "there is no overview for who is asked"
    assert Survey.objects.get().score is None


def test_takes_one_answer_and_counts_it(
    acme: Client, manager: User, mailbox: Mailbox, browser: Browser, published: list
) -> None:
    asked(acme, manager)
    link = link_of(mailbox)
    assert answer(browser, link, score="9", comment=" Well <b>done</b>. ").status_code == 200
    survey = Survey.objects.get()
    assert (survey.score, survey.comment) == (9, "Well <b>done</b>.")
    assert (Signal.objects.get().kind, Signal.objects.get().value) == ("SURVEY_ANSWERED", 9)
    assert browser.get(link).status_code == 410
    assert browser.post(link, {"score": "0"}).status_code in (403, 410)
    assert Survey.objects.get().score == 9
    assert [event.score for event in named(published, "SurveyAnswered")] == [9]


def test_of_two_answers_at_once_keeps_the_first(acme: Client) -> None:
    survey = SurveyFactory(client=acme, score=None, answered_at=None)
    services.answer_survey(survey, score=8, comment="", at=timezone.now())
    with pytest.raises(services.SurveyRefused):
        services.answer_survey(survey, score=1, comment="", at=timezone.now())
    assert Survey.objects.get().score == 8


@pytest.mark.parametrize(
    "said", [{}, {"score": "11"}, {"score": "-1"}, {"score": "x"}, {"score": "5", "comment": "x" * 2001}]
)
def test_says_beside_the_field_what_is_wrong(
    acme: Client, manager: User, mailbox: Mailbox, browser: Browser, said: dict[str, str]
) -> None:
    asked(acme, manager)
    answered = answer(browser, link_of(mailbox), **said)
    assert answered.status_code == 422
    assert 'class="errors"' in answered.content.decode()
    assert Survey.objects.get().answered_at is None


def test_ends_after_thirty_days_and_for_links_that_are_nobody_s(
    acme: Client, manager: User, mailbox: Mailbox, browser: Browser
) -> None:
    survey = asked(acme, manager)
    Survey.objects.filter(pk=survey.pk).update(expires_at=timezone.now())
    pages = [browser.get(link) for link in (link_of(mailbox), reverse("survey", args=["x" * 64]))]
    assert [page.status_code for page in pages] == [410, 410]
    assert pages[0].content == pages[1].content
    with pytest.raises(services.SurveyRefused):
        services.answer_survey(survey, score=1, comment="", at=survey.expires_at)


def test_speaks_the_person_s_language(acme: Client, manager: User, mailbox: Mailbox, browser: Browser) -> None:
    asked(acme, manager, language="de")
    assert mailbox.letters[0]["Subject"] == "Würden Sie AICMO empfehlen?"
    assert 'lang="de"' in browser.get(link_of(mailbox)).content.decode()


def test_writes_a_proof_instead_while_proof_mode_is_on(
    acme: Client, manager: User, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.PROOF_FOLDER = tmp_path
    monkeypatch.setattr(proof, "_ask", lambda: True)
    MembershipFactory(client=acme)
    services.send_survey(acme.pk, by=manager.pk, at=timezone.now())
    assert services.mail_survey(Survey.objects.get().pk, at=timezone.now()) is False
    assert (Survey.objects.get().state, mailbox.letters) == ("PROOF", [])


@pytest.mark.parametrize(("score", "is_unheard"), [(0, True), (6, True), (7, False), (10, False)])
def test_asks_for_a_talk_with_whoever_would_not(acme: Client, score: int, is_unheard: bool) -> None:
    SurveyFactory(client=acme, score=score)
    assert Survey.objects.unheard().exists() is is_unheard is rules.is_detractor(score)


def test_is_closed_by_a_person_who_says_what_came_of_it(acme: Client, manager: User, published: list) -> None:
    survey = SurveyFactory(client=acme)
    with pytest.raises(services.ReasonMissing):
        services.follow_up_survey(survey, by=manager.pk, reason="", at=AT)
    for said in ("We call weekly now.", "Again."):
        services.follow_up_survey(survey, by=manager.pk, reason=said, at=AT)
    survey.refresh_from_db()
    assert (survey.followed_up_by, survey.note) == (manager, "We call weekly now.")
    assert not Survey.objects.unheard().exists()
    assert len(named(published, "SurveyFollowedUp")) == 1
