"""A worker dies without a word of what it had in hand."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from apps.orchestration.models import StepRun, WorkflowRun, seconds_from_now
from apps.orchestration.services import advance, compensate, failure
from apps.orchestration.tests.conftest import finish
from apps.shared.workflow import StepRefused
from bench.probe.models import ProbeRow

Start = Callable[..., WorkflowRun]


class Died(BaseException):
    """Stands for SIGKILL: nothing that catches exceptions may catch it."""


def _dying_at(monkeypatch: pytest.MonkeyPatch, point: str) -> list[str]:
    """Let whoever passes a point die there; return the list that counts the dead."""
    dead: list[str] = []

    def die(name: str, key: object) -> None:
        if name == point:
            dead.append(name)
            raise Died

    monkeypatch.setattr("apps.orchestration.services.advance.fault_point", die)
    monkeypatch.setattr("apps.orchestration.services.compensate.fault_point", die)
    return dead


def _long_ago(run: WorkflowRun) -> None:
    """Let the time pass after which a run that was not heard of is suspect, and a dead worker's lease over."""
    long_ago = seconds_from_now(-60)
    runs = WorkflowRun.objects.filter(pk=run.pk)
    runs.update(updated_at=long_ago)
    runs.filter(lease_until__isnull=False).update(lease_until=long_ago)


def test_counts_a_row_only_attempt_before_it_begins_once_the_run_is_silent(
    start_probe: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = _dying_at(monkeypatch, "three.written")
    run = start_probe()
    with pytest.raises(Died):
        advance.run_link(run.pk, 0)
    results = []
    for _ in range(3):
        _long_ago(run)
        try:
            results.append(advance.run_link(run.pk, 2))
        except Died:
            continue
    assert results == [advance.Result.REFUSED]
    assert len(dead) == 3, "once unheard, then twice counted"
    run.refresh_from_db()
    assert (run.state, run.error) == ("COMPENSATING", "three: Given up: it died without a word 3 times.")
    assert run.step_runs.get(name="three").attempts == 2


def test_gives_up_a_prepared_step_that_ends_three_workers(start_probe: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_probe("probe_prepared")
    advance.run_link(run.pk, 0)
    dead = _dying_at(monkeypatch, "prepared_two.leased")
    for _ in range(4):
        with suppress(Died):
            advance.run_link(run.pk, 1)
        WorkflowRun.objects.filter(pk=run.pk).update(lease_until=seconds_from_now(-1))
    run.refresh_from_db()
    assert (len(dead), run.state, run.step_runs.get(name="prepared_two").attempts) == (3, "COMPENSATING", 3)


def test_takes_no_failure_that_was_told_of_for_a_death(start_probe: Start, faults: Callable) -> None:
    run = start_probe()
    for _ in range(2):
        faults("one.written", fault="transient")
        advance.run_link(run.pk, 0)
        _long_ago(run)
    assert advance.run_link(run.pk, 0) is advance.Result.DONE
    run.refresh_from_db()
    assert (run.state, run.deaths, run.step_runs.get(name="one").attempts) == ("COMPLETED", 0, 3)


def test_takes_no_lease_while_a_run_is_heard_of(start_probe: Start) -> None:
    run = start_probe()
    advance.run_link(run.pk, 0)
    run.refresh_from_db()
    assert run.fence == 0


def test_takes_a_silent_run_up_and_completes_it(start_probe: Start) -> None:
    run = start_probe()
    _long_ago(run)
    run = finish(run)
    assert (run.state, run.fence, run.step_runs.get(name="one").attempts) == ("COMPLETED", 1, 1)


@pytest.mark.parametrize("point", ["two.compensating", "two.withdrawn"])
def test_counts_a_compensation_before_it_begins_once_the_run_is_silent(
    start_probe: Start, monkeypatch: pytest.MonkeyPatch, settings: object, point: str
) -> None:
    settings.RUN_COMPENSATION_ATTEMPTS = 3  # type: ignore[attr-defined]
    run = start_probe(refuse_at="four")
    advance.run_link(run.pk, 0)
    dead = _dying_at(monkeypatch, point)
    for _ in range(1 + 3 + 1):
        try:
            compensate.take_back(run.pk)
        except Died:
            _long_ago(run)
    run.refresh_from_db()
    assert (run.state, len(dead)) == ("STUCK", 3)
    assert "died without a word" in run.error
    assert sorted(ProbeRow.objects.of_run(run.pk).values_list("step", flat=True)) == ["one", "two"]


def test_takes_back_what_was_left_half_taken_back(start_probe: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_probe(refuse_at="five")
    advance.run_link(run.pk, 0)
    with monkeypatch.context() as patch:
        _dying_at(patch, "two.withdrawn")
        with pytest.raises(Died):
            compensate.take_back(run.pk)
    _long_ago(run)
    assert finish(run).state == "COMPENSATED"
    assert not ProbeRow.objects.of_run(run.pk).exists()


def test_records_a_verdict_whose_own_record_fails(start_probe: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    note = failure._note

    def unrecordable(run: WorkflowRun, step_run: StepRun, error: Exception) -> None:
        if "no for good" in str(error) and "its record failed" not in str(error):
            raise TypeError("not storable")
        note(run, step_run, error)

    def refuse(name: str, key: object) -> None:
        if name == "two.written":
            raise StepRefused("no for good")

    monkeypatch.setattr(failure, "_note", unrecordable)
    monkeypatch.setattr("apps.orchestration.services.advance.fault_point", refuse)
    run = start_probe()
    assert advance.run_link(run.pk, 0) is advance.Result.REFUSED
    run.refresh_from_db()
    assert run.error == "two: StepRefused: no for good (and its record failed: TypeError: not storable)"


def test_is_suspect_by_the_databases_clock(start_probe: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2031, 1, 1, tzinfo=UTC))
    run = start_probe()
    advance.run_link(run.pk, 0)
    assert not WorkflowRun.objects.filter(pk=run.pk, updated_at__gt=seconds_from_now(1)).exists()
    failed = start_probe("probe_prepared", refuse_at="two")
    advance.run_link(failed.pk, 0)
    advance.run_link(failed.pk, 1)
    assert not WorkflowRun.objects.filter(updated_at__gt=seconds_from_now(1)).exists()
