"""A mail to those who decide for a client …"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser
from django.urls import reverse
from uuid_utils.compat import uuid7

from apps.client_review import rules, services
from apps.client_review.models import Notice, Review
from apps.client_review.services import notices
from apps.client_review.tests.conftest import AT, decision
from apps.identity.models import Client, User
from apps.identity.tests.factories import MembershipFactory, UserFactory
from apps.shared.gateways import proof
from apps.shared.post import DOUBT_AFTER
from apps.shared.resilience import VendorIll
from apps.shared.tests.mailbox import Mailbox

LATER = AT + timedelta(hours=1)
Ask = Callable[..., list[Notice]]


@pytest.fixture
def ask(review: Review, approver: User) -> Ask:
    """Have the approvers of the review mailed of an event, without a worker who is woken."""

    def request(kind: str = "NEW", event_id: UUID | None = None) -> list[Notice]:
        services.request_notices(review.pk, event_id=event_id or uuid7(), kind=kind)
        return list(Notice.objects.filter(state="WAITING"))

    return request


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    told: list[UUID] = []
    monkeypatch.setattr(notices.post.bell, "_ring", told.append)
    return told


def state_of(notice: Notice) -> str:
    return Notice.objects.get(pk=notice.pk).state


def test_leads_to_the_review_and_tells_nothing_of_the_draft(
    ask: Ask, review: Review, approver: User, mailbox: Mailbox, settings: Any
) -> None:
    settings.BASE_URL = "https://desk.agency.example"
    (notice,) = ask()
    assert services.send_notice(notice.pk, at=AT) is True
    (letter,) = mailbox.letters
    assert mailbox.recipients == [[approver.email]]
    assert letter["Subject"] == "AICMO asks for your decision"
    link = "https://desk.agency.example" + reverse("portal-review", args=[review.pk])
    for kind in ("plain", "html"):
        body = letter.get_body((kind,)).get_content()
        assert link in body
        assert "Acme" in body
        assert "by 10 Mar 2026:" in body
        assert review.content["title"] not in body
        assert not any(section.heading in body for section in review.shown.sections)
    stored = Notice.objects.get()
    assert (stored.state, stored.begun_at, stored.ended_at) == ("SENT", AT, AT)


def test_goes_to_each_active_approver_of_the_client_and_to_nobody_else(
    ask: Ask, acme: Client, globex: Client, approver: User, rung: list, django_capture_on_commit_callbacks: Any
) -> None:
    second = MembershipFactory(client=acme).user
    MembershipFactory(client=acme, role="VIEWER")
    MembershipFactory(client=acme, user=UserFactory(is_staff=False, is_active=False))
    MembershipFactory(client=globex)
    with django_capture_on_commit_callbacks(execute=True):
        found = ask()
    assert {notice.user for notice in found} == {approver, second}
    assert sorted(rung) == sorted(notice.pk for notice in found)


def test_is_sent_once_however_often_it_is_asked_for(ask: Ask, mailbox: Mailbox) -> None:
    event = uuid7()
    (notice,) = ask(event_id=event)
    ask(event_id=event)
    assert [services.send_notice(notice.pk, at=AT) for _ in range(2)] == [True, False]
    ask(event_id=event)
    assert services.sweep_notices(at=LATER) == 0
    assert len(mailbox.letters) == 1


def test_is_in_doubt_and_never_sent_again_after_a_worker_died_over_it(
    ask: Ask, review: Review, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, published: list
) -> None:
    (notice,) = ask()
    with monkeypatch.context() as patched:

        def die(*_: Any, **__: Any) -> None:
            raise SystemExit

        patched.setattr(notices.post, "_end", die)
        with pytest.raises(SystemExit):
            services.send_notice(notice.pk, at=AT)
    assert state_of(notice) == "SENDING"
    services.sweep_notices(at=AT + DOUBT_AFTER)
    assert state_of(notice) == "SENDING"
    services.sweep_notices(at=LATER)
    assert services.send_notice(notice.pk, at=LATER) is False
    assert (state_of(notice), len(mailbox.letters)) == ("UNKNOWN", 1)
    assert [(event.name, event.outcome) for event, _ in published] == [("ApproverMailed", "UNKNOWN")]
    page = desk().get(reverse("admin:client_review_review_change", args=[review.pk])).content.decode()
    assert "may not have arrived (Ann Approver)" in page


def desk() -> Browser:
    person = UserFactory()
    person.groups.add(Group.objects.get(name="Account manager"))
    browser = Browser()
    browser.force_login(person)
    return browser


def test_waits_while_the_server_is_away_and_goes_out_once_it_is_back(ask: Ask, mailbox: Mailbox, settings: Any) -> None:
    (notice,) = ask()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    with pytest.raises(VendorIll):
        services.send_notice(notice.pk, at=AT)
    assert state_of(notice) == "WAITING"
    settings.EMAIL_PORT = port
    Notice.objects.update(updated_at=AT)
    assert services.sweep_notices(at=AT + timedelta(seconds=30)) == 0
    assert services.sweep_notices(at=LATER) == 1
    assert (state_of(notice), len(mailbox.letters)) == ("SENT", 1)


def test_speaks_the_persons_language(ask: Ask, approver: User, mailbox: Mailbox) -> None:
    User.objects.filter(pk=approver.pk).update(language="de")
    (notice,) = ask()
    services.send_notice(notice.pk, at=AT)
    (letter,) = mailbox.letters
    assert letter["Subject"] == "AICMO bittet um Ihre Entscheidung"
    assert "Bitte entscheiden Sie bis zum 10. März 2026" in letter.get_body(("plain",)).get_content()
    assert "Zur Freigabe" in letter.get_body(("html",)).get_content()


@pytest.mark.parametrize("address", ["ann@acme.test\nBcc: eve@evil.test", "ann@acme.test, eve@evil.test"])
def test_goes_to_no_address_that_is_none(ask: Ask, approver: User, mailbox: Mailbox, address: str) -> None:
    User.objects.filter(pk=approver.pk).update(email=address)
    (notice,) = ask()
    assert services.send_notice(notice.pk, at=AT) is False
    assert (state_of(notice), mailbox.letters) == ("REFUSED", [])


def test_takes_no_header_from_a_name(ask: Ask, acme: Client, approver: User, mailbox: Mailbox, settings: Any) -> None:
    settings.AGENCY_NAME = acme.name = "A & B\r\nBcc: eve@evil.test"
    acme.save()
    (notice,) = ask()
    services.send_notice(notice.pk, at=AT)
    (letter,) = mailbox.letters
    assert (letter["Bcc"], mailbox.recipients) == (None, [[approver.email]])
    assert "A &amp; B" in letter.get_body(("html",)).get_content()


def test_is_not_sent_where_the_client_has_decided_or_is_not_asked(
    ask: Ask, review: Review, approver: User, mailbox: Mailbox
) -> None:
    (notice,) = ask()
    services.record_decision(review, decision(review), by=approver.pk, at=AT)
    assert services.send_notice(notice.pk, at=AT) is False
    assert state_of(notice) == "DROPPED"
    assert ask() == []
    assert mailbox.letters == []


def test_is_not_sent_to_who_lost_the_right_to_decide(ask: Ask, approver: User, mailbox: Mailbox) -> None:
    (notice,) = ask()
    approver.memberships.all().delete()
    assert services.send_notice(notice.pk, at=AT) is False
    assert (state_of(notice), mailbox.letters) == ("DROPPED", [])


def test_of_a_reminder_is_not_sent_where_somebody_reminded_them_before(
    ask: Ask, review: Review, strategist: User, mailbox: Mailbox
) -> None:
    services.chase_reviews(at=AT + rules.DUE_IN)
    first, *_ = ask("AFTER")
    services.send_notice(first.pk, at=AT)
    assert mailbox.letters[0]["Subject"] == "Overdue: AICMO waits for your decision"
    (second,) = ask("AFTER")
    services.remind_reviewer(review, by=strategist.pk, reason="Called them.", at=AT)
    assert services.send_notice(second.pk, at=AT) is False
    assert (state_of(second), len(mailbox.letters)) == ("DROPPED", 1)


def test_becomes_a_file_in_proof_mode(
    ask: Ask, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.PROOF_FOLDER = tmp_path
    monkeypatch.setattr(proof, "_ask", lambda: True)
    (notice,) = ask()
    assert services.send_notice(notice.pk, at=AT) is False
    assert (state_of(notice), mailbox.letters) == ("PROOF", [])
    assert proof.list_proofs(kind="email", key="review-notice")


def test_is_listed_at_the_desk_with_its_day(ask: Ask, review: Review, mailbox: Mailbox) -> None:
    (notice,) = ask()
    services.send_notice(notice.pk, at=AT)
    page = desk().get(reverse("admin:client_review_review_change", args=[review.pk])).content.decode()
    assert "Mails to the client" in page
    assert "Ann Approver" in page
    assert "may not have arrived" not in page


def test_goes_with_its_review_when_the_run_is_taken_back(ask: Ask, run: Any, mailbox: Mailbox) -> None:
    (notice,) = ask()
    services.withdraw_reviews(run=run)
    assert services.send_notice(notice.pk, at=AT) is False
    assert mailbox.letters == []
