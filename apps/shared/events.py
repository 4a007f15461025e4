"""Facts that modules tell each other, and the one way to tell them."""

from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.dispatch import Signal
from pydantic import Field
from uuid_utils.compat import uuid7

from apps.shared.dtos import Dto

event_published = Signal()
"""The project's only Django signal: its receivers write outbox row and audit entry in the publisher's transaction."""


class Event(Dto):
    """Something that happened, named in the past tense.

    `aggregate` names the table of the row it happened to (`onboarding.brief`), `aggregate_id` the row.
    """

    aggregate: ClassVar[str]

    event_id: UUID = Field(default_factory=uuid7)
    occurred_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    run_id: UUID | None = None
    client_id: UUID | None = None
    aggregate_id: UUID

    @property
    def name(self) -> str:
        return type(self).__name__


class AuditNote(Dto):
    """Who did it, why, and how the row looked before and after: what an audit entry adds to an event."""

    actor_id: UUID | None = None
    reason: str = ""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


def publish(event: Event, note: AuditNote | None = None) -> None:
    """Record an event in the transaction of the change it tells of: both commit, or neither does.

    Raises RuntimeError outside a transaction, because an event without its change would be a lie.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(
            f"{event.name} was published outside a transaction; wrap the change in transaction.atomic()."
        )
    event_published.send(sender=type(event), event=event, note=note or AuditNote())


def list_event_names() -> list[str]:
    """List the names of all events that some module declares."""
    kinds, found = [Event], []
    while kinds:
        kind = kinds.pop()
        found.append(kind.__name__)
        kinds += kind.__subclasses__()
    return sorted(found[1:])
