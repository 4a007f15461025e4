"""A person who runs campaigns, in a real browser …"""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from aicmo_site.tests.browsing import grave_violations, press
from apps.cam.models import Alert, PauseRule, VariantSnapshot
from apps.cam.tests.factories import (
    AlertFactory,
    CampaignFactory,
    CampaignSnapshotFactory,
    PauseRuleFactory,
    SequenceFactory,
    SequenceStepFactory,
)
from apps.cam.tests.test_cycles import ended
from apps.shared.desk import page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_sees_what_failed_and_what_needs_them(page: Page, live_server: Any, log_in: Callable) -> None:
    for _ in range(3):
        cycle = ended("OK", "FAILED", "OK", at=timezone.now())
    alert = AlertFactory(title="Mia Byrne has answered positively", message="Yes, call me on Monday.")
    log_in("Sales")
    page.goto(live_server.url + reverse("admin:index"))
    expect(page.get_by_role("heading", name="Steps of the cycle that keep failing")).to_be_visible()
    expect(page.get_by_text("Poll inbox failed: away")).to_be_visible()
    assert grave_violations(page) == []
    page.goto(live_server.url + page_of(cycle))
    expect(page.get_by_role("table", name="Steps").get_by_text("FAILED")).to_be_visible()
    assert grave_violations(page) == []
    page.goto(live_server.url + page_of(alert))
    expect(page.get_by_text("Yes, call me on Monday.")).to_be_visible()
    assert grave_violations(page) == []
    press(page, "Seen")
    assert Alert.objects.get().seen_at is not None


def test_compares_subjects_and_sets_what_pauses_a_campaign(page: Page, live_server: Any, log_in: Callable) -> None:
    campaign = CampaignFactory(name="Dentists", state="ACTIVE")
    counts = {"sent": 1000, "contacted": 900, "replied": 90, "positive": 22, "bounced_hard": 12, "meetings": 4}
    snapshot = CampaignSnapshotFactory(campaign=campaign, **counts)
    sequence = SequenceFactory(campaign=campaign)
    for position, replied in ((1, (60, 30)), (2, (9, 6))):
        step = SequenceStepFactory(sequence=sequence, position=position)
        for variant, count in zip("AB", replied, strict=True):
            VariantSnapshot.objects.create(snapshot=snapshot, step=step, variant=variant, sent=450, replied=count)
    rule = PauseRuleFactory(campaign=campaign)
    log_in("Sales")
    page.goto(live_server.url + page_of(campaign))
    page.get_by_role("link", name="How it does").click()
    page.goto(live_server.url + page_of(snapshot))
    expect(page.get_by_text("Subject A is answered more often")).to_be_visible()
    assert grave_violations(page) == []
    page.goto(live_server.url + page_of(rule))
    page.get_by_role("link", name="Set its numbers").click()
    page.get_by_label("Limit").fill("0.02")
    page.get_by_label("Reason").fill("We are new to this mail service.")
    assert grave_violations(page) == []
    page.get_by_role("button", name="Set").click()
    page.wait_for_load_state()
    assert float(PauseRule.objects.get().limit) == 0.02
