"""The destination FOLDER: a package appears as a directory, complete or not at all."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

_ASIDE = ".incoming-"


def root() -> Path:
    """Return the folder packages are published to: the setting `PUBLISH_FOLDER`."""
    return Path(settings.PUBLISH_FOLDER)


def publish(name: str, files: Mapping[str, bytes]) -> str:
    """Put the files into a directory of that name and return its path.

    They are written aside, flushed and renamed into place in one go. A directory that is there already is the same
    publication finished before: it stays. Raises OSError.
    """
    target = root() / name
    if target.is_dir():
        return str(target)
    root().mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=root()))
    try:
        for file_name, content in files.items():
            _write(aside / file_name, content)
        _rename(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return str(target)


def remove(name: str) -> None:
    """Take a published directory away; nothing happens when it is gone. Raises OSError when it cannot be removed."""
    with suppress(FileNotFoundError):
        shutil.rmtree(root() / name)


def remove_abandoned(*, before: datetime) -> None:
    """Take away what a killed process left half-written, when it was begun before the given time."""
    for aside in root().glob(f"{_ASIDE}*"):
        with suppress(FileNotFoundError):
            if datetime.fromtimestamp(aside.stat().st_mtime, UTC) < before:
                shutil.rmtree(aside)


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
