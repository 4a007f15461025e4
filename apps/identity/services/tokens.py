"""Tokens of the portal's API."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.identity.api.events import ApiTokenIssued, ApiTokenRevoked
from apps.identity.models import ApiToken, Membership
from apps.identity.rules import LONGEST_TOKEN, TOKEN_PREFIX, digest_of, scopes_of
from apps.shared.events import AuditNote, publish

NOTED_EVERY = timedelta(minutes=1)
"""How exact `last_used_at` is: a write at each request would cost more than it tells."""


class TokenRefused(Exception):
    """A token cannot be issued like this; `field` says which part of the wish is wrong."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


@transaction.atomic
def make_token(
    membership: Membership, *, name: str, scopes: Collection[str], expires_at: datetime, at: datetime, by: UUID
) -> tuple[ApiToken, str]:
    """Issue a token and return it with its secret, which is shown this once and stored nowhere.

    Raises TokenRefused for scopes that the membership's role has not, or a lifetime of none or of over a year.
    """
    if not scopes or not scopes_of(membership.role).issuperset(scopes):
        allowed = ", ".join(sorted(scopes_of(membership.role)))
        raise TokenRefused("scopes", f"As {membership.role.lower()} choose one or more of: {allowed}.")
    if not at < expires_at <= at + LONGEST_TOKEN:
        raise TokenRefused("expires_at", f"Give a time from now to {LONGEST_TOKEN.days} days ahead.")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        membership=membership,
        name=name,
        digest=digest_of(secret),
        hint=secret[: len(TOKEN_PREFIX) + 4],
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
    )
    event = ApiTokenIssued(aggregate_id=token.pk, client_id=membership.client_id, scopes=tuple(token.scopes))
    publish(event, AuditNote(actor_id=by, after=_facts(token)))
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, at: datetime, by: UUID, reason: str = "") -> None:
    """End a token at once. Does nothing the second time."""
    current = ApiToken.objects.select_for_update(of=("self",)).select_related("membership").get(pk=token.pk)
    if current.revoked_at is not None:
        return
    current.revoked_at = at
    current.save(update_fields=["revoked_at", "updated_at"])
    event = ApiTokenRevoked(aggregate_id=current.pk, client_id=current.membership.client_id)
    publish(event, AuditNote(actor_id=by, reason=reason, after=_facts(current)))


def admit(secret: str, *, at: datetime) -> ApiToken | None:
    """Return the valid token of a secret, with membership, user and client; None where it opens nothing (any more)."""
    found = ApiToken.objects.valid(at).select_related("membership__user", "membership__client__account_manager")
    token = found.filter(digest=digest_of(secret), membership__user__is_active=True).first()
    if token is not None and (token.last_used_at is None or token.last_used_at < at - NOTED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return token


def _facts(token: ApiToken) -> dict[str, object]:
    return {
        "membership_id": str(token.membership_id),
        "name": token.name,
        "hint": token.hint,
        "scopes": token.scopes,
        "expires_at": token.expires_at.isoformat(),
    }
