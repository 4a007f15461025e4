"""Mails that go out."""

from dataclasses import dataclass
from datetime import datetime


@dataclass
class SendCounts:
    """What was done."""

    held: int = 0

    @property
    def items(self) -> int:
        return self.held


def send_due(*, at: datetime) -> SendCounts:
    """Send what is due: nothing yet, it is only counted."""
    return SendCounts()
