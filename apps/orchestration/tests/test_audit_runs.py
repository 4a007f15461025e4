"""The audit of all runs finds what it claims to find."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from apps.identity.models import Client
from apps.orchestration.models import OutboxEvent, StepRun, WorkflowRun
from apps.orchestration.queries.invariants import CHECKS, audit_runs
from apps.orchestration.queries.runs import describe_run
from apps.strategy.models import Strategy
from bench.probe.models import ProbeRow

Run = Callable[..., WorkflowRun]

SEEDED = {
    "a completed run lacks the row a step gave": "DELETE FROM probe_proberow WHERE step = 'three'",
    "a completed run has what a step gave twice": "INSERT INTO probe_proberow (id, created_at, updated_at, run_id,"
    " step) SELECT gen_random_uuid(), now(), now(), run_id, step FROM probe_proberow WHERE step = 'two'",
    "steps were skipped on the way": "DELETE FROM orchestration_steprun WHERE name = 'two'",
    "a completed run has a step that did not succeed": "UPDATE orchestration_steprun"
    " SET state = 'FAILED' WHERE position = 4",
    "an ended run still holds a lease, or waits to be woken, or has no end": "UPDATE orchestration_workflowrun SET"
    " lease_until = now()",
    "an end was not told exactly once": "DELETE FROM orchestration_outboxevent WHERE name = 'RunCompleted'",
    "a completed run took too few steps": "DELETE FROM orchestration_steprun WHERE position = 4",
    "an unfinished run is overdue": "UPDATE orchestration_workflowrun SET state = 'RUNNING',"
    " wake_at = now() - interval '1 hour'",
    "an unfinished run has not moved for long": "UPDATE orchestration_workflowrun SET state = 'RUNNING',"
    " wake_at = now(), updated_at = now() - interval '1 hour'",
    "a run that was taken back, or never did anything, has a step that stands": "UPDATE orchestration_workflowrun SET"
    " state = 'COMPENSATED'",
    "a row's run does not account for it": "UPDATE orchestration_workflowrun SET state = 'FAILED'",
}


def _broken(sql: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
    return {breach["check"] for breach in audit_runs().violations}


def test_finds_nothing_after_runs_that_ended_well(run_probe: Run) -> None:
    run_probe("probe_prepared")
    run_probe(refuse_at="five")
    run_probe(refuse_at="one")
    audit = audit_runs()
    assert (audit.runs, audit.orphans, audit.violations) == ({"COMPENSATED": 1, "COMPLETED": 1, "FAILED": 1}, 0, [])


@pytest.mark.parametrize("check", SEEDED)
def test_finds_a_seeded_breach(run_probe: Run, check: str) -> None:
    run_probe()
    assert check in _broken(SEEDED[check])


def test_finds_steps_taken_back_in_the_wrong_order(run_probe: Run) -> None:
    run_probe(refuse_at="five")
    sql = "UPDATE orchestration_steprun SET compensated_at = '2020-01-01' WHERE position = 2"
    assert "steps were not taken back in reverse order" in _broken(sql)


def test_finds_a_row_under_another_client(run_probe: Run, acme: Client, globex: Client) -> None:
    run = run_probe()
    WorkflowRun.objects.filter(pk=run.pk).update(client=acme)
    Strategy.objects.create(
        run_id=run.pk,
        client=globex,
        brief_id=run.pk,
        version=1,
        preset="general",
        executive_summary="",
        layers={},
        start_date="2026-01-01",
        end_date="2026-02-01",
    )
    assert "a row belongs to another client than its run" in {b["check"] for b in audit_runs().violations}


def test_finds_a_session_left_idle_in_a_transaction(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.orchestration.queries.invariants.IDLE_SECONDS", -1)
    idle = connection.copy()
    try:
        idle.set_autocommit(False)
        idle.cursor().execute("SELECT 1")
        assert "a session sits idle in a transaction" in {breach["check"] for breach in audit_runs().violations}
    finally:
        idle.close()


def test_seeds_a_breach_for_every_check() -> None:
    elsewhere = {
        "steps were not taken back in reverse order",
        "a row belongs to another client than its run",
        "a session sits idle in a transaction",
    }
    assert set(CHECKS) <= set(SEEDED) | elsewhere


def test_prints_json_and_exits_1_on_a_violation(run_probe: Run) -> None:
    run_probe()
    ProbeRow.objects.filter(step="three").delete()
    out = StringIO()
    with pytest.raises(CommandError) as exit_info:
        call_command("audit_runs", json=True, stdout=out)
    printed = json.loads(out.getvalue())
    assert exit_info.value.returncode == 1
    assert set(printed) == {"runs", "orphans", "violations"}
    assert len(printed["violations"]) == 1


def test_counts_an_orphan_whose_run_does_not_exist(run_probe: Run) -> None:
    run = run_probe()
    with transaction.atomic():
        StepRun.objects.filter(run=run).delete()
        OutboxEvent.objects.filter(run_id=run.pk).delete()
        WorkflowRun.objects.filter(pk=run.pk).delete()
    assert audit_runs().orphans == 5


def test_lists_steps_not_begun_yet(start_probe: Run) -> None:
    run = describe_run(start_probe())
    assert [(step.name, step.state) for step in run.steps] == [
        (name, "PENDING") for name in ("one", "two", "three", "four", "five")
    ]


def test_finds_a_file_that_is_no_runs(transactional_db: None, media: Path) -> None:
    (media / "tmp").mkdir(parents=True)
    (media / "tmp" / "notes.txt").write_text("left by somebody")
    assert [(b["check"], b["subject"]) for b in audit_runs().violations] == [
        ("a file belongs to no package", "tmp/notes.txt")
    ]
