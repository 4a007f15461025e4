"""A run's draft with all that judges it."""

from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from uuid_utils.compat import uuid7

from apps.identity.models import Client
from apps.onboarding.api.dtos import Brief
from apps.onboarding.tests.factories import dental_brief
from apps.production.api.dtos import Draft
from apps.qc.tests.factories import OVERVIEW, draft_of, section
from apps.shared.events import AuditNote, Event, event_published
from apps.shared.workflow import RunContext
from apps.strategy.api.dtos import Strategy
from apps.strategy.tests.factories import strategy_for


class Work(NamedTuple):
    """What a step is handed."""

    draft: Draft
    brief: Brief
    strategy: Strategy
    run: RunContext


@pytest.fixture
def work(acme: Client):
    """Return a function that makes a faultless draft of acme's, with `text` put into a second section."""

    def make(text: str = "Aligners for adults in Galway.", **benchmark) -> Work:
        brief = dental_brief(client_id=acme.pk)
        draft = draft_of(brief, [section(OVERVIEW, "overview"), section(text, **benchmark)])
        at = datetime(2026, 3, 5, 10, tzinfo=UTC)
        return Work(draft, brief, strategy_for(brief), RunContext(uuid7(), acme.pk, 3, 1, at))

    return make


@pytest.fixture
def published():
    """Collect what is published, with its note."""
    told: list[tuple[Event, AuditNote]] = []

    def listen(sender: type[Event], event: Event, note: AuditNote, **_) -> None:
        told.append((event, note))

    event_published.connect(listen)
    yield told
    event_published.disconnect(listen)
