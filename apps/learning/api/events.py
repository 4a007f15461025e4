"""Facts of learning."""

from typing import ClassVar
from uuid import UUID

from apps.shared.events import Event


class LearningEventLogged(Event):
    """An observation was stored."""

    aggregate: ClassVar[str] = "learning.learningevent"
    kind: str
    outcome: str


class ArtifactStored(Event):
    """A text was kept as an example."""

    aggregate: ClassVar[str] = "learning.storedartifact"
    kind: str
    source_id: UUID


class LessonProposed(Event):
    """The observations suggest a lesson; a person decides on it."""

    aggregate: ClassVar[str] = "learning.lesson"
    claim: str
    version: int
    sample_size: int


class LessonShadowed(Event):
    """A person has a lesson tried on new drafts, without effect."""

    aggregate: ClassVar[str] = "learning.lesson"
    claim: str
    version: int


class LessonActivated(Event):
    """A person put a lesson into effect."""

    aggregate: ClassVar[str] = "learning.lesson"
    claim: str
    version: int


class LessonRetired(Event):
    """A person took a lesson out of effect."""

    aggregate: ClassVar[str] = "learning.lesson"
    claim: str
    version: int


class LessonDismissed(Event):
    """A person turned a lesson down; the same evidence does not bring it again."""

    aggregate: ClassVar[str] = "learning.lesson"
    claim: str
    version: int


class ArtifactReleased(Event):
    """A person found a kept text free of client data: who writes for others may be shown it."""

    aggregate: ClassVar[str] = "learning.storedartifact"
    kind: str


class ArtifactWithheld(Event):
    """A kept text is for its own client alone again."""

    aggregate: ClassVar[str] = "learning.storedartifact"
    kind: str
