"""The desk's switches …"""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.identity.models import User
from apps.observability.models import AuditEntry
from apps.orchestration.models import ControlFlag
from apps.orchestration.services import control
from apps.shared.testing import send_dialog

pytestmark = pytest.mark.django_db
FLAGS = reverse("admin:orchestration_controlflag_changelist")
RUNS = reverse("admin:orchestration_workflowrun_changelist")
LOOK = ["view_controlflag", "view_workflowrun"]


def browser_of(user: User, codenames: list[str]) -> Browser:
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def desk(strategist: User) -> Browser:
    """A browser of somebody who may switch."""
    return browser_of(strategist, [*LOOK, "set_control_flag"])


def flag(name: str) -> ControlFlag:
    return ControlFlag.objects.get(name=name)


def button_of(name: str, wanted: str) -> str:
    return reverse(f"admin:orchestration_controlflag_switch_{name.lower()}_{wanted}", args=[flag(name).pk])


def press(browser: Browser, name: str, wanted: str, reason: str = "a drill") -> int:
    return browser.post(button_of(name, wanted), {"_form_submitted": "1", "reason": reason}).status_code


def switch_on(name: str, user: User, reason: str = "a drill") -> None:
    control.set_flag(ControlFlag.Name(name), is_on=True, by=user.pk, reason=reason, at=timezone.now())


def test_are_three_and_off_at_first(desk: Browser) -> None:
    shown = desk.get(FLAGS).context["cl"].result_list
    assert [(flag.name, flag.is_on) for flag in shown] == [("KILL", False), ("PAUSE", False), ("PROOF", False)]


@pytest.mark.parametrize("name", ControlFlag.Name)
def test_are_pressed_with_a_reason_and_show_the_way_back(desk: Browser, strategist: User, name: str) -> None:
    page = reverse("admin:orchestration_controlflag_change", args=[flag(name).pk])
    assert button_of(name, "on") in desk.get(page).content.decode()
    press(desk, name, "on", reason=" ")
    assert not flag(name).is_on
    press(desk, name, "on")
    assert (flag(name).is_on, flag(name).set_by, flag(name).reason) == (True, strategist, "a drill")
    shown = desk.get(page).content.decode()
    assert button_of(name, "off") in shown
    assert button_of(name, "on") not in shown
    press(desk, name, "off", reason="over")
    entry = AuditEntry.objects.filter(action="ControlFlagSet").latest("id")
    assert (flag(name).is_on, entry.actor_id, entry.reason) == (False, strategist.pk, "over")


def test_say_in_their_dialog_what_will_happen(desk: Browser) -> None:
    assert "everything stops after the step it is in" in desk.get(button_of("KILL", "on")).content.decode()


def test_are_each_moved_by_their_own_button_alone(desk: Browser) -> None:
    forged = reverse("admin:orchestration_controlflag_switch_kill_on", args=[flag("PAUSE").pk])
    assert "not possible any more" in send_dialog(desk, forged, reason="x").content.decode()
    assert not ControlFlag.objects.filter(is_on=True).exists()


def test_are_looked_at_by_all_and_moved_by_the_permitted(reviewer: User) -> None:
    browser = browser_of(reviewer, LOOK)
    page = reverse("admin:orchestration_controlflag_change", args=[flag("KILL").pk])
    assert button_of("KILL", "on") not in browser.get(page).content.decode()
    assert press(browser, "KILL", "on") == 403
    assert not flag("KILL").is_on


@pytest.mark.parametrize("page", [reverse("admin:index"), RUNS])
def test_stand_as_a_banner_above_the_work_while_they_are_on(desk: Browser, strategist: User, page: str) -> None:
    assert "desk-banner" not in desk.get(page).content.decode()
    switch_on("KILL", strategist, reason="The <b>archive</b> is full.")
    switch_on("PROOF", strategist)
    shown = desk.get(page).content.decode()
    for words in ("desk-banner-kill", "Kill is on", "The &lt;b&gt;archive&lt;/b&gt; is full.", "Sam Strategist"):
        assert words in shown
    assert "desk-banner-proof" in shown
    assert "desk-banner-pause" not in shown


def test_cost_the_runs_one_query_however_many_are_on(desk: Browser, strategist: User) -> None:
    desk.get(RUNS)
    counts = []
    for name in (None, "KILL", "PAUSE", "PROOF"):
        if name:
            switch_on(name, strategist)
        with CaptureQueriesContext(connection) as queries:
            desk.get(RUNS)
        counts.append(len([query for query in queries if "controlflag" in query["sql"]]))
    assert counts == [1, 1, 1, 1]
