"""The page of a run says …"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.identity.models import User
from apps.identity.tests.factories import UserFactory
from apps.orchestration.models import StepRun, WorkflowRun
from apps.orchestration.services import commands
from apps.orchestration.services.sweep import move
from apps.orchestration.tests.conftest import finish
from bench.probe.people import ProbeApproved, decide

Run = Callable[..., WorkflowRun]
RUNS = "admin:orchestration_workflowrun_changelist"


@pytest.fixture
def owner(transactional_db: None) -> User:
    return UserFactory(is_superuser=True)


@pytest.fixture
def desk(owner: User) -> Browser:
    browser = Browser()
    browser.force_login(owner)
    return browser


def page_of(run: WorkflowRun) -> str:
    return reverse("admin:orchestration_workflowrun_change", args=[run.pk])


def text_of(desk: Browser, run: WorkflowRun) -> str:
    """Return the page as a browser gets it, each run of white space as one space."""
    return " ".join(desk.get(page_of(run)).content.decode().split())


def test_what_it_waits_for_about_which_row_and_since_when(start_probe: Run, desk: Browser) -> None:
    run = finish(start_probe("probe_wait"))
    waits = desk.get(page_of(run)).context["run_waits"]
    assert waits["words"] == "probe approved or probe rejected"
    assert str(run.waiting_on)[-6:] in waits["about"]
    assert waits["since"] == run.step_runs.get(position=1).started_at
    assert "As long as it takes" in text_of(desk, run)


@pytest.mark.parametrize(
    ("workflow", "then"),
    [
        ("probe_remind", "then somebody is reminded, and it waits once more"),
        ("probe_proceed", "then it goes on without an answer"),
        ("probe_expire", "then it is taken back"),
    ],
)
def test_until_when_it_waits_and_what_happens_then(start_probe: Run, desk: Browser, workflow: str, then: str) -> None:
    run = finish(start_probe(workflow))
    assert run.wait_until > timezone.now() - timedelta(minutes=1)
    assert then in text_of(desk, run)


def test_that_a_reminder_went_out_already(start_probe: Run, desk: Browser) -> None:
    run = finish(start_probe("probe_remind"))
    StepRun.objects.filter(run=run, position=1).update(error="Nobody answered within 0:00:01.")
    assert "Nobody answered within 0:00:01." in text_of(desk, run)


def test_what_a_person_is_asked_to_do(start_probe: Run, desk: Browser) -> None:
    text = text_of(desk, finish(start_probe("probe_ask", label="signature")))
    assert '<p class="desk-said">Leave a row named &#x27;signature&#x27;, then try again.</p>' in text
    assert "press “Retry step”" in text
    assert "PersonNeeded" not in text


def test_what_there_is_to_decide_after_the_last_round(start_probe: Run, desk: Browser) -> None:
    run = finish(start_probe("probe_rounds", label="99"))
    shown = desk.get(page_of(run)).context
    assert [choice["label"] for choice in shown["run_decisions"]] == ["Rework", "Accept as it is", "Stop and take back"]
    assert "Judge piece was not content after round 3; 3 were allowed." in text_of(desk, run)
    assert "Score" in shown["run_waits"]["said"]


def test_that_somebody_else_decides_to_who_may_only_look(start_probe: Run, reviewer: User) -> None:
    reviewer.user_permissions.set(Permission.objects.filter(codename="view_workflowrun"))
    browser = Browser()
    browser.force_login(reviewer)
    text = text_of(browser, finish(start_probe("probe_rounds", label="99")))
    assert "You may look, but not decide." in text
    assert "desk-choices" not in text


def test_which_steps_belong_to_which_round_and_what_was_asked_for_it(
    start_probe: Run, desk: Browser, owner: User
) -> None:
    run = finish(start_probe("probe_rounds", label="99"))
    commands.rework(run, by=owner.pk, reason="Make it <b>shorter</b>.")
    run = finish(run)
    groups = desk.get(page_of(run)).context["run_groups"]
    assert [(group["round"], len(group["lines"]), group["asked"]) for group in groups] == [
        *((None, 1, ""), (1, 2, ""), (2, 2, ""), (3, 2, "")),
        *((4, 2, "Make it <b>shorter</b>."), (None, 1, "")),
    ]
    text = text_of(desk, run)
    assert "Round 3 of at most 3" in text
    assert "Round 4, ordered by a person: <q>Make it &lt;b&gt;shorter&lt;/b&gt;.</q>" in text


def test_nothing_of_rounds_where_there_are_none(run_probe: Run, desk: Browser) -> None:
    run = run_probe()
    assert [group["round"] for group in desk.get(page_of(run)).context["run_groups"]] == [None]


def test_what_could_not_be_taken_back_and_what_to_do_about_it(start_probe: Run, desk: Browser, owner: User) -> None:
    run = finish(start_probe("probe_wait"))
    decide(ProbeApproved, run.waiting_on)
    move(run.pk)
    assert "What could not be taken back" not in text_of(desk, run)
    commands.compensate_run(run, by=owner.pk, reason="wrong")
    text = text_of(desk, finish(run))
    line = "<td>Send answer</td><td>A letter was sent.</td><td>Write to the client that it is void.</td>"
    assert "What could not be taken back" in text
    assert line in text


def test_which_event_ended_a_wait(start_probe: Run, desk: Browser) -> None:
    run = finish(start_probe("probe_wait"))
    event = decide(ProbeApproved, run.waiting_on)
    move(run.pk)
    line = desk.get(page_of(run)).context["run_groups"][0]["lines"][1]
    assert line["name"] == "Wait for probe approved"
    assert reverse("admin:orchestration_outboxevent_change", args=[event.event_id]) in line["made"]


def test_why_nobody_can_move_it(start_probe: Run, desk: Browser) -> None:
    run = start_probe()
    WorkflowRun.objects.filter(pk=run.pk).update(version=99)
    move(run.pk)
    assert "<strong>Parked.</strong> Waits for a release that knows probe_five v99." in text_of(desk, run)


def test_in_the_list_too_what_each_waits_for(start_probe: Run, desk: Browser) -> None:
    for workflow, label in (("probe_wait", ""), ("probe_ask", "x"), ("probe_rounds", "99")):
        finish(start_probe(workflow, label=label))
    shown = desk.get(reverse(RUNS), {"state__exact": "WAITING"}).content.decode()
    for words in ("waits for probe approved or probe rejected", "waits for a person", "waits for a decision"):
        assert words in shown
    assert not desk.get(reverse(RUNS), {"state__exact": "CANCELLED"}).context["cl"].result_list


def test_all_this_as_cheaply_in_round_nine_as_in_round_four(start_probe: Run, desk: Browser, owner: User) -> None:
    run = finish(start_probe("probe_rounds", label="99"))
    commands.rework(run, by=owner.pk, reason="more")
    run = finish(run)
    _queries(desk, page_of(run))
    first = _queries(desk, page_of(run))
    for _ in range(5):
        commands.rework(run, by=owner.pk, reason="more")
        run = finish(run)
    assert _queries(desk, page_of(run)) == first


def test_in_a_list_of_twenty_as_cheaply_as_of_five(start_probe: Run, desk: Browser) -> None:
    counts = []
    for more in (5, 15):
        for _ in range(more):
            start_probe("probe_wait")
        counts.append(_queries(desk, reverse(RUNS)))
    assert counts[0] == counts[1] <= 12


def _queries(desk: Browser, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(address).status_code == 200
    return len(queries)
