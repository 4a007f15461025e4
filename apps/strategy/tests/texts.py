"""The written texts of a plan, without its codes and numbers."""

from collections.abc import Iterator
from typing import Any

from apps.strategy.api.dtos import StrategyPlan
from apps.strategy.rules.wording import sentences

_CODES = {"preset", "bottleneck", "differentiation_logic", "stage", "currency"}


def texts_of(plan: StrategyPlan) -> list[str]:
    """Return every written text of a plan."""
    return list(_texts(plan.model_dump()))


def sentences_of(plan: StrategyPlan) -> set[str]:
    """Return the different sentences of a plan."""
    return {sentence.strip() for text in texts_of(plan) for sentence in sentences(text)}


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from (text for key, item in value.items() if key not in _CODES for text in _texts(item))
        case tuple():
            yield from (text for item in value for text in _texts(item))
