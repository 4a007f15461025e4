"""Facts of mails in both directions, and of what people wish of us."""

from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from apps.cam.api.dtos import ReplyClass
from apps.shared.events import Event


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


class ReplyReopened(Event):
    """A reply waits again: the answer that a person had written to it will not be sent."""

    aggregate: ClassVar[str] = "cam.inboundemail"
    lead_id: UUID | None


class ReplyClassified(Event):
    """A reply was understood, or left to a person as NEUTRAL. `confidence` is 0 to 1.

    `is_correction` tells that a person knew better than the rules, which had said `was`.
    """

    aggregate: ClassVar[str] = "cam.inboundemail"
    lead_id: UUID | None
    classification: ReplyClass
    confidence: Decimal
    is_correction: bool = False
    was: str = ""


class OpinionFormed(Event):
    """A language model was asked what a reply means; `kind` is empty where the outcome is that there is no opinion."""

    aggregate: ClassVar[str] = "cam.inboundemail"
    lead_id: UUID | None
    outcome: str
    kind: str
