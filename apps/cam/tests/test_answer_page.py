"""The page on which a lead is answered …"""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.cam.models import Campaign, InboundEmail, Lead, Mailbox, OutboundEmail
from apps.cam.rules.answers import answer_subject
from apps.cam.services import leads
from apps.cam.services.answering import answer_lead
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import CampaignFactory, InboundEmailFactory, LeadFactory, OutboundEmailFactory
from apps.identity.models import User
from apps.shared.desk import page_of

pytestmark = pytest.mark.django_db
WORDS = {"subject": "Re: More patients", "text": "Half an hour is enough."}


@pytest.fixture
def mia(box: Mailbox) -> Lead:
    campaign = CampaignFactory(state="ACTIVE", mailbox=box)
    return LeadFactory(campaign=campaign, state="CONTACTED", email_key="mia@clinic.example", country="IE")


@pytest.fixture
def asked(mia: Lead) -> InboundEmail:
    text = "How long <script>alert(1)</script> would it take?"
    columns = {"text": text, "subject": "RE: AW: Re: More patients", "classification": "NEUTRAL", "confidence": 0}
    return InboundEmailFactory(lead=mia, from_address="mia@clinic.example", **columns)


def page_for(reply: InboundEmail) -> str:
    return reverse("answer-lead", args=[reply.pk])


def test_shows_what_they_wrote_as_text_and_what_goes_beneath_the_answer(desk: Browser, asked: InboundEmail) -> None:
    response = desk.get(page_for(asked))
    page = response.content.decode()
    assert response.context["form"]["subject"].value() == "Re: More patients"
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert "nora@agency.example" in page
    assert "1 Main Street" in response.context["preview"]
    assert "one click is enough" in response.context["preview"]


def test_shows_what_would_go_out_and_sends_nothing(desk: Browser, asked: InboundEmail) -> None:
    response = desk.post(page_for(asked), {**WORDS, "preview": "1"})
    assert response.context["preview"].startswith("Half an hour is enough.\n\n-- \nAgency Ltd")
    assert not OutboundEmail.objects.exists()


def test_sends_and_goes_on_with_the_lead(desk: Browser, asked: InboundEmail, mia: Lead, salesperson: User) -> None:
    response = desk.post(page_for(asked), {**WORDS, "send": "1"})
    assert response.url == page_of(mia)
    mail = OutboundEmail.objects.get()
    assert (mail.answers, mail.written_by, mail.text) == (asked, salesperson, WORDS["text"])
    page = desk.get(response.url).content.decode()
    assert f"an answer by {salesperson}" in page
    assert page_for(asked) not in page


def test_takes_the_same_form_twice_for_one_answer(desk: Browser, asked: InboundEmail, mia: Lead) -> None:
    for _ in range(2):
        assert desk.post(page_for(asked), {**WORDS, "send": "1"}).url == page_of(mia)
    assert OutboundEmail.objects.count() == 1


def test_goes_on_with_the_next_reply_in_triage(desk: Browser, asked: InboundEmail) -> None:
    triage = desk.get(reverse("triage"))
    assert f'href="{page_for(asked)}?from=triage" data-key="a"' in triage.content.decode()
    assert ("a", "Answer it") in triage.context["page_keys"]
    response = desk.post(f"{page_for(asked)}?from=triage", {**WORDS, "send": "1"})
    assert response.url == f"{reverse('triage')}?after={asked.pk}"


def test_says_beside_the_field_what_is_wrong(desk: Browser, asked: InboundEmail) -> None:
    wrong = {"subject": "Hello\r\nBcc: all@victim.example", "text": "Dear [name],", "send": "1"}
    response = desk.post(page_for(asked), wrong)
    errors = response.context["form"].errors
    assert "one line" in errors["subject"][0]
    assert "[name]" in errors["text"][0]
    assert "[name]" in response.content.decode()
    assert not OutboundEmail.objects.exists()


