"""A client's brief and strategy, and drafts stored from them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from uuid_utils.compat import uuid7

from apps.identity.models import Client
from apps.onboarding.api.dtos import Brief
from apps.onboarding.tests.factories import dental_brief
from apps.production import services
from apps.production.api.dtos import PackChoice
from apps.production.models import Draft
from apps.shared.events import AuditNote, Event, event_published
from apps.shared.workflow import RunContext
from apps.strategy.api.dtos import Strategy
from apps.strategy.tests.factories import strategy_for

Store = Callable[..., Draft]


@pytest.fixture
def brief(acme: Client) -> Brief:
    """A brief of acme."""
    return dental_brief(client_id=acme.pk)


@pytest.fixture
def strategy(brief: Brief) -> Strategy:
    """The strategy for acme's brief."""
    return strategy_for(brief)


@pytest.fixture
def run(acme: Client) -> RunContext:
    """A workflow run for acme."""
    return RunContext(id=uuid7(), client_id=acme.pk, position=2, round=1, at=datetime(2026, 3, 5, 9, 0, tzinfo=UTC))


@pytest.fixture
def published() -> Iterator[list[tuple[Event, AuditNote]]]:
    """The events published during the test, each with its note, in order."""
    heard: list[tuple[Event, AuditNote]] = []

    def hear(event: Event, note: AuditNote, **_: object) -> None:
        heard.append((event, note))

    event_published.connect(hear)
    yield heard
    event_published.disconnect(hear)


@pytest.fixture
def store(brief: Brief, strategy: Strategy, run: RunContext) -> Store:
    """Writes and stores a draft, as a workflow does."""

    def do(*, run: RunContext = run, pack: str = "quick_social_basic") -> Draft:
        choice = PackChoice(pack=pack)
        plan = services.compose_draft(brief=brief, strategy=strategy, pack=choice, run=run)
        return services.store_draft(brief, strategy, plan, run=run)

    return do
