"""A person at the desk, in a real browser …"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from aicmo_site.tests.browsing import grave_violations, press
from aicmo_site.tests.test_desk import page_of
from apps.delivery.models import Package
from apps.identity.rules import ROLES
from apps.onboarding.api.ports import read_submission
from apps.onboarding.models import Brief
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services.intake import submit_intake
from apps.orchestration.tests.conftest import faults, finish, media, shipped, start_probe, worker  # noqa: F401
from apps.orchestration.tests.test_take_back import _quick_pauses as quick_pauses  # noqa: F401
from apps.orchestration.tests.test_undo_preview import business_models
from apps.production.models import Draft
from apps.qc.models import QcReport
from apps.strategy.models import Strategy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "intake_dental_clinic.json"
RUN_TAKES = 90_000


def _wait_for_state(page: Page, state: str) -> None:
    """Wait until the run's page says so by itself."""
    expect(page.locator(".desk-head").first).to_contain_text(state, timeout=RUN_TAKES)


@pytest.fixture
def worked(shipped: None, run: WorkflowRun) -> WorkflowRun:
    """A run of the main job, done."""
    return run


@pytest.mark.timeout(300)
def test_meets_no_barrier_on_the_main_pages(
    worked: WorkflowRun,
    page: Page,
    live_server: Any,
    log_in: Callable,
) -> None:
    log_in()
    rows = (worked, worked.client, *(kind.objects.get() for kind in (Brief, Strategy, Draft, QcReport, Package)))
    addresses = [reverse("admin:index"), reverse("start-run"), reverse("admin:orchestration_workflowrun_changelist")]
    addresses += [reverse("admin:production_draft_edit", args=[Draft.objects.get().pk, "detailed_30_day_calendar"])]
    found = {}
    for address in (*addresses, *map(page_of, rows)):
        page.goto(live_server.url + address)
        found[address] = grave_violations(page)
    assert [f"{address}: {words}" for address, grave in found.items() for words in grave] == []


@pytest.mark.worker
@pytest.mark.timeout(300)
def test_takes_in_a_client_and_sees_the_package_come(
    shipped: None,
    worker: Callable,
    page: Page,
    live_server: Any,
    log_in: Callable,
) -> None:
    worker()
    log_in("Account manager")
    page.get_by_role("link", name="Start a run").first.click()
    page.set_input_files("input[type=file]", SAMPLE)
    page.get_by_label("Pack").select_option("quick_social_basic")
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("Unclear or missing")).to_be_visible()
    page.get_by_role("button", name="Start the run").click()
    expect(page.get_by_text("This page follows it")).to_be_visible()
    _wait_for_state(page, "COMPLETED")
    run = WorkflowRun.objects.get()
    package = Package.objects.get(run_id=run.pk)
    page.goto(live_server.url + page_of(package))
    with page.expect_download() as download:
        page.get_by_role("link", name="strategy-report.pdf").first.click()
    assert download.value.path().read_bytes().startswith(b"%PDF")


@pytest.mark.timeout(300)
def test_takes_a_run_back_by_a_button_that_asks_why(
    worked: WorkflowRun,
    worker: Callable,
    page: Page,
    live_server: Any,
    log_in: Callable,
) -> None:
    log_in()
    page.goto(live_server.url + page_of(worked))
    press(page, "Take back", "the client has left")
    worker()
    _wait_for_state(page, "CANCELLED")
    assert not Package.objects.exists()


@pytest.mark.worker
@pytest.mark.timeout(300)
def test_finds_a_run_that_failed_and_takes_back_by_a_button_what_is_left_of_it(
    shipped: None,
    faults: Callable,
    monkeypatch: pytest.MonkeyPatch,
    media: Path,
    worker: Callable,
    page: Page,
    live_server: Any,
    log_in: Callable,
) -> None:
    faults("create_package.written", fault="refuse")
    faults("generate_draft.compensating", fault="error")
    monkeypatch.setenv("AICMO_COMPENSATION_ATTEMPTS", "1")
    submission = read_submission(data=json.loads(SAMPLE.read_text()))
    wishes = {"workflow": "client_to_delivery", "pack": "quick_social_basic", "key": "to fail"}
    run = submit_intake(submission, **wishes, at=timezone.now())
    worker()
    _until_in_state(run, "STUCK")
    assert Draft.objects.filter(run_id=run.pk).exists(), "nothing is left that a person could take back"
    log_in()
    stuck = page.locator("section", has=page.get_by_role("heading", name="Runs stuck while being taken back"))
    stuck.get_by_role("link", name="Client to delivery").click()
    expect(page.locator(".desk-head").first).to_contain_text("STUCK")
    expect(page.get_by_text("planned at generate_draft.compensating").first).to_be_visible()
    trace = page.locator("details.desk-trace").first
    expect(trace.locator("pre")).to_be_hidden()
    trace.locator("summary").click()
    expect(trace.locator("pre")).to_contain_text("Traceback")
    assert grave_violations(page) == []
    press(page, "Retry taking back", "the cause is mended")
    _wait_for_state(page, "COMPENSATED")
    left = [f"{model._meta.label}" for model in business_models() if _rows_of(model, run)]
    assert left == []
    assert [path for path in media.rglob("*") if path.is_file()] == []


