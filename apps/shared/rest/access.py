"""Who asks, for which client, and what they may do there."""

from dataclasses import dataclass
from typing import Any, Literal, get_args
from uuid import UUID

from django.http import HttpRequest

Scope = Literal["read", "review", "intake", "billing", "metrics"]
SCOPES: tuple[Scope, ...] = get_args(Scope)


@dataclass(frozen=True)
class Access:
    """A person's way into the portal: by a session, or by a token of its membership.

    `scopes` are what role and token both allow. A person of several clients acts for one at a time, and `has_choice`.
    `account_manager` is whom the client writes to: the portal's own role reads nobody's address.
    """

    user: Any
    client_id: UUID
    client_name: str
    membership_id: UUID
    role: Literal["APPROVER", "VIEWER"]
    scopes: frozenset[str]
    token_id: UUID | None = None
    has_choice: bool = False
    account_manager: Any = None


def access_of(request: HttpRequest | Any) -> Access:
    """Return the access of a request that was let in, Django's or REST framework's."""
    return getattr(request, "_request", request).access
