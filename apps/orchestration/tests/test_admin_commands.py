"""A button of the run page …"""

import html
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import User
from apps.identity.services import grant_role_permissions
from apps.identity.tests.factories import UserFactory
from apps.observability.models import AuditEntry
from apps.orchestration.models import OutboxEvent, WorkflowRun
from apps.orchestration.queries.commands import POSSIBLE, possible_commands
from apps.orchestration.services.commands import COMMANDS, CommandRefused
from apps.orchestration.tests.conftest import finish
from apps.shared.testing import send_dialog

Run = Callable[..., WorkflowRun]
Ready = Callable[[str], WorkflowRun]

EVERYBODY_ON_RUNS = {"Owner", "Account manager", "Strategist", "Producer", "QC reviewer"}
THOSE_IN_CHARGE = {"Owner", "Account manager"}
WHO_MAY = {
    "retry-step": EVERYBODY_ON_RUNS,
    "resume": EVERYBODY_ON_RUNS,
    "rework": EVERYBODY_ON_RUNS,
    "accept": EVERYBODY_ON_RUNS,
    "skip-step": THOSE_IN_CHARGE,
    "cancel": THOSE_IN_CHARGE,
    "rerun": THOSE_IN_CHARGE,
    "compensate": THOSE_IN_CHARGE,
    "retry-compensation": {"Owner"},
}
ROLES = EVERYBODY_ON_RUNS | {"Sales", "Finance"}
IN_ANOTHER_STATE = dict.fromkeys(COMMANDS, "compensate") | {"compensate": "cancel", "rerun": "cancel"}
"""For each command one whose run does not obey it."""


def page_of(run: WorkflowRun) -> str:
    return reverse("admin:orchestration_workflowrun_change", args=[run.pk])


def button_of(run: WorkflowRun, command: str) -> str:
    return reverse(f"admin:orchestration_workflowrun_{COMMANDS[command].service.__name__}", args=[run.pk])


def press(browser: Browser, run: WorkflowRun, command: str, reason: str = "why not") -> int:
    """Press a button and send its dialog off; return the status of the answer."""
    return send_dialog(browser, button_of(run, command), reason=reason).status_code


def browser_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def owner(transactional_db: None) -> User:
    return UserFactory(email="owner@aicmo.test", is_superuser=True)


@pytest.fixture
def desk(owner: User) -> Browser:
    return browser_of(owner)


@pytest.fixture
def staff(transactional_db: None) -> dict[str, Browser]:
    """One person of every role, each at a browser."""
    people = {}
    for role in ROLES:
        people[role] = UserFactory()
        people[role].groups.add(Group.objects.get_or_create(name=role)[0])
    grant_role_permissions("orchestration")
    return {role: browser_of(person) for role, person in people.items()}


@pytest.mark.parametrize("command", COMMANDS)
def test_is_offered_to_the_roles_that_may_and_refused_to_the_others(
    ready_for: Ready, staff: dict[str, Browser], command: str
) -> None:
    run = ready_for(command)
    before = WorkflowRun.objects.values().get(pk=run.pk)
    offered = {
        role for role, desk in staff.items() if button_of(run, command) in desk.get(page_of(run)).content.decode()
    }
    assert offered == WHO_MAY[command]
    refused = {role for role, desk in staff.items() if desk.get(button_of(run, command)).status_code == 403}
    assert refused == ROLES - WHO_MAY[command]
    assert {press(staff[role], run, command) for role in refused} == {403}
    assert WorkflowRun.objects.values().get(pk=run.pk) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_says_why_it_is_too_late_and_changes_nothing(ready_for: Ready, desk: Browser, command: str) -> None:
    run = ready_for(IN_ANOTHER_STATE[command])
    assert button_of(run, command) not in desk.get(page_of(run)).content.decode()
    before, told = WorkflowRun.objects.values().get(pk=run.pk), OutboxEvent.objects.count()
    answer = send_dialog(desk, button_of(run, command), reason="The client <called>.").content.decode()
    assert "not done. The run is" in answer
    assert "The client &lt;called&gt;." in answer, "what was written is lost"
    assert (WorkflowRun.objects.values().get(pk=run.pk), OutboxEvent.objects.count()) == (before, told)


