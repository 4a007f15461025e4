"""Pure decisions of strategy: what to do for a brief, worked out from nothing but the brief."""

from apps.strategy.rules.compose import compose_strategy
from apps.strategy.rules.reading import StrategyImpossible

__all__ = ["StrategyImpossible", "compose_strategy"]
