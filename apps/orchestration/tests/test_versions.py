"""A run outlives releases."""

import dataclasses
from collections.abc import Callable

import pytest
from django.core.checks import run_checks

from apps.orchestration import workflows
from apps.orchestration.models import StepRun, WorkflowRun, seconds_from_now
from apps.orchestration.queries.runs import count_runs_of_unknown_versions
from apps.orchestration.services import advance
from apps.orchestration.services.declarations import OUT_OF_THE_WAY
from apps.orchestration.services.sweep import sweep
from apps.orchestration.tests.conftest import finish
from apps.shared.workflow import Workflow
from bench.probe import steps
from bench.probe.models import ProbeRow

Start = Callable[..., WorkflowRun]


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put another release in place of this one: it knows exactly these versions of probe_five."""
    monkeypatch.setattr(workflows, "_known", dict(workflows._known))

    def deploy(*versions: Workflow) -> None:
        for name, version in list(workflows._known):
            if name == "probe_five":
                del workflows._known[name, version]
        for workflow in versions:
            workflows.register(workflow)

    return deploy


def _version(number: int, *lines: Callable, **takes_over: dict) -> Workflow:
    return Workflow(name="probe_five", version=number, starts_with=(steps.Seed,), steps=lines, **takes_over)


SHORT = _version(2, steps.one, steps.two)
TAKES_OVER = _version(2, steps.one, steps.two, steps.three, takes_over={1: {0: 0, 1: 1, 2: 2}})


def _stopped_after(start_probe: Start, faults: Callable, step: str) -> WorkflowRun:
    faults(f"{step}.written", fault="transient")
    run = start_probe()
    assert advance.run_link(run.pk, 0) is advance.Result.LATER
    return run


def test_finishes_under_the_version_it_began_with(start_probe: Start, faults: Callable, release: Callable) -> None:
    run = _stopped_after(start_probe, faults, "three")
    release(steps.probe_five, SHORT)
    assert finish(run).state == "COMPLETED"
    assert (run.version, run.step_runs.count()) == (1, 5)


def test_begins_under_the_newest_version(start_probe: Start, release: Callable) -> None:
    release(steps.probe_five, SHORT)
    run = finish(start_probe())
    assert (run.version, run.step_runs.count(), run.state) == (2, 2, "COMPLETED")


def test_is_parked_where_its_version_is_gone_and_goes_on_when_it_is_back(
    start_probe: Start, faults: Callable, release: Callable
) -> None:
    run = _stopped_after(start_probe, faults, "three")
    WorkflowRun.objects.filter(pk=run.pk).update(lease_until=None)
    release(SHORT)
    assert advance.run_link(run.pk, 2) is advance.Result.NOTHING
    run.refresh_from_db()
    assert (run.state, run.position, run.attempts) == ("RUNNING", 2, 1)
    assert run.parked == "Waits for a release that knows probe_five v1."
    release(steps.probe_five)
    assert finish(run).state == "COMPLETED"
    assert run.parked == ""


def test_is_left_to_the_sweeper_of_the_release_that_knows_it(start_probe: Start, release: Callable) -> None:
    run = start_probe()
    WorkflowRun.objects.filter(pk=run.pk).update(wake_at="2026-01-01T00:00Z")
    release(SHORT)
    assert sweep() == 0
    run.refresh_from_db()
    assert (run.wake_at.year, run.wake_at.month, bool(run.parked)) == (2026, 1, True)


def test_is_due_soon_again_when_its_message_came_to_the_wrong_worker(start_probe: Start, release: Callable) -> None:
    run = start_probe()
    WorkflowRun.objects.filter(pk=run.pk).update(wake_at=seconds_from_now(300))
    release(SHORT)
    advance.run_link(run.pk, 0)
    assert WorkflowRun.objects.filter(pk=run.pk, wake_at__lt=seconds_from_now(2)).exists()


def test_is_taken_over_by_an_explicit_rule(start_probe: Start, faults: Callable, release: Callable) -> None:
    run = _stopped_after(start_probe, faults, "two")
    release(TAKES_OVER)
    assert finish(run).state == "COMPLETED"
    assert run.version == 2
    assert [step.name for step in run.step_runs.all()] == ["one", "two", "three"]


def test_keeps_each_step_with_its_new_position(start_probe: Start, faults: Callable, release: Callable) -> None:
    run = _stopped_after(start_probe, faults, "three")
    WorkflowRun.objects.filter(pk=run.pk).update(wake_at="2026-01-01T00:00Z", lease_until=None)
    release(_version(2, steps.two, steps.one, steps.three, takes_over={1: {0: 1, 1: 0, 2: 2}}))
    sweep()
    assert set(StepRun.objects.filter(run=run).values_list("name", "position")) == {
        ("one", 1),
        ("two", 0),
        ("three", 2),
    }


def test_takes_a_run_back_under_the_rule_too(start_probe: Start, release: Callable) -> None:
    run = start_probe(refuse_at="three")
    assert advance.run_link(run.pk, 0) is advance.Result.REFUSED
    release(TAKES_OVER)
    assert finish(run).state == "COMPENSATED"
    assert not ProbeRow.objects.of_run(run.pk).exists()


def test_is_not_taken_over_from_a_position_the_rule_does_not_name(
    start_probe: Start, faults: Callable, release: Callable
) -> None:
    run = _stopped_after(start_probe, faults, "five")
    WorkflowRun.objects.filter(pk=run.pk).update(lease_until=None)
    release(TAKES_OVER)
    assert advance.run_link(run.pk, 4) is advance.Result.NOTHING
    run.refresh_from_db()
    assert (run.version, run.position, bool(run.parked)) == (1, 4, True)


def test_is_parked_where_a_dto_of_another_release_cannot_be_read(start_probe: Start) -> None:
    run = start_probe()
    WorkflowRun.objects.filter(pk=run.pk).update(inputs={"Seed": {"label": "x", "colour": "of a later release"}})
    assert advance.run_link(run.pk, 0) is advance.Result.NOTHING
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("PENDING", 0)
    assert "can read its Seed" in run.parked
    assert "colour" in run.parked


def test_shows_in_the_system_check_while_its_version_is_gone(start_probe: Start, release: Callable) -> None:
    start_probe()
    release(SHORT)
    assert count_runs_of_unknown_versions() == {("probe_five", 1): 1}
    warnings = [each for each in run_checks(databases=["default"]) if each.id == "orchestration.W001"]
    assert len(warnings) == 1
    assert "1 unfinished runs of probe_five v1" in warnings[0].msg
    release(dataclasses.replace(SHORT, takes_over={1: {0: 0}}))
    assert count_runs_of_unknown_versions() == {}


def test_goes_on_when_the_new_version_has_dropped_its_wait(start_probe: Start, release: Callable) -> None:
    run = finish(start_probe("probe_wait"))
    assert run.state == "WAITING"
    newer = Workflow(
        name="probe_wait",
        version=2,
        starts_with=(steps.Seed,),
        steps=(steps.one, steps.two),
        takes_over={1: {0: 0, 1: 1}},
    )
    workflows.register(newer)
    del workflows._known["probe_wait", 1]
    assert advance.run_link(run.pk, 1) is advance.Result.DONE
    run.refresh_from_db()
    assert (run.state, run.version) == ("COMPLETED", 2)


def test_is_not_taken_over_when_a_step_it_took_has_no_place(
    start_probe: Start, faults: Callable, release: Callable
) -> None:
    run = _stopped_after(start_probe, faults, "three")
    release(_version(2, steps.one, steps.two, takes_over={1: {0: 0, 2: 1}}))
    WorkflowRun.objects.filter(pk=run.pk).update(lease_until=None)
    advance.run_link(run.pk, 2)
    run.refresh_from_db()
    assert (run.version, bool(run.parked)) == (1, True)


def test_is_refused_at_the_start_when_two_positions_would_become_one() -> None:
    rule = _version(2, steps.one, steps.two, takes_over={1: {0: 0, 1: 0}})
    assert "a place of its own" in " ".join(rule.wiring_problems())
    assert "a place of its own" in " ".join(_version(2, steps.one, takes_over={1: {0: 3}}).wiring_problems())


def test_keeps_nobody_from_being_swept_when_it_cannot_be_taken_over(start_probe: Start, release: Callable) -> None:
    run, other = start_probe(), start_probe("probe_prepared")
    WorkflowRun.objects.update(wake_at=seconds_from_now(-1))
    release(_version(2, steps.one, steps.two, takes_over={1: {0: 0, 1: 1}}))
    StepRun.objects.create(run=run, position=OUT_OF_THE_WAY, name="in the way")
    StepRun.objects.create(run=run, position=0, name="one")
    assert sweep() == 2
    assert WorkflowRun.objects.filter(pk=other.pk, wake_at__gt=seconds_from_now(0)).exists()


def test_says_once_why_it_is_parked(start_probe: Start, release: Callable, caplog: pytest.LogCaptureFixture) -> None:
    run = start_probe()
    release(SHORT)
    for _ in range(3):
        advance.run_link(run.pk, 0)
    assert len([record for record in caplog.records if "is parked" in record.message]) == 1


def test_fences_out_who_works_on_it_by_the_old_version(start_probe: Start, release: Callable) -> None:
    run = start_probe()
    release(TAKES_OVER)
    WorkflowRun.objects.filter(pk=run.pk).update(fence=7, wake_at=seconds_from_now(-1))
    sweep()
    run.refresh_from_db()
    assert (run.version, run.fence) == (2, 8)


def test_is_parked_where_the_new_version_needs_more_than_it_began_with(start_probe: Start) -> None:
    run = start_probe()
    WorkflowRun.objects.filter(pk=run.pk).update(inputs={})
    advance.run_link(run.pk, 0)
    run.refresh_from_db()
    assert (run.state, run.parked) == (
        "PENDING",
        "Waits for a release that can do without a Seed: it was started with none.",
    )
