"""Observations for tests."""

from datetime import UTC, datetime
from typing import ClassVar

import factory
from uuid_utils.compat import uuid7

from apps.identity.tests.factories import ClientFactory
from apps.learning.models import LearningEvent


class LearningEventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LearningEvent

    kind = "QcPassed"
    outcome = LearningEvent.Outcome.GOOD
    context: ClassVar = {"verdict": "PASS", "score": 96}
    client = factory.SubFactory(ClientFactory)
    source_event_id = factory.LazyFunction(uuid7)
    observed_at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
