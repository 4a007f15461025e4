"""A web form …"""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from apps.cam.models import Campaign, Consent, Lead, LeadForm, LeadSubmission
from apps.cam.services import doors, leads, merges
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import LeadFactory, LeadFormFactory
from apps.identity.models import User
from apps.shared.desk import list_of, page_of
from apps.shared.events import AuditNote, Event

SAID = {
    "full_name": "Mia Byrne",
    "email": "Mia@Clinic.example",
    "company": "Acme",
    "message": "Call me.",
    "website": "",
}
SITE = "https://www.clinic.example"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts_of_others() -> None:
    cache.clear()


@pytest.fixture
def form(campaign: Campaign) -> LeadForm:
    """A form of the campaign that another site may show."""
    return LeadFormFactory(campaign=campaign, consent_words="Yes, write <b>to</b> me.", origins=[SITE])


@pytest.fixture
def stranger() -> Browser:
    """The browser of somebody whom nobody knows, and that sends no token against forged pages."""
    return Browser(enforce_csrf_checks=True)


def address(form: LeadForm) -> str:
    return reverse("lead-form", args=[form.token])


def send(browser: Browser, form: LeadForm, headers: dict[str, str] | None = None, **said: str) -> HttpResponse:
    return browser.post(address(form), SAID | said, headers=headers)


def test_is_shown_without_scripts_cookies_or_a_log_in(stranger: Browser, form: LeadForm) -> None:
    page = stranger.get(address(form))
    text = page.content.decode()
    assert (page.status_code, len(page.cookies), "<script" in text) == (200, 0, False)
    assert "Yes, write &lt;b&gt;to&lt;/b&gt; me." in text
    policy = page["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_may_be_framed_by_the_sites_that_it_names_alone(stranger: Browser, form: LeadForm) -> None:
    page = stranger.get(address(form))
    assert f"frame-ancestors 'self' {SITE};" in page["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in page
    other = stranger.get(address(LeadFormFactory()))
    assert "frame-ancestors 'none'" in other["Content-Security-Policy"]


def test_makes_a_lead_with_the_words_that_were_agreed_to(
    stranger: Browser, form: LeadForm, published: list[tuple[Event, AuditNote]]
) -> None:
    sent = send(stranger, form, consent="on")
    assert (sent.status_code, sent.url) == (302, reverse("lead-form-thanks", args=[form.token]))
    assert "Thank you." in stranger.get(sent.url).content.decode()
    lead, submission, consent = Lead.objects.get(), LeadSubmission.objects.get(), Consent.objects.get()
    assert (lead.email, lead.source, lead.state, lead.company) == ("Mia@clinic.example", "FORM", "NEW", "Acme")
    assert (submission.message, submission.is_new, submission.language) == ("Call me.", True, "en")
    assert (consent.lead, consent.words, consent.basis) == (lead, "Yes, write <b>to</b> me.", "CONSENT")
    assert [event.name for event, _ in published] == ["LeadIngested", "LeadSubmitted"]
    assert not any("linic" in f"{event.model_dump_json()}{note.model_dump_json()}" for event, note in published)


def test_takes_a_lead_without_consent_and_makes_none_up(stranger: Browser, form: LeadForm) -> None:
    send(stranger, form)
    send(stranger, LeadFormFactory(consent_words=""), consent="on")
    assert (Lead.objects.count(), Consent.objects.count()) == (2, 0)


def test_answers_a_known_address_as_any_other(stranger: Browser, form: LeadForm) -> None:
    known = LeadFactory(campaign=form.campaign, email_key="known@x.example", contactability="UNSUBSCRIBED")
    new, old = send(stranger, form), send(stranger, form, email="KNOWN@x.example")
    assert (new.status_code, new.url, new.content, new.headers) == (old.status_code, old.url, old.content, old.headers)
    known.refresh_from_db()
    assert (known.contactability, known.full_name) == ("UNSUBSCRIBED", known.full_name)
    submission = LeadSubmission.objects.get(lead=known)
    assert (submission.is_new, submission.said["full_name"]) == (False, "Mia Byrne")


def test_takes_the_same_twice_as_once(stranger: Browser, form: LeadForm) -> None:
    for _ in range(3):
        send(stranger, form, consent="on")
    assert (Lead.objects.count(), LeadSubmission.objects.count(), Consent.objects.count()) == (1, 1, 1)
    send(stranger, form, message="Are you there?")
    assert (Lead.objects.count(), LeadSubmission.objects.count()) == (1, 2)


def test_leads_to_the_lead_that_an_address_became_part_of(stranger: Browser, form: LeadForm) -> None:
    survivor, other = (
        LeadFactory(campaign=form.campaign),
        LeadFactory(campaign=form.campaign, email_key="mia@clinic.example"),
    )
    merges.merge_leads(survivor, other, chosen={}, by=None, at=AT)
    send(stranger, form)
    assert LeadSubmission.objects.get().lead == survivor


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"email": ""}, "email"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@x.example, b@x.example"}, "email"),
        ({"email": "a@x.example\r\nBcc: all@x.example"}, "email"),
        ({"email": "a" * 300 + "@x.example"}, "email"),
        ({"email": "a\0@x.example"}, "email"),
        ({"full_name": ""}, "full_name"),
        ({"full_name": "x" * 201}, "full_name"),
        ({"company": "x" * 201}, "company"),
        ({"message": "x" * 4_001}, "message"),
        ({"message": "a\0b"}, "message"),
    ],
)
def test_says_what_is_wrong_and_stores_nothing(
    stranger: Browser, form: LeadForm, said: dict[str, str], wrong: str
) -> None:
    answer = send(stranger, form, **said)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [wrong])
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "{{ 7*7 }}", "=cmd()", "'; DROP TABLE cam_lead; --", "Мия \u202e🦷"]
)
def test_keeps_what_is_typed_as_text(stranger: Browser, desk: Browser, form: LeadForm, name: str) -> None:
    send(stranger, form, full_name=name, message=name)
    assert Lead.objects.get().full_name == name
    for page in (page_of(Lead.objects.get()), page_of(LeadSubmission.objects.get()), list_of(LeadSubmission)):
        assert "<script>alert(1)" not in desk.get(page).content.decode()


