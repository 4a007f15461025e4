"""Files of archived runs: one gzip file of JSON lines a month, and beside it a manifest that says it is whole.

While a month is being archived its runs lie in parts, each whole by itself. Joined one after the other they are the
month's file: gzip allows that. A file without its manifest is not finished, and is made anew from the parts.
"""

import fcntl
import gzip
import hashlib
import json
import os
import re
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

_ASIDE = ".aside-"
_ANEW = ".anew"
_PART = re.compile(r"(runs-\d{4}-\d\d(?:-\d+)?\.jsonl\.gz)\.part-\d{6}")


class FolderInUse(Exception):
    """Another process is archiving into this folder."""


class NotAsWritten(OSError):
    """A file read back is not what was written to it."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file of lines: where, how it can be recognised, and what is in it."""

    path: Path
    sha256: str
    bytes: int
    counts: dict[str, int]

    @property
    def runs(self) -> int:
        return self.counts["runs"]


@contextmanager
def used_alone(folder: Path) -> Iterator[None]:
    """Keep other archiving processes out of a folder; the hold ends with the process. Raises FolderInUse."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderInUse(f"Another process is archiving into {folder}; wait for its end.") from error
        for left in folder.glob(f"{_ASIDE}*"):
            left.unlink()
        for left in folder.glob(f"*{_ANEW}"):
            _settle(left)
        yield


def free_file(folder: Path, month: date) -> Path:
    """Return the file to write a month to: the first of its name, or the next number where that is finished."""
    number = 1
    while True:
        path = folder / f"runs-{month:%Y-%m}{f'-{number}' if number > 1 else ''}.jsonl.gz"
        if not manifest_of(path).exists():
            return path
        number += 1


def manifest_of(file: Path) -> Path:
    """Return where the manifest of a file lies, or would lie."""
    return file.with_name(file.name.removesuffix(".jsonl.gz") + ".manifest.json")


def parts_of(file: Path) -> list[Path]:
    """Return the parts of a file, in their order."""
    return sorted(file.parent.glob(f"{file.name}.part-*"))


def unfinished_files(folder: Path) -> list[Path]:
    """Return the files that parts are there for: an earlier process did not get to their end."""
    found = (_PART.fullmatch(path.name) for path in folder.glob("runs-*.part-*"))
    return sorted({folder / match.group(1) for match in found if match})


def write_part(file: Path, lines: Iterable[str]) -> Path:
    """Write the next part of a file, flushed and renamed into place, and return where it lies."""
    number = int(parts_of(file)[-1].name[-6:]) + 1 if parts_of(file) else 1
    path = file.with_name(f"{file.name}.part-{number:06}")
    with _aside(path) as aside, gzip.open(aside, "wt", encoding="utf-8", newline="\n") as text:
        for line in lines:
            text.write(line + "\n")
    return path


def read_ids(path: Path) -> list[UUID]:
    """Return the ids of the runs in a file, in its order; every byte is read and checked. Raises NotAsWritten."""
    try:
        return [UUID(line["run"]["id"]) for line in _read(path)]
    except (KeyError, TypeError) as error:
        raise NotAsWritten(f"{path} holds a line that is no run's.") from error


def join_parts(file: Path) -> Written:
    """Write a file from all its parts, flushed and renamed into place, and read it back. Raises NotAsWritten."""
    digest = hashlib.sha256()
    with _aside(file) as aside, aside.open("wb") as joined:
        for part in parts_of(file):
            content = part.read_bytes()
            digest.update(content)
            joined.write(content)
    with file.open("rb") as written:
        if hashlib.file_digest(written, "sha256").hexdigest() != digest.hexdigest():
            raise NotAsWritten(f"{file} is not what its parts are; is the disk in order?")
    return Written(path=file, sha256=digest.hexdigest(), bytes=file.stat().st_size, counts=_count(file))


def write_manifest(file: Path, facts: dict[str, Any]) -> None:
    """Say that a file is finished, and what it holds; from here on nothing but an erasure writes it again."""
    with _aside(manifest_of(file)) as aside:
        aside.write_text(json.dumps(facts, indent=1) + "\n")


def remove_parts(file: Path) -> None:
    """Remove the parts that a finished file was joined from."""
    for part in parts_of(file):
        part.unlink()


def all_files(folder: Path) -> list[Path]:
    """Return the finished files of a folder, and the parts of those that are not."""
    return sorted([*folder.glob("runs-*.jsonl.gz"), *folder.glob("runs-*.jsonl.gz.part-*")])


def month_file_of(path: Path) -> Path:
    """Return the file that a part is to be joined into; of a finished one, itself."""
    part = _PART.fullmatch(path.name)
    return path.with_name(part.group(1)) if part else path


def client_of(line: str) -> str | None:
    """Return the id of the client whose run a line is; None for one of no client."""
    return json.loads(line)["run"]["client_id"]


def lines_of_client(folder: Path, client_id: str) -> Iterator[str]:
    """Give the lines of a client's runs in all files of a folder. Raises NotAsWritten."""
    for file in all_files(folder):
        yield from (line for line in _lines(file) if client_id in line and client_of(line) == client_id)


