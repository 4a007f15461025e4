"""Attached files in the media storage, under keys that we make."""

from collections.abc import Iterator
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

FOLDER = "intakes"


def write(key: str, content: bytes) -> None:
    """Write a file; when it cannot be written whole, nothing stays. Raises OSError."""
    try:
        saved_as = default_storage.save(key, ContentFile(content))
    except OSError:
        default_storage.delete(key)
        raise
    if saved_as != key:
        default_storage.delete(saved_as)
        raise FileExistsError(f"{key} was taken by another file.")


def read(key: str) -> bytes:
    """Return a file's bytes. Raises FileNotFoundError."""
    with default_storage.open(key) as stored:
        return stored.read()


def remove(key: str) -> None:
    """Remove a file; nothing happens when it is gone."""
    default_storage.delete(key)


def list_files(*, before: datetime) -> Iterator[str]:
    """Yield the keys of all attached files that were written before a time."""
    for intake in _children(FOLDER)[0]:
        for name in _children(f"{FOLDER}/{intake}")[1]:
            key = f"{FOLDER}/{intake}/{name}"
            written_at = _written_at(key)
            if written_at is not None and written_at < before:
                yield key


def _children(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _written_at(key: str) -> datetime | None:
    try:
        return default_storage.get_modified_time(key)
    except FileNotFoundError:
        return None
