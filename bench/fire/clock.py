"""The campaign's clock: weeks that pass in minutes, tick by tick, and a cycle at each.

What a cycle takes for the present is what the engine hands to its steps, so that is where a worker's clock is set.
Leases, pauses and holds go by PostgreSQL's clock, and stay real.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

BEGINS = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday."""
HOURS = range(7, 24, 3)
TICKS_A_WEEK = 5 * len(HOURS) + 1


def at_tick(number: int) -> datetime:
    """Return the moment of a tick: while somewhere it is day on weekdays, and once at a weekend."""
    weeks, rest = divmod(number, TICKS_A_WEEK)
    days, hours = divmod(rest, len(HOURS))
    return BEGINS + timedelta(weeks=weeks, days=days, hours=HOURS[hours])


def put_forward(file: Path, at: datetime) -> None:
    """Let all who go by this file take a moment for the present."""
    new = file.with_suffix(".new")
    new.write_text(at.isoformat())
    os.replace(new, file)


def go_by(file: Path) -> None:
    """Let the engine of this process take for the present what stands in a file."""
    from apps.orchestration import tasks
    from apps.orchestration.services import advance, failure, progress

    for module in (tasks, advance, failure, progress):
        module.timezone.now  # noqa: B018  (fails where the module asks otherwise for the time by now)
        module.timezone = SimpleNamespace(now=lambda: datetime.fromisoformat(file.read_text()))
