"""A mail of a report …"""

from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from apps.identity.models import Client, Membership, User
from apps.identity.tests.factories import MembershipFactory, UserFactory
from apps.reporting.models import Report, ReportLetter
from apps.reporting.services import letters
from apps.reporting.tasks import sweep_letters
from apps.reporting.tests.factories import AT, a_report, point, published
from apps.shared.resilience import VendorIll
from apps.shared.tests.mailbox import Mailbox


@pytest.fixture
def report(acme: Client) -> Report:
    return published(a_report(acme, point("packages_delivered", 7)))


@pytest.fixture
def anna(acme: Client) -> User:
    return MembershipFactory(client=acme, role="VIEWER", user__full_name="Anna").user


def test_leads_to_the_report_and_tells_no_number(report: Report, anna: User, mailbox: Mailbox, settings: Any) -> None:
    settings.BASE_URL = "https://desk.agency.example"
    assert letters.request_letters(report.pk) == 1
    assert letters.send_letter(ReportLetter.objects.get().pk, at=AT) is True
    (letter,) = mailbox.letters
    assert mailbox.recipients == [[anna.email]]
    assert letter["Subject"] == "AICMO: your report, 1 Mar 2026 to 31 Mar 2026"
    for kind in ("plain", "html"):
        body = letter.get_body((kind,)).get_content()
        assert "https://desk.agency.example" + reverse("portal-report", args=[report.pk]) in body
        assert "7" not in " ".join(body.split()).replace(str(report.pk), "").replace("#1d4ed8", "")


def test_speaks_the_language_of_its_reader(report: Report, acme: Client, mailbox: Mailbox) -> None:
    MembershipFactory(client=acme, user__language="de")
    letters.request_letters(report.pk)
    letters.send_letter(ReportLetter.objects.get().pk, at=AT)
    assert mailbox.letters[0]["Subject"].strip() == "AICMO: Ihr Bericht, 1. März 2026 bis 31. März 2026"


def test_goes_once_to_each_of_the_client_s_people_and_to_nobody_else(
    report: Report, acme: Client, anna: User, mailbox: Mailbox, monkeypatch: Any
) -> None:
    second = MembershipFactory(client=acme).user
    MembershipFactory(client=acme, user=UserFactory(is_staff=False, is_active=False))
    MembershipFactory()
    rung: list[UUID] = []
    monkeypatch.setattr(letters.post.bell, "_ring", rung.append)
    assert [letters.request_letters(report.pk) for _ in range(2)] == [2, 0]
    rows = ReportLetter.objects.all()
    assert {letter.user for letter in rows} == {anna, second}
    for letter in [*rows, *rows]:
        letters.send_letter(letter.pk, at=AT)
    assert len(mailbox.letters) == 2


def test_is_not_sent_of_a_draft_nor_to_who_has_left(report: Report, acme: Client, anna: User, mailbox: Mailbox) -> None:
    letters.request_letters(report.pk)
    Membership.objects.all().delete()
    assert letters.send_letter(ReportLetter.objects.get().pk, at=AT) is False
    assert (ReportLetter.objects.get().state, mailbox.letters) == ("DROPPED", [])
    assert letters.request_letters(a_report(acme, point("reviews_sent")).pk) == 0


def test_waits_for_an_ill_server_and_is_sent_by_the_sweeper(
    report: Report, anna: User, mailbox: Mailbox, monkeypatch: Any, settings: Any
) -> None:
    letters.request_letters(report.pk)

    def ill(*_: Any, **__: Any) -> bool:
        raise VendorIll("the server is away")

    with monkeypatch.context() as patched:
        patched.setattr("apps.shared.gateways.email.send_letter", ill)
        with pytest.raises(VendorIll):
            letters.send_letter(ReportLetter.objects.get().pk, at=AT)
    assert ReportLetter.objects.get().state == "WAITING"
    ReportLetter.objects.update(updated_at=AT)
    sweep_letters()
    assert (ReportLetter.objects.get().state, len(mailbox.letters)) == ("SENT", 1)
    assert sweep_letters.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
