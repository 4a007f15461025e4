"""Facts of campaigns: their words, rules, alerts, and what they plan for leads."""

from typing import ClassVar
from uuid import UUID

from apps.shared.events import Event


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
