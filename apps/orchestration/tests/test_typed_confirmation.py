"""Taking a run back by a button …"""

import re
from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import Client
from apps.identity.tests.factories import UserFactory
from apps.orchestration.models import WorkflowRun
from apps.orchestration.tests.conftest import finish
from apps.shared.testing import send_dialog

Run = Callable[..., WorkflowRun]


@pytest.fixture
def desk(transactional_db: None) -> Browser:
    browser = Browser()
    browser.force_login(UserFactory(is_superuser=True))
    return browser


@pytest.fixture
def run(start_probe: Run, acme: Client) -> WorkflowRun:
    """A run for Acme Ltd. that has made something and waits."""
    run = finish(start_probe("probe_wait"))
    Client.objects.filter(pk=acme.pk).update(name="Acme Ltd. GmbH")
    WorkflowRun.objects.filter(pk=run.pk).update(client=acme)
    return run


def button_of(run: WorkflowRun) -> str:
    return reverse("admin:orchestration_workflowrun_cancel", args=[run.pk])


def state_of(run: WorkflowRun) -> str:
    return WorkflowRun.objects.get(pk=run.pk).state


@pytest.mark.parametrize("typed", ["", "Acme", "yes", "Acme Ltd GmbH"])
def test_is_refused_in_words_when_the_client_s_name_is_not_typed(desk: Browser, run: WorkflowRun, typed: str) -> None:
    answer = send_dialog(desk, button_of(run), reason="They left.", confirm=typed).content.decode()
    assert ("This is not “Acme Ltd. GmbH”. Nothing was done." in answer) is bool(typed)
    assert "They left." in answer, "what was written is lost"
    assert state_of(run) == "WAITING"


@pytest.mark.parametrize("typed", ["Acme Ltd. GmbH", "  acme  ltd. gmbh ", "ACMELTD.GMBH"])
def test_forgives_letter_case_and_spaces(desk: Browser, run: WorkflowRun, typed: str) -> None:
    send_dialog(desk, button_of(run), reason="They left.", confirm=typed)
    assert state_of(run) == "COMPENSATING"


def test_asks_for_the_name_of_a_run_that_has_no_client(desk: Browser, start_probe: Run) -> None:
    run = finish(start_probe("probe_wait"))
    name = f"run {str(run.pk)[-6:]}"
    assert f"Type “{name}” to confirm" in desk.get(button_of(run)).content.decode()
    send_dialog(desk, button_of(run), reason="Never mind.", confirm=name)
    assert state_of(run) == "COMPENSATING"


def test_asks_for_nothing_where_nothing_would_go(desk: Browser, start_probe: Run) -> None:
    run = start_probe("probe_wait")
    assert "to confirm" not in desk.get(button_of(run)).content.decode()
    send_dialog(desk, button_of(run), reason="Never mind.")
    assert state_of(run) == "CANCELLED"


def test_is_refused_to_who_was_not_shown_what_would_go(desk: Browser, run: WorkflowRun) -> None:
    answer = send_dialog(desk, button_of(run), reason="They left.", seen="")
    assert "not done." in answer.content.decode()
    assert state_of(run) == "WAITING"


def test_works_without_a_script(desk: Browser, run: WorkflowRun) -> None:
    page = desk.get(button_of(run)).content.decode()
    assert "<html" in page
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', page)
    assert seen is not None
    answer = desk.post(
        button_of(run), {"_form_submitted": "1", "reason": "x", "confirm": "acme ltd. gmbh", "seen": seen[1]}
    )
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"{run.pk}/change/")
    assert state_of(run) == "COMPENSATING"
