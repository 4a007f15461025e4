"""Stored strategies and their clients."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from apps.identity.models import Client
from apps.onboarding.api.dtos import Brief
from apps.onboarding.tests.factories import dental_brief
from apps.shared.events import AuditNote, Event, event_published
from apps.shared.workflow import RunContext
from apps.strategy import services
from apps.strategy.models import Strategy
from apps.strategy.rules import compose_strategy
from apps.strategy.tests.factories import run_context

Store = Callable[..., Strategy]


@pytest.fixture
def brief(acme: Client) -> Brief:
    """A brief of acme."""
    return dental_brief(client_id=acme.pk)


@pytest.fixture
def store() -> Store:
    """Stores the strategy composed for a brief, as a workflow does."""

    def do(brief: Brief, *, run: RunContext | None = None) -> Strategy:
        return services.store_strategy(brief, compose_strategy(brief), run=run or run_context(brief))

    return do


@pytest.fixture
def drafted(brief: Brief, store: Store) -> Strategy:
    """The first version for acme's brief."""
    return store(brief)


@pytest.fixture
def published() -> Iterator[list[tuple[Event, AuditNote]]]:
    """The events of this module published during the test, each with its audit note."""
    heard: list[tuple[Event, AuditNote]] = []

    def hear(sender: type[Event], event: Event, note: AuditNote, **_: Any) -> None:
        if event.aggregate == "strategy.strategy":
            heard.append((event, note))

    event_published.connect(hear, weak=False)
    yield heard
    event_published.disconnect(hear)
