"""Facts of identity."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from apps.shared.events import Event


class ClientOpened(Event):
    """A client was opened; `deal_id` is the deal it was won by, None where a person or an intake opened it."""

    aggregate: ClassVar[str] = "identity.client"
    client_name: str
    deal_id: UUID | None = None


class ClientChanged(Event):
    """A person changed fields of a client."""

    aggregate: ClassVar[str] = "identity.client"
    fields: tuple[str, ...]


class MembershipGranted(Event):
    """A user may act for a client, or may now do more or less there."""

    aggregate: ClassVar[str] = "identity.membership"
    user_id: UUID
    role: str


class MembershipRevoked(Event):
    """A user may not act for a client any more."""

    aggregate: ClassVar[str] = "identity.membership"
    user_id: UUID
    role: str


class WorkPutOff(Event):
    """A person does not want to see a row of the desk until later, or wants to see it again now."""

    aggregate: ClassVar[str] = "identity.attention"
    table: str
    object_id: UUID
    until: datetime | None


class WorkAssigned(Event):
    """A row of the desk became a person's to see to."""

    aggregate: ClassVar[str] = "identity.attention"
    table: str
    object_id: UUID
    person_id: UUID


class WorkGivenBack(Event):
    """A row of the desk is nobody's any more."""

    aggregate: ClassVar[str] = "identity.attention"
    table: str
    object_id: UUID


class UserAdded(Event):
    """A person got an account."""

    aggregate: ClassVar[str] = "identity.user"
    is_staff: bool


class UserChanged(Event):
    """A person's account was changed: fields, roles or permissions."""

    aggregate: ClassVar[str] = "identity.user"
    fields: tuple[str, ...]


class PasswordChanged(Event):
    """A person's password was set, by themselves or by somebody at the desk."""

    aggregate: ClassVar[str] = "identity.user"


class UserAuthenticated(Event):
    """A user logged in."""

    aggregate: ClassVar[str] = "identity.user"


class UserLoggedOut(Event):
    """A user logged out."""

    aggregate: ClassVar[str] = "identity.user"


class LoginFailed(Event):
    """Somebody failed to log in. `aggregate_id` is the person's; for a name that nobody has, a keyed hash of it."""

    aggregate: ClassVar[str] = "identity.user"
    is_known: bool


class LoginLocked(Event):
    """One name cannot log in from one address for a while, after too many failures."""

    aggregate: ClassVar[str] = "identity.user"
    is_known: bool


class LoginLinkAsked(Event):
    """Somebody asked for a link to log in by. `aggregate_id` as in LoginFailed."""

    aggregate: ClassVar[str] = "identity.user"
    is_known: bool


class LoginLinkMailed(Event):
    """A link to log in by was made for a person, and is on its way."""

    aggregate: ClassVar[str] = "identity.user"


class LoginLinkFollowed(Event):
    """A person used a link up."""

    aggregate: ClassVar[str] = "identity.user"


class SecondFactorSet(Event):
    """A person logs in with a code of their phone from now on."""

    aggregate: ClassVar[str] = "identity.user"


class SecondFactorDropped(Event):
    """A person logs in without a code from now on."""

    aggregate: ClassVar[str] = "identity.user"


class RecoveryCodeUsed(Event):
    """A person logged in with a code kept for a lost phone."""

    aggregate: ClassVar[str] = "identity.user"
    left: int


class MemberInvited(Event):
    """A person was sent a link to a client's portal."""

    aggregate: ClassVar[str] = "identity.membership"
    user_id: UUID


class ApiTokenIssued(Event):
    """A client's system got a key to the API."""

    aggregate: ClassVar[str] = "identity.apitoken"
    scopes: tuple[str, ...]


class ApiTokenRevoked(Event):
    """A key to the API opens nothing any more."""

    aggregate: ClassVar[str] = "identity.apitoken"


class DataRequested(Event):
    """A copy of somebody's data, or its erasure, was asked for; `kind` is EXPORT or ERASURE."""

    aggregate: ClassVar[str] = "identity.datarequest"
    kind: str


class DataRequestTaken(Event):
    """A person of the staff took up what a client had asked for: a worker prepares it."""

    aggregate: ClassVar[str] = "identity.datarequest"


class DataRequestRefused(Event):
    """A request was refused, or was not confirmed."""

    aggregate: ClassVar[str] = "identity.datarequest"


class DataRequestPrepared(Event):
    """An export can be downloaded, or it is known what an erasure would do."""

    aggregate: ClassVar[str] = "identity.datarequest"
    kind: str


class ErasureConfirmed(Event):
    """A person confirmed that a client or a person is erased: a worker does it."""

    aggregate: ClassVar[str] = "identity.datarequest"


class ExportDownloaded(Event):
    """A person of the staff downloaded an export."""

    aggregate: ClassVar[str] = "identity.datarequest"


class ExportRemoved(Event):
    """The file of an export was removed."""

    aggregate: ClassVar[str] = "identity.datarequest"


class AuditRedacted(Event):
    """Entries of the audit lost their words for an erasure; `digest` says which, and what is left of them."""

    aggregate: ClassVar[str] = "identity.datarequest"
    batch_id: UUID
    digest: str
    entry_count: int


class ClientErased(Event):
    """A client's data is gone, but for what the request's certificate names."""

    aggregate: ClassVar[str] = "identity.client"
    request_id: UUID


class PersonErased(Event):
    """A person's data is gone, but for what the request's certificate names."""

    aggregate: ClassVar[str] = "identity.datarequest"
