"""In a real browser, a report …"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from aicmo_site.tests.browsing import grave_violations, press
from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory
from apps.reporting.tests.factories import a_published_report, an_old_report, csv_of
from apps.shared.desk import page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.timeout(300)
def test_is_looked_over_and_published(page: Page, live_server: Any, log_in: Callable, acme: Client) -> None:
    report = an_old_report(acme)
    log_in("Account manager")
    page.goto(live_server.url + reverse("admin:reporting_report_new"))
    assert grave_violations(page) == []
    page.goto(live_server.url + page_of(report))
    assert grave_violations(page) == []
    press(page, "Publish")
    expect(page.get_by_text("PUBLISHED", exact=True).first).to_be_visible()


@pytest.mark.timeout(300)
def test_stands_on_values_that_came_in_a_file(
    page: Page, live_server: Any, log_in: Callable, acme: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    rows = (("2026-03-01", "Brand", "30", "2.5%"), ("2026-03-02", "Brand", "many", "3%"))
    log_in("Account manager")
    page.goto(f"{live_server.url}{reverse('admin:reporting_metricimport_new')}?client={acme.pk}")
    content = csv_of(("Day", "Campaign", "Clicks", "CTR"), *rows)
    page.locator("#id_file").set_input_files({"name": "ads.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("Say where the file comes from")).to_be_visible()
    page.get_by_label("Where it comes from").fill("Google Ads")
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("heading", name="1 row with new values")).to_be_visible()
    assert grave_violations(page) == []
    page.get_by_role("button", name="Import the good rows").click()
    expect(page.get_by_text("2 of 2 rows read")).to_be_visible()
    assert grave_violations(page) == []
    page.goto(live_server.url + reverse("admin:reporting_metricpoint_kpis", args=[acme.pk]))
    expect(page.get_by_role("rowheader", name="Clicks")).to_be_visible()
    assert grave_violations(page) == []


@pytest.mark.timeout(300)
def test_is_read_on_a_phone(page: Page, live_server: Any, acme: Client) -> None:
    a_published_report(acme)
    person = MembershipFactory(client=acme).user
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + reverse("portal-reports"))
    page.locator("#id_username").fill(person.email)
    page.locator("#id_password").fill("correct horse battery staple")
    page.get_by_role("button", name="Log in", exact=True).click()
    assert grave_violations(page) == []
    page.get_by_role("link", name="1 Jan 2025 – 28 Jan 2025").click()
    page.get_by_text("Where this comes from").first.click()
    expect(page.get_by_role("link", name="Package").first).to_be_visible()
    assert grave_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
