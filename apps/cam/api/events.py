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


class OutreachHalted(Event):
    """A lead's sequence stands still: something has to be seen to by a person."""

    aggregate: ClassVar[str] = "cam.lead"
    campaign_id: UUID


class OutreachResumed(Event):
    """A person let a lead's sequence go on."""

    aggregate: ClassVar[str] = "cam.lead"
    campaign_id: UUID


class TemplateWritten(Event):
    """A version of a message template was written."""

    aggregate: ClassVar[str] = "cam.messagetemplate"
    template: str
    version: int


class SequenceWritten(Event):
    """A version of a route's messages was drafted."""

    aggregate: ClassVar[str] = "cam.sequence"
    campaign_id: UUID
    route: str
    messages: int


class SequenceStarted(Event):
    """A version was put to work; `moved` leads were taken along from the one before it."""

    aggregate: ClassVar[str] = "cam.sequence"
    campaign_id: UUID
    moved: int


class SequenceRetired(Event):
    """A version takes no new leads."""

    aggregate: ClassVar[str] = "cam.sequence"
    campaign_id: UUID


class EmailQueued(Event):
    """A message of a lead waits to be sent."""

    aggregate: ClassVar[str] = "cam.outboundemail"
    campaign_id: UUID
    lead_id: UUID
    step: int


class EmailSent(Event):
    """An outreach mail was handed to the mail server."""

    aggregate: ClassVar[str] = "cam.outboundemail"
    campaign_id: UUID
    lead_id: UUID
    step: int
    message_id: str


class EmailCancelled(Event):
    """A message that waited will not be sent."""

    aggregate: ClassVar[str] = "cam.outboundemail"
    campaign_id: UUID
    lead_id: UUID
    step: int


class EmailDeferred(Event):
    """The mail server did not take a message for now, and surely does not have it: it waits again."""

    aggregate: ClassVar[str] = "cam.outboundemail"
    campaign_id: UUID
    lead_id: UUID
    step: int


class EmailRefused(Event):
    """The mail server refused a message for good; `is_hard` where there is no such mailbox."""

    aggregate: ClassVar[str] = "cam.outboundemail"
    campaign_id: UUID
    lead_id: UUID
    step: int
    is_hard: bool


class EmailInDoubt(Event):
    """Nobody can tell whether a message went out; it is not sent again before a person has said so."""

    aggregate: ClassVar[str] = "cam.outboundemail"
    campaign_id: UUID
    lead_id: UUID
    step: int


class EmailSettled(Event):
    """A person said what became of a message in doubt: it is SENT, QUEUED again, or CANCELLED."""

    aggregate: ClassVar[str] = "cam.outboundemail"
    campaign_id: UUID
    lead_id: UUID
    step: int
    outcome: str


class EmailBounced(Event):
    """A message came back; `is_hard` where its address does not work, else it may work later."""

    aggregate: ClassVar[str] = "cam.outboundemail"
    campaign_id: UUID
    lead_id: UUID
    step: int
    is_hard: bool


class Suppressed(Event):
    """Nobody may write any more to an address, a domain or an identity (`kind`)."""

    aggregate: ClassVar[str] = "cam.suppression"
    kind: str
    reason: str


class SuppressionLifted(Event):
    """What one of us had suppressed may be written to again."""

    aggregate: ClassVar[str] = "cam.suppression"
    kind: str


class ConsentRecorded(Event):
    """It was written down on what ground a lead may be written to."""

    aggregate: ClassVar[str] = "cam.consent"
    lead_id: UUID
    basis: str


class ConsentWithdrawn(Event):
    """A lead took its consent back, or the ground to write to it is gone."""

    aggregate: ClassVar[str] = "cam.consent"
    lead_id: UUID
    basis: str


class MailboxAdded(Event):
    """There is one more address to write from."""

    aggregate: ClassVar[str] = "cam.mailbox"


class MailboxChanged(Event):
    """A mailbox's sender, caps or warm-up are others."""

    aggregate: ClassVar[str] = "cam.mailbox"
    fields: tuple[str, ...]


class MailboxPaused(Event):
    """Nothing is sent from a mailbox until somebody lets it go on."""

    aggregate: ClassVar[str] = "cam.mailbox"
    reason: str


class MailboxResumed(Event):
    """A paused mailbox sends again."""

    aggregate: ClassVar[str] = "cam.mailbox"


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


class CampaignChanged(Event):
    """A campaign is planned otherwise; `fields` names what changed."""

    aggregate: ClassVar[str] = "cam.campaign"
    fields: tuple[str, ...]


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


class ProfileEdited(Event):
    """Whom a campaign looks for was written down anew; leads scored before stay as they were."""

    aggregate: ClassVar[str] = "cam.campaign"


class ScoringAsked(Event):
    """Somebody waits for a campaign's new leads to be scored; those beyond the first follow in the background."""

    aggregate: ClassVar[str] = "cam.campaign"


class RuleBookWritten(Event):
    """The next version of a rule book was written; it does not count yet."""

    aggregate: ClassVar[str] = "cam.rulebook"
    book: str
    version: int


class RuleBookPutLive(Event):
    """A version of a rule book counts from now on."""

    aggregate: ClassVar[str] = "cam.rulebook"
    book: str
    version: int


class RuleBookRetired(Event):
    """A version of a rule book counts no more, or never will."""

    aggregate: ClassVar[str] = "cam.rulebook"
    book: str
    version: int


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
