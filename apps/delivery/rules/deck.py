"""The slides: one idea each, with what the presenter says. Long lists go over several slides; nothing overflows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from math import ceil

from apps.delivery.rules.markdown import Table, plain_table, plain_text
from apps.delivery.rules.report import ChannelBar, Report
from apps.delivery.rules.text import capitalised, sentence, shorten
from apps.onboarding.api.dtos import Brief
from apps.shared.text import one_line
from apps.strategy.api.dtos import Strategy

POINTS_PER_SLIDE = 6
POINT_CHARACTERS = 150
ROWS_PER_SLIDE = 7
CELL_CHARACTERS = {2: 140, 3: 120}
"""Characters that two lines of a cell hold, by the number of columns; with more than three columns, 80."""
STATEMENT_CHARACTERS = 240
TITLE_CHARACTERS = 70
SLIDES_PER_IDEA = 2
NOTE_CHARACTERS = 2500


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide: its title, one large statement, points, a table or the budget chart, and the speaker's notes."""

    title: str
    notes: str
    statement: str = ""
    points: tuple[str, ...] = ()
    table: Table | None = None
    chart: tuple[ChannelBar, ...] = ()


def compose_deck(brief: Brief, strategy: Strategy, report: Report) -> tuple[Slide, ...]:
    """Return the slides after the title slide in the order they are told: where we stand, what, how much, when."""
    ideas = (
        *_opening(brief, strategy, report),
        *_people(brief, strategy),
        *_promise(brief, strategy),
        *_channels(report),
        *_numbers(report),
        *_rules(brief, strategy),
        *_closing(report),
    )
    return tuple(slide for idea in ideas for slide in _fitted(idea))


def _opening(brief: Brief, strategy: Strategy, report: Report) -> Iterator[Slide]:
    reality = strategy.layers.business_reality
    yield Slide(
        "The plan in one paragraph",
        _say("Read the paragraph aloud and ask whether it describes the business as they see it.", report.summary),
        statement=report.summary,
    )
    yield Slide(
        "What success looks like",
        _say("Agree on these goals before anything else; each later slide serves one of them.", *_goals(brief)),
        statement=sentence(strategy.layers.measurement.success_definition),
        points=_goals(brief)[1:],
    )
    yield Slide(
        f"{reality.bottleneck} is the bottleneck",
        _say(
            "Explain why this is the first thing to change: more of anything else would be lost at this point.",
            reality.business_model_summary,
            reality.unit_economics,
            reality.pricing_logic,
        ),
        statement=sentence(reality.growth_constraint),
        points=(reality.business_model_summary, *reality.revenue_streams),
    )
    yield Slide(
        "Where the market leaves room",
        _say(
            "Name the alternatives buyers really weigh, the choice of doing nothing among them.",
            *_fit_to_print(brief, brief.competitors),
        ),
        statement=sentence(strategy.layers.market_truth.white_space_logic),
        points=(strategy.layers.market_truth.category_maturity,),
    )


def _goals(brief: Brief) -> tuple[str, ...]:
    return _fit_to_print(brief, [objective.text for objective in brief.objectives])


def _fit_to_print(brief: Brief, texts: Sequence[str]) -> tuple[str, ...]:
    """Return the client's sentences that hold none of the words it bans."""
    words = "|".join(re.escape(word) for word in brief.banned_words if word.strip())
    banned = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else None
    return tuple(text for text in texts if not (banned and banned.search(text)))


def _people(brief: Brief, strategy: Strategy) -> Iterator[Slide]:
    psychology = strategy.layers.audience_psychology
    audiences = _fit_to_print(brief, [audience.text for audience in brief.audiences])
    yield Slide(
        "Who we speak to",
        _say("The first group gets most of the budget; ask for one real customer who is like that.", *audiences),
        points=audiences,
        statement=sentence(psychology.awareness_state),
    )
    yield Slide(
        "What holds them back",
        _say(
            "These come from the brief, strongest first. Each message answers one of them.",
            *psychology.objection_hierarchy,
        ),
        points=psychology.objection_hierarchy,
    )


def _promise(brief: Brief, strategy: Strategy) -> Iterator[Slide]:
    value, story = strategy.layers.value_architecture, strategy.layers.narrative
    proof = _fit_to_print(brief, brief.proof)
    yield Slide(
        "What we promise",
        _say("One promise, and what is given up to keep it. Ask whether the team can keep it every week."),
        statement=sentence(value.core_promise),
        points=(value.differentiation, value.sacrifice_framing),
    )
    yield Slide(
        "Why people will believe it",
        _say("Only proof the client gave us stands here; anything new must be confirmed first.", *proof),
        points=proof or (strategy.layers.audience_psychology.trust_transfer_mechanism,),
    )
    parts = (
        ("Problem", story.problem),
        ("Tension", story.tension),
        ("Resolution", story.resolution),
        ("Against", story.enemy_definition),
    )
    yield Slide(
        "The story we repeat",
        _say("Tell the four lines as one story, in the client's own words.", story.repetition_logic),
        table=plain_table(("Part", "What we say"), [(part, sentence(words)) for part, words in parts if words]),
    )


def _channels(report: Report) -> Iterator[Slide]:
    if report.channels:
        yield Slide(
            "Where the budget goes",
            _say(
                "Start with the largest bar and say what it buys; shares add up to the whole budget.",
                *(f"{bar.name}: {bar.share_text} {bar.budget}" for bar in report.channels),
            ),
            chart=report.channels,
        )
        yield Slide(
            "What each channel is for",
            _say("Each channel has one job. A channel without a job was left out on purpose."),
            table=plain_table(
                ("Channel", "Its job", "Rhythm"), [(bar.name, bar.role, bar.rhythm) for bar in report.channels]
            ),
        )
        yield Slide(
            "What we do there",
            _say("Walk through one channel in detail; the report has the tactics of all others."),
            table=plain_table(
                ("Channel", "Tactics"), [(bar.name, _joined(bar.tactics)) for bar in report.channels if bar.tactics]
            ),
        )


