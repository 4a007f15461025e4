"""A report as a PDF …"""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pypdf import PdfReader

from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory
from apps.reporting import services
from apps.reporting.models import Report
from apps.reporting.rules import findings_of
from apps.reporting.services.documents import report_pdf
from apps.reporting.tests.factories import AT, a_report, an_old_report, kpi, point, published
from apps.shared.desk import page_of
from apps.shared.gateways import typst

HOSTILE = '#read("/etc/passwd") $x^2$ = no heading @ref <label> // ]]}}'
BOTH = ("read", "billing")


def words_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def bare(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


def read(report: Report, language: str = "en", scopes: Any = BOTH) -> str:
    stored = Report.objects.select_related("client").get(pk=report.pk)
    return words_of(report_pdf(stored, language=language, scopes=scopes))


def told(client: Client, *points: Any, before: Any = (), **fields: Any) -> Report:
    """Store the draft of a report that says what these points do, beside those of the time before."""
    kpis = [kpi(), kpi("Bookings", unit="bookings")]
    content = findings_of(points, kpis, days=90, before=before).model_dump(mode="json")
    row = an_old_report(client)
    Report.objects.filter(pk=row.pk).update(content=content, **fields)
    return Report.objects.get(pk=row.pk)


def test_holds_every_number_of_the_report_and_of_the_time_before(acme: Client, settings: Any) -> None:
    settings.AGENCY_NAME = "Harbour & Sons"
    report = told(
        acme,
        *(point("Enquiries", value, unit="enquiries", source="desk:phone") for value in (7, "3.5")),
        *(point("packages_delivered") for _ in range(3)),
        point("days_to_delivery", "4.25", unit="days"),
        before=[point("packages_delivered"), point("packages_delivered"), point("Enquiries", 21, unit="enquiries")],
    )
    words = read(report)
    for part in (
        *("Harbour & Sons", "Acme", "Report, 1 Jan 2025 – 28 Jan 2025", f"SHA-256 {report.sha256}"),
        *("Enquiries 10.5 enquiries 40 26.2 % 21 -50 %", "Bookings not measured 40 – – –"),
        *("Packages delivered 3 2 +50 %", "Days from brief to delivery, on average 4.25 – –"),
        "Drafts approved nothing recorded – –",
        "Decide what to change for Enquiries It reached 10.5 of the 40 enquiries that were due: 26.2 %.",
        "29.5 enquiries more would have reached the target. (some effort)",
    ):
        assert part in words, words
    assert "DRAFT" in words


def test_says_in_one_look_how_the_time_went(acme: Client) -> None:
    words = read(told(acme, point("Enquiries", 41, unit="enquiries"), point("packages_delivered")))
    assert "Targets reached 1 of 1 1 not measured Enquiries 41 enquiries · reached: 102.5 % Packages" in words
    assert "Percent of what was due in this time 0 % 50 % 100 % 150 %" in words
    assert "Targets reached" not in read(told(acme, point("packages_delivered")))


def test_carries_the_note_and_no_mark_once_it_is_published(acme: Client) -> None:
    report = a_report(acme, point("packages_delivered"))
    services.publish_report(report, by=MembershipFactory().user.pk, at=AT, note="A good month.\nOn we go.")
    words = read(report)
    assert "A good month. On we go." in words
    assert "DRAFT" not in words


def test_speaks_the_reader_s_language(acme: Client) -> None:
    words = read(
        told(acme, point("packages_delivered"), before=[point("packages_delivered"), point("packages_delivered")]), "de"
    )
    assert "Bericht, 1. Januar 2025 – 28. Januar 2025" in words
    assert "Bookings erfassen" in words
    assert "-50 %" in words


def test_is_the_same_bytes_for_the_same_report(acme: Client) -> None:
    report = told(acme, point("packages_delivered"))
    assert len({report_pdf(report, language="en", scopes=BOTH) for _ in range(2)}) == 1


def test_keeps_bills_from_who_may_not_see_them(acme: Client) -> None:
    report = told(acme, point("invoices_paid", unit="invoices"))
    assert "Invoices paid 1" in read(report)
    assert "Invoices" not in read(report, scopes=("read",))


def test_prints_what_people_write_as_it_stands(acme: Client) -> None:
    report = told(acme, note=HOSTILE)
    assert bare(HOSTILE) in bare(read(report))


def test_is_a_report_of_nothing_where_nothing_was_recorded(acme: Client) -> None:
    words = read(a_report(acme))
    assert "Too little was recorded in this time" in words
    assert "No strategy was approved by the end of this time" in words
    assert "Nothing follows from these numbers by itself." in words


@pytest.mark.parametrize("role", ["APPROVER", "VIEWER"])
def test_is_downloaded_in_the_portal_and_by_programs(acme: Client, globex: Client, role: str) -> None:
    browser = Browser()
    browser.force_login(MembershipFactory(client=acme, role=role, user__language="de").user)
    ours = published(told(acme, point("invoices_paid", unit="invoices")))
    draft, theirs = a_report(acme), published(a_report(globex))
    for address in ("/api/v1/reports/{}/pdf".format, lambda pk: reverse("portal-report-pdf", args=[pk])):
        answer = browser.get(address(ours.pk), HTTP_ACCEPT_LANGUAGE="de")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert "report-2025-01-01-2025-01-28.pdf" in answer["Content-Disposition"]
        assert ("Rechnungen" in words_of(answer.content)) == (role == "APPROVER")
        assert [browser.get(address(each.pk)).status_code for each in (draft, theirs)] == [404, 404]


def test_is_downloaded_at_the_desk_and_says_when_it_cannot_be_made(acme: Client, monkeypatch: Any) -> None:
    desk, report = Browser(), a_report(acme, point("packages_delivered"))
    desk.force_login(MembershipFactory(user__is_staff=True, user__is_superuser=True).user)
    address = reverse("admin:reporting_report_pdf", args=[report.pk])
    assert address in desk.get(page_of(report)).content.decode()
    assert "Packages delivered 1" in words_of(desk.get(address).content)

    def refuse(*_: Any, **__: Any) -> bytes:
        raise typst.StepRefused("too long")

    monkeypatch.setattr(typst, "typeset", refuse)
    assert "The PDF cannot be made right now. too long" in desk.get(address, follow=True).content.decode()
    browser = Browser()
    browser.force_login(MembershipFactory(client=acme).user)
    published(report)
    assert browser.get(reverse("portal-report-pdf", args=[report.pk])).status_code == 503
    assert browser.get(f"/api/v1/reports/{report.pk}/pdf").json()["status"] == 503