@pytest.mark.parametrize("command", [name for name, command in COMMANDS.items() if command.needs_reason])
def test_asks_again_until_it_has_a_reason(ready_for: Ready, desk: Browser, command: str) -> None:
    run = ready_for(command)
    before = WorkflowRun.objects.values().get(pk=run.pk)
    press(desk, run, command, reason="  ")
    assert WorkflowRun.objects.values().get(pk=run.pk) == before


def test_asks_for_an_instruction_in_the_words_of_the_work(ready_for: Ready, desk: Browser) -> None:
    dialog = desk.get(button_of(ready_for("rework"), "rework")).content.decode()
    assert "What should be done differently?" in dialog
    assert "One more round is taken" in dialog


def test_does_nothing_when_the_run_moved_on_under_its_dialog(ready_for: Ready, desk: Browser) -> None:
    run = ready_for("skip-step")
    dialog = desk.get(button_of(run, "skip-step"), headers={"HX-Request": "true"}).content.decode()
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', dialog)
    assert seen is not None
    WorkflowRun.objects.filter(pk=run.pk).update(round=run.round + 1)
    answer = send_dialog(desk, button_of(run, "skip-step"), reason="why not", seen=html.unescape(seen[1]))
    assert not OutboxEvent.objects.filter(run_id=run.pk, name="StepSkipped").exists()
    assert "It has moved on since you opened this" in answer.content.decode()


def test_acts_by_post_alone(ready_for: Ready, desk: Browser) -> None:
    run = ready_for("cancel")
    desk.get(button_of(run, "cancel"), {"_form_submitted": "1", "reason": "by a link"})
    run.refresh_from_db()
    assert run.state == "WAITING"


def test_heeds_nothing_but_the_reason(ready_for: Ready, desk: Browser, owner: User, reviewer: User) -> None:
    run, other = ready_for("cancel"), ready_for("cancel")
    forged = {"by": str(reviewer.pk), "state": "COMPLETED", "run": str(other.pk), "object_id": str(other.pk)}
    send_dialog(desk, button_of(run, "cancel"), reason="why not", **forged)
    run.refresh_from_db()
    other.refresh_from_db()
    assert (run.state, other.state) == ("COMPENSATING", "WAITING")
    assert AuditEntry.objects.get(action="CancellationAsked").actor_id == owner.pk


def test_shows_a_reason_as_it_was_written(ready_for: Ready, desk: Browser) -> None:
    evil = "<script>alert(1)</script>"
    run = ready_for("rework")
    press(desk, run, "rework", reason=evil)
    finish(run)
    press(desk, run, "cancel", reason=evil)
    for page in (page_of(run), f"{reverse('admin:observability_auditentry_changelist')}?q={run.pk}"):
        shown = desk.get(page).content.decode()
        assert evil not in shown
        assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2


def test_leads_to_the_new_run_and_back(ready_for: Ready, desk: Browser) -> None:
    run = ready_for("rerun")
    press(desk, run, "rerun")
    new = run.reruns.get()
    shown = desk.get(page_of(run))
    assert f'href="{page_of(new)}"' in "".join(map(str, shown.context["messages"]))
    assert page_of(new) in shown.context["run_again"]
    assert page_of(run) in desk.get(page_of(new)).content.decode()


def test_is_offered_exactly_where_the_service_obeys(ready_for: Ready, start_probe: Run, owner: User) -> None:
    runs = [start_probe(), *map(ready_for, COMMANDS), finish(start_probe(refuse_at="two"))]
    for run in runs:
        obeyed = {name for name in COMMANDS if _obeys(run, name, owner)}
        if run.needs_person:
            obeyed.discard("resume")  # it obeys, but to look again is no use before that person has moved
        assert set(possible_commands(run)) == obeyed, (run.workflow, run.state)
    assert POSSIBLE.keys() == COMMANDS.keys()


def _obeys(run: WorkflowRun, name: str, owner: User) -> bool:
    try:
        with transaction.atomic():
            COMMANDS[name].give(run, by=owner.pk, reason="try")
            transaction.set_rollback(True)
    except CommandRefused:
        return False
    return True
