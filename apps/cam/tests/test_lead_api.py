"""A system that sends leads …"""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.cam.models import Campaign, Consent, Lead, LeadAnswer, LeadKey, LeadSubmission
from apps.cam.services import doors
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import LeadFactory
from apps.identity.models import User
from apps.identity.tests.factories import UserFactory
from apps.shared.desk import list_of, page_of

DOOR = reverse("send-lead")
SAID = {"email": "Mia@Clinic.example", "full_name": "Mia Byrne", "country": "IE"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts_of_others() -> None:
    cache.clear()


@pytest.fixture
def secret(campaign: Campaign) -> str:
    """What a system was given for the campaign."""
    return doors.make_key(campaign, name="Web shop", by=UserFactory().pk)[1]


def send(secret: str, body: Any, *, once: str = "", browser: Browser | None = None) -> HttpResponse:
    headers = {"Authorization": f"Bearer {secret}"} | ({"Idempotency-Key": once} if once else {})
    asking = browser or Browser(enforce_csrf_checks=True)
    return asking.post(DOOR, body, content_type="application/json", headers=headers)


def test_makes_a_lead_and_learns_its_id(secret: str, campaign: Campaign) -> None:
    further = {
        "message": "Call me.",
        "further": {"Shop": "12"},
        "consent": {"words": "Yes.", "given_at": "2026-01-02T03:04:05Z"},
    }
    answer = send(secret, SAID | further)
    lead, consent = Lead.objects.get(), Consent.objects.get()
    assert (answer.status_code, answer.json()) == (
        201,
        {"id": str(lead.pk), "campaign": str(campaign.pk), "is_new": True},
    )
    assert (lead.source, lead.country, lead.raw) == ("API", "IE", {"Shop": "12"})
    assert (consent.words, consent.given_at.isoformat()) == ("Yes.", "2026-01-02T03:04:05+00:00")
    assert LeadSubmission.objects.get().key == LeadKey.objects.get()


def test_is_told_which_lead_has_the_address(secret: str, campaign: Campaign) -> None:
    known = LeadFactory(campaign=campaign, email_key="mia@clinic.example")
    answer = send(secret, SAID)
    assert (answer.status_code, answer.json()["id"], answer.json()["is_new"]) == (200, str(known.pk), False)


def test_sends_once_under_one_key(secret: str) -> None:
    first, again = (send(secret, SAID, once="order-1") for _ in range(2))
    assert (first.json(), first.status_code) == (again.json(), again.status_code) == (again.json(), 201)
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    other = send(secret, SAID | {"company": "Acme"}, once="order-1")
    assert (other.status_code, other["Content-Type"]) == (422, "application/problem+json")
    assert LeadSubmission.objects.count() == 1


def test_is_refused_without_using_up_its_key(secret: str) -> None:
    assert send(secret, {"email": "nobody"}, once="order-1").status_code == 400
    assert send(secret, SAID, once="order-1").status_code == 201


def test_may_use_a_key_anew_after_a_day(secret: str) -> None:
    send(secret, SAID, once="order-1")
    LeadAnswer.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert send(secret, SAID | {"company": "Acme"}, once="order-1").status_code == 200
    LeadAnswer.objects.update(created_at=timezone.now() - timedelta(days=2))
    doors.forget_answers(at=timezone.now())
    assert not LeadAnswer.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "email"),
        ({"email": 7}, "email"),
        ({"email": "a@x.example, b@x.example"}, "email"),
        ({"email": "a@x.example\r\nBcc: b@x.example"}, "email"),
        ({"email": "a@x.example", "twitter": "@a"}, "twitter"),
        ({"email": "a@x.example", "source": "MANUAL"}, "source"),
        ({"email": "a@x.example", "state": "WON"}, "state"),
        ({"email": "a@x.example", "country": "Ireland"}, "country"),
        ({"email": "a@x.example", "phone": "none"}, "phone"),
        ({"email": "a@x.example", "linkedin_url": "javascript:alert(1)"}, "linkedin_url"),
        ({"email": "a@x.example", "full_name": "x" * 201}, "full_name"),
        ({"email": "a@x.example", "further": {"a": {"b": 1}}}, "further.a"),
        ({"email": "a@x.example", "further": {f"k{n}": "" for n in range(60)}}, "further"),
        ({"email": "a@x.example", "consent": {"words": ""}}, "consent.words"),
        ({"email": "a@x.example", "consent": {"words": "x", "given_at": "2999-01-01T00:00:00Z"}}, "consent.given_at"),
        ({"email": "a@x.example", "consent": {"words": "x", "basis": "SOFT_OPT_IN"}}, "consent.basis"),
    ],
)
def test_is_told_which_field_is_wrong(secret: str, body: dict[str, Any], field: str) -> None:
    answer = send(secret, body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "[]", "null", '{"email": NaN}', '{"email": "a\\u0000@x.example"}', '{"a": 1, "a": 2}', "{" * 9]
)
def test_sends_json_or_is_told_so(secret: str, body: str) -> None:
    answer = send(secret, body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("given", ["", "aicmo_lead_nobody", "Bearer", "aicmo_lead_\u00e9"])
def test_needs_a_key(given: str) -> None:
    answer = send(given, SAID)
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert "Bearer" in answer["WWW-Authenticate"]


def test_gets_nowhere_by_a_log_in(desk: Browser) -> None:
    assert desk.post(DOOR, SAID, content_type="application/json").status_code == 401


def test_stops_at_once_when_its_key_is_revoked(secret: str, salesperson: User) -> None:
    key = LeadKey.objects.get()
    assert secret not in str(LeadKey.objects.values().get())
    send(secret, SAID)
    assert LeadKey.objects.get().last_used_at is not None
    doors.revoke_key(key, by=salesperson.pk, at=AT)
    assert send(secret, SAID).status_code == 401


def test_is_told_when_its_campaign_has_ended(secret: str) -> None:
    Campaign.objects.update(state="COMPLETED")
    assert send(secret, SAID).status_code == 409
    assert not Lead.objects.exists()


def test_is_held_to_so_many_a_minute(secret: str, settings: Any) -> None:
    settings.LEAD_LIMITS = {"read": 1, "write": 2}
    answers = [send(secret, SAID) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_sends_and_does_nothing_else(secret: str, method: str) -> None:
    answer = getattr(Browser(), method)(DOOR, headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")


def test_is_given_its_key_once_at_the_desk(desk: Browser, campaign: Campaign) -> None:
    page = desk.post(reverse("new-lead-key"), {"campaign": campaign.pk, "name": "Web shop"})
    secret, key = page.context["secret"], LeadKey.objects.get()
    assert (secret in page.content.decode(), "no-store" in page["Cache-Control"]) == (True, True)
    for address in (page_of(key), list_of(LeadKey)):
        assert secret not in desk.get(address).content.decode()
    assert send(secret, SAID).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_makes_one_lead_of_one_address_sent_at_once(secret: str) -> None:
    together = threading.Barrier(8)

    def post(number: int) -> int:
        try:
            together.wait()
            return send(secret, SAID, once="same" if number % 2 else "").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(post, range(48)))
    assert set(statuses) <= {200, 201, 409}
    assert statuses.count(201) >= 1
    assert (Lead.objects.count(), LeadSubmission.objects.count()) == (1, 1)
