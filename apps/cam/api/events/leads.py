"""Facts of leads: in, judged, moved, made one, agreed with."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from apps.shared.dtos import CountryCode, Money
from apps.shared.events import Event


class LeadIngested(Event):
    """A lead came in; the address stays in cam."""

    aggregate: ClassVar[str] = "cam.lead"
    campaign_id: UUID
    source: str


class LeadsMerged(Event):
    """A lead became part of another one, which is the aggregate."""

    aggregate: ClassVar[str] = "cam.lead"
    campaign_id: UUID
    merged_id: UUID


class MergeUndone(Event):
    """Two leads that had been made one are two again; the aggregate is the one that survived."""

    aggregate: ClassVar[str] = "cam.lead"
    campaign_id: UUID
    merged_id: UUID


class DuplicateDismissed(Event):
    """A person said that two leads who look alike are two people."""

    aggregate: ClassVar[str] = "cam.duplicatepair"
    lead_id: UUID
    other_id: UUID


class ImportStarted(Event):
    """Somebody confirmed a file of leads; its rows come in from now on."""

    aggregate: ClassVar[str] = "cam.importbatch"
    campaign_id: UUID
    rows: int


class LeadsImported(Event):
    """The leads of a file came in.

    One event for the file instead of a `LeadIngested` for each lead: a hundred thousand of them would fill outbox and
    audit with rows that all say the same, and hold up every other event meanwhile. A lead names its import.
    """

    aggregate: ClassVar[str] = "cam.importbatch"
    campaign_id: UUID
    created: int
    duplicates: int
    refused: int


class ImportFailed(Event):
    """A file of leads cannot be read on; what came in stays."""

    aggregate: ClassVar[str] = "cam.importbatch"
    campaign_id: UUID
    error: str


class ImportResumed(Event):
    """A file of leads is read on where it had failed."""

    aggregate: ClassVar[str] = "cam.importbatch"
    campaign_id: UUID


class LeadQualified(Event):
    """A lead was scored and qualified, sent to a person, or disqualified."""

    aggregate: ClassVar[str] = "cam.lead"
    campaign_id: UUID
    score: Decimal
    grade: str
    verdict: str


class LeadAdvanced(Event):
    """A lead went from one state to another; `trigger` says what made it."""

    aggregate: ClassVar[str] = "cam.lead"
    campaign_id: UUID
    from_state: str
    to_state: str
    trigger: str


class ContactabilityChanged(Event):
    """Whether a lead may be contacted has changed; it overrules the lead's state."""

    aggregate: ClassVar[str] = "cam.lead"
    campaign_id: UUID
    from_contactability: str
    to_contactability: str


class DealOpened(Event):
    """Something is being agreed on with a lead."""

    aggregate: ClassVar[str] = "cam.deal"
    lead_id: UUID
    campaign_id: UUID
    value: Money


class DealChanged(Event):
    """A person changed what is being agreed on."""

    aggregate: ClassVar[str] = "cam.deal"
    lead_id: UUID
    fields: tuple[str, ...]
    value: Money


class DealLost(Event):
    """A deal came to nothing; its lead did, too."""

    aggregate: ClassVar[str] = "cam.deal"
    lead_id: UUID
    campaign_id: UUID
    value: Money


class ClientSigned(Event):
    """A lead became a client; opens the client, its intake and its deposit invoice."""

    aggregate: ClassVar[str] = "cam.deal"
    lead_id: UUID
    company: str
    contact_name: str
    contact_email: str
    country: CountryCode
    time_zone: str
    value: Money
    signed_at: datetime
