"""Verbs of identity."""

from datetime import datetime
from uuid import UUID

from apps.identity import models, queries, services
from apps.identity.api.dtos import Client, ClientDetails, Contact, Contract


def open_client(*, details: ClientDetails, by: UUID | None = None) -> Client:
    """Return the client of this name, opened now where there is none; one that exists is not changed."""
    return _to_dto(services.open_client(details, by=by))


def open_signed_client(*, details: ClientDetails, contract: Contract, by: UUID | None = None) -> Client:
    """Return the client of a deal, opened now where there is none; another one's name does not make it that one."""
    return _to_dto(services.open_signed_client(details, contract, by=by))


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
