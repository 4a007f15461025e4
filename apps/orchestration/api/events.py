"""Facts of orchestration."""

from typing import ClassVar

from apps.shared.events import Event


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


class RunCompensated(Event):
    """All that a run did is taken back."""

    aggregate: ClassVar[str] = "orchestration.workflowrun"
    workflow: str


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
