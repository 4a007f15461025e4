"""The audit of all runs finds what it claims to find."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.delivery.api import ports as delivery
from apps.identity.models import Client
from apps.orchestration.models import ControlFlag, OutboxEvent, StepRun, WorkflowRun
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
    "an event waits for its reactions": "UPDATE orchestration_outboxevent SET dispatched_at = NULL, wake_at = NULL,"
    " occurred_at = now() - interval '1 hour'",
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


def test_finds_rounds_taken_back_in_the_wrong_order_and_lets_the_right_one_be(run_probe: Run) -> None:
    run_probe(refuse_at="five")
    later = """INSERT INTO orchestration_steprun (id, created_at, updated_at, run_id, position, round, name, state,
        attempts, error, trace, compensated_at) SELECT gen_random_uuid(), now(), now(), run_id, position, 2, name,
        state, 1, '', '', '2020-01-01' FROM orchestration_steprun WHERE position IN (1, 2)"""
    assert _broken(later) == set()
    sql = "UPDATE orchestration_steprun SET compensated_at = '2099-01-01' WHERE round = 2"
    assert _broken(sql) == {"steps were not taken back in reverse order"}


@pytest.mark.parametrize(
    ("follow_up", "is_broken"), [("ProbeChecked", True), ("ProbeWithdrawn", False), ("ProbeVoided", False)]
)
def test_finds_an_event_that_no_taking_back_followed(run_probe: Run, follow_up: str, is_broken: bool) -> None:
    taken_back, done = run_probe(refuse_at="five"), run_probe()
    row = uuid7()
    for run, name, about in ((taken_back, "ProbeWritten", row), (taken_back, follow_up, row), (done, "Other", uuid7())):
        OutboxEvent.objects.create(
            id=uuid7(),
            name=name,
            aggregate="probe.proberow",
            aggregate_id=about,
            run_id=run.pk,
            payload={},
            occurred_at=timezone.now(),
            dispatched_at=timezone.now(),
        )
    check = "an event of a run that was taken back has no taking-back event"
    found = [(breach["check"], breach["subject"]) for breach in audit_runs().violations]
    assert found == ([(check, str(taken_back.pk))] if is_broken else [])


def test_lets_a_run_be_that_waits_for_people_until_it_should_have_been_woken(run_probe: Run) -> None:
    run_probe()
    waiting = "UPDATE orchestration_workflowrun SET state = 'WAITING', finished_at = NULL, updated_at = '2020-01-01',"
    assert _broken(waiting + " wake_at = NULL") == set()
    assert _broken(waiting + " wake_at = now() + interval '1 day'") == set()
    assert _broken(waiting + " wake_at = now() - interval '3 minutes'") == {"an unfinished run is overdue"}


@pytest.mark.parametrize("flag", ["PAUSE", "KILL"])
def test_does_not_call_a_run_overdue_while_the_engine_stands_still(run_probe: Run, flag: str) -> None:
    run_probe()
    _broken(SEEDED["an unfinished run is overdue"])
    switch = ControlFlag.objects.create(name=flag, is_on=True, set_at=timezone.now() - timedelta(hours=1))
    assert audit_runs().violations == []
    ControlFlag.objects.filter(pk=switch.pk).update(is_on=False)
    assert {breach["check"] for breach in audit_runs().violations} == {"an unfinished run is overdue"}


def test_finds_a_cancelled_run_that_left_something(run_probe: Run) -> None:
    run_probe()
    assert _broken("UPDATE orchestration_workflowrun SET state = 'CANCELLED'") >= {
        "a row's run does not account for it",
        "a run that was taken back, or never did anything, has a step that stands",
        "an end was not told exactly once",
    }


def test_looks_at_ended_runs_of_the_time_asked_for_alone(run_probe: Run) -> None:
    old = run_probe()
    now = timezone.now()
    _broken(SEEDED["a completed run lacks the row a step gave"])
    assert audit_runs(since=now).violations == []
    assert [breach["subject"] for breach in audit_runs(since=old.created_at - timedelta(seconds=1)).violations] == [
        str(old.pk)
    ]


def test_leaves_files_and_seals_out_when_told_to(
    transactional_db: None, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (media / "tmp").mkdir(parents=True)
    (media / "tmp" / "notes.txt").write_text("left by somebody")
    monkeypatch.setattr("apps.observability.api.ports.verify_audit", lambda: 1 / 0)
    call_command("audit_runs", "--no-files", "--no-seals", "--since", "2026-01-01")
    with pytest.raises(ZeroDivisionError):
        call_command("audit_runs", "--no-files")


def test_refuses_a_time_that_is_none() -> None:
    with pytest.raises(CommandError, match="no time like"):
        call_command("audit_runs", "--since", "yesterday")


def test_lets_a_temporary_file_be_whose_run_ended_while_it_looked(
    run_probe: Run, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_probe()
    staged = media / "tmp" / str(run.pk) / "token" / "report.pdf"
    staged.parent.mkdir(parents=True)
    staged.write_bytes(b"%PDF")
    assert [breach["check"] for breach in audit_runs().violations] == ["a file belongs to no package"]
    list_stray_files = delivery.list_stray_files

    def list_then_promote() -> tuple:
        found = list_stray_files()
        staged.unlink(missing_ok=True)
        return found

    monkeypatch.setattr(delivery, "list_stray_files", list_then_promote)
    assert audit_runs().violations == []


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
        check = "a session sits idle in a transaction"
        assert check in {breach["check"] for breach in audit_runs().violations}
        idle.cursor().execute("SET application_name = 'pgAdmin'")
        assert check not in {breach["check"] for breach in audit_runs().violations}
    finally:
        idle.close()


def test_seeds_a_breach_for_every_check() -> None:
    elsewhere = {
        "steps were not taken back in reverse order",
        "a row belongs to another client than its run",
        "a session sits idle in a transaction",
        "an event of a run that was taken back has no taking-back event",
        "a completed run does not name the step that failed",  # these three: test_independent_steps, test_alone
        "a run of independent steps was turned back",
        "two runs are under way of what goes alone",
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
