"""A button pressed for several rows of a list …"""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import User
from apps.identity.tests.factories import UserFactory
from apps.observability.models import AuditEntry
from apps.orchestration.models import WorkflowRun
from apps.shared.admin import bulk

RUNS = "admin:orchestration_workflowrun_changelist"
Ready = Callable[[str], WorkflowRun]


@pytest.fixture
def owner(start_probe: object) -> User:
    return UserFactory(is_superuser=True)


@pytest.fixture
def desk(owner: User) -> Browser:
    return _browser(owner)


def _browser(person: User) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


def _send(browser: Browser, action: str, runs: list[WorkflowRun], **more: str) -> object:
    return browser.post(reverse(RUNS), {"action": action, "_selected_action": [run.pk for run in runs], **more})


def _told(answer: object) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]  # type: ignore[attr-defined]


def test_says_first_which_it_fits_and_changes_nothing(ready_for: Ready, desk: Browser) -> None:
    waiting, done = ready_for("cancel"), ready_for("compensate")
    page = _send(desk, "cancel_several", [waiting, done])
    assert ([*page.context["fit"]], [*page.context["others"]]) == ([waiting], [done])  # type: ignore[attr-defined]
    assert set(WorkflowRun.objects.values_list("state", flat=True)) == {"WAITING", "COMPLETED"}


def test_does_it_row_by_row_with_one_reason_and_tells_of_each(ready_for: Ready, desk: Browser, owner: User) -> None:
    runs = [ready_for("cancel") for _ in range(2)]
    answer = _send(desk, "cancel_several", runs, press="yes", reason="the client has left", confirm=" 2 ")
    assert set(WorkflowRun.objects.values_list("state", flat=True)) <= {"COMPENSATING", "CANCELLED"}
    (told,) = _told(answer)
    assert "2 of 2" in told
    assert all(str(run) in told for run in runs)
    entries = AuditEntry.objects.filter(reason="the client has left", actor_id=owner.pk)
    assert set(entries.values_list("object_id", flat=True)) == {run.pk for run in runs}


def test_tells_which_were_refused_meanwhile_and_does_the_others(
    ready_for: Ready, desk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = ready_for("cancel"), ready_for("cancel")
    press = bulk.press

    def somebody_was_faster(button: object, model: object, pk: object, **how: object) -> object:
        if pk == first.pk:
            WorkflowRun.objects.filter(pk=pk).update(state="COMPLETED")
        return press(button, model, pk, **how)

    monkeypatch.setattr(bulk, "press", somebody_was_faster)
    told = _told(_send(desk, "cancel_several", [first, second], press="yes", reason="over", confirm="2"))
    assert [str(second) in told[0], str(first) in told[1]] == [True, True]
    assert "only a run that goes forward can be cancelled" in told[1]


@pytest.mark.parametrize("typed", ["", "1", "3", "two"])
def test_takes_nothing_back_until_their_number_is_typed(ready_for: Ready, desk: Browser, typed: str) -> None:
    runs = [ready_for("cancel") for _ in range(2)]
    page = _send(desk, "cancel_several", runs, press="yes", reason="over", confirm=typed)
    assert "confirm" in page.context["form"].errors  # type: ignore[attr-defined]
    assert page.context["form"]["reason"].value() == "over"  # type: ignore[attr-defined]
    assert set(WorkflowRun.objects.values_list("state", flat=True)) == {"WAITING"}


def test_asks_anew_when_fewer_would_be_taken_back_than_were_shown(ready_for: Ready, desk: Browser) -> None:
    first, second = ready_for("cancel"), ready_for("cancel")
    WorkflowRun.objects.filter(pk=first.pk).update(state="COMPLETED")
    page = _send(desk, "cancel_several", [first, second], press="yes", reason="over", confirm="2")
    assert page.context["fit"] == [second]  # type: ignore[attr-defined]
    assert WorkflowRun.objects.get(pk=second.pk).state == "WAITING"


def test_asks_for_no_number_where_nothing_is_removed(ready_for: Ready, desk: Browser) -> None:
    page = _send(desk, "resume_several", [ready_for("resume")])
    assert "confirm" not in page.context["form"].fields  # type: ignore[attr-defined]


def test_asks_again_where_the_reason_is_missing(ready_for: Ready, desk: Browser) -> None:
    run = ready_for("cancel")
    page = _send(desk, "cancel_several", [run], press="yes", reason="")
    assert "reason" in page.context["form"].errors  # type: ignore[attr-defined]
    run.refresh_from_db()
    assert run.state == "WAITING"


def test_refuses_more_than_a_request_can_do(ready_for: Ready, desk: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST", 1)
    runs = [ready_for("cancel") for _ in range(2)]
    assert "at most 1 at once" in _told(_send(desk, "cancel_several", runs, press="yes", reason="over"))[0]


@pytest.mark.parametrize("rights", [(), ("view_workflowrun",), ("view_workflowrun", "retry_step")])
def test_is_offered_to_those_alone_who_may_press_it(ready_for: Ready, desk: Browser, rights: tuple[str, ...]) -> None:
    run, person = ready_for("cancel"), UserFactory()
    person.user_permissions.set(Permission.objects.filter(codename__in=rights))
    assert b"cancel_several" in desk.get(reverse(RUNS)).content
    assert b"cancel_several" not in _browser(person).get(reverse(RUNS)).content
    _send(_browser(person), "cancel_several", [run], press="yes", reason="over")
    run.refresh_from_db()
    assert run.state == "WAITING"
