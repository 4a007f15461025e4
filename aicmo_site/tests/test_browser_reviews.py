"""An account manager at the desk, in a real browser …"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from aicmo_site.tests.browsing import grave_violations
from aicmo_site.tests.test_browser import RUN_TAKES
from aicmo_site.tests.test_desk import page_of
from apps.client_review.models import Review
from apps.identity.models import User
from apps.orchestration.models import WorkflowRun
from apps.orchestration.tests.conftest import shipped, worker  # noqa: F401
from apps.orchestration.tests.test_client_to_delivery_reviewed import approve_strategy, on, submit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def in_review(shipped: None, strategist: User, settings: Any, tmp_path: Any) -> WorkflowRun:  # noqa: F811
    """A run whose first round is in front of the client, and due tomorrow."""
    settings.MEDIA_ROOT = tmp_path / "media"
    run = on(submit())
    approve_strategy(run, strategist)
    on(run)
    Review.objects.update(due_at=timezone.now() + timedelta(days=1, minutes=1))
    return run


def _state(page: Page, state: str) -> None:
    expect(page.locator(".desk-head").first).to_contain_text(state, timeout=RUN_TAKES)


@pytest.mark.worker
@pytest.mark.timeout(300)
def test_records_what_the_client_said_and_sees_the_run_go_on(
    in_review: WorkflowRun,
    worker: Callable,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    page: Page,
    live_server: Any,
    log_in: Callable,
) -> None:
    monkeypatch.setenv("AICMO_MEDIA_ROOT", str(settings.MEDIA_ROOT))
    manager = log_in("Account manager")
    expect(page.get_by_text("Clients to remind of their review")).to_be_visible()
    page.get_by_role("link", name="Review round 1").first.click()
    expect(page.get_by_role("heading", name="Rounds")).to_be_visible()
    assert grave_violations(page) == []
    page.get_by_role("link", name="Record a decision").click()
    assert grave_violations(page) == []
    page.get_by_label("The client has").select_option("APPROVED")
    page.get_by_label("Who at the client").fill("Dr. Byrne")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("recorded by").first).to_be_visible()
    assert Review.objects.get().decided_by == manager
    page.goto(live_server.url + page_of(in_review))
    _state(page, "WAITING")
    worker()
    _state(page, "COMPLETED")
