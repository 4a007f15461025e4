"""In the portal, a report …"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from uuid_utils.compat import uuid7

from apps.identity.models import Client, Membership
from apps.identity.tests.factories import MembershipFactory, Portal
from apps.reporting.models import Report
from apps.reporting.tests.factories import a_published_report, a_report, point, published

HOME, LIST = reverse("portal-home"), reverse("portal-reports")


def member(client: Client, role: str = "APPROVER") -> Browser:
    browser = Browser()
    browser.force_login(MembershipFactory(client=client, role=role).user)
    return browser


@pytest.fixture
def approver(acme: Client) -> Membership:
    return MembershipFactory(client=acme)


@pytest.fixture
def browser(approver: Membership) -> Browser:
    browser = Browser()
    browser.force_login(approver.user)
    return browser


def page(report: Report) -> str:
    return reverse("portal-report", args=[report.pk])


def api(report: Report) -> str:
    return f"/api/v1/reports/{report.pk}"


def test_tells_its_numbers_and_the_rows_behind_them(acme: Client, browser: Browser) -> None:
    report = published(a_report(acme, row := point("packages_delivered")))
    told = browser.get(api(report)).json()
    assert (told["title"], told["start_date"], told["end_date"], told["version"], told["strategy_id"]) == (
        "Report 2026-03-01 to 2026-03-31",
        "2026-03-01",
        "2026-03-31",
        1,
        None,
    )
    metrics = {each["name"]: each for each in told["metrics"]}
    (source,) = metrics["packages_delivered"].pop("sources")
    assert metrics["packages_delivered"] == {
        "name": "packages_delivered",
        "unit": "packages",
        "value": "1",
        "before": None,
        "change_pct": None,
    }
    assert (f"{source['kind']}:{source['id']}", source["at"]) == (row.source, "2026-03-10T09:00:00Z")
    assert (metrics["days_to_delivery"]["value"], metrics["days_to_delivery"]["sources"]) == (None, [])


def test_is_listed_by_its_title_and_days_alone(acme: Client, browser: Browser) -> None:
    report = a_published_report(acme)
    (line,) = browser.get("/api/v1/reports").json()["results"]
    assert line == {
        "id": str(report.pk),
        "title": "Report 2025-01-01 to 2025-01-28",
        "start_date": "2025-01-01",
        "end_date": "2025-01-28",
        "version": 1,
        "published_at": "2026-04-02T09:00:00Z",
        "created_at": line["created_at"],
    }


def test_is_found_by_its_days(acme: Client, browser: Browser) -> None:
    reports = [a_published_report(acme) for _ in range(3)]

    def found(query: str) -> list[str]:
        return [each["id"] for each in browser.get(f"/api/v1/reports?{query}").json()["results"]]

    assert found("start_after=2025-02-01&end_before=2025-02-28") == [str(reports[1].pk)]
    assert found("ordering=created_at") == [str(report.pk) for report in reports]
    assert browser.get("/api/v1/reports?state=DRAFT").status_code == 400


def test_is_not_there_before_it_is_published(acme: Client, browser: Browser) -> None:
    draft = a_report(acme)
    assert browser.get("/api/v1/reports").json()["results"] == []
    assert [browser.get(path).status_code for path in (api(draft), page(draft))] == [404, 404]
    assert page(draft) not in browser.get(HOME).content.decode() + browser.get(LIST).content.decode()


def test_stays_as_it_was_when_numbers_come_late(acme: Client, browser: Browser) -> None:
    report = published(a_report(acme, point("packages_delivered")))
    before = browser.get(api(report))
    assert browser.get(api(report), headers={"If-None-Match": before["ETag"]}).status_code == 304
    later = a_report(acme, point("packages_delivered"))
    assert (later.version, later.pk == report.pk) == (2, False)
    assert (browser.get(api(report)).content, browser.get(api(report))["ETag"]) == (before.content, before["ETag"])
    published(later)
    assert [each["version"] for each in browser.get("/api/v1/reports").json()["results"]] == [2, 1]


def test_of_another_client_is_none(acme: Client, globex: Client, browser: Browser) -> None:
    theirs, missing = a_published_report(globex), Report(pk=uuid7())
    for address in (api, page):
        foreign, nowhere = (browser.get(address(report)) for report in (theirs, missing))
        assert (foreign.status_code, nowhere.status_code) == (404, 404)
        told, said = foreign.content.decode(), nowhere.content.decode()
        assert without(told, theirs) == without(said, missing)
    assert browser.get("/api/v1/reports").json()["results"] == []
    assert page(theirs) not in browser.get(LIST).content.decode() + browser.get(HOME).content.decode()


def without(said: str, report: Report) -> str:
    """Return an answer without what differs from one request to the next."""
    return re.sub(r"[A-Za-z0-9]{64}|[0-9a-f]{32}", "", said.replace(str(report.pk), ""))


def test_is_read_by_viewers_without_what_concerns_invoices(acme: Client, browser: Browser) -> None:
    report = a_published_report(acme)
    viewer = member(acme, "VIEWER")
    names = [{each["name"] for each in asking.get(api(report)).json()["metrics"]} for asking in (browser, viewer)]
    assert names[0] - names[1] == {"invoices_issued", "invoices_paid", "payments_received", "quotes_accepted"}
    assert "Invoices paid" in browser.get(page(report)).content.decode()
    assert "Invoices paid" not in viewer.get(page(report)).content.decode()


def test_is_refused_to_a_token_for_bills_alone(acme: Client, approver: Membership) -> None:
    report = a_published_report(acme)
    assert [Portal(approver, "billing").get(path).status_code for path in ("reports", api(report))] == [403, 403]
    shown = Portal(approver, "read").get(api(report)).json()
    assert "invoices_paid" not in {each["name"] for each in shown["metrics"]}


def test_stands_on_the_first_page_and_says_what_was_not_measured(acme: Client, browser: Browser) -> None:
    report = a_published_report(acme)
    assert page(report) in browser.get(HOME).content.decode()
    assert page(report) in browser.get(LIST).content.decode()
    shown = browser.get(page(report)).content.decode()
    assert "Enquiries: 12. The target of 40 enquiries in 90 days comes to 12.44 in this period." in shown
    assert "nothing recorded" in shown
    bare = published(a_report(acme))
    said = browser.get(page(bare)).content.decode()
    assert "Too little was recorded" in said
    assert "No strategy was approved" in said


def test_says_in_one_look_how_the_time_went(acme: Client, browser: Browser) -> None:
    page = browser.get(f"/portal/reports/{a_published_report(acme).pk}").content.decode()
    assert "<dt>Targets reached</dt><dd><strong>0 of 1</strong>" in page
    assert '<strong>12</strong><br><span class="small">enquiries · reached: 96.4 %</span>' in page


def test_is_read_in_german(acme: Client, browser: Browser) -> None:
    report = published(
        a_report(acme, point("packages_delivered"), point("days_to_delivery", "3.5", unit="days", source="packages:1"))
    )
    shown = browser.get(page(report), headers={"Accept-Language": "de"}).content.decode()
    assert "1. März 2026 – 31. März 2026" in shown
    assert "3,5" in shown
    assert "In dieser Zeit geliefert: 1." in shown


def test_costs_few_queries(acme: Client, browser: Browser, asks_at_most: Callable[[int], Any]) -> None:
    reports = [a_published_report(acme) for _ in range(3)]
    for path in ("/api/v1/reports", api(reports[0]), page(reports[0]), LIST):
        with asks_at_most(10):
            assert browser.get(path).status_code == 200
