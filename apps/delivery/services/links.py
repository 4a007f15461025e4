"""Addresses under which one client's file can be fetched for a few minutes, without a login."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer

LIFETIME = timedelta(minutes=5)
_SALT = "delivery.link"


class LinkRefused(Exception):
    """An address was not made by us."""


class LinkExpired(Exception):
    """An address was ours, and its time is over."""


@dataclass(frozen=True, slots=True)
class Link:
    """What an address stands for: one file, for whoever got it from this client, until then."""

    artifact_id: UUID
    client_id: UUID
    expires_at: datetime


def make_link(*, artifact_id: UUID, client_id: UUID, at: datetime) -> tuple[str, Link]:
    """Return the signed end of an address, and what it stands for."""
    expires_at = (at + LIFETIME).astimezone(UTC).replace(microsecond=0)
    told = [artifact_id.hex, client_id.hex, int(expires_at.timestamp())]
    return Signer(salt=_SALT).sign_object(told), Link(artifact_id, client_id, expires_at)


def read_link(signed: str, *, at: datetime) -> Link:
    """Return what the signed end of an address stands for. Raises LinkRefused, and LinkExpired after its time."""
    try:
        artifact, client, expires = Signer(salt=_SALT).unsign_object(signed)
    except (BadSignature, ValueError) as error:
        raise LinkRefused from error
    link = Link(UUID(artifact), UUID(client), datetime.fromtimestamp(expires, UTC))
    if link.expires_at <= at:
        raise LinkExpired
    return link
