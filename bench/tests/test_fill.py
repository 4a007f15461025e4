import pytest
from django.db import connection

from apps.orchestration.models import OutboxEvent, StepRun, WorkflowRun
from apps.orchestration.services import dispatch
from apps.orchestration.services.sweep import sweep
from bench.fill import SECONDS_BETWEEN_RUNS, TABLES, fill, sizes


@pytest.fixture
def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    """No message leaves this test."""
    monkeypatch.setattr(dispatch, "_send", lambda *_: True)


@pytest.mark.django_db(transaction=True)
def test_makes_whole_finished_runs_beside_the_one_they_are_copied_from(unheard: None):
    fill(7)
    assert WorkflowRun.objects.filter(state="COMPLETED").count() == WorkflowRun.objects.count() == 8
    steps = {run.pk: run.step_runs.count() for run in WorkflowRun.objects.all()}
    events = {run_id: OutboxEvent.objects.filter(run_id=run_id).count() for run_id in steps}
    assert set(steps.values()) == {5}
    assert set(events.values()) == {2}
    assert {table: rows for table, (rows, _, _) in sizes().items()} == dict(zip(TABLES, (8, 40, 16, 16), strict=True))


@pytest.mark.django_db(transaction=True)
def test_may_be_called_again(unheard: None):
    fill(3)
    fill(2)
    assert WorkflowRun.objects.count() == 7
    assert StepRun.objects.count() == 35


@pytest.mark.django_db(transaction=True)
def test_makes_older_runs_with_older_keys(unheard: None):
    fill(5)
    by_key = list(WorkflowRun.objects.order_by("id").values_list("created_at", flat=True))
    assert by_key == sorted(by_key)
    assert (by_key[-1] - by_key[0]).total_seconds() == pytest.approx(5 * SECONDS_BETWEEN_RUNS, abs=5)


@pytest.mark.django_db(transaction=True)
def test_leaves_nothing_for_the_sweeper(unheard: None):
    fill(5)
    assert sweep() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orchestration_workflowrun WHERE wake_at IS NOT NULL")
        assert cursor.fetchone() == (0,)
