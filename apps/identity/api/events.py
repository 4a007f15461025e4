"""Facts of identity."""

from typing import ClassVar

from apps.shared.events import Event


class ClientOpened(Event):
    """A client was opened."""

    aggregate: ClassVar[str] = "identity.client"
    client_name: str


class UserAuthenticated(Event):
    """A user logged in."""

    aggregate: ClassVar[str] = "identity.user"


class UserLoggedOut(Event):
    """A user logged out."""

    aggregate: ClassVar[str] = "identity.user"
