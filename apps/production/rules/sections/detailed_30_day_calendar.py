"""Detailed 30-day calendar: the calendar items of the draft, as tables."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

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
_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+\s*")
_SPAN_HEADING = re.compile(r"### (?:Thirty|\d+) days from .*")


@section("detailed_30_day_calendar")
def detailed_30_day_calendar(facts: Facts, benchmark: Benchmark) -> str:
    """Write one table of thirty rows, or three of ten with their aims where the benchmark asks for phases."""
    items = calendar_of(facts)
    blocks = _phases(facts, items) if "Phase 1" in benchmark.labels else _one_table(facts, items)
    return fit(blocks, benchmark, facts)


def _one_table(facts: Facts, items: Sequence[CalendarItem]) -> list[Block]:
    return [
        Block(_span_heading(items)),
        Block(paragraph(_introduction(facts, items), _after_the_end(facts, items))),
        Block(_table(items, items[0].date)),
    ]


def _phases(facts: Facts, items: Sequence[CalendarItem]) -> list[Block]:
    blocks = [Block(paragraph(_introduction(facts, items), _after_the_end(facts, items)))]
    aims = (_first_aims(facts), _second_aims(facts), _third_aims(facts))
    for phase, aim, span in zip(_PHASES, aims, _spans(items), strict=True):
        blocks.append(Block(_phase_heading(phase, span)))
        blocks.append(Block("\n".join([*aim, _main_channels(phase[2], span)])))
        blocks.append(Block(_table(span, items[0].date)))
    return blocks


def redraw(markdown: str, items: Sequence[CalendarItem]) -> str:
    """Return a calendar's section with what is drawn of the items drawn anew, and all other lines as they stand.

    That is: the tables, the headings with dates, and the channels of each phase. A section in which the tables are not
    to be found any more becomes a heading and one table.
    """
    lines = markdown.rstrip("\n").split("\n")
    tables = [number for number, line in enumerate(lines) if _is_head(lines, number)]
    if len(tables) not in (1, len(_PHASES)):
        return f"{_span_heading(items)}\n\n{_table(items, items[0].date)}\n"
    spans = [items] if len(tables) == 1 else list(_spans(items))
    drawn = iter(_table(span, items[0].date) for span in spans)
    found: list[str] = []
    for number, line in enumerate(lines):
        if number in tables:
            found.append(next(drawn))
        elif not line.startswith("|"):
            found.append(_redrawn(line, items, spans))
    return "\n".join(found) + "\n"


def _is_head(lines: Sequence[str], number: int) -> bool:
    is_first = lines[number].startswith("|") and (number == 0 or not lines[number - 1].startswith("|"))
    return is_first and len(lines) > number + 1 and bool(_RULE.fullmatch(lines[number + 1]))


def _redrawn(line: str, items: Sequence[CalendarItem], spans: Sequence[Sequence[CalendarItem]]) -> str:
    """Return a line anew if it is one that tells of the items, else as it stands."""
    if _SPAN_HEADING.fullmatch(line):
        return _span_heading(items)
    for phase, span in zip(_PHASES, spans, strict=False):
        label, name, channels = phase[:3]
        if line.startswith(heading(f"{label}: {name}")):
            return _phase_heading(phase, span)
        if line.startswith(f"- **{channels}:**"):
            return _main_channels(channels, span)
    return line


def _spans(items: Sequence[CalendarItem]) -> Iterator[list[CalendarItem]]:
    """Give the items of each phase: ten days from the first one on, ten more, and all that is later."""
    begin = items[0].date
    for _, _, _, first, last in _PHASES:
        until = begin + timedelta(days=last) if last < _PHASES[-1][-1] else items[-1].date + timedelta(days=1)
        yield [item for item in items if begin + timedelta(days=first) <= item.date < until]


def _span_heading(items: Sequence[CalendarItem]) -> str:
    days = (items[-1].date - items[0].date).days + 1
    return heading(f"{'Thirty' if days == 30 else days} days from {items[0].date:%-d %B %Y}")


def _phase_heading(phase: tuple[str, str, str, int, int], span: Sequence[CalendarItem]) -> str:
    label, name = phase[:2]
    dates = f", {span[0].date:%-d %B} to {span[-1].date:%-d %B}" if span else ""
    return heading(f"{label}: {name}{dates}")


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


def _table(items: Sequence[CalendarItem], first: date) -> str:
    header = ("Day", "Date", "Platform", "Stage", "Format", "Hook", "Call to action")
    return table(header, (_row((item.date - first).days + 1, item) for item in items))


def _row(day: int, item: CalendarItem) -> tuple[str, ...]:
    when = f"{item.date:%a %-d %b}"
    return (str(day), when, item.platform, item.theme, item.format, item.hook, item.call_to_action)


def _main_channels(label: str, items: Sequence[CalendarItem]) -> str:
    counts = Counter(item.platform for item in items)
    named = prose_list([f"{name} ({count})" for name, count in counts.items()])
    return bullet(lead(label, named or "none"))


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
