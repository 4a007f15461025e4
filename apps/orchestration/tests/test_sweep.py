"""Runs whose message or worker was lost are taken up."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from uuid_utils.compat import uuid7

from aicmo_site.celery import app
from apps.orchestration.models import OutboxEvent, WorkflowRun, seconds_from_now
from apps.orchestration.services import dispatch
from apps.orchestration.services.sweep import sweep
from bench.probe.models import ProbeRow
from bench.probe.people import ProbeApproved, decide

Run = Callable[..., WorkflowRun]


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """What the sweeper sent, in place of sending it."""
    sent: list[tuple] = []
    monkeypatch.setattr(dispatch, "ring_forward", lambda workflow, pk, position: sent.append((pk, position)) or True)
    monkeypatch.setattr(dispatch, "ring_back", lambda pk: sent.append((pk, "back")) or True)
    return sent


def _due(run: WorkflowRun, **changes: object) -> None:
    WorkflowRun.objects.filter(pk=run.pk).update(wake_at=seconds_from_now(-1), **changes)


def test_wakes_a_due_run_where_it_stands(start_probe: Run, rung: list) -> None:
    run = start_probe()
    rung.clear()
    _due(run, state="RUNNING", position=2)
    assert (sweep(), rung) == (1, [(run.pk, 2)])


def test_wakes_a_due_compensation(start_probe: Run, rung: list) -> None:
    run = start_probe()
    rung.clear()
    _due(run, state="COMPENSATING")
    assert (sweep(), rung) == (1, [(run.pk, "back")])


def test_does_not_wake_the_same_run_twice_at_once(start_probe: Run, rung: list) -> None:
    run = start_probe()
    rung.clear()
    _due(run)
    assert (sweep(), sweep()) == (1, 0)
    assert len(rung) == 1


def test_leaves_finished_and_resting_runs_alone(run_probe: Run, start_probe: Run, rung: list) -> None:
    done = run_probe()
    start_probe()
    rung.clear()
    WorkflowRun.objects.filter(pk=done.pk).update(wake_at=seconds_from_now(-9))
    assert (sweep(), rung) == (0, [])


def test_lets_the_wake_ups_of_one_run_grow_apart(start_probe: Run, rung: list) -> None:
    run = start_probe()
    pauses = []
    for still in (0, 60, 86_400):
        _due(run, updated_at=seconds_from_now(-still))
        sweep()
        run.refresh_from_db()
        pauses.append(round((run.wake_at - timezone.now()).total_seconds()))
    assert pauses == [3, 60, 300]


def test_passes_over_a_run_another_sweeper_holds(start_probe: Run, rung: list) -> None:
    held, free = start_probe(), start_probe()
    for run in (held, free):
        _due(run)
    rung.clear()
    other = connection.copy()
    try:
        other.set_autocommit(False)
        other.cursor().execute("SELECT 1 FROM orchestration_workflowrun WHERE id = %s FOR UPDATE", [held.pk])
        assert (sweep(), rung) == (1, [(free.pk, 0)])
    finally:
        other.close()


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Counter[str]:
    """How many messages wait in each queue, as the broker says it when asked."""
    settings.RUN_SWEEP_BATCH = 100
    counts: Counter[str] = Counter()
    monkeypatch.setattr(dispatch, "count_waiting", lambda: counts)
    monkeypatch.setattr("apps.orchestration.services.sweep.A_FEW", 1)
    return counts


def test_tops_a_queue_up_and_leaves_the_others_of_its_runs_where_they_are(
    start_probe: Run, rung: list, waiting: Counter[str]
) -> None:
    for run in [start_probe() for _ in range(5)]:
        _due(run)
    rung.clear()
    waiting.update(system=98, thinking=1000)
    assert (sweep(), len(rung)) == (2, 2)
    assert not WorkflowRun.objects.due().exists(), "the others are looked at again later"


def test_rings_behind_a_long_queue_for_what_is_late_and_for_other_queues(
    start_probe: Run, rung: list, waiting: Counter[str]
) -> None:
    late, thinking, _ = start_probe(), start_probe("probe_prepared"), start_probe()
    for run in WorkflowRun.objects.all():
        _due(run)
    _due(late, updated_at=seconds_from_now(-40))
    _due(thinking, state="RUNNING", position=1)
    rung.clear()
    waiting.update(system=1000)
    assert (sweep(), sorted(rung)) == (2, sorted([(late.pk, 0), (thinking.pk, 1)]))


def test_asks_a_real_broker_how_many_messages_wait(start_probe: Run, publish_to: Callable) -> None:
    app.control.purge()
    start_probe()
    dispatch.ring_for_events()
    assert dispatch.count_waiting() == {"system": 2, "thinking": 0, "writing": 0, "outreach": 0}
    app.control.purge()
    publish_to("redis+socket:///nowhere/redis.sock")
    assert dispatch.count_waiting() == {}


@pytest.mark.parametrize("changes", [{"version": 99}, {"position": 7}])
def test_goes_on_to_others_past_a_run_of_another_release(start_probe: Run, rung: list, changes: dict) -> None:
    strange, known = start_probe(), start_probe()
    _due(strange, **changes)
    _due(known)
    rung.clear()
    sweep()
    strange.refresh_from_db()
    assert (rung, "Waits for a release" in strange.parked) == ([(known.pk, 0)], True)


def test_moves_a_run_itself_when_the_broker_is_away(start_probe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_probe()
    _due(run)
    monkeypatch.setattr(dispatch, "ring_forward", lambda workflow, pk, position: False)
    sweep()
    run.refresh_from_db()
    assert run.state == "COMPLETED"
    assert ProbeRow.objects.of_run(run.pk).count() == 5


def test_leaves_a_run_of_an_unknown_version_where_it_is(start_probe: Run, rung: list) -> None:
    run = start_probe()
    rung.clear()
    _due(run, version=99)
    assert (sweep(), rung) == (0, [])
    run.refresh_from_db()
    assert (run.state, run.position) == ("PENDING", 0)


def test_leaves_reactions_to_the_workers_children_while_the_broker_answers(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rings: list[bool] = []
    monkeypatch.setattr(
        "apps.orchestration.services.dispatch.ring_for_events", lambda: bool(rings.append(True)) or True
    )
    decide(ProbeApproved, uuid7())
    rings.clear()
    sweep()
    assert (rings, OutboxEvent.objects.get(name="ProbeApproved").dispatched_at) == ([True], None)


def test_brings_events_out_itself_when_the_broker_is_away(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.orchestration.services.dispatch.ring_for_events", lambda: False)
    decide(ProbeApproved, uuid7())
    sweep(by_hand=False)
    assert OutboxEvent.objects.get(name="ProbeApproved").dispatched_at is None
    sweep()
    assert OutboxEvent.objects.get(name="ProbeApproved").dispatched_at is not None
