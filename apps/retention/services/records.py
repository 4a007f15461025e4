"""How retention tells of its changes."""

from typing import Any
from uuid import UUID

from apps.shared.events import AuditNote, Event, publish
from apps.shared.models import snapshot


class ReasonMissing(Exception):
    """Somebody has to say why, or what came of it."""


def demand(said: str, question: str) -> str:
    """Return what was said, without blanks around it. Raises ReasonMissing."""
    if not said.strip():
        raise ReasonMissing(question)
    return said.strip()


def tell(
    kind: type[Event],
    row: Any,
    /,
    *,
    client_id: UUID,
    by: UUID | None = None,
    reason: str = "",
    before: dict[str, Any] | None = None,
    **fields: Any,
) -> Event:
    """Publish what happened to a row, with who did it, why, and how the row was and is; return the event."""
    event = kind(client_id=client_id, aggregate_id=row.pk, **fields)
    publish(event, AuditNote(actor_id=by, reason=reason, before=before, after=snapshot(row)))
    return event
