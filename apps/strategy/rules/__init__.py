"""Pure decisions of strategy: what to do for a brief, worked out from nothing but the brief."""

from apps.strategy.rules.compose import compose_strategy

__all__ = ["compose_strategy"]
