"""Proof mode: what would leave the house is written to files, with its SHA-256, instead of being sent.

Every gateway asks `is_proof_mode()` right before an effect that the outside could notice, and writes a proof of it
instead when the answer is yes. Whether the mode is on is known higher up, where `register_proof_mode` is called.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from apps.shared.workflow import TransientFailure

RECORD = ".proof.json"
"""What a proof's record is called: the name of the file it tells of, and this."""
LONGEST_NAME = 120


class ProofModeUnknown(TransientFailure):
    """Nobody could say whether proof mode is on: nothing is sent, and it will be tried again."""


class ProofKeyTaken(ValueError):
    """The file that a key asks for holds the proof of another key."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A file that holds what would have been sent."""

    path: Path
    sha256: str
    bytes: int


def _never() -> bool:
    return False


_ask: Callable[[], bool] = _never


def register_proof_mode(provider: Callable[[], bool]) -> None:
    """Let this function say from now on whether proof mode is on. It is asked before every effect: keep it quick."""
    global _ask
    _ask = provider


def is_proof_mode() -> bool:
    """Tell whether effects on the outside are to be written to files instead.

    Raises ProofModeUnknown when that cannot be found out: an effect whose permission is unknown does not happen.
    """
    try:
        return _ask()
    except Exception as error:
        raise ProofModeUnknown(f"It is not known whether proof mode is on ({error}); nothing was sent.") from error


def root() -> Path:
    """Return the folder of the proofs: the setting `PROOF_FOLDER`."""
    return Path(settings.PROOF_FOLDER)


def write_proof(*, kind: str, key: str, content: bytes, at: datetime) -> Proof:
    """Write what would have been sent to `<kind>/<key>` below the folder of proofs, and return where it lies.

    The same key again gives the same file and leaves it as it is, as an outside service that heeds keys would. Each
    file is written aside, flushed and linked into place in one go; its record (SHA-256, size, key, kind, time) follows
    as `<file>.proof.json`. A `/` in a key makes a folder; what a file name cannot hold is replaced. Raises OSError, and
    ProofKeyTaken when two keys meet in one file name.
    """
    path = _path(kind, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    _place(path, content)
    kept = path.read_bytes()  # of several writers one was first
    proof = Proof(path=path, sha256=hashlib.sha256(kept).hexdigest(), bytes=len(kept))
    facts = {"kind": kind, "key": key, "sha256": proof.sha256, "bytes": proof.bytes, "at": at.isoformat()}
    record = path.with_name(path.name + RECORD)
    _place(record, json.dumps(facts, indent=1).encode() + b"\n")
    recorded = json.loads(record.read_bytes())
    if (recorded["kind"], recorded["key"]) != (kind, key):
        raise ProofKeyTaken(f"{path} holds the proof of {recorded['key']!r}; choose another key than {key!r}.")
    if recorded["sha256"] != proof.sha256:
        raise OSError(f"{path} is not what its record says; remove both, and it is written anew.")
    return proof


def remove_proofs(*, kind: str, key: str) -> None:
    """Remove a proof, or all proofs whose keys lie under this one; nothing happens when there is none. Raises OSError.

    For the proof of an effect that could have been taken back, and is.
    """
    path = _path(kind, key)
    with suppress(FileNotFoundError, NotADirectoryError):
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.with_name(path.name + RECORD).unlink(missing_ok=True)


def remove_proofs_saying(pattern: re.Pattern[bytes]) -> int:
    """Remove every proof in which a pattern is found, with its record, and return how many. Raises OSError.

    For the erasure of whom it was for: a mail names its recipient.
    """
    found = [file for file in root().rglob("*") if file.is_file() and not file.name.endswith(RECORD)]
    found = [file for file in found if pattern.search(file.read_bytes())]
    for file in found:
        file.unlink(missing_ok=True)
        file.with_name(file.name + RECORD).unlink(missing_ok=True)
    return len(found)


def list_proofs(*, kind: str, key: str) -> list[Path]:
    """Return the files that `remove_proofs` would remove, the proofs' records included."""
    path = _path(kind, key)
    found = [*path.rglob("*"), path, path.with_name(path.name + RECORD)]
    return sorted(file for file in found if file.is_file())


def _path(kind: str, key: str) -> Path:
    return root().joinpath(_file_name(kind), *(_file_name(part) for part in key.split("/")))


def _file_name(text: str) -> str:
    """Return a text as a file name: itself where it is one, else what is fit of it, told apart by a hash."""
    is_one = re.fullmatch(r"[\w\-+@=,][\w\-+@=,.]*", text, re.ASCII) and len(text) <= LONGEST_NAME
    if is_one and not text.endswith(RECORD):
        return text
    stem, dot, suffix = re.sub(r"[^\w\-+@=,.]", "_", text, flags=re.ASCII).lstrip(".").rpartition(".")
    fit = (stem or suffix)[: LONGEST_NAME // 2] + "-" + hashlib.sha256(text.encode()).hexdigest()[:16]
    return fit + dot + suffix[:10] if stem else fit


def _place(path: Path, content: bytes) -> None:
    """Put a file there whole, unless one is there already."""
    if path.exists():
        return
    descriptor, aside = tempfile.mkstemp(prefix=".aside-", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # somebody was quicker
            os.link(aside, path)
        _flush_folder(path.parent)
    finally:
        Path(aside).unlink(missing_ok=True)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