def _until_in_state(run: WorkflowRun, state: str) -> None:
    """Wait until workers have brought a run to a state."""
    deadline = time.monotonic() + RUN_TAKES / 1000
    while WorkflowRun.objects.get(pk=run.pk).state != state:
        assert time.monotonic() < deadline, WorkflowRun.objects.values("state", "position", "error").get(pk=run.pk)
        time.sleep(0.2)


def _rows_of(model: type[Model], run: WorkflowRun) -> bool:
    return hasattr(model, "run_id") and model._base_manager.filter(run_id=run.pk).exists()


@pytest.mark.timeout(300)
def test_edits_a_section_has_it_checked_and_sees_the_new_package(
    worked: WorkflowRun,
    worker: Callable,
    page: Page,
    live_server: Any,
    log_in: Callable,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AICMO_MEDIA_ROOT", str(settings.MEDIA_ROOT))  # the worker's files are to be found here
    log_in()
    page.goto(live_server.url + page_of(Draft.objects.get()))
    page.get_by_role("link", name="Edit Overview").click()
    text = page.get_by_label("Text")
    text.fill(text.input_value() + "\nThe rooms open at nine.\n")
    page.get_by_label("Reason").fill("They open earlier.")
    page.get_by_role("button", name="Save as the next round").click()
    expect(page.get_by_text("Edited after its last check")).to_be_visible()
    assert grave_violations(page) == []
    press(page, "Check and deliver this version")
    expect(page.get_by_text("This page follows it")).to_be_visible()
    worker()
    _wait_for_state(page, "COMPLETED")
    package = Package.objects.get(run_id=WorkflowRun.objects.get(workflow="draft_to_delivery").pk)
    page.goto(live_server.url + page_of(package))
    for file, said in (("strategy-report.docx", "The rooms open at nine."), ("strategy-deck.pptx", "Slide 2")):
        files = page.locator(".desk-file").filter(has=page.get_by_role("heading", name=file))
        files.get_by_text("Preview").click()
        expect(files.get_by_text(said).first).to_be_visible()
    assert grave_violations(page) == []


@pytest.mark.timeout(300)
def test_approves_a_strategy(worked: WorkflowRun, page: Page, live_server: Any, log_in: Callable) -> None:
    strategist = log_in("Strategist")
    page.goto(live_server.url + page_of(Strategy.objects.get()))
    press(page, "Approve")
    expect(page.get_by_text("APPROVED").first).to_be_visible()
    assert Strategy.objects.get().approved_by == strategist


@pytest.mark.timeout(300)
def test_mends_a_run_that_is_stuck(
    start_probe: Callable,
    quick_pauses: None,
    monkeypatch: pytest.MonkeyPatch,
    worker: Callable,
    page: Page,
    live_server: Any,
    log_in: Callable,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("apps.orchestration.services.compensate.fault_point", _archive_is_closed)
        stuck = finish(start_probe(refuse_at="four"))
    log_in()
    page.goto(live_server.url + page_of(stuck))
    expect(page.locator(".desk-head").first).to_contain_text("STUCK")
    expect(page.get_by_text("the archive is closed").first).to_be_visible()
    press(page, "Retry taking back", "opened the archive")
    worker()
    _wait_for_state(page, "COMPENSATED")


def _archive_is_closed(point: str, key: object) -> None:
    if point == "two.withdrawn":
        raise ConnectionError("the archive is closed")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", ROLES)
def test_finds_its_first_page_without_a_barrier_in_every_role(
    worked: WorkflowRun, page: Page, log_in: Callable, role: str
) -> None:
    log_in(role)
    assert page.get_by_role("heading").count() > 0
    assert grave_violations(page) == []


@pytest.mark.timeout(300)
def test_reads_the_main_pages_on_a_tablet_and_in_the_dark(
    worked: WorkflowRun, page: Page, live_server: Any, log_in: Callable
) -> None:
    log_in()
    page.set_viewport_size({"width": 820, "height": 1180})
    page.evaluate("localStorage.setItem('adminTheme', '\"dark\"')")
    wide = []
    for row in (worked, Draft.objects.get(), QcReport.objects.get()):
        page.goto(live_server.url + page_of(row))
        assert page.locator("html.dark").count() == 1
        assert grave_violations(page) == []
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(page_of(row))
    assert wide == [], "these pages scroll sideways"
