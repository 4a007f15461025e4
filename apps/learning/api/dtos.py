"""Nouns of learning."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from apps.shared.dtos import Dto

CONTRACT_VERSION = "1.0"


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


class Lesson(Dto):
    """A claim drawn from observations; it guides nobody before a person activates it. `confidence` is 0 to 1."""

    id: UUID
    claim: str
    evidence: tuple[UUID, ...]
    sample_size: int
    confidence: Decimal
    state: Literal["PROPOSED", "ACTIVE", "RETIRED"]
