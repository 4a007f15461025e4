"""Storing what was observed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.learning.api.dtos import Observation
from apps.learning.api.events import LearningEventLogged
from apps.learning.models import LearningEvent
from apps.shared.events import publish


@transaction.atomic
def log_event(
    observation: Observation, *, client_id: UUID | None, source_event_id: UUID, observed_at: datetime
) -> LearningEvent:
    """Store an observation once for the event it was seen by, and tell of it.

    The same source event again gives the first observation back, whatever is observed now, and tells nothing. It is
    nobody's run that observes, so the event carries none.
    """
    logged, is_new = LearningEvent.objects.get_or_create(
        source_event_id=source_event_id,
        defaults={**dict(observation), "client_id": client_id, "observed_at": observed_at},
    )
    if is_new:
        event = LearningEventLogged(
            client_id=client_id, aggregate_id=logged.pk, kind=observation.kind, outcome=observation.outcome
        )
        publish(event)
    return logged
