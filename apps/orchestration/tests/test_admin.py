"""The desk's page of a run …"""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from django.urls import reverse
from uuid_utils.compat import uuid7

from apps.identity.models import User
from apps.observability.api import ports as observability
from apps.orchestration.models import StepRun, WorkflowRun
from apps.shared.testing import send_dialog

Run = Callable[..., WorkflowRun]
BANNED_WORD = {
    "severity": "BLOCKER",
    "section": "overview",
    "message": "The client banned “painless”.",
    "evidence": "It is ‹painless›.",
    "fix": "Say it without.",
}
LONG_SENTENCE = {"severity": "MINOR", "section": "", "message": "<b>Long</b>", "evidence": "", "fix": "Cut it."}


@pytest.fixture
def desk(strategist: User) -> Browser:
    """A browser of somebody who may look at runs and send stuck ones back."""
    codenames = ["view_workflowrun", "view_steprun", "retry_compensation"]
    strategist.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    browser = Browser()
    browser.force_login(strategist)
    return browser


def address(run: WorkflowRun, name: str = "change") -> str:
    return reverse(f"admin:orchestration_workflowrun_{name}", args=[run.pk])


def bring_to(run: WorkflowRun, state: str) -> WorkflowRun:
    """Put a run into a state that it takes long to reach."""
    WorkflowRun.objects.filter(pk=run.pk).update(state=state)
    return WorkflowRun.objects.get(pk=run.pk)


def lines(page: object) -> list[tuple[str, str]]:
    """Return the steps of a run page, each with its state."""
    states = StepRun.State.values
    shown = [line for group in page.context["run_groups"] for line in group["lines"]]  # type: ignore[attr-defined]
    return [(line["name"], next(state for state in states if state in line["badge"])) for line in shown]


def test_shows_every_step_in_order_and_those_not_begun(run_probe: Run, desk: Browser) -> None:
    page = desk.get(address(run_probe(refuse_at="three")))
    assert lines(page) == [
        *(("One", "COMPENSATED"), ("Two", "COMPENSATED"), ("Three", "FAILED")),
        *(("Four", "PENDING"), ("Five", "PENDING")),
    ]


def test_says_why_a_step_failed(run_probe: Run, desk: Browser) -> None:
    assert "three was told to refuse" in desk.get(address(run_probe(refuse_at="three"))).content.decode()


def test_lists_the_findings_of_a_failed_quality_check(run_probe: Run, desk: Browser) -> None:
    run = run_probe(refuse_at="three")
    run.step_runs.filter(name="three").update(
        outcome={"verdict": "FAIL", "score": 67, "findings": [BANNED_WORD, LONG_SENTENCE]}
    )
    page = desk.get(address(run)).content.decode()
    for words in (
        "67 of 100 points",
        "The client banned “painless”.",
        "It is ‹painless›.",
        "Say it without.",
        "whole draft",
    ):
        assert words in page
    assert "&lt;b&gt;Long&lt;/b&gt;" in page


def test_opens_when_no_release_knows_the_workflow_any_more(run_probe: Run, desk: Browser) -> None:
    run = run_probe(refuse_at="two")
    WorkflowRun.objects.filter(pk=run.pk).update(workflow="retired_long_ago")
    assert lines(desk.get(address(run))) == [("One", "COMPENSATED"), ("Two", "FAILED")]
    assert desk.get(reverse("admin:orchestration_workflowrun_changelist")).status_code == 200


def test_leads_home_from_a_run_that_does_not_exist(desk: Browser) -> None:
    answer = desk.get(reverse("admin:orchestration_workflowrun_change", args=[uuid7()]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("admin:index"))


@pytest.mark.parametrize("state", ["COMPLETED", "COMPENSATED", "FAILED", "COMPENSATING", "RUNNING", "PENDING"])
def test_offers_no_retry_unless_the_run_is_stuck(run_probe: Run, desk: Browser, state: str) -> None:
    run = bring_to(run_probe(), state)
    assert address(run, "retry_compensation") not in desk.get(address(run)).content.decode()
    answer = send_dialog(desk, address(run, "retry_compensation"), reason="now")
    assert f"not done. The run is {state}, not STUCK." in answer.content.decode()
    assert WorkflowRun.objects.get(pk=run.pk).state == state


def test_sends_a_stuck_run_back_by_post_only_and_with_a_reason(run_probe: Run, desk: Browser) -> None:
    run = bring_to(run_probe(), "STUCK")
    button = address(run, "retry_compensation")
    assert button in desk.get(address(run)).content.decode()
    desk.get(button)
    send_dialog(desk, button, reason="")
    assert WorkflowRun.objects.get(pk=run.pk).state == "STUCK"
    send_dialog(desk, button, reason="The archive is open again.")
    assert WorkflowRun.objects.get(pk=run.pk).state == "COMPENSATING"
    last = observability.list_entries_of_run(run_id=run.pk)[-1]
    assert (last.action, last.reason) == ("CompensationRetried", "The archive is open again.")


def test_refuses_the_retry_to_who_may_only_look(run_probe: Run, desk: Browser, strategist: User) -> None:
    strategist.user_permissions.remove(Permission.objects.get(codename="retry_compensation"))
    run = bring_to(run_probe(), "STUCK")
    assert address(run, "retry_compensation") not in desk.get(address(run)).content.decode()
    assert desk.post(address(run, "retry_compensation"), {"_form_submitted": "1", "reason": "x"}).status_code == 403
    assert WorkflowRun.objects.get(pk=run.pk).state == "STUCK"
