"""Facts of client acquisition."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from apps.cam.api.dtos import ReplyClass
from apps.shared.dtos import CountryCode, Money
from apps.shared.events import Event


class LeadIngested(Event):
    """A lead came in; the address stays in cam."""

    aggregate: ClassVar[str] = "cam.lead"
    campaign_id: UUID
    source: str


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


class OutreachPlanned(Event):
    """A lead got a sequence of messages."""

    aggregate: ClassVar[str] = "cam.lead"
    campaign_id: UUID
    channels: tuple[str, ...]
    message_count: int


class EmailSent(Event):
    """An outreach mail was handed to the mail server."""

    aggregate: ClassVar[str] = "cam.outboundemail"
    campaign_id: UUID
    lead_id: UUID
    step: int
    message_id: str


class ReplyReceived(Event):
    """A mail came in; lead and campaign are None when it answers nothing we sent."""

    aggregate: ClassVar[str] = "cam.inboundemail"
    campaign_id: UUID | None
    lead_id: UUID | None


class ReplyAnswered(Event):
    """A person said what was done about a reply: it was answered, or needs no answer."""

    aggregate: ClassVar[str] = "cam.inboundemail"
    lead_id: UUID | None
    answer: str


class ReplyClassified(Event):
    """A reply was understood, or left to a person as NEUTRAL. `confidence` is 0 to 1."""

    aggregate: ClassVar[str] = "cam.inboundemail"
    lead_id: UUID | None
    classification: ReplyClass
    confidence: Decimal


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


class CampaignCreated(Event):
    """A campaign was written down; it does nothing yet."""

    aggregate: ClassVar[str] = "cam.campaign"
    mode: str


class CampaignActivated(Event):
    """A campaign began."""

    aggregate: ClassVar[str] = "cam.campaign"


class CampaignResumed(Event):
    """A paused campaign goes on."""

    aggregate: ClassVar[str] = "cam.campaign"


class CampaignCompleted(Event):
    """A campaign ended for good."""

    aggregate: ClassVar[str] = "cam.campaign"


class CampaignPaused(Event):
    """A campaign was stopped, by a rule or a person."""

    aggregate: ClassVar[str] = "cam.campaign"
    reason: str


class AlertSent(Event):
    """People were told that something needs them."""

    aggregate: ClassVar[str] = "cam.alert"
    kind: str
    campaign_id: UUID | None
    lead_id: UUID | None
    recipient_count: int


class AlertSeen(Event):
    """Somebody said that they have seen an alert, and see to it."""

    aggregate: ClassVar[str] = "cam.alert"
    kind: str


class AlertRetried(Event):
    """Somebody wants an alert mailed again that had reached nobody."""

    aggregate: ClassVar[str] = "cam.alert"
    kind: str


class PauseRuleSet(Event):
    """Somebody said what pauses a campaign by itself."""

    aggregate: ClassVar[str] = "cam.pauserule"
    campaign_id: UUID
    kind: str
    is_on: bool


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
