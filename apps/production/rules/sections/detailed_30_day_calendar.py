"""Detailed 30-day calendar: the calendar items of the draft, as tables."""

from collections import Counter
from collections.abc import Sequence

from apps.production.api.dtos import Benchmark, CalendarItem
from apps.production.rules.calendar import calendar_of
from apps.production.rules.facts import Facts
from apps.production.rules.sections import section
from apps.production.rules.writing import Block, bullet, fit, heading, lead, paragraph, prose_list, table

_PHASES = (
    ("Phase 1", "Attention", "Channels at first", 0, 10),
    ("Phase 2", "Answers", "Channels in the middle", 10, 20),
    ("Phase 3", "First contact", "Channels at the end", 20, 30),
)


@section("detailed_30_day_calendar")
def detailed_30_day_calendar(facts: Facts, benchmark: Benchmark) -> str:
    """Write one table of thirty rows, or three of ten with their aims where the benchmark asks for phases."""
    items = calendar_of(facts)
    blocks = _phases(facts, items) if "Phase 1" in benchmark.labels else _one_table(facts, items)
    return fit(blocks, benchmark, facts)


def _one_table(facts: Facts, items: Sequence[CalendarItem]) -> list[Block]:
    return [
        Block(heading(f"Thirty days from {items[0].date:%-d %B %Y}")),
        Block(paragraph(_introduction(facts, items), _after_the_end(facts, items))),
        Block(_table(items, 0)),
    ]


def _phases(facts: Facts, items: Sequence[CalendarItem]) -> list[Block]:
    blocks = [Block(paragraph(_introduction(facts, items), _after_the_end(facts, items)))]
    aims = (_first_aims(facts), _second_aims(facts), _third_aims(facts))
    for (label, name, channels, first, last), aim in zip(_PHASES, aims, strict=True):
        span = items[first:last]
        dates = f"{span[0].date:%-d %B} to {span[-1].date:%-d %B}"
        blocks.append(Block(heading(f"{label}: {name}, {dates}")))
        blocks.append(Block("\n".join([*aim, _main_channels(channels, span)])))
        blocks.append(Block(_table(span, first)))
    return blocks


def _introduction(facts: Facts, items: Sequence[CalendarItem]) -> str:
    posts = sum(item.format != "Engagement" for item in items)
    if posts == len(items):
        return f"Each row is one entry for {facts.client}; times of day are set once the first week has been read"
    quiet = "Weekends carry" if facts.is_b2b else "Quieter days carry"
    return f"{quiet} no post for {facts.client} but the work that keeps the page alive: answers, checks, preparation"


def _after_the_end(facts: Facts, items: Sequence[CalendarItem]) -> str:
    if items[-1].date <= facts.end:
        return ""
    return f"The campaign ends on {facts.end:%-d %B %Y}; the entries after that day keep {facts.client} in sight"


def _table(items: Sequence[CalendarItem], first: int) -> str:
    header = ("Day", "Date", "Platform", "Stage", "Format", "Hook", "Call to action")
    return table(header, (_row(first + index, item) for index, item in enumerate(items, start=1)))


def _row(day: int, item: CalendarItem) -> tuple[str, ...]:
    date = f"{item.date:%a %-d %b}"
    return (str(day), date, item.platform, item.theme, item.format, item.hook, item.call_to_action)


def _main_channels(label: str, items: Sequence[CalendarItem]) -> str:
    counts = Counter(item.platform for item in items)
    return bullet(lead(label, prose_list([f"{name} ({count})" for name, count in counts.items()])))


def _first_aims(facts: Facts) -> list[str]:
    return [
        bullet(lead("Aim", f"{facts.readers} recognise their own situation and remember {facts.client}")),
        bullet(lead("Signal", f"entries of {facts.client} are saved, shared or answered with a question")),
    ]


def _second_aims(facts: Facts) -> list[str]:
    return [
        bullet(lead("Aim", f"doubts about {facts.offer.short} get a straight answer")),
        bullet(lead("Signal", f"readers open the page on {facts.offer.short} or write back")),
    ]


def _third_aims(facts: Facts) -> list[str]:
    return [
        bullet(lead("Aim", f"those who have read enough {facts.request}")),
        bullet(lead("Signal", f"contacts that name an entry as the reason they wrote to {facts.client}")),
    ]