def rewrite(file: Path, change: Callable[[str], str | None], *, why: str) -> int:
    """Write a file or a part anew with what each line becomes, if any becomes another; return how many did.

    A line that becomes None goes. The manifest of a finished file says what it holds from then on, and `why`: written
    before the new file takes the old one's place, so that after a kill it tells which of the two is right. Raises
    NotAsWritten.
    """
    count = sum(change(line) != line for line in _lines(file))
    if not count:
        return 0
    anew = file.with_name(file.name + _ANEW)
    with _aside(anew) as aside, gzip.open(aside, "wt", encoding="utf-8", newline="\n") as text:
        for line in _lines(file):
            if (new := change(line)) is not None:
                text.write(new + "\n")
    if manifest_of(file).exists():
        facts = json.loads(manifest_of(file).read_text())
        with anew.open("rb") as written:
            facts |= {"sha256": hashlib.file_digest(written, "sha256").hexdigest(), "bytes": anew.stat().st_size}
        write_manifest(file, facts | _count(anew) | {"rewritten_for": [*facts.get("rewritten_for", ()), why]})
    _replace(anew, file)
    return count


def _settle(anew: Path) -> None:
    """End what a process that died left of a rewriting: the new file counts if the manifest says so, else the old."""
    file = anew.with_name(anew.name.removesuffix(_ANEW))
    if manifest_of(file).exists():
        with anew.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
        if json.loads(manifest_of(file).read_text())["sha256"] == sha256:
            _replace(anew, file)
            return
    anew.unlink()


def _replace(anew: Path, file: Path) -> None:
    anew.rename(file)
    _flush(file.parent)


def _lines(file: Path) -> Iterator[str]:
    try:
        with gzip.open(file, "rt", encoding="utf-8", newline="\n") as text:
            for line in text:
                yield line.removesuffix("\n")
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise NotAsWritten(f"{file} cannot be read back ({error}).") from error


def _count(file: Path) -> dict[str, int]:
    counts = dict.fromkeys(("runs", "step_runs", "events", "receipts"), 0)
    for line in _read(file):
        counts["runs"] += 1
        counts["step_runs"] += len(line["step_runs"])
        counts["events"] += len(line["events"])
        counts["receipts"] += sum(len(event["receipts"]) for event in line["events"])
    return counts


def _read(path: Path) -> Iterator[dict[str, Any]]:
    try:
        yield from map(json.loads, _lines(path))
    except ValueError as error:
        raise NotAsWritten(f"{path} cannot be read back ({error}).") from error


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to, then flush it and put it in the place of the real one."""
    descriptor, name = tempfile.mkstemp(prefix=_ASIDE, dir=path.parent)
    os.close(descriptor)
    aside = Path(name)
    try:
        yield aside
        _flush(aside)
        aside.rename(path)
        _flush(path.parent)
    finally:
        with suppress(FileNotFoundError):
            aside.unlink()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
