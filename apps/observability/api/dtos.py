"""Nouns of observability."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from apps.shared.dtos import Dto

CONTRACT_VERSION = "1.1"


class AuditEntry(Dto):
    """One state change: who, what, when, why, before and after. `actor_id` is None when the machine did it."""

    id: UUID
    event_id: UUID
    occurred_at: datetime
    actor_id: UUID | None
    action: str
    object_type: str
    object_id: UUID
    client_id: UUID | None
    run_id: UUID | None
    request_id: str
    reason: str
    facts: dict[str, Any]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class AuditHead(Dto):
    """The last seal of a chain: a client's id, or "agency" for what belongs to no client."""

    chain: str
    sequence: int
    hash: str


class AuditBreak(Dto):
    """A place where the audit is not what was sealed.

    ENTRY_EDITED: the entry, or its seal's hash, was changed. ENTRY_MISSING: the entry is gone. SEAL_MISSING: one or
    more seals before this one are gone. SEAL_EDITED: the seal does not continue the one before it. HEAD_MISSING: a
    head exported earlier is not in its chain any more.
    """

    chain: str
    sequence: int
    entry_id: UUID | None
    problem: Literal["ENTRY_EDITED", "ENTRY_MISSING", "SEAL_MISSING", "SEAL_EDITED", "HEAD_MISSING"]


class Redacted(Dto):
    """Entries whose words were taken out. `batch_id` and `digest` are to be told in an `AuditRedacted` of the caller.

    `batch_id` is None where none of them was sealed yet: nothing has to be told then.
    """

    batch_id: UUID | None
    digest: str
    entry_count: int
