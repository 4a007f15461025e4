"""Facts of retention."""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from apps.shared.dtos import Money
from apps.shared.events import Event


class SignalNoted(Event):
    """Something that happened elsewhere was taken down for a client's score."""

    aggregate: ClassVar[str] = "retention.signal"
    kind: str


class ClientAssessed(Event):
    """A client's score of a week was frozen; `score` is None where nothing was measured."""

    aggregate: ClassVar[str] = "retention.healthscore"
    week_start_date: date
    score: Decimal | None
    level: str


class ChurnRiskDetected(Event):
    """A client's score rose into a higher level of risk."""

    aggregate: ClassVar[str] = "retention.healthscore"
    score: Decimal
    level: str
    factors: tuple[str, ...]


class RenewalDue(Event):
    """A contract ends in 90, 60 or 30 days, which is the `mark`; fewer are left where nobody was awake on the day."""

    aggregate: ClassVar[str] = "retention.renewal"
    contract_end_date: date
    days_left: int
    mark: int


class RenewalTaken(Event):
    """Somebody sees to a renewal from now on."""

    aggregate: ClassVar[str] = "retention.renewal"
    owner_id: UUID


class RenewalTaskCompleted(Event):
    """A task of a renewal is done."""

    aggregate: ClassVar[str] = "retention.renewaltask"
    renewal_id: UUID
    mark: int


class RenewalDecided(Event):
    """A client goes on with us, or does not."""

    aggregate: ClassVar[str] = "retention.renewal"
    contract_end_date: date
    outcome: Literal["RENEWED", "LOST"]


class RenewalDropped(Event):
    """A renewal is about nothing any more: the contract ends on another day now."""

    aggregate: ClassVar[str] = "retention.renewal"
    contract_end_date: date


class SurveySent(Event):
    """Somebody of a client's was asked whether they recommend us; the letter is on its way."""

    aggregate: ClassVar[str] = "retention.survey"


class SurveyMailed(Event):
    """The letter of a survey went out; or nobody knows, or the server refused."""

    aggregate: ClassVar[str] = "retention.survey"
    outcome: Literal["SENT", "PROOF", "UNKNOWN", "REFUSED"]


class SurveyAnswered(Event):
    """Somebody said whether they recommend us."""

    aggregate: ClassVar[str] = "retention.survey"
    score: int


class SurveyFollowedUp(Event):
    """Somebody talked to who would not recommend us."""

    aggregate: ClassVar[str] = "retention.survey"


class UpsellSuggested(Event):
    """An opportunity was found; `value` is None where no row says what it would bring in a quarter."""

    aggregate: ClassVar[str] = "retention.opportunity"
    kind: str
    value: Money | None
    confidence: Decimal


class OpportunityDecided(Event):
    """A client took an opportunity up, or did not."""

    aggregate: ClassVar[str] = "retention.opportunity"
    kind: str
    outcome: Literal["WON", "DECLINED"]


class OpportunityDropped(Event):
    """Nothing speaks for an opportunity any more."""

    aggregate: ClassVar[str] = "retention.opportunity"
    kind: str


class PlayStarted(Event):
    """A person started a playbook for a client."""

    aggregate: ClassVar[str] = "retention.play"
    playbook: str


class PlayTaskCompleted(Event):
    """A task of a playbook is done."""

    aggregate: ClassVar[str] = "retention.playtask"
    play_id: UUID
    position: int


class PlayEnded(Event):
    """A person said what came of a playbook."""

    aggregate: ClassVar[str] = "retention.play"
    playbook: str
    outcome: Literal["FINISHED", "STOPPED"]


class LifecycleOpened(Event):
    """A client is looked after from now on."""

    aggregate: ClassVar[str] = "retention.lifecycle"
    stage: str


class LifecycleAdvanced(Event):
    """A client went from one stage to another."""

    aggregate: ClassVar[str] = "retention.lifecycle"
    from_stage: str
    to_stage: str
