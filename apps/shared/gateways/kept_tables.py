"""Tables on their way to rows, in the media storage: one plain CSV each, named by the sent file's SHA-256.

A table is written down once it was read to its end, so that whatever is found here can be read again to its end.
"""

import csv
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import IO
from uuid import uuid4

from django.core import signing
from django.core.files import File
from django.core.files.storage import default_storage

from apps.shared.gateways.long_tables import MOST_BYTES, read_rows
from apps.shared.gateways.tables import TableRefused

UNCLAIMED_AFTER = timedelta(days=1)
"""For how long a table is kept that nobody has confirmed."""
_CHUNK = 1_000_000


@dataclass(frozen=True)
class Kept:
    """A table that was read and kept: by what it is known, its column names, and how many rows say something."""

    sha256: str
    headers: tuple[str, ...]
    rows: int


@dataclass(frozen=True)
class Shelf:
    """A folder of tables of one kind; `is_export` says that they come out of other tools (`read_rows`)."""

    folder: str
    is_export: bool = False

    def keep_table(self, file: IO[bytes]) -> Kept:
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
            headers, rows = self._copy(file, aside)
            if not rows:
                raise TableRefused("The table has column names, and no row below them.")
            aside.seek(0)
            self._store(digest.hexdigest(), aside)
        return Kept(digest.hexdigest(), tuple(headers), rows)

    def read_kept(self, sha256: str) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows of a kept table below its column names, with their numbers. Raises FileNotFoundError."""
        with default_storage.open(self._key(sha256)) as stored:
            reader = csv.reader(TextIOWrapper(stored, encoding="utf-8", newline=""))
            next(reader)
            for number, *cells in reader:
                yield int(number), cells

    def is_kept(self, sha256: str) -> bool:
        """Tell whether a table is here."""
        return default_storage.exists(self._key(sha256))

    def drop(self, sha256: str) -> None:
        """Remove a table; nothing happens when it is gone."""
        default_storage.delete(self._key(sha256))

    def list_kept(self, *, before: datetime) -> Iterator[str]:
        """Yield the SHA-256 of the tables that were kept before a time."""
        try:
            names = default_storage.listdir(self.folder)[1]
        except FileNotFoundError:
            return
        for name in names:
            try:
                if default_storage.get_modified_time(f"{self.folder}/{name}") < before:
                    yield name.removesuffix(".csv")
            except FileNotFoundError:
                continue

    def seal(self, kept: Kept, name: str) -> str:
        """Return a kept table, with its file's name, in a form that comes back from a browser as it was."""
        told = [kept.sha256, list(kept.headers), kept.rows, name]
        return signing.dumps(told, salt=self.folder, compress=True)

    def unseal(self, said: str) -> tuple[Kept, str]:
        """Return the table, and its file's name, that came back. Raises TableRefused where it did not, or is gone."""
        try:
            sha256, headers, rows, name = signing.loads(said, salt=self.folder, max_age=UNCLAIMED_AFTER)
        except signing.BadSignature as gone:
            raise TableRefused(
                "What you looked at is a day old, or did not come back whole. Choose the file again."
            ) from gone
        if not self.is_kept(sha256):
            raise TableRefused("The file is not kept any more. Choose it again.")
        return Kept(sha256, tuple(headers), rows), name

    def _copy(self, file: IO[bytes], aside: IO[bytes]) -> tuple[list[str], int]:
        headers, rows = [], -1
        text = TextIOWrapper(aside, encoding="utf-8", errors="replace", newline="")
        writer = csv.writer(text)
        for number, cells in read_rows(file, is_export=self.is_export):
            headers = cells if number == 0 else headers
            rows += 1
            writer.writerow([number, *(cell.replace("\0", "") for cell in cells)])
        text.flush()
        text.detach()
        return headers, rows

    def _store(self, sha256: str, aside: IO[bytes]) -> None:
        """Store it under its name, anew, so that it is kept from now on.

        It comes there whole or not at all: somebody may be reading it, or storing the same. A part that is left when a
        process is killed is listed, and dropped, as a table of its own.
        """
        part = default_storage.save(self._key(f"{sha256}.{uuid4().hex}"), File(aside))
        os.replace(default_storage.path(part), default_storage.path(self._key(sha256)))

    def _key(self, sha256: str) -> str:
        return f"{self.folder}/{sha256}.csv"
