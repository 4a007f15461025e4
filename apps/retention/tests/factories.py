"""Signals, scores, renewals and surveys for tests."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.identity.models import Client
from apps.identity.tests.factories import ClientFactory, UserFactory
from apps.retention import rules, services
from apps.retention.api import dtos
from apps.retention.models import (
    HealthScore,
    Lifecycle,
    Opportunity,
    Play,
    PlayTask,
    Renewal,
    RenewalTask,
    Signal,
    Survey,
)
from apps.shared.workflow import RunContext

AT = datetime(2026, 3, 11, 9, tzinfo=UTC)
"""A Wednesday."""
NOTHING: dict[str, Decimal | None] = dict.fromkeys(rules.FORMULAS[rules.NEWEST])
WORST = {name: factor.bad for name, factor in rules.FORMULAS[rules.NEWEST].items()}
BEST = {name: factor.safe for name, factor in rules.FORMULAS[rules.NEWEST].items()}


def noted(
    client: Client, kind: str, *, days_ago: int = 1, value: Any = None, at: datetime = AT, **about: Any
) -> Signal:
    """Take down what an event told of a client so many days before a moment."""
    facts = {"kind": kind, "about_id": uuid7(), "source_event_id": uuid7()} | about
    signal = dtos.Signal(**facts, value=value, at=at - timedelta(days=days_ago))
    return services.note_signal(client.pk, signal)


def run_at(at: datetime) -> RunContext:
    """Return the run of a check at a moment."""
    return RunContext(id=uuid7(), client_id=None, position=0, round=1, at=at)


def in_danger(client: Client, at: datetime = AT) -> None:
    """Let all be noted that makes a client likely to leave."""
    noted(client, "REVIEW_DECIDED", days_ago=70, at=at)
    noted(client, "INVOICE_ISSUED", at=at)
    for _ in range(2):
        noted(client, "INVOICE_OVERDUE", at=at)
    noted(client, "SURVEY_ANSWERED", days_ago=70, value=2, at=at)


class LifecycleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Lifecycle
        django_get_or_create = ("client",)

    client = factory.SubFactory(ClientFactory)


class SignalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Signal

    client = factory.SubFactory(ClientFactory)
    kind = "QC_FAILED"
    about_id = factory.LazyFunction(uuid7)
    source_event_id = factory.LazyFunction(uuid7)
    at = AT


class HealthScoreFactory(factory.django.DjangoModelFactory):
    """A score of this week that rose."""

    class Meta:
        model = HealthScore

    client = factory.SubFactory(ClientFactory)
    week_start_date = factory.LazyFunction(lambda: rules.week_of(timezone.now()))
    score = Decimal("0.7000")
    level = "HIGH"
    level_before = "LOW"
    is_rise = True
    measured_weight = Decimal(1)
    inputs = factory.LazyFunction(lambda: {name: str(value) for name, value in WORST.items()})
    weights = factory.LazyFunction(lambda: {name: str(weight) for name, weight in rules.weights_of().items()})
    assessed_at = factory.LazyFunction(timezone.now)


class RenewalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Renewal

    client = factory.SubFactory(ClientFactory)
    contract_end_date = factory.Sequence(lambda n: date(2026, 6, 1) + timedelta(days=n))


class RenewalTaskFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RenewalTask

    renewal = factory.SubFactory(RenewalFactory)
    mark = 90
    title = rules.TASKS[90]


class SurveyFactory(factory.django.DjangoModelFactory):
    """A detractor's answer, to which nobody has listened."""

    class Meta:
        model = Survey

    client = factory.SubFactory(ClientFactory)
    email = factory.Sequence(lambda n: f"asked{n}@client.test")
    state = "SENT"
    asked_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: timezone.now() + rules.SURVEY_OPEN_FOR)
    score = 3
    comment = "It took too long."
    answered_at = factory.LazyFunction(timezone.now)


class OpportunityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Opportunity

    client = factory.SubFactory(ClientFactory)
    kind = "MORE_ROUNDS"
    confidence = Decimal("0.500")
    evidence = factory.LazyFunction(lambda: [uuid7()])
    why = "2 rounds over the agreed number in 90 days."
    found_at = factory.LazyFunction(timezone.now)


class PlayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Play

    client = factory.SubFactory(ClientFactory)
    playbook = "MEND_QUALITY"
    reason = "Three checks failed."
    started_by = factory.SubFactory(UserFactory)
    started_at = factory.LazyFunction(timezone.now)


class PlayTaskFactory(factory.django.DjangoModelFactory):
    """A task that was due yesterday."""

    class Meta:
        model = PlayTask

    play = factory.SubFactory(PlayFactory)
    position = factory.Sequence(int)
    title = "Brief the team"
    due_date = factory.LazyFunction(lambda: rules.day_of(timezone.now()) - timedelta(days=1))
