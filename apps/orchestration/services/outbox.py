"""Events leave through the outbox: they are committed with their change, or not at all."""

from typing import Any

from apps.orchestration import rules
from apps.orchestration.models import OutboxEvent
from apps.shared.events import AuditNote, Event


def store(sender: type[Event], event: Event, note: AuditNote, **signal: Any) -> None:
    """Write the outbox row of a published event, in the publisher's transaction."""
    OutboxEvent.objects.create(
        id=event.event_id,
        name=event.name,
        aggregate=event.aggregate,
        aggregate_id=event.aggregate_id,
        client_id=event.client_id,
        run_id=event.run_id,
        payload=rules.storable(event.model_dump(mode="json")),
        occurred_at=event.occurred_at,
    )
