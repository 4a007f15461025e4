"""A proof …"""

import json
import os
import threading
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from apps.shared.gateways import proof

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.PROOF_FOLDER = tmp_path / "proofs"
    return tmp_path / "proofs"


def write(key: str = "run:3:1", content: bytes = b"Dear client", kind: str = "email") -> proof.Proof:
    return proof.write_proof(kind=kind, key=key, content=content, at=AT)


def record_of(written: proof.Proof) -> dict[str, Any]:
    return json.loads(written.path.with_name(written.path.name + proof.RECORD).read_text())


def test_holds_what_would_have_been_sent_and_says_so() -> None:
    written = write()
    digest = sha256(b"Dear client").hexdigest()
    assert written.path.read_bytes() == b"Dear client"
    assert (written.sha256, written.bytes) == (digest, 11)
    facts = {"kind": "email", "key": "run:3:1", "sha256": digest, "bytes": 11, "at": "2026-03-02T09:30:00+00:00"}
    assert record_of(written) == facts


def test_is_the_same_file_for_the_same_key() -> None:
    first = write()
    assert write(content=b"Dear other client") == first
    assert first.path.read_bytes() == b"Dear client"


def test_is_another_file_for_another_key() -> None:
    keys = ["a/b.pdf", "a/c.pdf", "a:b", "a_b", "A b", "é", "é.pdf", ".", "../../etc/passwd", "", "x" * 400]
    keys += [".hidden", "a\x00b", "a.pdf", "a.pdf.proof.json", "-rf"]
    paths = {key: write(key, key.encode()).path for key in keys}
    assert len(set(paths.values())) == len(keys)
    assert all(path.read_bytes() == key.encode() for key, path in paths.items())
    assert all(path.resolve().is_relative_to(proof.root().resolve() / "email") for path in paths.values())


def test_keeps_the_name_of_a_file_that_has_one() -> None:
    assert (
        write("7c/strategy-report.pdf", kind="publication").path == proof.root() / "publication/7c/strategy-report.pdf"
    )
    assert write("Ärger.pdf").path.suffix == ".pdf"


def test_is_finished_when_its_writer_died_before_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(proof.json, "dumps", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            write()
    assert record_of(write(content=b"Rendered once more"))["sha256"] == sha256(b"Dear client").hexdigest()


def test_leaves_nothing_half_written_when_the_disk_is_full(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            write()
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert write().path.read_bytes() == b"Dear client"


def test_is_refused_when_it_was_changed_afterwards() -> None:
    write().path.write_bytes(b"Dear somebody else")
    with pytest.raises(OSError, match="not what its record says"):
        write()


def test_is_refused_where_the_proof_of_another_key_lies() -> None:
    written = write("a:b")
    with pytest.raises(proof.ProofKeyTaken, match="a:b"):
        write(written.path.name)


def test_is_one_when_eight_write_it_at_the_same_moment(folder: Path) -> None:
    barrier, written = threading.Barrier(8), []

    def race(number: int) -> None:
        barrier.wait()
        written.append(write(content=b"letter %d" % number))

    threads = [threading.Thread(target=race, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(written)) == 1
    assert len(written) == 8
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == sorted(
        [written[0].path.name, written[0].path.name + proof.RECORD]
    )


def test_is_removed_with_its_record_and_others_stay() -> None:
    write("p/a.pdf")
    write("p/b.pdf")
    kept = write("q")
    proof.remove_proofs(kind="email", key="p")
    proof.remove_proofs(kind="email", key="p")
    single = write("r:1")
    proof.remove_proofs(kind="email", key="r:1")
    assert not single.path.exists()
    assert sorted(path.name for path in kept.path.parent.iterdir()) == ["q", "q.proof.json"]


def test_is_asked_of_whoever_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "_ask", proof._never)
    assert proof.is_proof_mode() is False
    proof.register_proof_mode(lambda: True)
    assert proof.is_proof_mode() is True


def test_is_neither_demanded_nor_spared_when_nobody_can_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "_ask", lambda: 1 / 0)
    with pytest.raises(proof.ProofModeUnknown, match="nothing was sent"):
        proof.is_proof_mode()
