"""Nouns of learning."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from apps.shared.dtos import Dto

CONTRACT_VERSION = "3.0"


class Observation(Dto):
    """Something worth learning from, as a module tells it."""

    kind: str
    context: dict[str, Any]
    outcome: Literal["GOOD", "BAD", "UNKNOWN"]


class LearningEvent(Observation):
    """A stored observation."""

    id: UUID
    client_id: UUID | None
    observed_at: datetime


class ArtifactText(Dto):
    """A text that passed quality control and the client's review, to be kept as an example."""

    kind: str
    text: str
    tags: tuple[str, ...] = ()
    source_id: UUID


class StoredArtifact(ArtifactText):
    """A kept text."""

    id: UUID
    client_id: UUID | None
    stored_at: datetime


class ContextQuery(Dto):
    """What to look for: words, and tags that must all be there."""

    text: str
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    limit: int = 10


class ContextMatch(Dto):
    """A kept text that was found. `relevance` is PostgreSQL's rank: it compares matches of one query only."""

    artifact: StoredArtifact
    relevance: Decimal


class Context(Dto):
    """What was found, best first."""

    matches: tuple[ContextMatch, ...]


class SectionVerdict(Dto):
    """A section as its client saw it, and what the client said of it, in its words."""

    section: str
    text: str
    remarks: tuple[str, ...] = ()


class JudgedDraft(Dto):
    """What a client decided about a draft, section by section."""

    draft_id: UUID
    verdict: Literal["APPROVED", "CHANGES_REQUESTED", "REJECTED"]
    sections: tuple[SectionVerdict, ...]


class DraftText(Dto):
    """A draft's sections, each by its key with its text."""

    draft_id: UUID
    sections: tuple[tuple[str, str], ...]


LessonState = Literal["PROPOSED", "SHADOW", "ACTIVE", "RETIRED", "DISMISSED"]


class Lesson(Dto):
    """A claim drawn from observations; it guides nobody before a person activates it. `confidence` is 0 to 1.

    `evidence` are the ids of observations. `caught` of the `refused` sections it would have found, and `false_alarms`
    of those that the client accepted, `sample_size` being both together.
    """

    id: UUID
    client_id: UUID
    family: Literal["BANNED_WORDS"]
    subject: str
    version: int
    claim: str
    evidence: tuple[UUID, ...]
    sample_size: int
    refused: int
    caught: int
    false_alarms: int
    confidence: Decimal
    state: LessonState


class LessonInForce(Dto):
    """A lesson as drafts and checks follow it: words to leave out."""

    id: UUID
    version: int
    claim: str
    words: tuple[str, ...]


class Guidance(Dto):
    """The lessons in force for a client at one moment; who works by it keeps it, whatever is decided meanwhile."""

    lessons: tuple[LessonInForce, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """All words to leave out."""
        return tuple(word for lesson in self.lessons for word in lesson.words)
