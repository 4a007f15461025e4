"""Archiving ended runs …"""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import InternalError, ProgrammingError, connection, transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.observability.api import ports as observability
from apps.orchestration import gateways
from apps.orchestration.models import ArchivedRun, EventReceipt, OutboxEvent, StepRun, WorkflowRun
from apps.orchestration.queries.invariants import audit_runs
from apps.orchestration.services import archive
from apps.orchestration.services.start import KeyReused
from apps.orchestration.tests.conftest import worker_environment

OCTOBER = datetime(2020, 10, 7, 12, tzinfo=UTC)
Run = Callable[..., WorkflowRun]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def ended(run_probe: Run) -> Callable[..., WorkflowRun]:
    """A run that ended at a time, with all its reactions done."""

    def make(at: datetime = OCTOBER, **seed: str) -> WorkflowRun:
        run = run_probe(**seed)
        WorkflowRun.objects.filter(pk=run.pk).update(finished_at=at)
        OutboxEvent.objects.filter(run_id=run.pk, dispatched_at=None).update(dispatched_at=at)
        run.refresh_from_db()
        return run

    return make


def archived(folder: Path, before: str = "2020-11") -> None:
    call_command("archive_runs", "--before", before, "--to", str(folder), stdout=StringIO())


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]


def ids_in(folder: Path) -> list[UUID]:
    """Give the ids of the runs in all finished files, each as often as it is there."""
    return sorted(UUID(line["run"]["id"]) for path in folder.glob("*.jsonl.gz") for line in lines(path))


def assert_moved_once(runs: list[WorkflowRun], folder: Path) -> None:
    ids = sorted(run.pk for run in runs)
    assert ids_in(folder) == ids
    assert sorted(ArchivedRun.objects.values_list("pk", flat=True)) == ids
    assert not WorkflowRun.objects.filter(pk__in=ids).exists()
    assert not StepRun.objects.filter(run_id__in=ids).exists()
    assert not OutboxEvent.objects.filter(run_id__in=ids).exists()
    assert {path.suffix for path in folder.iterdir()} <= {".gz", ".json", ""}, "parts are left"
    assert audit_runs().violations == []


def test_moves_all_that_the_engine_knows_of_them(ended: Run, folder: Path) -> None:
    run = ended(refuse_at="three")
    event = OutboxEvent.objects.filter(run_id=run.pk).first()
    EventReceipt.objects.create(event=event, reaction="learn", state="DONE")
    steps = list(StepRun.objects.filter(run=run).order_by("position").values_list("name", "state"))
    names = list(OutboxEvent.objects.filter(run_id=run.pk).order_by("sequence").values_list("name", flat=True))
    archived(folder)
    (line,) = lines(folder / "runs-2020-10.jsonl.gz")
    assert line["run"]["inputs"] == run.inputs
    assert [(step["name"], step["state"]) for step in line["step_runs"]] == steps
    assert [each["name"] for each in line["events"]] == names
    assert [receipt["reaction"] for each in line["events"] for receipt in each["receipts"]] == ["learn"]
    assert_moved_once([run], folder)
    assert not EventReceipt.objects.exists()


def test_says_in_a_manifest_what_a_file_holds(ended: Run, folder: Path) -> None:
    ended(), ended()
    archived(folder)
    file = folder / "runs-2020-10.jsonl.gz"
    manifest = json.loads((folder / "runs-2020-10.manifest.json").read_text())
    content = file.read_bytes()
    assert (manifest["sha256"], manifest["bytes"]) == (sha256(content).hexdigest(), len(content))
    assert (manifest["runs"], manifest["step_runs"], manifest["receipts"]) == (2, 10, 0)
    assert manifest["events"] == sum(len(line["events"]) for line in lines(file))


def test_is_told_once_a_batch(ended: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "BATCH", 2)
    runs = [ended() for _ in range(3)]
    archived(folder)
    told = OutboxEvent.objects.filter(name="RunsArchived").order_by("sequence")
    assert [(event.aggregate_id, event.payload["run_count"]) for event in told] == [(runs[1].pk, 2), (runs[2].pk, 1)]
    (entry,) = observability.list_entries(object_type="orchestration.archivedrun", object_id=runs[2].pk)
    assert entry.facts == {"file": "runs-2020-10.jsonl.gz", "run_count": 1}


def test_writes_what_zcat_reads(ended: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "BATCH", 1)
    runs = [ended(), ended()]
    archived(folder)
    shown = subprocess.run(["zcat", folder / "runs-2020-10.jsonl.gz"], capture_output=True, text=True, check=True)
    assert [UUID(json.loads(line)["run"]["id"]) for line in shown.stdout.splitlines()] == [run.pk for run in runs]


