"""Verbs of observability: reads, and sealing; entries are written by publishing an event."""

from uuid import UUID

from apps.observability import models, queries, services
from apps.observability.api.dtos import AuditBreak, AuditEntry, AuditHead


def list_entries(*, object_type: str, object_id: UUID) -> tuple[AuditEntry, ...]:
    """Return what happened to one row (`strategy.strategy` and its id), oldest first."""
    return tuple(map(_to_dto, queries.entries_of_object(object_type, object_id)))


def list_entries_of_run(*, run_id: UUID) -> tuple[AuditEntry, ...]:
    """Return what one workflow run did, oldest first."""
    return tuple(map(_to_dto, queries.entries_of_run(run_id)))


def seal_audit() -> None:
    """Seal the entries that are not sealed yet; nothing while somebody else does it."""
    services.seal_audit()


def audit_heads() -> tuple[AuditHead, ...]:
    """Return the last seal of every chain, to be kept outside this database."""
    return queries.audit_heads()


def verify_audit(*, against: tuple[AuditHead, ...] = ()) -> tuple[AuditBreak, ...]:
    """Return the places where the audit was tampered with; empty when it is whole. Reads every seal.

    `against` are heads exported earlier: without them a cut-off tail cannot be seen.
    """
    return queries.audit_breaks(against)


def _to_dto(entry: models.AuditEntry) -> AuditEntry:
    return AuditEntry(**{name: getattr(entry, name) for name in AuditEntry.model_fields})
