"""A port of orchestration …"""

from collections.abc import Callable

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.identity.models import User
from apps.orchestration.api import ports
from apps.orchestration.models import OutboxEvent, WorkflowRun

Ready = Callable[[str], WorkflowRun]


def test_returns_the_run_as_it_stands_after_a_command(ready_for: Ready, strategist: User) -> None:
    run = ready_for("cancel")
    after = ports.cancel_run(run_id=run.pk, by=strategist.pk, reason="late")
    assert (after.id, after.state, after.error) == (run.pk, "COMPENSATING", "Cancelled: late")


def test_returns_the_new_run_of_a_rerun(ready_for: Ready, strategist: User) -> None:
    run = ready_for("rerun")
    assert ports.rerun_run(run_id=run.pk, by=strategist.pk).id == run.reruns.get().pk


def test_refuses_what_the_state_does_not_allow(ready_for: Ready, strategist: User) -> None:
    run = ready_for("compensate")
    with pytest.raises(ports.CommandRefused, match="The run is COMPLETED"):
        ports.cancel_run(run_id=run.pk, by=strategist.pk, reason="late")


def test_refuses_to_be_asked_without_a_reason(ready_for: Ready, strategist: User) -> None:
    run = ready_for("retry-compensation")
    told = OutboxEvent.objects.count()
    with pytest.raises(ports.ReasonMissing):
        ports.retry_compensation(run_id=run.pk, by=strategist.pk, reason=" ")
    assert OutboxEvent.objects.count() == told


def test_knows_no_run_and_no_person_that_is_not_there(ready_for: Ready, strategist: User) -> None:
    run = ready_for("rerun")
    for run_id, by in ((uuid7(), strategist.pk), (run.pk, uuid7())):
        with pytest.raises(ObjectDoesNotExist):
            ports.rerun_run(run_id=run_id, by=by)
    assert not run.reruns.exists()


@pytest.mark.django_db
def test_switches_a_flag_and_says_who_did(strategist: User) -> None:
    at = timezone.now()
    flag = ports.set_control_flag(flag="PROOF", is_on=True, by=strategist.pk, reason="a drill", at=at)
    assert (flag.name, flag.is_on, flag.set_by, flag.set_at) == ("PROOF", True, strategist.pk, at)
    assert flag in ports.list_control_flags()


@pytest.mark.django_db
def test_switches_no_flag_that_there_is_not(strategist: User) -> None:
    with pytest.raises(ValueError, match="PANIC"):
        ports.set_control_flag(flag="PANIC", is_on=True, by=strategist.pk, reason="x", at=timezone.now())
    with pytest.raises(ports.ReasonMissing):
        ports.set_control_flag(flag="KILL", is_on=True, by=strategist.pk, reason="", at=timezone.now())
    assert not any(flag.is_on for flag in ports.list_control_flags())
