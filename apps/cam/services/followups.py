"""What follows on silence."""

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Counts:
    """What was done."""

    queued: int = 0

    @property
    def items(self) -> int:
        return self.queued


def queue_next(*, at: datetime) -> Counts:
    """Queue what follows on silence: nothing yet."""
    return Counts()
