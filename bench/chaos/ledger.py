"""Append-only files of facts, written by whoever saw them: a line is whole or not there, and nobody takes one back."""

import json
import os
import time
from pathlib import Path
from typing import Any


def note(path: Path | str, **facts: Any) -> None:
    """Append one fact. One write of less than a page to an O_APPEND file is atomic, from any number of processes."""
    line = json.dumps({"at": time.time(), **facts}) + "\n"
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, line.encode())
    finally:
        os.close(handle)


def read(path: Path) -> list[dict[str, Any]]:
    """Return all facts in the order they were noted."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines()]