def test_says_why_nobody_may_answer(desk: Browser, asked: InboundEmail, mia: Lead, salesperson: User) -> None:
    leads.stop_contact(mia, by=salesperson.pk, reason="Her lawyer wrote.")
    assert "The lead is do not contact." in desk.get(page_for(asked)).content.decode()
    response = desk.post(page_for(asked), {**WORDS, "send": "1"})
    assert "Nothing was sent." in response.content.decode()
    assert page_for(asked) not in desk.get(page_of(mia)).content.decode()


def test_says_that_somebody_was_faster(desk: Browser, asked: InboundEmail, salesperson: User) -> None:
    answer_lead(asked, subject="Re: Yes", text="Yes.", by=salesperson.pk, at=AT)
    late = desk.post(page_for(asked), {**WORDS, "send": "1"}).content.decode()
    assert "dealt with it already" in late
    assert WORDS["text"] in late
    assert "dealt with it already" in desk.get(page_for(asked)).content.decode()


def test_is_there_for_a_stranger_too_and_says_why_not(desk: Browser) -> None:
    reply = InboundEmailFactory(lead=None, matched_by="NOTHING")
    assert "not known whose it is" in desk.get(page_for(reply)).content.decode()


def test_says_where_an_answer_goes_to_a_file(desk: Browser, asked: InboundEmail) -> None:
    said = "nothing is sent"
    assert said in desk.get(page_for(asked)).content.decode()
    Campaign.objects.update(mode="LIVE")
    assert said not in desk.get(page_for(asked)).content.decode()


def test_is_for_those_who_answer(client: Browser, reviewer: User, asked: InboundEmail) -> None:
    client.force_login(reviewer)
    assert client.get(page_for(asked)).status_code == 403
    assert client.post(page_for(asked), {**WORDS, "send": "1"}).status_code == 403


def test_costs_few_questions(desk: Browser, asked: InboundEmail, asks_at_most: Callable) -> None:
    desk.get(page_for(asked))
    with asks_at_most(12):
        desk.get(page_for(asked))


def test_names_the_author_on_the_messages_page_and_in_the_proof(
    desk: Browser, asked: InboundEmail, salesperson: User
) -> None:
    mail = answer_lead(asked, **WORDS, by=salesperson.pk, at=AT)
    assert f"an answer by {salesperson}" in desk.get(page_of(mail)).content.decode()
    proof = desk.get(reverse("admin:cam_outboundemail_proof"), {"q": "mia@clinic.example"})
    assert f"an answer by {salesperson}" in proof.content.decode()
    assert desk.get(reverse("admin:cam_outboundemail_changelist")).status_code == 200


def test_asks_no_more_for_many_answers_of_a_lead(
    desk: Browser, mia: Lead, salesperson: User, asks_at_most: Callable
) -> None:
    for number in range(1, 6):
        reply = InboundEmailFactory(lead=mia, classification="NEUTRAL", from_address=mia.email)
        OutboundEmailFactory(lead=mia, number=number, step=None, answers=reply, written_by=salesperson)
    desk.get(page_of(mia))
    with asks_at_most(22):
        desk.get(page_of(mia))


@pytest.mark.parametrize(
    ("subject", "answers"),
    [
        ("More patients", "Re: More patients"),
        ("RE: re: Re:More patients", "Re: More patients"),
        ("AW: Antw.: More patients", "Re: Antw.: More patients"),
        ("Aw: SV: Re[2]: More patients", "Re: More patients"),
        ("Recall: more patients", "Re: Recall: more patients"),
        ("", "Re: your mail"),
        ("Re:", "Re: your mail"),
        ("More\r\nBcc: all@victim.example", "Re: More Bcc: all@victim.example"),
        ("More\u200b\u00a0patients", "Re: More patients"),
        ("x" * 500, "Re: " + "x" * 196),
    ],
)
def test_begins_with_one_re_however_many_there_were(subject: str, answers: str) -> None:
    assert answer_subject(subject) == answers
