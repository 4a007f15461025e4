"""The engine is held."""

import time
from collections.abc import Callable

import pytest
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.identity.models import User
from apps.observability.models import AuditEntry
from apps.orchestration.models import ControlFlag, WorkflowRun
from apps.orchestration.services import advance, compensate, control, outbox
from apps.orchestration.services.sweep import move, sweep
from apps.orchestration.tests.conftest import finish, wait_for_end
from apps.shared.gateways import halt
from bench.probe.models import ProbeRow
from bench.probe.people import ProbeApproved, decide

Start = Callable[..., WorkflowRun]
Switch = Callable[..., None]
PAUSE, KILL = ControlFlag.Name.PAUSE, ControlFlag.Name.KILL


@pytest.fixture
def switch(strategist: User, transactional_db: None) -> Switch:
    """Switch a flag, as a person would."""

    def switch(flag: ControlFlag.Name, is_on: bool = True) -> None:
        control.set_flag(flag, is_on=is_on, by=strategist.pk, reason="a drill", at=timezone.now())

    return switch


@pytest.mark.parametrize("flag", [PAUSE, KILL])
def test_lets_no_run_begin(start_probe: Start, switch: Switch, flag: ControlFlag.Name) -> None:
    switch(flag)
    run = start_probe()
    assert advance.run_link(run.pk, 0) is advance.Result.NOTHING
    run.refresh_from_db()
    assert (run.state, sweep()) == ("PENDING", 0)


@pytest.mark.parametrize("flag", [PAUSE, KILL])
def test_stops_a_run_after_the_step_it_is_in(
    start_probe: Start, switch: Switch, monkeypatch: pytest.MonkeyPatch, flag: ControlFlag.Name
) -> None:
    def switched(name: str, key: object) -> None:
        if name == "two.written":
            switch(flag)

    monkeypatch.setattr("apps.orchestration.services.advance.fault_point", switched)
    run = start_probe()
    assert advance.run_link(run.pk, 0) is advance.Result.NOTHING
    run.refresh_from_db()
    assert (run.state, run.position) == ("RUNNING", 2)
    assert sorted(ProbeRow.objects.of_run(run.pk).values_list("step", flat=True)) == ["one", "two"]


@pytest.mark.parametrize("flag", [PAUSE, KILL])
def test_goes_on_where_it_stopped_when_lifted(start_probe: Start, switch: Switch, flag: ControlFlag.Name) -> None:
    switch(flag)
    run = start_probe()
    move(run.pk)
    switch(flag, is_on=False)
    assert finish(run).state == "COMPLETED"


def _refused(start_probe: Start) -> WorkflowRun:
    run = start_probe(refuse_at="four")
    assert advance.run_link(run.pk, 0) is advance.Result.REFUSED
    return run


def test_goes_on_taking_back_while_paused(start_probe: Start, switch: Switch) -> None:
    run = _refused(start_probe)
    switch(PAUSE)
    assert finish(run).state == "COMPENSATED"


def test_stops_taking_back_when_killed(start_probe: Start, switch: Switch) -> None:
    run = _refused(start_probe)
    switch(KILL)
    compensate.take_back(run.pk)
    run.refresh_from_db()
    assert (run.state, sweep()) == ("COMPENSATING", 0)
    assert ProbeRow.objects.of_run(run.pk).count() == 3
    switch(KILL, is_on=False)
    assert finish(run).state == "COMPENSATED"


def test_stops_reactions_when_killed(switch: Switch) -> None:
    decide(ProbeApproved, uuid7())
    switch(KILL)
    assert outbox.dispatch_events() == 0
    switch(KILL, is_on=False)
    assert outbox.dispatch_events() == 1


def test_notes_who_and_why_and_when(switch: Switch, strategist: User) -> None:
    switch(KILL)
    flag = ControlFlag.objects.get(name="KILL")
    assert (flag.is_on, flag.set_by, flag.reason, flag.set_at is not None) == (True, strategist, "a drill", True)
    entry = AuditEntry.objects.get(action="ControlFlagSet")
    assert (entry.actor_id, entry.reason, entry.facts) == (strategist.pk, "a drill", {"flag": "KILL", "is_on": True})


def test_notes_nothing_when_nothing_changes(switch: Switch) -> None:
    switch(KILL)
    switch(KILL)
    assert AuditEntry.objects.filter(action="ControlFlagSet").count() == 1


def test_wants_to_know_why(strategist: User, transactional_db: None) -> None:
    with pytest.raises(control.ReasonMissing, match="Say why PAUSE is switched on"):
        control.set_flag(PAUSE, is_on=True, by=strategist.pk, reason=" ", at=timezone.now())
    assert not ControlFlag.objects.filter(is_on=True).exists()


@pytest.mark.worker
def test_really_stops_the_workers(start_probe: Start, switch: Switch, worker: Callable) -> None:
    runs = [start_probe("probe_prepared") for _ in range(40)]
    worker()
    deadline = time.monotonic() + 30
    while not WorkflowRun.objects.filter(state="COMPLETED").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    switch(KILL)
    time.sleep(1)  # whatever was in a step has ended it
    stopped = list(WorkflowRun.objects.order_by("pk").values_list("state", "position", "attempts"))
    assert any(state != "COMPLETED" for state, _, _ in stopped), "it was switched too late to prove anything"
    time.sleep(3)  # ten sweeps, three graces
    assert list(WorkflowRun.objects.order_by("pk").values_list("state", "position", "attempts")) == stopped
    switch(KILL, is_on=False)
    wait_for_end(*runs)
    assert {run.state for run in runs} == {"COMPLETED"}


def test_lets_no_mail_out_while_it_is_paused_or_killed(switch: Switch) -> None:
    assert halt.why_halted() == ""
    switch(ControlFlag.Name.PROOF)
    assert halt.why_halted() == ""
    for flag in (PAUSE, KILL):
        switch(flag)
        assert "a drill" in halt.why_halted()
        switch(flag, is_on=False)
    assert halt.why_halted() == ""
