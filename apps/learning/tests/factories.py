"""Observations, judged sections, kept texts and lessons for tests."""

from datetime import UTC, datetime
from typing import ClassVar

import factory
from uuid_utils.compat import uuid7

from apps.identity.models import Client
from apps.identity.tests.factories import ClientFactory
from apps.learning.models import JudgedSection, LearningEvent, Lesson, StoredArtifact


class LearningEventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LearningEvent

    kind = "QcPassed"
    outcome = LearningEvent.Outcome.GOOD
    context: ClassVar = {"verdict": "PASS", "score": 96}
    client = factory.SubFactory(ClientFactory)
    source_event_id = factory.LazyFunction(uuid7)
    observed_at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class JudgedSectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = JudgedSection

    client = factory.SubFactory(ClientFactory)
    observation = factory.SubFactory(LearningEventFactory, client=factory.SelfAttribute("..client"))
    draft_id = factory.LazyFunction(uuid7)
    section = "overview"
    text = "A plain text about evening appointments."
    verdict = JudgedSection.Verdict.ACCEPTED
    judged_at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class LessonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Lesson

    client = factory.SubFactory(ClientFactory)
    family = Lesson.Family.BANNED_WORDS
    subject = factory.Sequence(lambda n: f"synergy{n}")
    version = 1
    claim = "The client objected to it."
    sample_size, refused, named, caught, false_alarms = 40, 14, 9, 11, 1
    confidence = "0.6461"


class StoredArtifactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StoredArtifact

    client = factory.SubFactory(ClientFactory)
    kind = "overview"
    text = "Acme opens in the evening, so that people who work can come by."
    tags: ClassVar = ["quick_social_basic"]
    source_id = factory.LazyFunction(uuid7)
    stored_at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def judged(
    client: Client, *, refused: int = 0, accepted: int = 0, false_alarms: int = 0, word: str = "synergy"
) -> None:
    """Make sections that a client refused for a word, accepted without it, and accepted though it stands there."""
    spoilt = {"text": f"We create {word} for you.", "remarks": [f"Please do not say “{word}” again."]}
    JudgedSectionFactory.create_batch(refused, client=client, verdict=JudgedSection.Verdict.REFUSED, **spoilt)
    JudgedSectionFactory.create_batch(accepted, client=client)
    JudgedSectionFactory.create_batch(false_alarms, client=client, text=spoilt["text"])
