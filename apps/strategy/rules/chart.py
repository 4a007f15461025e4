"""The budget as bars: what stands where, in the units of an SVG's view box."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.shared.dtos import Money
from apps.strategy.api.dtos import ChannelPlan
from apps.strategy.rules.wording import shorten

WIDTH = 640
ROW_HEIGHT = 46
BAR_HEIGHT = 14
LONGEST_LABEL = 48  # characters that leave room for the figures beside them
_LABEL_BASE, _BAR_TOP = 14, 21  # from the top of a row


@dataclass(frozen=True)
class Bar:
    """A channel's bar, its words above it; `width` is 0 for a channel without money."""

    channel: str
    label: str
    share: Decimal
    amount: Money | None
    width: int
    text_y: int
    bar_y: int


@dataclass(frozen=True)
class Chart:
    """Bars from top to bottom in the order of the plan; the largest share fills the width."""

    width: int
    height: int
    bar_height: int
    bars: tuple[Bar, ...]


def draw_budget(channels: Sequence[ChannelPlan]) -> Chart:
    """Return the shares of a budget as horizontal bars; a chart without height when there are no channels."""
    largest = max((channel.budget_share_pct for channel in channels), default=Decimal(0))
    bars = tuple(_bar(place * ROW_HEIGHT, channel, largest) for place, channel in enumerate(channels))
    return Chart(WIDTH, len(bars) * ROW_HEIGHT, BAR_HEIGHT, bars)


def _bar(top: int, channel: ChannelPlan, largest: Decimal) -> Bar:
    return Bar(
        channel=channel.channel,
        label=shorten(channel.channel, LONGEST_LABEL),
        share=channel.budget_share_pct,
        amount=channel.budget,
        width=round(channel.budget_share_pct / largest * WIDTH) if largest else 0,
        text_y=top + _LABEL_BASE,
        bar_y=top + _BAR_TOP,
    )
