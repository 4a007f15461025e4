"""Facts of strategy."""

from typing import ClassVar
from uuid import UUID

from apps.shared.events import Event


class StrategyGenerated(Event):
    """A new version of a brief's strategy was stored."""

    aggregate: ClassVar[str] = "strategy.strategy"
    brief_id: UUID
    version: int


class StrategyApproved(Event):
    """A person approved a strategy."""

    aggregate: ClassVar[str] = "strategy.strategy"
    brief_id: UUID
    version: int


class StrategyRejected(Event):
    """A person rejected a strategy and said why."""

    aggregate: ClassVar[str] = "strategy.strategy"
    brief_id: UUID
    version: int
    reason: str


class StrategySuperseded(Event):
    """A newer version was approved in its place."""

    aggregate: ClassVar[str] = "strategy.strategy"
    brief_id: UUID
    version: int


class StrategyWithdrawn(Event):
    """A run took its strategy back."""

    aggregate: ClassVar[str] = "strategy.strategy"
    brief_id: UUID
    version: int
