"""In files of archived runs, an erasure …"""

import gzip
import json
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.orchestration import gateways
from apps.orchestration.models import ArchivedRun
from apps.orchestration.queries.personal import Subject
from apps.orchestration.services import erasing_archives
from apps.orchestration.services.erasing_archives import erase_from_archives

ACME, GLOBEX = uuid4(), uuid4()
MIA, SAMIA = "mia@bakery.example", "samia@bakery.example"
MONTH = "runs-2020-10.jsonl.gz"


def line(client: UUID | None, says: str = "") -> dict[str, Any]:
    run = {"id": str(uuid4()), "client_id": client and str(client), "inputs": {"text": says}}
    return {"run": run, "step_runs": [{"error": says}], "events": [{"receipts": []}]}


@pytest.fixture
def folder(tmp_path: Path, db: None) -> Path:
    """A finished month, and the part of another one."""
    written = [line(ACME, "Acme's words"), line(GLOBEX, f"Ask\n{MIA}, not {SAMIA}."), line(None)]
    part = gateways.write_part(tmp_path / MONTH, map(json.dumps, written))
    facts = gateways.join_parts(tmp_path / MONTH)
    gateways.write_manifest(tmp_path / MONTH, {"file": MONTH, "sha256": facts.sha256, "bytes": facts.bytes})
    part.unlink()
    gateways.write_part(tmp_path / "runs-2020-11.jsonl.gz", [json.dumps(line(ACME, "more of Acme's"))])
    for name in (MONTH, "runs-2020-09.jsonl.gz"):
        known = {"workflow": "probe_five", "state": "COMPLETED", "month": "2020-10-01", "input_digest": ""}
        ArchivedRun.objects.create(id=uuid4(), idempotency_key=name, file=name, **known)
    return tmp_path


def said(folder: Path) -> str:
    return "".join(gzip.decompress(path.read_bytes()).decode() for path in sorted(folder.glob("runs-*gz*")))


def erase(folder: Path) -> tuple[int, list[str]]:
    subject = Subject(client_id=ACME, addresses={MIA})
    return erase_from_archives(subject, folder, mark="erased@erased.invalid", request_id=ACME)


def test_takes_a_client_s_runs_and_the_addresses_in_others(folder: Path) -> None:
    assert erase(folder) == (3, ["runs-2020-09.jsonl.gz"])
    left = said(folder)
    assert "Acme's" not in left
    assert str(ACME) not in left
    assert f"Ask\\nerased@erased.invalid, not {SAMIA}." in left
    assert len(left.splitlines()) == 2


def test_leaves_a_manifest_that_is_right(folder: Path) -> None:
    erase(folder)
    manifest, content = json.loads((folder / "runs-2020-10.manifest.json").read_text()), (folder / MONTH).read_bytes()
    assert (manifest["sha256"], manifest["bytes"]) == (sha256(content).hexdigest(), len(content))
    assert (manifest["runs"], manifest["rewritten_for"]) == (2, [str(ACME)])


def test_done_again_writes_nothing(folder: Path) -> None:
    erase(folder)
    before = {path: path.stat().st_mtime_ns for path in folder.glob("runs-*")}
    assert erase(folder)[0] == 0
    assert {path: path.stat().st_mtime_ns for path in folder.glob("runs-*")} == before


class Killed(BaseException):
    """What a process that dies looks like to its files."""


@pytest.mark.parametrize("place", ["write_manifest", "_replace"])
def test_is_whole_before_or_after_wherever_a_worker_died(
    folder: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def die(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(gateways, place, die)
        with pytest.raises(Killed):
            erase(folder)
    assert list(folder.glob("*.anew"))
    erase(folder)
    test_leaves_a_manifest_that_is_right(folder)
    assert "Acme's" not in said(folder)
    assert not list(folder.glob("*.anew"))


def test_waits_for_who_archives_into_them(folder: Path) -> None:
    with gateways.used_alone(folder), pytest.raises(gateways.FolderInUse):
        erase(folder)


def test_stands_still_before_a_file_that_cannot_be_read(folder: Path) -> None:
    (folder / MONTH).write_bytes((folder / MONTH).read_bytes()[:40])
    with pytest.raises(gateways.NotAsWritten):
        erase(folder)


def test_makes_no_folder_where_nothing_was_archived(db: None, tmp_path: Path) -> None:
    subject = Subject(client_id=ACME)
    told = {"mark": "x", "request_id": ACME}
    assert erasing_archives.erase_from_archives(subject, tmp_path / "none", **told) == (0, [])
    assert not (tmp_path / "none").exists()
