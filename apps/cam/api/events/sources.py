"""Facts of what leads come in by."""

from typing import ClassVar
from uuid import UUID

from apps.shared.events import Event


class LeadFormOpened(Event):
    """A web form takes leads in for a campaign."""

    aggregate: ClassVar[str] = "cam.leadform"
    campaign_id: UUID


class LeadFormClosed(Event):
    """A web form takes no more leads in."""

    aggregate: ClassVar[str] = "cam.leadform"
    campaign_id: UUID


class LeadKeyMade(Event):
    """Another system may send leads of a campaign."""

    aggregate: ClassVar[str] = "cam.leadkey"
    campaign_id: UUID


class LeadKeyRevoked(Event):
    """A key opens nothing any more."""

    aggregate: ClassVar[str] = "cam.leadkey"
    campaign_id: UUID


class LeadSubmitted(Event):
    """Something came in of a lead by a form or a key; a lead that is new has a `LeadIngested` beside it."""

    aggregate: ClassVar[str] = "cam.leadsubmission"
    lead_id: UUID
    campaign_id: UUID
    has_consent: bool


class DiscoverySourceMade(Event):
    """There is another place to look for leads."""

    aggregate: ClassVar[str] = "cam.discoverysource"


class DiscoveryStarted(Event):
    """Somebody wants leads to be looked for."""

    aggregate: ClassVar[str] = "cam.discoveryjob"
    campaign_id: UUID


class DiscoveryResumed(Event):
    """A job that had failed goes on where it stopped."""

    aggregate: ClassVar[str] = "cam.discoveryjob"
    campaign_id: UUID


class DiscoveryFinished(Event):
    """A job has looked to its end; `ingested` are the leads that it made by itself."""

    aggregate: ClassVar[str] = "cam.discoveryjob"
    campaign_id: UUID
    found: int
    new: int
    ingested: int


class DiscoveryFailed(Event):
    """A source does not answer as it was said to; what was found stays."""

    aggregate: ClassVar[str] = "cam.discoveryjob"
    campaign_id: UUID
    error: str


class ProfileAccepted(Event):
    """Somebody who was found is a lead now, or had been one."""

    aggregate: ClassVar[str] = "cam.discoveredprofile"
    lead_id: UUID
    campaign_id: UUID
    is_new: bool


class ProfileIgnored(Event):
    """Somebody who was found is left alone."""

    aggregate: ClassVar[str] = "cam.discoveredprofile"
