"""Verbs of learning."""

from datetime import datetime
from uuid import UUID

from apps.learning import models, queries, services
from apps.learning.api.dtos import (
    ArtifactText,
    Context,
    ContextQuery,
    DraftText,
    Guidance,
    JudgedDraft,
    LearningEvent,
    Lesson,
    LessonInForce,
    Observation,
    StoredArtifact,
)


def log_event(
    *, observation: Observation, client_id: UUID | None, source_event_id: UUID, observed_at: datetime
) -> LearningEvent:
    """Store an observation, once for the event it was seen by: the same event again gives the first one back.

    Publishes LearningEventLogged. Never observe that event itself, or each observation would be observed in turn, for
    ever. Raises IntegrityError for a client that does not exist.
    """
    logged = services.log_event(
        observation, client_id=client_id, source_event_id=source_event_id, observed_at=observed_at
    )
    return _to_dto(logged)


def note_decision(
    *,
    decision: JudgedDraft,
    observation: Observation,
    client_id: UUID,
    source_event_id: UUID,
    observed_at: datetime,
) -> LearningEvent:
    """Store what a client decided about a draft, with each section that it judged; once for its event."""
    logged = services.note_decision(
        decision, observation, client_id=client_id, source_event_id=source_event_id, observed_at=observed_at
    )
    return _to_dto(logged)


def store_artifact(*, artifact: ArtifactText, client_id: UUID, at: datetime) -> StoredArtifact | None:
    """Keep a section of an approved draft as an example, once; None where the gate of learning refuses it."""
    kept = services.store_artifact(artifact, client_id=client_id, at=at)
    return kept and queries.artifact_dto(kept)


def retrieve_context(*, query: ContextQuery, client_id: UUID) -> Context:
    """Return kept texts for who writes for a client, best first: never another client's, unless free of its data."""
    return queries.search(query, client_id=client_id)


def find_guidance(*, client_id: UUID) -> Guidance | None:
    """Return the lessons in force for a client, None where there are none."""
    return queries.find_guidance(client_id)


def list_tried(*, client_id: UUID) -> tuple[LessonInForce, ...]:
    """Return the lessons that are being tried on a client's drafts, and change nothing; mostly none."""
    return queries.list_tried(client_id)


def try_lessons(*, draft: DraftText, client_id: UUID, at: datetime) -> None:
    """Count what the lessons that are being tried would find in a draft; may be called twice."""
    services.try_lessons(draft, client_id=client_id, at=at)


def list_lessons(*, client_id: UUID) -> tuple[Lesson, ...]:
    """Return a client's lessons, the newest first; empty for a client without any."""
    return queries.list_lessons(client_id)


def _to_dto(row: models.LearningEvent) -> LearningEvent:
    return LearningEvent(**{name: getattr(row, name) for name in LearningEvent.model_fields})
