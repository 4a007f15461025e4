"""The page behind the unsubscribe link …"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.cam.models import Lead, OutboundEmail, Suppression
from apps.cam.services import wishes
from apps.cam.tests.factories import LeadFactory, OutboundEmailFactory

pytestmark = pytest.mark.django_db

ONE_CLICK = {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"}


@pytest.fixture
def stranger() -> Browser:
    """A mail program or a browser without anything of ours, against a site that checks what is sent to it."""
    return Browser(enforce_csrf_checks=True)


@pytest.fixture
def mail(a_mail: Callable[..., OutboundEmail]) -> OutboundEmail:
    return a_mail(to_address="Mia+News@clinic.example", lead__email_key="mia@clinic.example")


def url_of(mail: OutboundEmail) -> str:
    return reverse("unsubscribe", args=[mail.unsubscribe_token])


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_changes_nothing_by_being_looked_at(stranger: Browser, mail: OutboundEmail) -> None:
    before = counts()
    for ask in (stranger.get, stranger.head):
        answer = ask(url_of(mail))
        assert (answer.status_code, answer.cookies) == (200, {})
    assert counts() == before
    assert Lead.objects.get().contactability == "OK"
    assert OutboundEmail.objects.get().state == "QUEUED"


def test_takes_the_wish_of_a_mail_program_at_once(stranger: Browser, mail: OutboundEmail) -> None:
    answer = stranger.post(url_of(mail), **ONE_CLICK)
    assert (answer.status_code, answer.cookies) == (200, {})
    assert Lead.objects.get().contactability == "UNSUBSCRIBED"
    assert OutboundEmail.objects.get().state == "CANCELLED"
    assert Suppression.objects.get().reason == "UNSUBSCRIBED"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"data": b"\xff\0rubbish", "content_type": "multipart/form-data; boundary=x"},
        {"data": "{", "content_type": "application/json"},
        {"data": "a" * 200_000, "content_type": "text/plain"},
    ],
)
def test_takes_it_whatever_stands_in_it(stranger: Browser, mail: OutboundEmail, sent: dict[str, Any]) -> None:
    assert stranger.post(url_of(mail), **sent).status_code == 200
    assert Suppression.objects.count() == 1


def test_takes_it_once(stranger: Browser, mail: OutboundEmail) -> None:
    stranger.post(url_of(mail), **ONE_CLICK)
    before = counts()
    assert stranger.post(url_of(mail), **ONE_CLICK).status_code == 200
    assert counts() == before


def test_takes_it_in_every_campaign_and_spelling(stranger: Browser, mail: OutboundEmail) -> None:
    others = [LeadFactory(email_key="mia+b@clinic.example"), LeadFactory(email_key="mia@clinic.example", state="WON")]
    waits = OutboundEmailFactory(lead=others[0], mailbox=mail.mailbox)
    stranger_to_us = LeadFactory(email_key="mia@other.example")
    stranger.post(url_of(mail), **ONE_CLICK)
    assert {Lead.objects.get(pk=lead.pk).contactability for lead in others} == {"UNSUBSCRIBED"}
    assert OutboundEmail.objects.get(pk=waits.pk).state == "CANCELLED"
    assert Lead.objects.get(pk=stranger_to_us.pk).contactability == "OK"


def test_works_after_a_year_and_after_the_campaign(stranger: Browser, a_mail: Callable[..., OutboundEmail]) -> None:
    long_ago = timezone.now() - timedelta(days=366)
    mail = a_mail(state="SENT", sent_at=long_ago, due_at=long_ago, lead__state="LOST")
    OutboundEmail.objects.update(created_at=long_ago, updated_at=long_ago)
    stranger.post(url_of(mail), **ONE_CLICK)
    assert Lead.objects.get().contactability == "UNSUBSCRIBED"


@pytest.mark.parametrize("token", ["x", "y" * 43, "z" * 500, "%00", "💥"])
def test_answers_for_a_stranger_s_token_as_for_a_real_one(stranger: Browser, mail: OutboundEmail, token: str) -> None:
    before = counts()
    unknown = f"/u/{token}/"
    for ask in (stranger.get, stranger.post):
        ours, theirs = ask(url_of(mail)), ask(unknown)
        assert (theirs.status_code, theirs.content) == (ours.status_code, ours.content)
        assert set(theirs.headers) == set(ours.headers)
        if ask == stranger.get:
            assert counts() == before


def test_cannot_be_guessed(a_mail: Callable[..., OutboundEmail]) -> None:
    tokens = {a_mail().unsubscribe_token for _ in range(3)}
    assert {len(token) for token in tokens} == {43}
    assert len(tokens) == 3


@pytest.mark.parametrize(("language", "says"), [("en", "No more messages?"), ("de", "Keine Nachrichten mehr?")])
def test_speaks_the_language_of_the_browser(stranger: Browser, mail: OutboundEmail, language: str, says: str) -> None:
    answer = stranger.get(url_of(mail), headers={"Accept-Language": language})
    assert says in answer.content.decode()
    assert f'lang="{language}"' in answer.content.decode()


def test_loads_nothing_of_others_and_stays_in_no_cache(stranger: Browser, mail: OutboundEmail) -> None:
    answer = stranger.get(url_of(mail))
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert b"<script" not in answer.content
    assert b"csrfmiddlewaretoken" not in answer.content


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_takes_no_other_method(stranger: Browser, mail: OutboundEmail, method: str) -> None:
    assert getattr(stranger, method)(url_of(mail)).status_code == 405


def test_is_no_way_around_what_was_said_before(stranger: Browser, mail: OutboundEmail) -> None:
    """One of us had suppressed the address: after their own wish it is not ours to lift any more."""

    wishes.suppress_address(mail.to_address, at=timezone.now(), by=None, note="Told by a colleague")
    stranger.post(url_of(mail), **ONE_CLICK)
    assert Suppression.objects.get().reason == "UNSUBSCRIBED"
