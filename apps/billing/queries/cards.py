"""What the card service told and nobody has dealt with, in numbers."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Min

from apps.billing.models import VendorEvent
from apps.shared.telemetry import Metric, Sample


def measure_cards(at: datetime) -> Iterator[Metric]:
    """Give since when the oldest money that moved by card waits for a person; nothing where none does."""
    first = VendorEvent.objects.unhandled().aggregate(first=Min("created_at"))["first"]
    age = (Sample((at - first).total_seconds()),) if first else ()
    yield Metric("aicmo_card_event_waiting_seconds", "How long money that moved by card waits for a person.", age)
