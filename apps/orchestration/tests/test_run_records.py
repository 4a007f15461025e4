"""The page of a run leads from each step to …"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import User
from apps.orchestration.admin.records import NEWEST, rows_by_step
from apps.orchestration.models import OutboxEvent, StepRun, WorkflowRun
from apps.orchestration.rules import plain
from apps.orchestration.services import commands
from apps.orchestration.tests.conftest import finish
from apps.orchestration.workflows import get_workflow

Run = Callable[..., WorkflowRun]
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
BRIEF, KEY = 0, UUID(int=7)
EVERYTHING = ["view_workflowrun", "view_steprun", "view_outboxevent", "view_auditentry"]


def page_of(run: WorkflowRun) -> str:
    return reverse("admin:orchestration_workflowrun_change", args=[run.pk])


@pytest.fixture
def look(transactional_db: None, strategist: User) -> Callable[..., Any]:
    """Open a run's page as somebody who may see so much."""

    def look(run: WorkflowRun, *codenames: str) -> Any:
        strategist.user_permissions.set(Permission.objects.filter(codename__in=codenames or EVERYTHING))
        browser = Browser()
        browser.force_login(strategist)
        return browser.get(page_of(run))

    return look


def step(position: int, begun: int, ended: int | None) -> Any:
    """Return a step as far as its time and place go, in seconds after noon."""
    finished_at = None if ended is None else NOON + timedelta(seconds=ended)
    return SimpleNamespace(
        pk=uuid4(), position=position, started_at=NOON + timedelta(seconds=begun), finished_at=finished_at
    )


def event(second: int, aggregate: str = "onboarding.brief", pk: UUID = KEY) -> Any:
    return SimpleNamespace(aggregate=aggregate, aggregate_id=pk, occurred_at=NOON + timedelta(seconds=second))


def written(steps: list[Any], *events: Any) -> list[list[Any]]:
    found = rows_by_step(get_workflow("client_to_delivery"), steps, events)
    return [found.get(each.pk, []) for each in steps]


def test_each_row_of_its_module_that_it_told_of_once() -> None:
    told = event(1), event(2), event(2, pk=UUID(int=8)), event(2, "qc.qcreport")
    assert written([step(BRIEF, 0, 3)], *told) == [[("onboarding.brief", KEY), ("onboarding.brief", UUID(int=8))]]


def test_no_row_that_was_told_of_before_or_after_its_time() -> None:
    assert written([step(BRIEF, 2, 3)], event(1), event(4)) == [[]]
    assert written([step(BRIEF, 2, None)], event(2)) == [[]]


def test_the_row_of_its_own_round() -> None:
    steps = [step(BRIEF, 0, 1), step(BRIEF, 2, 3)]
    assert written(steps, event(3, pk=UUID(int=8)), event(0)) == [
        [("onboarding.brief", KEY)],
        [("onboarding.brief", UUID(int=8))],
    ]


def test_nothing_where_nobody_knows_its_workflow_any_more() -> None:
    assert rows_by_step(None, [step(BRIEF, 0, 3)], [event(1)]) == {}
    assert written([step(99, 0, 3)], event(1)) == [[]]


def test_the_trace_of_its_error_behind_a_fold(run_probe: Run, look: Callable) -> None:
    run = run_probe(refuse_at="three")
    run.step_runs.filter(name="three").update(error="ValueError: boom", trace="Traceback <here>\n  boom")
    page = " ".join(look(run).content.decode().split())
    assert (
        '<summary>Trace of the error</summary> <pre class="desk-code" tabindex="0">Traceback &lt;here&gt; boom</pre>'
        in page
    )
    assert "Something unforeseen went wrong (ValueError): boom" in page


def test_no_trace_where_one_may_not_see_step_runs(run_probe: Run, look: Callable) -> None:
    run = run_probe(refuse_at="three")
    run.step_runs.filter(name="three").update(error="ValueError: boom", trace="Traceback")
    page = look(run, "view_workflowrun").content.decode()
    assert "boom" in page
    assert "Traceback" not in page


def test_the_events_and_the_audit_of_its_run(start_probe: Run, look: Callable, strategist: User) -> None:
    run = finish(start_probe("probe_rounds", label="99"))
    commands.rework(run, by=strategist.pk, reason="Make it <b>shorter</b>.")
    page = look(run)
    told, entries = page.context["run_told"], page.context["run_entries"]
    assert [len(told), len(entries)] == [OutboxEvent.objects.filter(run_id=run.pk).count()] * 2
    assert "Round decided" in told[-1]["name"]
    assert (entries[0]["by"], entries[-1]["by"]) == ("the engine", "Sam Strategist")
    assert "Make it &lt;b&gt;shorter&lt;/b&gt;." in page.content.decode()


def test_the_newest_of_many_events_the_last_one_last(start_probe: Run, look: Callable, strategist: User) -> None:
    run = finish(start_probe("probe_rounds", label="99"))
    for _ in range(5):
        commands.rework(run, by=strategist.pk, reason="more")
        run = finish(run)
    told = look(run).context["run_told"]
    assert (len(told), sorted(line["at"] for line in told)) == (NEWEST, [line["at"] for line in told])
    assert told[-1]["at"] == OutboxEvent.objects.filter(run_id=run.pk).latest("sequence").occurred_at


@pytest.mark.parametrize(("codename", "hidden"), [("view_outboxevent", "run_told"), ("view_auditentry", "run_entries")])
def test_neither_without_the_right_to_see_them(run_probe: Run, look: Callable, codename: str, hidden: str) -> None:
    run = run_probe()
    assert look(run).context[hidden]
    assert look(run, *(name for name in EVERYTHING if name != codename)).context[hidden] is None


def test_a_step_of_a_state_nobody_knows(run_probe: Run, look: Callable) -> None:
    run = run_probe()
    StepRun.objects.filter(run=run, name="two").update(name="renamed_since")
    WorkflowRun.objects.filter(pk=run.pk).update(state="PUZZLED", version=99)
    page = look(run)
    assert page.status_code == 200
    assert "PUZZLED" in page.content.decode()
    assert "Renamed since" in page.content.decode()


@pytest.mark.parametrize(
    ("noted", "said"),
    [
        ("TransientFailure: the vendor is away", "Something outside did not answer: the vendor is away"),
        ("PersonNeeded: sign it", "A person is needed: sign it"),
        ("two: KeyError: 'x'", "two: Something unforeseen went wrong (KeyError): 'x'"),
        (
            "Compensation, attempt 2: ConnectionError: closed",
            "Compensation, attempt 2: Something outside could not be reached: closed",
        ),
        ("The check found 3 errors: see below", "The check found 3 errors: see below"),
        ("", ""),
    ],
)
def test_an_error_in_plain_words(noted: str, said: str) -> None:
    assert plain(noted) == said
