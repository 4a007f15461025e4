"""Verbs of learning."""

from datetime import datetime
from uuid import UUID

from apps.learning import models, services
from apps.learning.api.dtos import LearningEvent, Observation


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


def _to_dto(row: models.LearningEvent) -> LearningEvent:
    return LearningEvent(**{name: getattr(row, name) for name in LearningEvent.model_fields})
