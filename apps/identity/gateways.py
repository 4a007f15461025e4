"""Files of exports, in the media storage."""

from typing import IO

from django.core.files.storage import default_storage


def open_file(key: str) -> IO[bytes]:
    """Open a file to read. Raises FileNotFoundError."""
    return default_storage.open(key)


def remove_file(key: str) -> None:
    """Remove a file; one that is gone is no failure."""
    default_storage.delete(key)
