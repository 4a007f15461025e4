"""An answer that is sent off twice in the same moment …"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from apps.cam.models import InboundEmail, OutboundEmail
from apps.cam.services.answering import answer_lead
from apps.cam.services.replies import ReplyRefused
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import CampaignFactory, InboundEmailFactory, LeadFactory, MailboxFactory
from apps.identity.tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("text", ["Yes.", "Yes, {}."])
def test_is_one_message(text: str) -> None:
    lead = LeadFactory(campaign=CampaignFactory(mailbox=MailboxFactory()), state="CONTACTED")
    reply = InboundEmailFactory(lead=lead, from_address=lead.email)
    both, user = Barrier(4), UserFactory()

    def press(place: int) -> Any:
        try:
            both.wait(timeout=30)
            words = {"subject": "Re: More patients", "text": text.format(place)}
            return answer_lead(InboundEmail.objects.get(pk=reply.pk), **words, by=user.pk, at=AT).pk
        except ReplyRefused:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(press, range(4)))
    assert {answer for answer in answers if answer} == {OutboundEmail.objects.get().pk}
    assert answers.count(None) == (0 if text == "Yes." else 3)
