"""Triage of replies …"""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.cam.models import InboundEmail, Lead
from apps.cam.tests.factories import InboundEmailFactory, LeadFactory
from apps.identity.models import User

pytestmark = pytest.mark.django_db
PAGE = reverse("triage")


@pytest.fixture
def waiting(db: None) -> list[InboundEmail]:
    """Two replies that nobody understood."""
    texts = ("Who are you?\n\nOn Mon, Mia wrote:\n> Shall I call?", "Hm.")
    return [
        InboundEmailFactory(lead=LeadFactory(state="CONTACTED"), text=text, classification="NEUTRAL", confidence=0)
        for text in texts
    ]


def _press(desk: Browser, reply: InboundEmail, deed: str) -> str:
    return desk.post(PAGE, {"reply": reply.pk, "deed": deed}).url


def test_shows_one_after_the_other_with_their_own_words(desk: Browser, waiting: list[InboundEmail]) -> None:
    first = desk.get(PAGE)
    assert (first.context["shown"].reply, first.context["shown"].words) == (waiting[0], "Who are you?")
    second = desk.get(PAGE, {"after": waiting[0].pk})
    assert second.context["shown"].reply == waiting[1]
    last = desk.get(PAGE, {"after": waiting[1].pk}).content.decode()
    assert "Begin again: 2 still wait." in last


@pytest.mark.parametrize(
    ("deed", "state", "left"),
    [
        ("POSITIVE", "REPLIED", 2),
        ("NEGATIVE", "LOST", 1),
        ("OUT_OF_OFFICE", "CONTACTED", 1),
        ("DISMISS", "CONTACTED", 1),
    ],
)
def test_does_what_a_key_says_and_goes_on(
    desk: Browser, waiting: list[InboundEmail], deed: str, state: str, left: int
) -> None:
    assert _press(desk, waiting[0], deed) == f"{PAGE}?after={waiting[0].pk}"
    assert Lead.objects.get(pk=waiting[0].lead_id).state == state
    assert InboundEmail.objects.unanswered().count() == left


def test_refuses_what_is_no_deed(desk: Browser, waiting: list[InboundEmail]) -> None:
    _press(desk, waiting[0], "ANGRY")
    assert InboundEmail.objects.get(pk=waiting[0].pk).classification == "NEUTRAL"
    assert desk.post(PAGE, {"reply": "nobody", "deed": "POSITIVE"}).status_code == 404


def test_says_when_nothing_waits(desk: Browser) -> None:
    assert "every reply has been seen to" in desk.get(PAGE).content.decode()


def test_shows_what_came_as_text(desk: Browser) -> None:
    InboundEmailFactory(text="<img src=x onerror=alert(1)>", classification="NEUTRAL")
    page = desk.get(PAGE).content.decode()
    assert "&lt;img src=x" in page
    assert "<img src=x" not in page


def test_is_for_those_who_answer(client: Browser, reviewer: User) -> None:
    client.force_login(reviewer)
    assert client.get(PAGE).status_code == 403
