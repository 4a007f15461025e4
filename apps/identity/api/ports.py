"""Verbs of identity."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from apps.identity import models, queries, services
from apps.identity.api.dtos import Client, ClientDetails, Contact, Contract, DataRequest
from apps.identity.services import ClientEnded, DataRequestRefused

__all__ = [
    "ClientEnded",
    "DataRequestRefused",
    "claim_data_request",
    "close_erasure",
    "ensure_owner",
    "find_client",
    "find_clients",
    "get_client",
    "hold_for_work",
    "invite_contact",
    "list_data_requests",
    "note_export",
    "note_preview",
    "note_progress",
    "note_redaction",
    "note_request_failure",
    "open_client",
    "open_signed_client",
    "visible_clients",
]


def open_client(*, details: ClientDetails, by: UUID | None = None) -> Client:
    """Return the client of this name, opened now where there is none; one that exists is not changed."""
    return _to_dto(services.open_client(details, by=by))


def open_signed_client(*, details: ClientDetails, contract: Contract, by: UUID | None = None) -> Client:
    """Return the client of a deal, opened now where there is none; another one's name does not make it that one."""
    return _to_dto(services.open_signed_client(details, contract, by=by))


def hold_for_work(*, client_id: UUID) -> None:
    """Keep a client from ending until the transaction that is open ends.

    Raises ClientEnded for one that has ended or is being erased, and ObjectDoesNotExist for an unknown one.
    """
    services.hold_for_work(client_id)


def invite_contact(*, client_id: UUID, contact: Contact, at: datetime, by: UUID | None = None) -> None:
    """Let the person who signed for a client decide for it in the portal, and mail them a link, once.

    Raises ObjectDoesNotExist for an unknown client.
    """
    services.invite_contact(client_id, contact, by=by, at=at)


def find_client(*, slug: str) -> Client | None:
    """Return the client of a slug, None where there is none."""
    client = queries.find_client(slug)
    return _to_dto(client) if client else None


def find_clients(*, names: tuple[str, ...]) -> tuple[Client | None, ...]:
    """Return for each name its client, None where there is none yet."""
    known = queries.clients_named(names)
    return tuple(_to_dto(known[name]) if name in known else None for name in names)


def get_client(*, client_id: UUID) -> Client:
    """Return a client. Raises the model's DoesNotExist."""
    return _to_dto(queries.get_client(client_id))


def visible_clients(*, user_id: UUID) -> tuple[Client, ...]:
    """Return the clients a user may see, by name: staff all or those they manage, others those they are a member of."""
    return tuple(map(_to_dto, queries.visible_clients(user_id)))


def ensure_owner(*, email: str, password: str, full_name: str) -> None:
    """See to it that an account of this address exists and has this password; one that is made now has every right."""
    services.ensure_owner(email, password, full_name=full_name)


def _to_dto(client: models.Client) -> Client:
    return Client(**{name: getattr(client, name) for name in Client.model_fields})


# --- what is asked for of data, which the engine reads and erases -----------------------------------------------------


def list_data_requests(*, at: datetime) -> tuple[DataRequest, ...]:
    """Return the requests that a worker has something to do for, oldest first."""
    return tuple(map(_to_request, queries.requests_for_workers(at)))


def claim_data_request(*, request_id: UUID, at: datetime) -> DataRequest | None:
    """Take a request for one worker; None where another one has it. It is free again after a while."""
    claimed = services.claim_request(request_id, at=at)
    return claimed and _to_request(claimed)


def note_preview(*, request_id: UUID, preview: dict[str, Any], at: datetime) -> None:
    """Note what an erasure would do: a person decides on it."""
    services.note_preview(request_id, preview, at=at)


def note_export(*, request_id: UUID, key: str, sha256: str, size: int, summary: dict[str, Any], at: datetime) -> None:
    """Note where the file of an export lies, in the media storage.

    Raises DataRequestRefused when nobody waits for it any more.
    """
    services.note_export(request_id, key=key, sha256=sha256, size=size, summary=summary, at=at)


def note_progress(*, request_id: UUID, progress: dict[str, Any], scope: dict[str, Any]) -> None:
    """Note how far an erasure is, in the transaction of what was erased."""
    services.note_progress(request_id, progress, scope)


def note_redaction(*, request_id: UUID, batch_id: UUID, digest: str, entry_count: int, at: datetime) -> None:
    """Tell which entries of the audit lost their words, in the transaction in which they did."""
    services.note_redaction(request_id, batch_id=batch_id, digest=digest, entry_count=entry_count, at=at)


def note_request_failure(*, request_id: UUID, problem: str, at: datetime) -> None:
    """Note why a worker did not get through; it tries again later."""
    services.note_failure(request_id, problem, at=at)


def close_erasure(*, request_id: UUID, certificate: dict[str, Any], kept_until: date | None, at: datetime) -> None:
    """Note that an erasure is done, and forget whom it was about."""
    services.close_erasure(request_id, certificate, kept_until=kept_until, at=at)


def _to_request(row: models.DataRequest) -> DataRequest:
    return DataRequest(**{name: getattr(row, name) for name in DataRequest.model_fields})
