"""In a real browser, who may leave …"""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from aicmo_site.tests.browsing import grave_violations, press
from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory
from apps.retention import services
from apps.retention.models import Survey
from apps.retention.services import surveys
from apps.retention.tests.factories import LifecycleFactory, RenewalTaskFactory, SurveyFactory, in_danger
from apps.shared.desk import page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.timeout(300)
def test_is_said_factor_by_factor(page: Page, live_server: Any, log_in: Callable, acme: Client) -> None:
    in_danger(acme)
    RenewalTaskFactory(renewal__client=acme)
    SurveyFactory(client=acme)
    lifecycle = LifecycleFactory(client=acme)
    log_in("Account manager")
    page.goto(live_server.url + page_of(lifecycle))
    press(page, "Assess now")
    expect(page.get_by_text("2 invoices are overdue.")).to_be_visible()
    expect(page.locator("meter").first).to_be_visible()
    assert grave_violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.timeout(300)
def test_is_asked_by_a_link_on_a_phone(page: Page, live_server: Any, acme: Client, monkeypatch: Any) -> None:
    MembershipFactory(client=acme)
    manager = MembershipFactory().user
    services.send_survey(acme.pk, by=manager.pk, at=timezone.now())
    links: list[str] = []
    monkeypatch.setattr(surveys.email, "Letter", lambda **letter: links.append(letter["text"]) or None)
    survey = Survey.objects.get()
    surveys._write(survey)
    survey.save()
    token = links[0].partition("/survey/")[2].partition("/")[0]
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + reverse("survey", args=[token]))
    assert grave_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_text("9", exact=True).click()
    page.get_by_label("Why this number?").fill("Fast and friendly.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    survey.refresh_from_db()
    assert (survey.score, survey.comment) == (9, "Fast and friendly.")
