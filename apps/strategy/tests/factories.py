"""Strategies for tests, as the composer makes them."""

from datetime import UTC, datetime
from typing import Any

from uuid_utils.compat import uuid7

from apps.onboarding.api.dtos import Brief
from apps.shared.workflow import RunContext
from apps.strategy.api.dtos import Strategy
from apps.strategy.rules import compose_strategy


def strategy_for(brief: Brief, **changes: Any) -> Strategy:
    """Return the first version (a draft) of the strategy composed for a brief; stores nothing."""
    strategy = Strategy(
        id=uuid7(),
        brief_id=brief.id,
        client_id=brief.client_id,
        version=1,
        state="DRAFT",
        **dict(compose_strategy(brief)),
    )
    return strategy.model_copy(update=changes)


def run_context(brief: Brief) -> RunContext:
    """Return a run that works for a brief's client."""
    return RunContext(
        id=uuid7(), client_id=brief.client_id, position=1, round=1, at=datetime(2026, 3, 2, 9, tzinfo=UTC)
    )