def _numbers(report: Report) -> Iterator[Slide]:
    if report.kpis:
        rows = [(kpi.name, kpi.target_text, kpi.baseline, kpi.window) for kpi in report.kpis]
        yield Slide(
            "Numbers to reach",
            _say("Targets come from the brief. Where it gave none, the number is measured first instead of guessed."),
            table=plain_table(("KPI", "Target", "Start", "Window"), rows),
        )
    if report.milestones:
        yield Slide(
            "Milestones",
            _say("Each line is something that must be true by the end of that week, not an activity."),
            table=plain_table(
                ("Week", "Date", "What is true by then"),
                [(mark.week, mark.date, mark.name) for mark in report.milestones],
            ),
        )
    if report.calendar:
        rows = [[plain_text(cell) for cell in row[:4]] for row in report.calendar.rows[:ROWS_PER_SLIDE]]
        yield Slide(
            "The first week of content",
            _say("Show how one theme travels through the channels; the whole calendar is in the report and as CSV."),
            table=plain_table(("Date", "Channel", "Theme", "Hook"), rows),
        )


def _rules(brief: Brief, strategy: Strategy) -> Iterator[Slide]:
    limits, measurement = strategy.layers.constraints, strategy.layers.measurement
    lines = (*limits.claim_boundaries, *limits.compliance_rules, *brief.channels_excluded)
    if lines:
        yield Slide(
            "Lines we do not cross",
            _say("These bind everybody who writes for this client, us and any supplier.", *limits.forbidden_language),
            points=lines,
        )
    yield Slide(
        "How we decide along the way",
        _say("Decide now what we will do when a number comes in, so that nobody argues then."),
        points=measurement.decision_rules,
    )
    yield Slide(
        "What we watch",
        _say("Early signs come weekly, results monthly. Do not judge results by early signs alone."),
        points=(
            *(f"Early sign: {name}" for name in measurement.leading_indicators),
            *(f"Result: {name}" for name in measurement.lagging_indicators),
        ),
    )


def _closing(report: Report) -> Iterator[Slide]:
    if report.open_points:
        yield Slide(
            "What we still need from you",
            _say("Ask for each point and note who will answer it by when. Nothing was invented in its place."),
            points=report.open_points,
        )
    first = [f"By {mark.date}: {mark.name}" for mark in report.milestones[:3]]
    yield Slide(
        "Next steps",
        _say("End with one name and one date per step, and send them round the same day."),
        points=("Agree on the goals and the budget split", "Name one person who approves content", *first),
    )
    count = len(report.sections)
    yield Slide(
        "In the full report",
        _say(f"The report has {count} sections; point out the two that matter most for this audience."),
        table=_section_table([f"{section.number}. {section.heading}" for section in report.sections]),
    )


def _section_table(headings: Sequence[str]) -> Table:
    """Return the headings in three columns, read downwards."""
    height = max(1, ceil(len(headings) / 3))
    columns = [headings[start : start + height] for start in range(0, 3 * height, height)]
    heads = [f"From {column[0].partition('.')[0]}" if column else "" for column in columns]
    return plain_table(heads, list(zip_longest(*columns, fillvalue="")))


def _joined(tactics: Sequence[str]) -> str:
    return sentence("; ".join(tactic.rstrip(".") for tactic in tactics))


def _say(purpose: str, *details: str) -> str:
    return shorten(" ".join([purpose, *(sentence(detail) for detail in details if detail)]), NOTE_CHARACTERS)


def _fitted(slide: Slide) -> Iterator[Slide]:
    """Yield the slide cut to what a screen holds, over at most two slides; the notes keep what does not fit."""
    slide = replace(slide, title=shorten(slide.title, TITLE_CHARACTERS))
    if slide.table:
        yield from _paged_table(slide, slide.table)
    else:
        yield from _paged_points(slide)


def _paged_points(slide: Slide) -> Iterator[Slide]:
    points = tuple(shorten(capitalised(point), POINT_CHARACTERS) for point in slide.points if one_line(point))
    room = POINTS_PER_SLIDE - 2 if slide.statement else POINTS_PER_SLIDE
    pages = _pages(points, room) or [()]
    for place, page in enumerate(pages):
        statement = shorten(slide.statement, STATEMENT_CHARACTERS) if place == 0 else ""
        yield replace(slide, title=_numbered(slide.title, place, pages), statement=statement, points=tuple(page))


def _paged_table(slide: Slide, table: Table) -> Iterator[Slide]:
    longest = CELL_CHARACTERS.get(len(table.head), 80)
    rows = [[shorten(plain_text(cell), longest) for cell in row] for row in table.rows]
    head = [plain_text(cell) for cell in table.head]
    pages = _pages(rows, ROWS_PER_SLIDE)
    for place, page in enumerate(pages):
        yield replace(slide, title=_numbered(slide.title, place, pages), table=plain_table(head, page))


def _pages(lines: Sequence, room: int) -> list[Sequence]:
    """Return the lines spread evenly over as few pages as hold them, at most two."""
    count = min(SLIDES_PER_IDEA, ceil(len(lines) / room))
    if count == 0:
        return []
    size = min(room, ceil(len(lines) / count))
    return [lines[start : start + size] for start in range(0, size * count, size)]


def _numbered(title: str, place: int, pages: Sequence) -> str:
    return f"{title} ({place + 1} of {len(pages)})" if len(pages) > 1 else title