def test_takes_whole_months_one_file_each_and_leaves_the_rest(ended: Run, start_probe: Run, folder: Path) -> None:
    september = ended(datetime(2020, 9, 30, 23, 59, 59, 999_999, tzinfo=UTC))
    october = [ended(datetime(2020, 10, 1, tzinfo=UTC)), ended(datetime(2020, 10, 31, 23, 59, tzinfo=UTC))]
    ended(datetime(2020, 11, 1, tzinfo=UTC)), start_probe()
    archived(folder)
    assert {path.name: len(lines(path)) for path in folder.glob("*.gz")} == {
        "runs-2020-09.jsonl.gz": 1,
        "runs-2020-10.jsonl.gz": 2,
    }
    assert_moved_once([september, *october], folder)
    assert WorkflowRun.objects.count() == 2


def test_refuses_a_month_that_has_not_begun_and_keeps_the_present_one(ended: Run, folder: Path) -> None:
    ended(timezone.now())
    with pytest.raises(CommandError, match="lies ahead") as refused:
        archived(folder, "2999-01")
    assert refused.value.returncode == 2
    archived(folder, f"{timezone.now():%Y-%m}")
    assert WorkflowRun.objects.count() == 1
    with pytest.raises(CommandError, match="no month like"):
        call_command("archive_runs", "--before", "October")


def test_changes_nothing_when_only_asked_what_there_is(ended: Run, folder: Path, capsys: Any) -> None:
    ended(), ended(), _with_a_dead_letter(ended())
    call_command("archive_runs", "--before", "2020-11", "--to", str(folder), "--dry-run")
    assert capsys.readouterr().out.split() == ["2020-10", "2", "to", "archive", "1", "must", "stay"]
    assert WorkflowRun.objects.count() == 3
    assert not folder.exists()


def _with_a_dead_letter(run: WorkflowRun) -> EventReceipt:
    event = OutboxEvent.objects.filter(run_id=run.pk).first()
    return EventReceipt.objects.create(event=event, reaction="learn", state="DEAD")


def test_waits_for_reactions_and_takes_a_second_file_for_what_comes_late(ended: Run, folder: Path) -> None:
    done, dead, due = ended(), ended(), ended()
    receipt = _with_a_dead_letter(dead)
    OutboxEvent.objects.filter(run_id=due.pk).update(dispatched_at=None, occurred_at=timezone.now())
    archived(folder)
    assert_moved_once([done], folder)
    EventReceipt.objects.filter(pk=receipt.pk).update(state="DONE")
    OutboxEvent.objects.update(dispatched_at=OCTOBER)
    archived(folder)
    assert len(lines(folder / "runs-2020-10-2.jsonl.gz")) == 2
    assert_moved_once([done, dead, due], folder)


def test_keeps_the_key_for_ever(ended: Run, folder: Path) -> None:
    run = ended()
    archived(folder)
    kept = ArchivedRun.objects.of_key(run.idempotency_key).first()
    assert (kept.pk, kept.input_digest, kept.workflow, kept.state) == (
        run.pk,
        run.input_digest,
        "probe_five",
        "COMPLETED",
    )
    assert (kept.month.isoformat(), kept.file) == ("2020-10-01", "runs-2020-10.jsonl.gz")
    assert not ArchivedRun.objects.of_key("never used").exists()
    with pytest.raises((InternalError, ProgrammingError), match="Cannot update or delete"), transaction.atomic():
        ArchivedRun.objects.all().delete()


def test_names_the_file_to_whoever_comes_with_the_key_again(ended: Run, start_probe: Run, folder: Path) -> None:
    run = ended()
    archived(folder)
    with pytest.raises(KeyReused, match=f"{run.pk}, which ended COMPLETED and is archived in runs-2020-10.jsonl.gz"):
        start_probe(key=run.idempotency_key)
    assert not WorkflowRun.objects.exists()


def test_leaves_a_run_again_of_an_archived_one_without_its_link(ended: Run, folder: Path) -> None:
    first, again = ended(), ended(timezone.now())
    WorkflowRun.objects.filter(pk=again.pk).update(rerun_of=first)
    archived(folder)
    again.refresh_from_db()
    assert again.rerun_of_id is None


def test_leaves_alone_what_somebody_holds(ended: Run, folder: Path) -> None:
    free, held = ended(), ended()
    other = connection.copy()
    try:
        other.set_autocommit(False)
        other.cursor().execute("SELECT 1 FROM orchestration_workflowrun WHERE id = %s FOR UPDATE", [held.pk])
        archived(folder)
    finally:
        other.close()
    assert_moved_once([free], folder)
    assert WorkflowRun.objects.filter(pk=held.pk).exists()


