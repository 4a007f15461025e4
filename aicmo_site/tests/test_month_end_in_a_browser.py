"""In a real browser, the end of a client's month …"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from aicmo_site.tests.browsing import grave_violations
from aicmo_site.tests.test_client_story import log_in_as_client
from aicmo_site.tests.test_login_in_a_browser import is_wider_than_the_phone, phone  # noqa: F401
from apps.identity.tests.factories import ClientFactory, MembershipFactory
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services import cycles, outbox
from apps.orchestration.services.sweep import move
from apps.orchestration.tests.conftest import finish
from apps.reporting import services
from apps.reporting.models import Report, ReportLetter
from apps.reporting.services import letters
from apps.reporting.tests.factories import point
from apps.shared.desk import page_of
from apps.shared.tests.mailbox import Mailbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.timeout(300)
def test_is_reported_by_a_run_published_at_the_desk_and_read_in_the_portal(
    page: Page,
    phone: Page,  # noqa: F811
    live_server: Any,
    log_in: Callable,
    mailbox: Mailbox,
) -> None:
    client = ClientFactory(name="Bright Harbour Dental", time_zone="UTC")
    reader = MembershipFactory(client=client).user
    last_month, before = _middles_of_last_months()
    services.collect_metrics(
        client.pk, [point("packages_delivered", at=day) for day in (before, before, last_month, last_month, last_month)]
    )
    runs = cycles.start_monthly_reports(at=timezone.now())
    for run in runs:
        move(run.pk)
    run = WorkflowRun.objects.get(idempotency_key__endswith=f"{last_month:%Y-%m}")

    log_in("Account manager")
    expect(page.get_by_role("heading", name="Reports to publish")).to_be_visible()
    report = Report.objects.get(run_id=run.pk)
    page.goto(live_server.url + page_of(report))
    assert grave_violations(page) == []
    page.get_by_text("Publish", exact=True).first.click()
    page.locator("#modal-content textarea").fill("A third more than the month before.")
    page.locator("#modal-content").get_by_role("button", name="Publish").click()
    expect(page.get_by_text("A third more than the month before.").first).to_be_visible()
    outbox.dispatch_events()
    assert finish(run).state == "COMPLETED"
    letters.send_letter(ReportLetter.objects.get(user=reader).pk, at=timezone.now())
    assert settings.BASE_URL + reverse("portal-report", args=[report.pk]) in str(mailbox.letters[0])

    log_in_as_client(phone, live_server, reader)
    phone.goto(live_server.url + reverse("portal-report", args=[report.pk]))
    expect(phone.get_by_text("A third more than the month before.")).to_be_visible()
    expect(phone.get_by_text("after 2 in the time before (+50 %)", exact=True)).to_be_visible()
    assert grave_violations(phone) == []
    assert not is_wider_than_the_phone(phone)
    with phone.expect_download() as waited:
        phone.get_by_role("link", name="Download as PDF").click()
    words = " ".join(PdfReader(BytesIO(Path(waited.value.path()).read_bytes())).pages[0].extract_text().split())
    assert "A third more than the month before." in words
    assert "Packages delivered 3 2 +50 %" in words


def _middles_of_last_months() -> tuple[datetime, datetime]:
    """Return a moment in the month before this one, and one in the month before that."""
    last = timezone.now().date().replace(day=1) - timedelta(days=15)
    before = last.replace(day=1) - timedelta(days=15)
    noon = time(12, tzinfo=timezone.get_default_timezone())
    return datetime.combine(last, noon), datetime.combine(before, noon)
