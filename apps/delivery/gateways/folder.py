"""The destination FOLDER: a package appears as a directory, complete or not at all."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from apps.shared.gateways import proof

PROOF_KIND = "publication"
_ASIDE = ".incoming-"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a package's files, or one of them, are now: at the destination, or among the proofs."""

    address: str
    is_proof: bool


def root() -> Path:
    """Return the folder packages are published to: the setting `PUBLISH_FOLDER`."""
    return Path(settings.PUBLISH_FOLDER)


def publish(name: str, files: Mapping[str, bytes], *, at: datetime) -> Arrival:
    """Put the files into a directory of that name and return its path; in proof mode, among the proofs instead.

    They are written aside, flushed and renamed into place in one go. A directory that is there already is the same
    publication finished before: it stays. Raises OSError, and ProofModeUnknown.
    """
    target = root() / name
    if target.is_dir():
        return Arrival(str(target), is_proof=False)
    if proof.is_proof_mode():
        return Arrival(_prove(name, files, at), is_proof=True)
    root().mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=root()))
    try:
        for file_name, content in files.items():
            _write(aside / file_name, content)
        _rename(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Arrival(str(target), is_proof=False)


def remove(name: str) -> None:
    """Take a published directory, or the proof of it, away; nothing happens when it is gone. Raises OSError.

    Proof mode does not hold this up: what was really brought there is really taken back.
    """
    with suppress(FileNotFoundError):
        shutil.rmtree(root() / name)
    proof.remove_proofs(kind=PROOF_KIND, key=name)


def list_files(name: str) -> list[Arrival]:
    """Return the files that `remove` would take away: those of the published directory, and its proofs."""
    published = sorted(path for path in (root() / name).rglob("*") if path.is_file())
    proofs = proof.list_proofs(kind=PROOF_KIND, key=name)
    return [
        *(Arrival(str(path), is_proof=False) for path in published),
        *(Arrival(str(p), is_proof=True) for p in proofs),
    ]


def remove_abandoned(*, before: datetime) -> None:
    """Take away what a killed process left half-written, when it was begun before the given time."""
    for aside in root().glob(f"{_ASIDE}*"):
        with suppress(FileNotFoundError):
            if datetime.fromtimestamp(aside.stat().st_mtime, UTC) < before:
                shutil.rmtree(aside)


def _prove(name: str, files: Mapping[str, bytes], at: datetime) -> str:
    written = [
        proof.write_proof(kind=PROOF_KIND, key=f"{name}/{file_name}", content=content, at=at)
        for file_name, content in files.items()
    ]
    return str(written[0].path.parent)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _rename(aside: Path, target: Path) -> None:
    try:
        aside.rename(target)
    except OSError:
        # Somebody else published the same at this moment; theirs is as good as ours.
        if not target.is_dir():
            raise
