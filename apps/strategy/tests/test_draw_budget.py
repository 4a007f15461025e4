"""The chart of a budget …"""

from decimal import Decimal

from apps.shared.dtos import Money
from apps.strategy.api.dtos import ChannelPlan
from apps.strategy.rules.chart import LONGEST_LABEL, ROW_HEIGHT, WIDTH, draw_budget


def plan(share: str, channel: str = "Search ads", budget: Money | None = None) -> ChannelPlan:
    return ChannelPlan(
        channel=channel, budget_share_pct=Decimal(share), budget=budget, role="", tactics=(), posts_per_week=0
    )


def test_gives_the_largest_share_the_whole_width_and_others_in_proportion() -> None:
    chart = draw_budget([plan("25"), plan("50"), plan("12.5"), plan("12.5")])
    assert [bar.width for bar in chart.bars] == [WIDTH // 2, WIDTH, WIDTH // 4, WIDTH // 4]


def test_keeps_the_rows_apart_and_inside() -> None:
    chart = draw_budget([plan("50"), plan("50")])
    assert chart.height == 2 * ROW_HEIGHT
    first, second = chart.bars
    assert first.text_y < first.bar_y < first.bar_y + chart.bar_height < second.text_y
    assert second.bar_y + chart.bar_height <= chart.height


def test_draws_nothing_for_a_share_of_nothing() -> None:
    assert [bar.width for bar in draw_budget([plan("100"), plan("0")]).bars] == [WIDTH, 0]
    assert [bar.width for bar in draw_budget([plan("0")]).bars] == [0]


def test_is_empty_without_channels() -> None:
    chart = draw_budget([])
    assert (chart.bars, chart.height) == ((), 0)


def test_carries_share_amount_and_currency() -> None:
    money = Money(amount=Decimal("1750.50"), currency="EUR")
    (bar,) = draw_budget([plan("100", budget=money)]).bars
    assert (bar.share, bar.amount) == (Decimal(100), money)


def test_shortens_a_label_that_would_run_into_the_figures() -> None:
    (bar,) = draw_budget([plan("100", channel="Partner newsletters of the county " * 2)]).bars
    assert len(bar.label) <= LONGEST_LABEL
    assert bar.channel.startswith("Partner newsletters of the county Partner")
