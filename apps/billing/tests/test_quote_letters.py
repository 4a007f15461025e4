"""A mail of a quote …"""

from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from apps.billing.models import Quote, QuoteLetter
from apps.billing.services import quote_letters, quotes
from apps.billing.tasks import sweep_quote_letters
from apps.billing.tests.factories import AT, a_draft_quote, a_quote
from apps.identity.models import Client, User
from apps.identity.tests.factories import MembershipFactory, UserFactory
from apps.shared.resilience import VendorIll
from apps.shared.tests.mailbox import Mailbox


@pytest.fixture
def quote(acme: Client, anna: User) -> Quote:
    return a_quote(acme)


def test_leads_to_the_quote_and_tells_no_amount(quote: Quote, anna: User, mailbox: Mailbox, settings: Any) -> None:
    settings.BASE_URL = "https://desk.agency.example"
    assert quote_letters.request_letters(quote.pk) == 1
    assert quote_letters.send_letter(QuoteLetter.objects.get().pk, at=AT) is True
    (letter,) = mailbox.letters
    assert mailbox.recipients == [[anna.email]]
    assert letter["Subject"] == f"AICMO sends you quote {quote.number}"
    for kind in ("plain", "html"):
        body = letter.get_body((kind,)).get_content()
        assert "https://desk.agency.example" + reverse("portal-quote", args=[quote.pk]) in body
        assert "valid until 1 Apr 2026" in " ".join(body.split())
        assert "1,230" not in body


def test_speaks_the_language_of_its_reader(acme: Client, mailbox: Mailbox) -> None:
    MembershipFactory(client=acme, user__language="de")
    quote_letters.request_letters(a_quote(acme).pk)
    quote_letters.send_letter(QuoteLetter.objects.get().pk, at=AT)
    assert mailbox.letters[0]["Subject"] == "AICMO schickt Ihnen das Angebot QUO-2026-0001"


def test_goes_once_to_each_who_decides_on_money_and_to_nobody_else(
    quote: Quote, acme: Client, globex: Client, anna: User, mailbox: Mailbox, monkeypatch: Any, told: list
) -> None:
    second = MembershipFactory(client=acme).user
    MembershipFactory(client=acme, role="VIEWER")
    MembershipFactory(client=acme, user=UserFactory(is_staff=False, is_active=False))
    MembershipFactory(client=globex)
    rung: list[UUID] = []
    monkeypatch.setattr(quote_letters.post.bell, "_ring", rung.append)
    assert [quote_letters.request_letters(quote.pk) for _ in range(2)] == [2, 0]
    letters = QuoteLetter.objects.all()
    assert {letter.user for letter in letters} == {anna, second}
    for letter in [*letters, *letters]:
        quote_letters.send_letter(letter.pk, at=AT)
    assert len(mailbox.letters) == 2
    assert [event.outcome for event, _ in told if event.name == "QuoteMailed"] == ["SENT", "SENT"]


def test_is_not_sent_of_what_takes_no_answer_any_more(quote: Quote, acme: Client, mailbox: Mailbox) -> None:
    quote_letters.request_letters(quote.pk)
    quotes.withdraw_quote(quote.pk, reason="Wrong.", by=None)
    assert quote_letters.send_letter(QuoteLetter.objects.get().pk, at=AT) is False
    assert (QuoteLetter.objects.get().state, mailbox.letters) == ("DROPPED", [])
    assert [quote_letters.request_letters(each.pk) for each in (quote, a_draft_quote(acme))] == [0, 0]


def test_waits_while_the_mail_server_is_ill_and_is_swept_later(
    quote: Quote, mailbox: Mailbox, monkeypatch: Any, settings: Any
) -> None:
    quote_letters.request_letters(quote.pk)

    def ill(*_: Any, **__: Any) -> bool:
        raise VendorIll("the server is away")

    with monkeypatch.context() as patched:
        patched.setattr("apps.shared.gateways.email.send_letter", ill)
        with pytest.raises(VendorIll):
            quote_letters.send_letter(QuoteLetter.objects.get().pk, at=AT)
    QuoteLetter.objects.update(updated_at=AT)
    sweep_quote_letters()
    assert (QuoteLetter.objects.get().state, len(mailbox.letters)) == ("SENT", 1)
    assert sweep_quote_letters.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
