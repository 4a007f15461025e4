"""A file of companies or people in the discovery folder: looked through without a network."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.cam.gateways.discovery.source import SourceRefused
from apps.cam.rules.discovery import PROFILE_FIELDS, Criteria, Found, OfflineConfig, Page, matches, read_item

PAGE = 50
MOST_BYTES = 20_000_000
_FIELDS = {name: name for name in PROFILE_FIELDS}


class OfflineSource:
    """A .csv file with column names, or a .json file with a list; fields are called as those of a profile."""

    def __init__(self, config: OfflineConfig) -> None:
        self.path = Path(settings.DISCOVERY_FOLDER) / config.file

    def look(self, criteria: Criteria, cursor: str) -> Page:
        """Return the next matching rows behind a cursor, which is the number of a row. Raises SourceRefused."""
        begin = int(cursor or 0)
        found: list[Found] = []
        for number, item in enumerate(self._items()):
            if number < begin:
                continue
            if len(found) == PAGE:
                return Page(tuple(found), str(number))
            said = {name: str(item.get(name) or "") for name in PROFILE_FIELDS}
            if matches(said, item, criteria) and (profile := read_item(item, _FIELDS, criteria)):
                found.append(profile)
        return Page(tuple(found))

    def _items(self) -> Iterator[dict[str, Any]]:
        try:
            if self.path.stat().st_size > MOST_BYTES:
                raise SourceRefused(f"{self.path.name} has more than {MOST_BYTES // 1_000_000} MB. Split it.")
            yield from self._rows()
        except FileNotFoundError as error:
            raise SourceRefused(f"There is no {self.path.name} in the discovery folder.") from error
        except (OSError, ValueError, csv.Error) as error:  # of JSON and of UTF-8, too
            raise SourceRefused(f"{self.path.name} cannot be read: {error}") from error

    def _rows(self) -> Iterator[dict[str, Any]]:
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            if self.path.suffix == ".json":
                rows = json.load(file)
                if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                    raise SourceRefused(f"{self.path.name} holds no list of objects.")
                yield from rows
            else:
                for row in csv.DictReader(file, strict=True):
                    yield {name: value for name, value in row.items() if name and isinstance(value, str)}
