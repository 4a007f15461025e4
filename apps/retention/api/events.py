"""Facts of retention."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from apps.shared.dtos import Money
from apps.shared.events import Event


class RenewalDue(Event):
    """A contract ends in 90, 60 or 30 days."""

    aggregate: ClassVar[str] = "retention.renewal"
    contract_end_date: date
    days_left: int


class ChurnRiskDetected(Event):
    """A client's score rose into a higher level of risk."""

    aggregate: ClassVar[str] = "retention.healthscore"
    score: Decimal
    level: str
    factors: tuple[str, ...]


class UpsellSuggested(Event):
    """An opportunity was found."""

    aggregate: ClassVar[str] = "retention.opportunity"
    kind: str
    value: Money
    confidence: Decimal


class LifecycleAdvanced(Event):
    """A client went from one stage to another."""

    aggregate: ClassVar[str] = "retention.lifecycle"
    from_stage: str
    to_stage: str
