"""Verbs of observability: reads, and sealing; entries are written by publishing an event."""

from uuid import UUID

from apps.observability import models, queries, services
from apps.observability.api.dtos import AuditBreak, AuditEntry, AuditHead, Redacted


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


def entries_about(
    *, client_ids: tuple[UUID, ...], object_ids: tuple[UUID, ...], after: UUID | None = None, limit: int = 500
) -> tuple[AuditEntry, ...]:
    """Return at most `limit` entries of some clients, or about some rows, in the order of their keys behind one."""
    return tuple(map(_to_dto, queries.entries_about(client_ids, object_ids, after)[:limit]))


def redact_entries(
    *, client_id: UUID | None, object_ids: tuple[UUID, ...], addresses: tuple[str, ...], request_id: UUID, limit: int
) -> Redacted:
    """Take the words out of at most `limit` entries: of a client, about some rows, or with one of some addresses.

    The chains stay whole if the caller publishes in the same transaction what it is given back.
    """
    asked = {"client_id": client_id, "object_ids": object_ids, "addresses": addresses}
    return services.redact_entries(**asked, request_id=request_id, limit=limit)


def _to_dto(entry: models.AuditEntry) -> AuditEntry:
    return AuditEntry(**{name: getattr(entry, name) for name in AuditEntry.model_fields})
