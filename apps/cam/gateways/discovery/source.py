"""What every source can do, and how it says that it cannot."""

from typing import Protocol

from apps.cam.rules.discovery import Criteria, Page


class SourceRefused(Exception):
    """A source cannot be asked so, or does not answer as it was said to; the message says what to change."""


class Source(Protocol):
    """Somewhere to look."""

    def look(self, criteria: Criteria, cursor: str) -> Page:
        """Return what is at a cursor, "" being the beginning. Raises SourceRefused, and VendorIll to be asked later."""
