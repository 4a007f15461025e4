"""Facts of orchestration."""

from typing import ClassVar
from uuid import UUID

from apps.shared.events import Event
from apps.shared.workflow import Irreversible


class RunStarted(Event):
    """A run of a workflow was accepted."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str
    version: int


class RunCompleted(Event):
    """A run took its last step."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str


class AttemptFailed(Event):
    """An attempt of a step failed, and another follows."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str
    step: str
    attempt: int
    error: str


class RunRefused(Event):
    """A step said no for good; what the run did before is being taken back."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str
    step: str
    reason: str


class StepFailed(Event):
    """A step of a workflow whose steps are independent failed for good; the others have their turn."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str
    step: str
    reason: str


class RunCompensated(Event):
    """All that a run did is taken back, but for what is named in `left`, which a person must deal with."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str
    left: tuple[Irreversible, ...] = ()


class RunCancelled(RunCompensated):
    """The same, because a person asked for it."""


class CompensationFailed(Event):
    """An attempt to take a step back failed, and another follows."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str
    step: str
    attempt: int
    error: str


class RunStuck(Event):
    """A compensation keeps failing: a person has to look."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str
    step: str
    error: str


class CompensationRetried(Event):
    """A person sent a stuck run back to its compensation."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str


class WaitOverdue(Event):
    """Nobody answered in time; `then` is what the workflow declares for it: remind, proceed or compensate."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str
    step: str
    waits_for: tuple[str, ...]
    about: UUID | None
    then: str


class PersonAsked(Event):
    """A step cannot go on before a person did something."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str
    step: str
    reason: str


class DecisionNeeded(Event):
    """The last round is over and the check is not content: a person decides what follows."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str
    step: str
    rounds: int


class RoundDecided(Event):
    """A person decided after the last round: REWORK once more with an instruction, or ACCEPT with a reason."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str
    decision: str
    words: str


class StepRetried(Event):
    """A person gave a step all its attempts anew."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str
    step: str


class StepSkipped(Event):
    """A person let a run go on without a step."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str
    step: str


class RunResumed(Event):
    """A person made a run that stood still look again."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str


class CancellationAsked(Event):
    """A person asked for a run to be taken back."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str
    was: str


class RunRerun(Event):
    """A person started an ended run again, as a new run, from the same inputs."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str
    new_run_id: UUID


class ReactionFailed(Event):
    """A reaction to an event failed too often: a dead letter, which a person has to look at."""

    aggregate: ClassVar[str] = "orchestration.eventreceipt"
    event: str
    reaction: str
    error: str


class ReactionRetried(Event):
    """A person had a dead letter tried again."""

    aggregate: ClassVar[str] = "orchestration.eventreceipt"
    event: str
    reaction: str


class ControlFlagSet(Event):
    """A person switched the engine's pause, kill or proof mode."""

    aggregate: ClassVar[str] = "orchestration.controlflag"
    flag: str
    is_on: bool


class BreakerSet(Event):
    """A person held a vendor's breaker open, or closed it. `breaker` is the vendor's name; there is no row."""

    aggregate: ClassVar[str] = "orchestration.breaker"
    breaker: str
    is_held: bool


class RunsArchived(Event):
    """Ended runs were moved from the tables to a file, the one of `aggregate_id` last."""

    aggregate: ClassVar[str] = "orchestration.archivedrun"
    file: str
    run_count: int


class RunsForgotten(Event):
    """Runs of a workflow that are kept for a while only were removed, the one of `aggregate_id` last."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str
    run_count: int


class WebhookAdded(Event):
    """A client wants an address of its own told of events."""

    aggregate: ClassVar[str] = "orchestration.webhookendpoint"
    url: str


class WebhookChanged(Event):
    """A client changed what a webhook hears of, or where."""

    aggregate: ClassVar[str] = "orchestration.webhookendpoint"
    fields: tuple[str, ...]


class WebhookSecretRotated(Event):
    """A webhook got a new secret; the one before holds for another day."""

    aggregate: ClassVar[str] = "orchestration.webhookendpoint"


class WebhookDisabled(Event):
    """A webhook was switched off by CLIENT or STAFF, for FAILURES of a day (the client has to be told), or as GONE."""

    aggregate: ClassVar[str] = "orchestration.webhookendpoint"
    url: str
    disabled_by: str


class WebhookEnabled(Event):
    """A webhook was switched on again."""

    aggregate: ClassVar[str] = "orchestration.webhookendpoint"
    url: str


class WebhookRemoved(Event):
    """A client took a webhook away, and with it the log of its deliveries."""

    aggregate: ClassVar[str] = "orchestration.webhookendpoint"
    url: str


class WebhookFailed(Event):
    """A message to a webhook was given up."""

    aggregate: ClassVar[str] = "orchestration.webhookdelivery"
    endpoint_id: UUID
    type: str
    error: str


class WebhookRedelivered(Event):
    """A person had a webhook's message sent again."""

    aggregate: ClassVar[str] = "orchestration.webhookdelivery"
    endpoint_id: UUID
    type: str
