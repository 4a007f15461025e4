"""receive_reply …"""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client as Browser
from django.urls import reverse

from apps.cam.models import InboundEmail, Lead
from apps.cam.services import inbox, replies
from apps.cam.services.replies import ReplyRefused
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import InboundEmailFactory, LeadFactory, eml
from apps.identity.models import User
from apps.shared.events import AuditNote, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia(lead_in: Callable[..., Lead]) -> Lead:
    """A lead who was written to."""
    return lead_in("CONTACTED", email_key="mia@clinic.example")


def receive(content: bytes, **wishes: Lead) -> InboundEmail:
    return inbox.receive_reply(content, by=None, at=AT, **wishes)[0]


def test_moves_its_lead_to_replied(mia: Lead, published: list[tuple[Event, AuditNote]]) -> None:
    reply = receive(eml())
    assert (reply.lead, reply.matched_by, Lead.objects.get().state) == (mia, "ADDRESS", "REPLIED")
    assert [event.name for event, _ in published] == ["ReplyReceived", "ReplyClassified", "LeadAdvanced"]
    assert (published[0][0].lead_id, published[2][0].trigger) == (mia.pk, "reply")


@pytest.mark.parametrize("state", ["NEW", "MEETING", "WON", "DISQUALIFIED"])
def test_leaves_a_lead_where_it_is_that_cannot_go_there(lead_in: Callable[..., Lead], state: str) -> None:
    lead_in(state, email_key="mia@clinic.example")
    receive(eml())
    assert Lead.objects.get().state == state


def test_takes_one_message_id_for_one_mail(mia: Lead) -> None:
    first, is_new = inbox.receive_reply(eml(), by=None, at=AT)
    again, is_new_again = inbox.receive_reply(eml("Other words."), by=None, at=AT)
    assert (again.pk, is_new, is_new_again, InboundEmail.objects.count()) == (first.pk, True, False, 1)


def test_tells_mails_without_an_id_apart_by_their_content(mia: Lead) -> None:
    for text in ("one", "one", "two"):
        receive(eml(text, message_id=""))
    assert InboundEmail.objects.count() == 2


def test_knows_a_mail_that_came_by_another_way(mia: Lead) -> None:
    polled = InboundEmailFactory(mailbox="sales", message_id="<1@clinic.example>", lead=mia)
    assert receive(eml()) == polled


def test_believes_what_a_mail_answers_more_than_its_sender(mia: Lead) -> None:
    tom = LeadFactory(campaign=mia.campaign)
    InboundEmailFactory(message_id="<first@x.example>", lead=tom)
    reply = receive(eml(answers="<first@x.example>"))
    assert (reply.lead, reply.matched_by) == (tom, "REFERENCE")


def test_believes_the_person_more_than_either(mia: Lead) -> None:
    tom = LeadFactory(campaign=mia.campaign)
    reply = receive(eml(), lead=tom)
    assert (reply.lead, reply.matched_by) == (tom, "PERSON")


def test_takes_a_sender_of_several_campaigns_for_the_one_that_was_written_to(mia: Lead) -> None:
    LeadFactory(email_key="mia@clinic.example")
    assert receive(eml(sender="MIA@clinic.example")).lead == mia


def test_belongs_to_nobody_where_nobody_is_known(mia: Lead) -> None:
    reply = receive(eml(sender="stranger@x.example", answers="<unknown@x.example>"))
    assert (reply.lead, reply.matched_by) == (None, "NOTHING")


def test_is_answered_once_with_how(mia: Lead, salesperson: User, published: list[tuple[Event, AuditNote]]) -> None:
    reply = receive(eml())
    with pytest.raises(ReplyRefused, match="say how"):
        replies.answer_reply(reply, by=salesperson.pk, reason=" ", at=AT)
    replies.answer_reply(reply, by=salesperson.pk, reason="Called her.", at=AT)
    stored = InboundEmail.objects.get()
    assert (stored.answer, stored.answer_note, stored.answered_by) == ("ANSWERED", "Called her.", salesperson)
    assert published[-1][0].name == "ReplyAnswered"
    with pytest.raises(ReplyRefused, match="already"):
        replies.dismiss_reply(stored, by=salesperson.pk, reason="Spam", at=AT)


def test_names_who_and_when_by_the_database_too(mia: Lead) -> None:
    with pytest.raises(IntegrityError, match="mail_answer_names_who_and_when"):
        InboundEmailFactory(answer="ANSWERED")


def test_comes_by_the_desk_as_a_file(desk: Browser, mia: Lead) -> None:
    page = f"{reverse('add-reply')}?lead={mia.pk}"
    answer = desk.post(page, {"file": SimpleUploadedFile("reply.eml", eml(sender="other@x.example"))})
    reply = InboundEmail.objects.get()
    assert (answer.url, reply.lead) == (reverse("admin:cam_inboundemail_change", args=[reply.pk]), mia)
    refused = desk.post(page, {"file": SimpleUploadedFile("cat.png", b"\x89PNG")})
    assert "From is missing" in refused.content.decode()
    assert desk.get(f"{reverse('add-reply')}?lead=nobody").status_code == 404


def test_is_shown_as_text_whatever_it_holds(desk: Browser, mia: Lead) -> None:
    reply = receive(eml("<img src=x onerror=alert(1)> & more", sender='"<b>Mia</b>" <mia@clinic.example>'))
    for page in (reply, mia):
        shown = desk.get(reverse(f"admin:cam_{page._meta.model_name}_change", args=[page.pk])).content.decode()
        assert "<img src=x" not in shown
        assert "<b>Mia" not in shown
        assert "&lt;img src=x onerror=alert(1)&gt; &amp; more" in shown


def test_is_for_those_who_work_in_acquisition(client: Browser, reviewer: User) -> None:
    client.force_login(reviewer)
    assert client.get(reverse("add-reply")).status_code == 403
