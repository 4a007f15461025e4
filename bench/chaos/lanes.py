"""Trials in several processes at once, each with servers of its own: a trial waits more than it works."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.chaos.table import markdown

Row = tuple[int, tuple[str, ...]]
"""Where a line stands in the table, and its cells."""


@dataclass
class Report:
    """What came of the trials of one process, or of all."""

    head: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_clean: bool = True

    def print(self) -> None:
        """Print the table and what else there is to say."""
        print("\n" + markdown([self.head, *(cells for _, cells in sorted(self.rows))]))
        for note in self.notes:
            print(note)

    def save(self, path: Path) -> None:
        """Write it down for the process that gathers all reports."""
        path.write_text(json.dumps([self.head, self.rows, self.notes, self.is_clean]))


def hold_in_lanes(count: int, arguments: Sequence[str]) -> Report:
    """Start the harness again so many times, give each a share of the trials, and gather what they report."""
    folder = Path(tempfile.mkdtemp(prefix="aicmo-lanes-"))
    paths = [folder / str(lane) for lane in range(count)]
    processes = []
    for lane, path in enumerate(paths):
        command = [sys.executable, "-m", "bench.chaos", *arguments, "--lane", f"{lane}/{count}", "--report", str(path)]
        processes.append(subprocess.Popen(command))
    try:
        codes = [process.wait() for process in processes]
    finally:
        for process in processes:
            process.terminate()
            process.wait()
    gathered = Report(head=(), is_clean=not any(codes))
    for path in paths:
        if not path.exists():
            gathered.notes.append("A process ended without a report; its last words are above.")
            gathered.is_clean = False
            continue
        head, rows, notes, is_clean = json.loads(path.read_text())
        gathered.head = tuple(head)
        gathered.rows += [(order, tuple(cells)) for order, cells in rows]
        gathered.notes += notes
        gathered.is_clean &= is_clean
    return gathered
