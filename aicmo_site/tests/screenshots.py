"""The pictures of the README and the docs, taken anew: `make screenshots`.

Pytest collects this file only when it is named. The same intake, the same pages, the same size.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from aicmo_site.tests.test_browser import SAMPLE, page_of, shipped, start_probe, worked  # noqa: F401
from apps.delivery.models import Package
from apps.orchestration.models import WorkflowRun
from apps.strategy.models import Strategy

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _take(page: Page, address: str, name: str, height: int = 900) -> None:
    page.set_viewport_size({"width": 1280, "height": height})
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
