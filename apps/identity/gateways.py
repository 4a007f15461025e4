"""Files of exports, in the media storage."""

from collections.abc import Iterator
from datetime import datetime
from typing import IO

from django.core.files.storage import default_storage

from apps.identity.api.dtos import EXPORTS


def open_file(key: str) -> IO[bytes]:
    """Open a file to read. Raises FileNotFoundError."""
    return default_storage.open(key)


def remove_file(key: str) -> None:
    """Remove a file; one that is gone is no failure."""
    default_storage.delete(key)


def list_files(before: datetime) -> Iterator[str]:
    """Give the keys of the files of exports that were written before then."""
    if not default_storage.exists(EXPORTS):
        return
    for name in default_storage.listdir(EXPORTS)[1]:
        key = f"{EXPORTS}/{name}"
        if default_storage.get_modified_time(key) < before:
            yield key
