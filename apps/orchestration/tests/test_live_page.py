"""An open page of a run …"""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from uuid_utils.compat import uuid7

from apps.identity.models import User
from apps.identity.tests.factories import UserFactory
from apps.orchestration.models import StepRun, WorkflowRun
from apps.orchestration.services.sweep import move
from apps.orchestration.tests.conftest import finish

Run = Callable[..., WorkflowRun]
MOST_QUERIES = 12


@pytest.fixture
def desk(transactional_db: None) -> Browser:
    browser = Browser()
    browser.force_login(UserFactory(is_superuser=True))
    return browser


def page_of(run: WorkflowRun) -> str:
    return reverse("admin:orchestration_workflowrun_change", args=[run.pk])


def asked_by(desk: Browser, run: WorkflowRun) -> str:
    """Return the address that the page of a run asks, as htmx would read it; empty when it asks nothing."""
    found = re.search(r'id="run-live" hx-get="([^"]+)"', desk.get(page_of(run)).content.decode())
    return found[1].replace("&amp;", "&") if found else ""


def loads_anew(answer: HttpResponse) -> bool:
    return answer.headers.get("HX-Refresh") == "true" and not answer.content


def test_asks_every_other_second_until_the_run_has_ended(start_probe: Run, desk: Browser) -> None:
    run = start_probe()
    assert asked_by(desk, run).startswith(f"/admin/orchestration/workflowrun/{run.pk}/live/?state=PENDING&seen=")
    assert 'hx-trigger="every 2s [' in desk.get(page_of(run)).content.decode()
    assert asked_by(desk, finish(run)) == ""


def test_leaves_the_dialogs_of_its_buttons_where_they_belong(start_probe: Run, desk: Browser) -> None:
    """They are loaded by htmx too, and would replace the dialog's frame as the part replaces itself."""
    page = desk.get(page_of(finish(start_probe("probe_rounds", label="99")))).content.decode()
    live = re.search(r'<div id="run-live"[^>]*>', page)[0]
    assert 'hx-swap="outerHTML" hx-disinherit="*"' in live
    assert 'hx-target="#modal-content"' in page.split(live)[1]


def test_gets_nothing_while_nothing_has_changed(start_probe: Run, desk: Browser) -> None:
    address = asked_by(desk, finish(start_probe("probe_wait")))
    answers = [desk.get(address) for _ in range(2)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b""), (204, b"")]
    assert "no-store" in answers[0].headers["Cache-Control"]


def test_gets_what_has_changed_as_the_page_itself_would_show_it(start_probe: Run, desk: Browser) -> None:
    run = finish(start_probe("probe_wait"))
    address = asked_by(desk, run)
    StepRun.objects.filter(run=run, position=1).update(error="Nobody answered <at all>.")
    answer = desk.get(address)
    assert answer.status_code == 200
    assert "Nobody answered &lt;at all&gt;." in answer.content.decode()
    assert answer.content.decode().strip() in desk.get(page_of(run)).content.decode()
    assert desk.get(asked_by(desk, run)).status_code == 204


def test_is_loaded_anew_when_its_buttons_do_not_fit_any_more(start_probe: Run, desk: Browser) -> None:
    run = start_probe("probe_wait")
    address = asked_by(desk, run)
    move(run.pk)
    answer = desk.get(address)
    assert (answer.status_code, loads_anew(answer)) == (200, True)


def test_is_loaded_anew_and_asks_no_more_when_the_run_has_ended(start_probe: Run, desk: Browser) -> None:
    run = start_probe()
    address = asked_by(desk, run)
    finish(run)
    answer = desk.get(address)
    assert (answer.status_code, loads_anew(answer)) == (286, True)


def test_asks_no_more_when_the_run_had_ended_before(run_probe: Run, desk: Browser) -> None:
    answer = desk.get(reverse("admin:orchestration_workflowrun_live", args=[run_probe().pk]), {"state": "COMPLETED"})
    assert answer.status_code == 286
    assert "hx-get" not in answer.content.decode().split("desk-stale")[0]


@pytest.mark.parametrize("permissions", [[], ["view_steprun", "view_outboxevent"]])
def test_tells_nothing_to_who_may_not_see_runs(start_probe: Run, reviewer: User, permissions: list[str]) -> None:
    run = start_probe()
    reviewer.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    browser = Browser()
    browser.force_login(reviewer)
    for someone in (browser, Browser()):  # a stranger's page is to be loaded anew, which leads to the login
        answer = someone.get(reverse("admin:orchestration_workflowrun_live", args=[run.pk]))
        assert (answer.status_code, loads_anew(answer)) == (403, True)


def test_tells_nothing_to_who_left_the_staff(start_probe: Run) -> None:
    person = UserFactory(is_superuser=True, is_staff=False)
    browser = Browser()
    browser.force_login(person)
    answer = browser.get(reverse("admin:orchestration_workflowrun_live", args=[start_probe().pk]))
    assert (answer.status_code, answer.content) == (403, b"")


@pytest.mark.parametrize("name", [str(uuid7()), "rubbish"])
def test_is_loaded_anew_when_its_run_is_gone(desk: Browser, name: str) -> None:
    answer = desk.get(reverse("admin:orchestration_workflowrun_live", args=[name]))
    assert (answer.status_code, loads_anew(answer)) == (404, True)


def test_changes_nothing_by_asking(start_probe: Run, desk: Browser) -> None:
    run = finish(start_probe("probe_wait"))
    address, before = asked_by(desk, run), WorkflowRun.objects.values().get(pk=run.pk)
    desk.get(address)
    assert desk.post(address).status_code == 405
    assert WorkflowRun.objects.values().get(pk=run.pk) == before


@pytest.mark.parametrize("workflow", ["probe_wait", "probe_ask", "probe_rounds"])
def test_asks_cheaply(start_probe: Run, desk: Browser, strategist: User, workflow: str) -> None:
    strategist.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    ordinary = Browser()
    ordinary.force_login(strategist)
    run = finish(start_probe(workflow, label="99"))
    for browser in (desk, ordinary):
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get(reverse("admin:orchestration_workflowrun_live", args=[run.pk]), {"state": run.state})
        assert "run-live" in answer.content.decode()
        assert len(queries) <= MOST_QUERIES
