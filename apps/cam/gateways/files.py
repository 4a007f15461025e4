"""Tables on their way to leads, in the media storage: one plain CSV each, named by the sent file's SHA-256.

A table is written down once it was read to its end, so that whatever is found here can be read again to its end.
"""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage

from apps.cam.gateways.tables import MOST_BYTES, read_rows
from apps.shared.gateways.tables import TableRefused

FOLDER = "lead-imports"
_CHUNK = 1_000_000


@dataclass(frozen=True)
class Kept:
    """A table that was read and kept: by what it is known, its column names, and how many rows say something."""

    sha256: str
    headers: tuple[str, ...]
    rows: int


def keep_table(file: IO[bytes]) -> Kept:
    """Read a CSV or XLSX file to its end and keep its table. Raises TableRefused, and OSError for want of room."""
    digest = hashlib.sha256()
    size = 0
    file.seek(0)
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        if size > MOST_BYTES:
            raise TableRefused(f"The file has more than {MOST_BYTES // 1_000_000} MB. Send it in parts.")
        digest.update(chunk)
    file.seek(0)
    with TemporaryFile("w+b") as aside:
        headers, rows = _copy(file, aside)
        if not rows:
            raise TableRefused("The table has column names, and no row below them.")
        aside.seek(0)
        _store(digest.hexdigest(), aside)
    return Kept(digest.hexdigest(), tuple(headers), rows)


def _copy(file: IO[bytes], aside: IO[bytes]) -> tuple[list[str], int]:
    headers, rows = [], -1
    text = TextIOWrapper(aside, encoding="utf-8", errors="replace", newline="")
    writer = csv.writer(text)
    for number, cells in read_rows(file):
        headers = cells if number == 0 else headers
        rows += 1
        writer.writerow([number, *(cell.replace("\0", "") for cell in cells)])
    text.flush()
    text.detach()
    return headers, rows


def _store(sha256: str, aside: IO[bytes]) -> None:
    """Store it under its name; a copy that was there is as good."""
    key = _key(sha256)
    default_storage.delete(key)
    saved_as = default_storage.save(key, File(aside))
    if saved_as != key:
        default_storage.delete(saved_as)


def read_kept(sha256: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a kept table below its column names, with their numbers. Raises FileNotFoundError."""
    with default_storage.open(_key(sha256)) as stored:
        reader = csv.reader(TextIOWrapper(stored, encoding="utf-8", newline=""))
        next(reader)
        for number, *cells in reader:
            yield int(number), cells


def is_kept(sha256: str) -> bool:
    """Tell whether a table is here."""
    return default_storage.exists(_key(sha256))


def drop(sha256: str) -> None:
    """Remove a table; nothing happens when it is gone."""
    default_storage.delete(_key(sha256))


def list_kept(*, before: datetime) -> Iterator[str]:
    """Yield the SHA-256 of the tables that were kept before a time."""
    try:
        names = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return
    for name in names:
        try:
            if default_storage.get_modified_time(f"{FOLDER}/{name}") < before:
                yield name.removesuffix(".csv")
        except FileNotFoundError:
            continue


def _key(sha256: str) -> str:
    return f"{FOLDER}/{sha256}.csv"