def test_thanks_machines_and_keeps_nothing_of_theirs(stranger: Browser, form: LeadForm) -> None:
    assert send(stranger, form, website="https://spam.example").status_code == 302
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 302),
        ("http://testserver", 302),
        (SITE, 302),
        ("https://evil.example", 403),
        ("null", 403),
        (SITE + ".evil.example", 403),
    ],
)
def test_is_sent_by_pages_of_ours_and_of_the_sites_it_names(
    stranger: Browser, form: LeadForm, origin: str | None, status: int
) -> None:
    answer = send(stranger, form, headers={"Origin": origin} if origin else None)
    assert (answer.status_code, Lead.objects.count()) == (status, int(status == 302))


def test_heeds_no_log_in(desk: Browser, form: LeadForm, salesperson: User) -> None:
    send(desk, form)
    assert LeadSubmission.objects.get().is_new
    assert "Log out" not in desk.get(address(form)).content.decode()


def test_takes_so_many_a_minute_from_one_place_and_from_all(stranger: Browser, form: LeadForm, settings: Any) -> None:
    settings.FORM_LIMITS = {"address": 3, "form": 5}
    statuses = [send(stranger, form, email=f"p{n}@x.example").status_code for n in range(4)]
    assert statuses == [302, 302, 302, 429]
    elsewhere = [
        stranger.post(address(form), SAID | {"email": f"q{n}@x.example"}, REMOTE_ADDR=f"192.0.2.{n}").status_code
        for n in range(3)
    ]
    assert elsewhere == [302, 302, 429]
    assert Lead.objects.count() == 5


@pytest.mark.parametrize("how", ["closed", "campaign"])
def test_that_is_closed_says_so(stranger: Browser, form: LeadForm, salesperson: User, how: str) -> None:
    if how == "closed":
        doors.close_form(form, by=salesperson.pk, at=AT)
    else:
        Campaign.objects.update(state="COMPLETED")
    for answer in (stranger.get(address(form)), send(stranger, form)):
        assert (answer.status_code, "closed" in answer.content.decode()) == (410, True)
    assert not Lead.objects.exists()


def test_speaks_the_visitor_s_language(stranger: Browser, form: LeadForm) -> None:
    page = stranger.get(address(form), headers={"Accept-Language": "de-AT,de;q=0.9"})
    assert "Ihre Nachricht" in page.content.decode()
    assert (
        "Geben Sie eine E-Mail-Adresse an"
        in send(stranger, form, headers={"Accept-Language": "de"}, email="x").content.decode()
    )
    send(stranger, form, headers={"Accept-Language": "de"})
    assert LeadSubmission.objects.get().language == "de"


@pytest.mark.parametrize("token", ["nobody", "x" * 200, "%27%20OR%201=1"])
def test_that_is_none_is_told_in_the_visitor_s_words(stranger: Browser, token: str) -> None:
    page = stranger.get(f"/forms/{token}/")
    assert (page.status_code, "Go back to where you came from" in page.content.decode()) == (404, True)


def test_is_opened_at_the_desk(desk: Browser, campaign: Campaign) -> None:
    said = {
        "campaign": campaign.pk,
        "name": "Talk to us",
        "consent_words": "Yes.",
        "origins": f"{SITE}\n{SITE}\nhttp://x.example:8080",
    }
    opened = desk.post(reverse("new-lead-form"), said)
    form = LeadForm.objects.get()
    assert (opened.url, form.origins) == (page_of(form), [SITE, "http://x.example:8080"])
    assert address(form) in desk.get(page_of(form)).content.decode()


@pytest.mark.parametrize(
    "site", ["x.example", "https://x.example/", "https://x.example; script-src *", "javascript:x", "*"]
)
def test_names_sites_as_browsers_do(desk: Browser, campaign: Campaign, site: str) -> None:
    desk.post(reverse("new-lead-form"), {"campaign": campaign.pk, "name": "x", "origins": site})
    assert not LeadForm.objects.exists()


def test_is_opened_by_those_who_work_in_acquisition(client: Browser, reviewer: User) -> None:
    client.force_login(reviewer)
    assert client.get(reverse("new-lead-form")).status_code == 403
    assert client.get(reverse("new-lead-key")).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_makes_one_lead_of_one_address_sent_fifty_times_at_once(form: LeadForm, settings: Any) -> None:
    settings.FORM_LIMITS = {"address": 1_000, "form": 1_000}
    together = threading.Barrier(10)

    def post(number: int) -> int:
        try:
            together.wait()
            return send(Browser(), form, email="mia@clinic.example", message=f"{number % 2}", consent="on").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(post, range(50))) == {302}
    assert (Lead.objects.count(), LeadSubmission.objects.count(), Consent.objects.count()) == (1, 2, 2)


def test_never_makes_contactable_who_opted_out(stranger: Browser, form: LeadForm, salesperson: User) -> None:
    lead = LeadFactory(campaign=form.campaign, email_key="mia@clinic.example")
    leads.stop_contact(lead, by=salesperson.pk, reason="wrote so", to="UNSUBSCRIBED")
    send(stranger, form, consent="on")
    assert Lead.objects.get().contactability == "UNSUBSCRIBED"
