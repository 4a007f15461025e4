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
    sample_size: int


class LessonActivated(Event):
    """A person put a lesson into effect."""

    aggregate: ClassVar[str] = "learning.lesson"
    claim: str


class LessonRetired(Event):
    """A person took a lesson out of effect."""

    aggregate: ClassVar[str] = "learning.lesson"
    claim: str
