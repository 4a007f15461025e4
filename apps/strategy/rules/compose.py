"""A brief becomes a strategy plan."""

from typing import Any

from apps.onboarding.api.dtos import Brief
from apps.strategy.api.dtos import StrategyPlan
from apps.strategy.rules.channels import plan_channels
from apps.strategy.rules.kpis import plan_kpis
from apps.strategy.rules.layers import plan_layers
from apps.strategy.rules.milestones import end_of_week, plan_milestones
from apps.strategy.rules.presets import choose_preset
from apps.strategy.rules.reading import Reading
from apps.strategy.rules.summary import write_summary
from apps.strategy.rules.wording import Wording

_CODES = frozenset({"preset", "bottleneck", "differentiation_logic", "stage", "currency", "channel"})
"""Fields whose text is chosen from a list, not written."""


def compose_strategy(brief: Brief) -> StrategyPlan:
    """Work out the strategy for a brief: deterministic, only from what the brief says, and without its banned words.

    Raises StrategyImpossible naming the field when the brief has no objective or audience, or excludes every channel.
    """
    reading, preset = Reading.of(brief), choose_preset(brief)
    channels = plan_channels(reading, preset)
    plan = StrategyPlan(
        preset=preset.key,
        executive_summary=write_summary(reading, channels),
        layers=plan_layers(reading, preset, channels),
        budget=reading.budget,
        kpis=plan_kpis(reading, preset),
        channels=channels,
        milestones=plan_milestones(reading, channels),
        start_date=brief.start_date,
        end_date=end_of_week(brief.start_date, reading.weeks),
    )
    return StrategyPlan.model_validate(_cleaned(plan.model_dump(), reading.wording))


def _cleaned(value: Any, wording: Wording) -> Any:
    """Take unwanted words out of every text, whichever rule or client's sentence brought them in."""
    match value:
        case str():
            return "\n\n".join(wording.clean(paragraph) for paragraph in value.split("\n\n"))
        case dict():
            return {key: item if key in _CODES else _cleaned(item, wording) for key, item in value.items()}
        case tuple():
            return _cleaned_items(value, wording)
        case _:
            return value


def _cleaned_items(items: tuple[Any, ...], wording: Wording) -> tuple[Any, ...]:
    cleaned = [_cleaned(item, wording) for item in items]
    return tuple(item for item in cleaned if item != "") or items[:0]
