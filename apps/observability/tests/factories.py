"""Audit entries for tests: made as in life, by publishing an event."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from apps.observability.models import AuditEntry
from apps.shared.events import AuditNote, Event, publish


class LampSwitched(Event):
    """A lamp was switched: an event no module has."""

    aggregate: ClassVar[str] = "probe.lamp"
    is_on: Any = True


def make_entry(*, client_id: UUID | None = None, note: AuditNote | None = None, **fields: Any) -> AuditEntry:
    """Publish an event and return the entry it left, as the database holds it."""
    event = LampSwitched(aggregate_id=uuid7(), client_id=client_id, **fields)
    with transaction.atomic():
        publish(event, note)
    return AuditEntry.objects.get(event_id=event.event_id)
