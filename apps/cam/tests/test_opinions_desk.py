"""The desk, of what a language model says of replies …"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.cam import queries
from apps.cam.models import InboundEmail, Lead, ReplyOpinion
from apps.cam.services import processing
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import InboundEmailFactory, LeadFactory
from apps.identity.models import User
from apps.shared.testing import send_dialog

pytestmark = pytest.mark.django_db
PAGE = reverse("triage")


def _reply(**columns: Any) -> InboundEmail:
    columns = {"lead": LeadFactory(state="CONTACTED"), "classification": "NEUTRAL", "confidence": 0, **columns}
    return InboundEmailFactory(text="Who are you? <b>Tell me.</b>", processed_at=AT, **columns)


def _with(kind: str, quote: str = "Who are you?", **columns: Any) -> InboundEmail:
    reply = _reply()
    given = {"outcome": "GIVEN", "kind": kind, "quote": quote, "model": "small", "prompt_version": 1}
    ReplyOpinion.objects.create(reply=reply, attempts=1, asked_at=AT, next_at=AT, **given | columns)
    return reply


def _without(outcome: str) -> InboundEmail:
    return _with("", "", model="", outcome=outcome, problem="What it quotes does not stand in the mail.")


def _page(reply: InboundEmail) -> str:
    return reverse("admin:cam_inboundemail_change", args=[reply.pk])


def _shown(desk: Browser, **query: Any) -> str:
    return desk.get(PAGE, query).content.decode()


def test_shows_it_in_triage_with_its_quote_and_a_key(desk: Browser) -> None:
    _with("POSITIVE", "<b>Tell me.</b>")
    page = _shown(desk)
    assert "A language model reads this as <strong>a yes</strong>: “&lt;b&gt;Tell me.&lt;/b&gt;”." in page
    assert 'value="POSITIVE" data-key="y"' in page


@pytest.mark.parametrize("make", [_reply, lambda: _without("ASKING"), lambda: _without("THROWN_AWAY")])
def test_shows_triage_as_ever_where_there_is_none(desk: Browser, make: Callable[[], InboundEmail]) -> None:
    make()
    page = _shown(desk)
    assert "language model" not in page
    assert 'data-key="y"' not in page


def test_offers_nothing_to_accept_where_the_model_cannot_tell(desk: Browser) -> None:
    reply = _with("NEUTRAL")
    page = _shown(desk)
    assert "none of these" in page
    assert 'data-key="y"' not in page
    assert "accept" not in _buttons(desk, reply)


def test_shows_first_what_may_be_a_wish_or_a_yes(desk: Browser) -> None:
    plain, later = _reply(), _with("OUT_OF_OFFICE")
    yes, stop, no = _with("POSITIVE"), _with("UNSUBSCRIBE"), _with("NEGATIVE")
    seen, after = [], None
    while (shown := desk.get(PAGE, {"after": after} if after else {}).context["shown"]) is not None:
        after = shown.reply.pk
        seen.append(shown.reply)
    assert seen == [stop, yes, no, plain, later]


def test_goes_on_where_it_was_once_a_reply_is_settled(desk: Browser) -> None:
    plain, yes, second = _reply(), _with("POSITIVE"), _with("POSITIVE")
    gone = desk.post(PAGE, {"reply": yes.pk, "deed": "NEGATIVE"}).url
    assert desk.get(gone).context["shown"].reply == second
    assert desk.get(PAGE, {"after": second.pk}).context["shown"].reply == plain


@pytest.mark.parametrize(("deed", "state"), [("POSITIVE", "REPLIED"), ("NEGATIVE", "LOST")])
def test_does_what_the_person_says_and_keeps_whether_that_was_the_same(desk: Browser, deed: str, state: str) -> None:
    reply = _with("POSITIVE")
    desk.post(PAGE, {"reply": reply.pk, "deed": deed})
    assert Lead.objects.get(pk=reply.lead_id).state == state
    opinion = ReplyOpinion.objects.get()
    assert (opinion.settled_as, opinion.kind) == (deed, "POSITIVE")
    found = queries.agreement(at=timezone.now())
    assert (found.judged, found.agreed) == (1, int(deed == "POSITIVE"))


def test_does_the_same_whether_it_is_accepted_or_said(salesperson: User, desk: Browser) -> None:
    accepted, said = _with("NEGATIVE"), _with("NEGATIVE")
    processing.settle_reply(said, kind="NEGATIVE", by=salesperson.pk, at=timezone.now())
    assert "accept" in _buttons(desk, accepted)
    send_dialog(desk, reverse("admin:cam_inboundemail_accept", args=[accepted.pk]))
    states = {reply: InboundEmail.objects.get(pk=reply.pk) for reply in (accepted, said)}
    columns = [
        (row.classification, row.confidence, row.reason, row.lead.state, row.lead.halted_because)
        for row in states.values()
    ]
    assert columns[0] == columns[1]
    assert columns[0][3] == "LOST"
    assert "accept" not in _buttons(desk, accepted), "it is settled"


def _buttons(desk: Browser, reply: InboundEmail) -> list[str]:
    return [each["path"].split("/")[-2] for each in _offered(desk, reply)]


def _offered(desk: Browser, reply: InboundEmail) -> list[dict[str, Any]]:
    return list(desk.get(_page(reply)).context["actions_detail"])


def test_says_on_the_page_of_a_reply_what_it_is_or_why_there_is_none(desk: Browser) -> None:
    assert "A language model reads this as <strong>a no</strong>" in desk.get(_page(_with("NEGATIVE"))).content.decode()
    thrown = desk.get(_page(_without("THROWN_AWAY"))).content.decode()
    assert "there is no opinion of it: What it quotes does not stand in the mail." in thrown
    assert "language model" not in desk.get(_page(_reply())).content.decode()


def test_counts_how_often_people_agreed_of_late(desk: Browser) -> None:
    now = timezone.now()
    judged = {"settled_at": now - timedelta(days=1)}
    _with("POSITIVE", settled_as="POSITIVE", **judged)
    _with("POSITIVE", settled_as="NEGATIVE", **judged)
    _with("NEUTRAL", settled_as="POSITIVE", **judged)
    _with("NEGATIVE", settled_as="NEGATIVE", settled_at=now - timedelta(days=100))
    assert "People agreed with 1 of 2 lately." in _shown(desk)


def test_asks_the_database_no_more_often_for_it(desk: Browser, asks_at_most: Any) -> None:
    for kind in ("POSITIVE", "NEGATIVE", "NEUTRAL"):
        _with(kind)
    with asks_at_most(12):
        desk.get(PAGE)


def test_lets_nobody_accept_who_may_not_answer(client: Browser, reviewer: User) -> None:
    reply = _with("POSITIVE")
    reviewer.groups.add(Group.objects.get(name="QC reviewer"))
    client.force_login(reviewer)
    client.post(reverse("admin:cam_inboundemail_accept", args=[reply.pk]), {"_form_submitted": "1"})
    assert Lead.objects.get(pk=reply.lead_id).state == "CONTACTED"
