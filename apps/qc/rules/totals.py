"""Do the sums add up, and do shares, dates and weeks agree with the strategy?"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from apps.qc.rules.figures import Figure, dates_in, figures_in
from apps.qc.rules.reader import Text
from apps.qc.rules.registry import Family, Hit, Passage, Reading, ReadSection
from apps.qc.rules.wording import quote, shorten

totals = Family("totals")

ROUNDING_PER_ROW = Decimal("0.5")
"""What each rounded row may add to the difference between a sum and its rows, in units of currency."""

SHARE_TOLERANCE = Decimal("0.5")
"""Percentage points; the strategy itself is held to the same."""

CALENDAR_DAYS = 30
DAYS_BEFORE_START = 31
DAYS_AFTER_END = 62
"""Preparation before the start, and the review after the end, belong to a plan."""

_TOTAL = re.compile(r"^\s*(?:grand )?(?:total|sum|altogether|overall|all channels)\b", re.IGNORECASE)
_SHARE_HEADER = re.compile(r"share|split|allocation|% of|budget|^%$", re.IGNORECASE)
_SPLIT = re.compile(r"\b(?:split|allocation|budget by|share of (?:the )?budget)\b", re.IGNORECASE)
_WEEK = re.compile(r"\bweeks?\s(\d{1,3})(?:\s?(?:-|–|to|and)\s?(\d{1,3}))?\b", re.IGNORECASE)


@totals.on_section(
    "SUM_MISMATCH",
    "MAJOR",
    "A total is not the sum of its rows",
    why="A client who finds one wrong sum checks every other number.",
)
def sum_mismatch(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    for table in range(1, section.text.tables + 1):
        rows = [row.cells for row in section.text.rows_of(table)]
        total = next((cells for cells in rows if _TOTAL.match(cells[0])), None)
        if total is None:
            continue
        others = [cells for cells in rows if not _TOTAL.match(cells[0])]
        for column in range(1, len(total)):
            yield from _column_mismatch(section.key, total, others, column)


def _column_mismatch(section: str, total: tuple[str, ...], rows: list[tuple[str, ...]], column: int) -> Iterator[Hit]:
    stated = _only_figure(total[column])
    parts = [figure for cells in rows if (figure := _only_figure(cells[column]))]
    if stated is None or len(parts) < 2 or any(part.kind != stated.kind for part in parts):
        return
    actual = sum(part.value for part in parts)
    if abs(actual - stated.value) > ROUNDING_PER_ROW * len(parts):
        yield Hit(
            section,
            f"The rows sum to {actual:,}, the total says {stated.value:,}.",
            " | ".join(total),
            "Correct the total or the rows.",
        )


def _only_figure(cell: str) -> Figure | None:
    figures = figures_in(cell)
    return figures[0] if len(figures) == 1 else None


@totals.on_section(
    "SHARES_NOT_100",
    "MAJOR",
    "Shares do not sum to 100 %",
    why="A split that leaves money over, or spends it twice, cannot be booked.",
)
def shares_not_100(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    for where, shares in [*_shares_in_tables(section.text), *_shares_in_lists(section.text)]:
        if len(shares) > 1 and abs(sum(shares) - 100) > SHARE_TOLERANCE:
            listed = " + ".join(f"{share:f}" for share in shares)
            yield Hit(section.key, f"Shares sum to {sum(shares):f} %.", f"{where}: {listed}", "Make them sum to 100 %.")


def _shares_in_tables(text: Text) -> Iterator[tuple[str, list[Decimal]]]:
    for table in range(1, text.tables + 1):
        rows = [row.cells for row in text.rows_of(table) if not _TOTAL.match(row.cells[0])]
        for column, name in enumerate(text.header_of(table)):
            figures = [_only_figure(cells[column]) for cells in rows if column < len(cells)]
            if _SHARE_HEADER.search(name) and all(figure and figure.kind == "percent" for figure in figures):
                yield name, [figure.value for figure in figures if figure]


def _shares_in_lists(text: Text) -> Iterator[tuple[str, list[Decimal]]]:
    for heading in text.headings:
        items = [block.text for block in text.blocks if block.kind == "item" and block.heading == heading]
        firsts = [next((figure for figure in figures_in(item) if figure.kind == "percent"), None) for item in items]
        if _SPLIT.search(heading) and firsts and all(firsts):
            yield heading, [figure.value for figure in firsts if figure]


@totals.on_section(
    "SHARE_DIFFERS",
    "MAJOR",
    "A channel's share is not the strategy's",
    why="The client approves one split; the draft must not show another. Judged where a row or list item begins with "
    "the channel's name and holds one percentage, under a heading or header about the budget.",
)
def share_differs(section: ReadSection, reading: Reading) -> Iterator[Hit]:
    for block in section.text.blocks:
        if block.kind not in ("row", "item") or not _SHARE_HEADER.search(block.lead):
            continue
        shares = [figure for figure in figures_in(block.text) if figure.kind == "percent"]
        channel = next((plan for plan in reading.strategy.channels if _begins_with(block.text, plan.channel)), None)
        if channel and len(shares) == 1 and abs(shares[0].value - channel.budget_share_pct) > SHARE_TOLERANCE:
            yield Hit(
                section.key,
                f"The strategy gives {channel.channel} {channel.budget_share_pct.normalize():f} %.",
                quote(block.text, shares[0].start, shares[0].end),
                "Use the strategy's share.",
            )


def _begins_with(text: str, channel: str) -> bool:
    return re.match(rf"{re.escape(channel)}(?!\w)", text, re.IGNORECASE) is not None


@totals.on_passage(
    "DATE_OUT_OF_RANGE",
    "MAJOR",
    "A date outside the plan",
    why="A date months before the start or after the end was copied from another plan. Dates in the brief may stand.",
)
def date_out_of_range(passage: Passage, reading: Reading) -> Iterator[Hit]:
    first, last = _plan_dates(reading)
    for match, day in dates_in(passage.text, year=reading.strategy.start_date.year):
        year_written = match["iso"] or match["year"] or match["year2"]
        turn_of_year = not year_written and first <= day.replace(day=1, year=day.year + 1) <= last
        if not first <= day <= last and not turn_of_year and match[0].rstrip(".") not in reading.brief_text:
            yield Hit(
                passage.section,
                f"{day} lies outside the plan ({reading.strategy.start_date} to {reading.strategy.end_date}).",
                quote(passage.text, *match.span()),
                "Use a date of the plan.",
            )


@totals.on_draft(
    "CALENDAR_OUT_OF_RANGE",
    "MAJOR",
    "A post outside the plan",
    why="The calendar starts no earlier than the strategy and ends no later, except that it has thirty days, as sold, "
    "where the strategy has fewer.",
)
def calendar_out_of_range(reading: Reading) -> Iterator[Hit]:
    first = reading.strategy.start_date
    last = max(reading.strategy.end_date, first + timedelta(days=CALENDAR_DAYS - 1))
    for post in reading.posts:
        if not first <= post.date <= last:
            yield Hit(
                reading.calendar_key,
                f"The plan runs from {reading.strategy.start_date} to {reading.strategy.end_date}.",
                f"{post.date} {shorten(post.hook)}",
                "Move the post into the plan.",
            )


@totals.on_passage(
    "WEEK_OUT_OF_RANGE",
    "MINOR",
    "A week the plan does not have",
    why="“Week 20” of a plan of 13 weeks was copied from another plan.",
)
def week_out_of_range(passage: Passage, reading: Reading) -> Iterator[Hit]:
    days = (reading.strategy.end_date - reading.strategy.start_date).days
    most = days // 7 + 1 + DAYS_AFTER_END // 7
    for match in _WEEK.finditer(passage.text):
        if int(match[2] or match[1]) > most:
            yield Hit(
                passage.section,
                f"The plan has {days // 7 + 1} weeks.",
                quote(passage.text, *match.span()),
                "Use a week of the plan.",
            )


def _plan_dates(reading: Reading) -> tuple[date, date]:
    strategy = reading.strategy
    return strategy.start_date - timedelta(days=DAYS_BEFORE_START), strategy.end_date + timedelta(days=DAYS_AFTER_END)
