"""Facts of quality control."""

from typing import ClassVar
from uuid import UUID

from apps.shared.events import Event


class QcPassed(Event):
    """A draft may go on (verdict PASS, or WARN for a client who is not strict)."""

    aggregate: ClassVar[str] = "qc.qcreport"
    draft_id: UUID
    score: int
    verdict: str


class QcFailed(Event):
    """A draft may not go on."""

    aggregate: ClassVar[str] = "qc.qcreport"
    draft_id: UUID
    score: int
    verdict: str
    failed_rules: tuple[str, ...]


class ReportWithdrawn(Event):
    """A run took its quality report back."""

    aggregate: ClassVar[str] = "qc.qcreport"
    draft_id: UUID
