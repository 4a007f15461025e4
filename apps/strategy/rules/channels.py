"""Where it is told, with which share of the budget, and what is done there."""

from collections.abc import Sequence
from decimal import Decimal

from apps.shared.dtos import Money
from apps.strategy.api.dtos import ChannelPlan
from apps.strategy.rules.apportion import CENT, apportion
from apps.strategy.rules.exclusions import is_excluded, mentions_excluded
from apps.strategy.rules.presets import PRESETS, Channel, Preset, Templates
from apps.strategy.rules.reading import Reading, StrategyImpossible
from apps.strategy.rules.wording import fill

_MOST_CHANNELS = 6
_FEWEST_CHANNELS = 4
_MOST_TACTICS = 4
_WHOLE = Decimal(100)
_PERCENT = Decimal(1)
_SMALL_BUDGET_A_MONTH = Decimal(1500)
"""Below this a sixth channel would get less than the 250 a month that buys a readable test: five are enough."""


def plan_channels(reading: Reading, preset: Preset) -> tuple[ChannelPlan, ...]:
    """Choose four to six channels, none excluded, with shares that sum to 100 and budgets that sum to the budget.

    Raises StrategyImpossible when the client's exclusions leave no channel at all.
    """
    channels = _choose(reading, preset)
    shares = _shares(channels, reading)
    plans = [
        ChannelPlan(
            channel=channel.name,
            budget_share_pct=share,
            budget=budget,
            role=fill(channel.role, reading.blanks) or channel.name,
            tactics=_tactics(channel, reading),
            posts_per_week=_posts_per_week(channel, reading),
        )
        for channel, share, budget in zip(channels, shares, _budgets(reading.budget, shares), strict=True)
    ]
    return tuple(sorted(plans, key=lambda plan: -plan.budget_share_pct))


def _choose(reading: Reading, preset: Preset) -> list[Channel]:
    own = [channel for channel in preset.channels if _is_open(channel, reading)]
    names = {channel.name for channel in own}
    reserve = (channel for other in reversed(PRESETS) for channel in other.channels if other is not preset)
    for channel in reserve:
        if len(own) < _FEWEST_CHANNELS and channel.name not in names and _is_open(channel, reading):
            own.append(channel)
            names.add(channel.name)
    if not own:
        raise StrategyImpossible(
            "brief.channels_excluded leaves no channel to work in; ask the client which one may be used."
        )
    return own[: _FEWEST_CHANNELS + 1 if _is_small(reading) else _MOST_CHANNELS]


def _is_small(reading: Reading) -> bool:
    if reading.budget is None:
        return False
    months = 1 if reading.budget_period == "a month" else max(1, reading.weeks * 7 // 30)
    return reading.budget.amount / months < _SMALL_BUDGET_A_MONTH


def _is_open(channel: Channel, reading: Reading) -> bool:
    exclusions = (*reading.brief.channels_excluded, *reading.facts.refusals)
    return reading.wording.is_clean(channel.name) and not is_excluded(channel, exclusions)


def _shares(channels: Sequence[Channel], reading: Reading) -> list[Decimal]:
    paid_share = _paid_share(channels, reading)
    if paid_share is None:
        return apportion(_WHOLE, [Decimal(channel.weight) for channel in channels], _PERCENT)
    shares: dict[str, Decimal] = {}
    for is_paid, part in ((True, paid_share), (False, _WHOLE - paid_share)):
        group = [channel for channel in channels if (channel.kind == "PAID") is is_paid]
        unit = CENT if part % _PERCENT else _PERCENT
        parts = apportion(part, [Decimal(channel.weight) for channel in group], unit) if group else []
        shares |= {channel.name: share for channel, share in zip(group, parts, strict=True)}
    return [shares[channel.name] for channel in channels]


def _paid_share(channels: Sequence[Channel], reading: Reading) -> Decimal | None:
    wanted = reading.brief.budget.paid_share_pct if reading.brief.budget else None
    kinds = {channel.kind == "PAID" for channel in channels}
    if wanted is None or len(kinds) == 1:  # nothing to divide between
        return None
    return min(max(round(wanted, 2), Decimal(0)), _WHOLE)


def _budgets(budget: Money | None, shares: Sequence[Decimal]) -> list[Money | None]:
    if budget is None:
        return [None] * len(shares)
    return [Money(amount=part, currency=budget.currency) for part in apportion(budget.amount, shares)]


def _tactics(channel: Channel, reading: Reading) -> tuple[str, ...]:
    exclusions = (*reading.brief.channels_excluded, *reading.facts.refusals)
    filled = [text for text in (_first(tactic, reading) for tactic in channel.tactics) if text]
    fit = [text for text in filled if reading.wording.is_clean(text) and not mentions_excluded(text, exclusions)]
    return tuple((fit or filled)[:_MOST_TACTICS])


def _first(tactic: str | Templates, reading: Reading) -> str | None:
    alternatives = (tactic,) if isinstance(tactic, str) else tactic
    return next((text for text in (fill(template, reading.blanks) for template in alternatives) if text), None)


def _posts_per_week(channel: Channel, reading: Reading) -> int:
    platform = reading.facts.platform
    if channel.kind != "PAID" and platform in channel.names and reading.facts.posts_per_week:
        return min(reading.facts.posts_per_week, 7)
    return channel.posts_per_week
