"""The metrics of the engine …"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.observability.gateways.metrics import metrics_page
from apps.orchestration.models import ControlFlag, OutboxEvent, StepRun, WorkflowRun, seconds_from_now
from apps.orchestration.queries.metrics import RECENT, measure
from apps.shared.telemetry import Distribution, Metric

Run = Callable[..., WorkflowRun]


def metric(name: str) -> Metric:
    return next(each for each in measure(timezone.now()) if each.name == name)


def values(name: str) -> dict[tuple[str, ...], float]:
    """Return a metric's values by their labels."""
    return {tuple(sample.labels.values()): sample.value for sample in metric(name).samples}


def test_count_unfinished_runs_by_state_and_no_ended_ones(start_probe: Run, run_probe: Run) -> None:
    run_probe()
    start_probe()
    stuck = start_probe()
    WorkflowRun.objects.filter(pk=stuck.pk).update(state="STUCK")
    assert values("aicmo_runs") == {("probe_five", "PENDING"): 1, ("probe_five", "STUCK"): 1}


def test_tell_the_age_of_the_oldest_run_of_each_state(start_probe: Run) -> None:
    old, _ = start_probe(), start_probe()
    WorkflowRun.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=2))
    assert values("aicmo_oldest_run_seconds")["probe_five", "PENDING"] == pytest.approx(7200, abs=60)


def test_tell_for_how_long_nobody_woke_a_run_and_pass_over_parked_ones(start_probe: Run) -> None:
    late, parked = start_probe(), start_probe()
    assert values("aicmo_runs_overdue_seconds") == {(): 0}
    WorkflowRun.objects.filter(pk=late.pk).update(wake_at=seconds_from_now(-60))
    WorkflowRun.objects.filter(pk=parked.pk).update(wake_at=seconds_from_now(-900), parked="no such release")
    assert values("aicmo_runs_overdue_seconds")[()] == pytest.approx(60, abs=30)
    assert values("aicmo_runs_parked") == {(): 1}


def test_count_how_runs_ended_of_late(run_probe: Run) -> None:
    run_probe()
    run_probe(refuse_at="three")
    assert values("aicmo_recent_ends") == {("probe_five", "COMPLETED"): 1, ("probe_five", "COMPENSATED"): 1}
    assert values("aicmo_recent_refusals") == {("probe_five", "three"): 1}


def test_count_retries_by_step(run_probe: Run, faults: Callable) -> None:
    faults("two.claimed", fault="transient")
    run_probe()
    assert values("aicmo_recent_retries") == {("probe_five", "two"): 1}


def test_count_failed_compensations(run_probe: Run, faults: Callable) -> None:
    faults("one.compensating", fault="error")
    run_probe(refuse_at="three")
    assert values("aicmo_recent_failed_compensations") == {("probe_five", "one"): 1}


def test_class_the_seconds_of_steps(run_probe: Run) -> None:
    run = run_probe()
    for name, seconds in (("one", 0.02), ("two", 0.7), ("three", 1000)):
        step = StepRun.objects.get(run=run, name=name)
        StepRun.objects.filter(pk=step.pk).update(finished_at=step.started_at + timedelta(seconds=seconds))
    found: dict[str, Distribution] = {each.labels["step"]: each for each in metric("aicmo_step_seconds").samples}
    told = {name: [bound for bound, count in found[name].counts.items() if count] for name in found}
    assert (told["one"], told["two"], told["three"]) == ([0.05], [1.0], [float("inf")])
    assert found["three"].total == pytest.approx(1000)
    assert b'aicmo_step_seconds_bucket{le="+Inf",step="three"} 1.0' in metrics_page([metric("aicmo_step_seconds")])


def test_forget_what_is_not_of_late(run_probe: Run) -> None:
    run_probe()
    later = list(measure(timezone.now() + RECENT + timedelta(minutes=1)))
    recent = [each for each in later if each.name.startswith("aicmo_recent") or each.name == "aicmo_step_seconds"]
    assert len(recent) == 7
    assert all(each.samples == () for each in recent)


def test_tell_how_far_the_outbox_lags(run_probe: Run) -> None:
    run_probe()
    assert values("aicmo_outbox_events") == {(): 0}
    event = OutboxEvent.objects.first()
    two_minutes_ago = timezone.now() - timedelta(minutes=2)
    OutboxEvent.objects.filter(pk=event.pk).update(dispatched_at=None, occurred_at=two_minutes_ago)
    assert values("aicmo_outbox_events") == {(): 1}
    assert values("aicmo_outbox_lag_seconds")[()] == pytest.approx(120, abs=30)


def test_count_dead_letters_by_reaction(run_probe: Run) -> None:
    run_probe()
    event = OutboxEvent.objects.first()
    for reaction, state in (("learn", "DEAD"), ("wake", "DONE")):
        event.receipts.create(reaction=reaction, state=state)
    assert values("aicmo_dead_letters") == {("learn",): 1}


@pytest.mark.django_db
def test_tell_which_switches_are_on() -> None:
    ControlFlag.objects.update_or_create(name="PAUSE", defaults={"is_on": True})
    assert values("aicmo_control_flag") == {("PAUSE",): 1, ("KILL",): 0, ("PROOF",): 0}


def test_cost_the_same_number_of_statements_for_any_number_of_runs(
    start_probe: Run, run_probe: Run, django_assert_num_queries: Callable
) -> None:
    for _ in range(3):
        run_probe()
        start_probe()
    with django_assert_num_queries(7):
        list(measure(timezone.now()))