def test_keeps_in_the_outbox_what_is_told_after_the_lines_were_written(
    ended: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ended()
    read_ids = gateways.read_ids

    def told_meanwhile(path: Path) -> list[UUID]:
        late = {"name": "Late", "aggregate": "x.y", "aggregate_id": run.pk, "run_id": run.pk, "payload": {}}
        OutboxEvent.objects.create(id=uuid7(), occurred_at=OCTOBER, **late)
        return read_ids(path)

    monkeypatch.setattr(gateways, "read_ids", told_meanwhile)
    archived(folder)
    assert [event.name for event in OutboxEvent.objects.filter(run_id=run.pk)] == ["Late"]
    assert "Late" not in [event["name"] for event in lines(folder / "runs-2020-10.jsonl.gz")[0]["events"]]


POINTS = ["archive.written", "archive.deleted", "archive.joined", "archive.finished"]


@pytest.mark.parametrize("point", POINTS)
def test_loses_and_doubles_nothing_when_killed(
    ended: Run, folder: Path, faults: Callable[..., Path], point: str
) -> None:
    runs = [ended() for _ in range(3)]
    plan = faults(point, fault="kill")
    command = [sys.executable, "manage.py", "archive_runs", "--before", "2020-11", "--to", str(folder)]
    assert subprocess.run(command, env=worker_environment(), capture_output=True, check=False).returncode == -9
    assert not plan.exists()
    archived(folder)
    assert_moved_once(runs, folder)


@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("point", POINTS)
def test_goes_on_in_the_same_file_after_failing_between_batches(
    ended: Run, folder: Path, faults: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, point: str, batch: int
) -> None:
    runs = [ended() for _ in range(3)]
    monkeypatch.setattr(archive, "BATCH", batch)
    passed = iter(range(10))

    def fail_at_the_second(name: str, key: object) -> None:
        if name == point and (next(passed) == 1 or point in POINTS[2:]):
            raise RuntimeError(f"planned at {name}")

    with monkeypatch.context() as patch:
        patch.setattr(archive, "fault_point", fail_at_the_second)
        with pytest.raises(RuntimeError, match="planned"):
            archived(folder)
    archived(folder)
    assert [path.name for path in folder.glob("*.gz")] == ["runs-2020-10.jsonl.gz"]
    assert_moved_once(runs, folder)


def test_deletes_nothing_while_the_disk_is_full(ended: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    run = ended()
    with monkeypatch.context() as patch:
        patch.setattr(gateways, "_flush", full)
        with pytest.raises(CommandError, match="No space left"):
            archived(folder)
    assert WorkflowRun.objects.filter(pk=run.pk).exists()
    assert [path.name for path in folder.iterdir()] == [".lock"]
    archived(folder)
    assert_moved_once([run], folder)


def test_deletes_nothing_that_cannot_be_read_back(ended: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = ended()
    write_part = gateways.write_part

    def damaged(file: Path, content: Any) -> Path:
        part = write_part(file, content)
        part.write_bytes(part.read_bytes()[:-9])
        return part

    monkeypatch.setattr(gateways, "write_part", damaged)
    with pytest.raises(CommandError, match="cannot be read back"):
        archived(folder)
    assert WorkflowRun.objects.filter(pk=run.pk).exists()


def test_is_done_by_one_process_a_folder(ended: Run, folder: Path) -> None:
    run = ended()
    with gateways.used_alone(folder), pytest.raises(CommandError, match="Another process"):
        archived(folder)
    archived(folder)
    assert_moved_once([run], folder)


def test_calls_a_person_when_files_and_tables_contradict_each_other(
    ended: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended(), ended()
    with monkeypatch.context() as patch:
        patch.setattr(archive, "fault_point", lambda name, key: name == "archive.written" and 1 / 0)
        with pytest.raises(ZeroDivisionError):
            archived(folder)
    WorkflowRun.objects.order_by("pk").last().step_runs.all().delete()
    WorkflowRun.objects.order_by("pk").last().delete()
    with pytest.raises(CommandError, match="of 2 runs 1 are in the tables and 0 are archived"):
        archived(folder)
    assert len(list(folder.glob("*.part-*"))) == 1


def test_lets_the_audit_still_find_what_an_archived_run_left_behind(ended: Run, folder: Path) -> None:
    ended(refuse_at="five"), ended()
    archived(folder)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE probe_proberow SET run_id = (SELECT id FROM orchestration_archivedrun WHERE state = 'COMPENSATED')"
        )
    assert {breach["check"] for breach in audit_runs().violations} == {"a row's run does not account for it"}
