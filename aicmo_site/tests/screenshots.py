"""The pictures of the README and the docs, taken anew: `make screenshots`.

Pytest collects this file only when it is named. The same intake, the same pages, the same size: the desk on a wide
screen, the portal on a phone.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from aicmo_site.tests.test_browser import SAMPLE, page_of, shipped, start_probe, worked  # noqa: F401
from aicmo_site.tests.test_client_story import in_review, log_in_as_client, media  # noqa: F401
from apps.billing.tests.factories import an_overdue_invoice
from apps.client_review.models import Comment, Review
from apps.client_review.services import comment_on_review
from apps.delivery.models import Package
from apps.identity.tests.factories import MembershipFactory
from apps.onboarding.services import open_draft
from apps.orchestration.models import WorkflowRun
from apps.strategy.models import Strategy

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _take(page: Page, address: str, name: str, *, width: int = 1280, height: int = 900) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")


@pytest.mark.timeout(300)
def test_take_pictures(worked: WorkflowRun, page: Page, live_server: Any, log_in: Callable) -> None:
    log_in(email="owner@aicmo.test")
    _take(page, f"{live_server.url}/admin/", "desk")
    pictures = {
        "run-page": worked,
        "strategy-page": Strategy.objects.get(),
        "package-page": Package.objects.get(),
    }
    for name, row in pictures.items():
        _take(page, live_server.url + page_of(row), name)
    assert all((IMAGES / f"{name}.png").stat().st_size > 10_000 for name in ("desk", *pictures))


@pytest.mark.timeout(300)
def test_take_pictures_of_the_portal(in_review: WorkflowRun, page: Page, live_server: Any) -> None:
    review = Review.objects.get()
    anna = MembershipFactory(client=in_review.client, user__full_name="Anna Byrne").user
    said = {"section": "overview", "quote": "Bright Harbour Dental", "text": "Please always write it in full."}
    comment_on_review(review, side=Comment.Side.CLIENT, by=anna.pk, **said)
    open_draft(client_id=in_review.client_id, answers={"objective": "More bookings", "tone": "calm"}, by=anna.pk)
    an_overdue_invoice(in_review.client)
    log_in_as_client(page, live_server, anna)
    phone = {"width": 390, "height": 844}
    _take(page, live_server.url + reverse("portal-home"), "portal-home", **phone)
    _take(page, f"{live_server.url}{reverse('portal-review', args=[review.pk])}#overview", "portal-review", **phone)
    assert all((IMAGES / f"{name}.png").stat().st_size > 10_000 for name in ("portal-home", "portal-review"))
