"""The client's report as one neutral document, which the PDF and the Word file print each in its own way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.delivery.rules.markdown import Block, Table, parse_markdown, plain_table
from apps.delivery.rules.text import capitalised, sentence
from apps.onboarding.api.dtos import Brief
from apps.production.api.dtos import CalendarItem, Draft
from apps.qc.api.dtos import QcReport
from apps.shared.text import one_line
from apps.strategy.api.dtos import ChannelPlan, Kpi, Milestone, Strategy

OFFLINE_PROVIDER = "offline"
MEASURE_FIRST = "Measure first"


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value, for the boxes at a glance."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class KpiCard:
    """A number to reach. `target` says in words when it is measured first."""

    name: str
    stage: str
    target: str
    unit: str
    baseline: str
    window: str
    source: str

    @property
    def is_open(self) -> bool:
        return self.target == MEASURE_FIRST

    @property
    def target_text(self) -> str:
        return f"{self.target} ({self.unit})" if self.is_open and self.unit else f"{self.target} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class ChannelBar:
    """A channel with its share of the budget in percent, as a number for the chart and as text."""

    name: str
    share: float
    share_text: str
    budget: str
    role: str
    tactics: tuple[str, ...]
    rhythm: str


@dataclass(frozen=True, slots=True)
class MilestoneMark:
    """A point on the timeline."""

    week: str
    date: str
    name: str


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A numbered section and its blocks."""

    key: str
    number: int
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the report prints, in reading order. All texts are plain words of one line, except the blocks."""

    agency: str
    client: str
    title: str
    period: str
    prepared: str
    prepared_at: datetime
    edition: str
    is_offline_draft: bool
    summary: str
    facts: tuple[Fact, ...]
    kpis: tuple[KpiCard, ...]
    channels: tuple[ChannelBar, ...]
    milestones: tuple[MilestoneMark, ...]
    sections: tuple[ReportSection, ...]
    calendar: Table | None
    open_points: tuple[str, ...]
    about: tuple[str, ...]

    @property
    def channel_table(self) -> Table:
        rows = [(bar.name, bar.share_text, bar.budget, bar.role, bar.rhythm) for bar in self.channels]
        return plain_table(("Channel", "Share", "Budget", "Role", "Rhythm"), rows)

    @property
    def confidential(self) -> str:
        return f"Confidential. Prepared for {self.client}."


def compose_report(
    brief: Brief, strategy: Strategy, draft: Draft, quality: QcReport, *, agency: str, at: datetime
) -> Report:
    """Return the report of a draft, prepared at `at` by the named agency."""
    return Report(
        agency=agency,
        client=one_line(brief.client_name),
        title=one_line(draft.pack_title),
        period=period_text(strategy.start_date, strategy.end_date),
        prepared=date_text(at.date()),
        prepared_at=at,
        edition=f"Strategy version {strategy.version}, round {draft.round}",
        is_offline_draft=draft.provider == OFFLINE_PROVIDER,
        summary=one_line(strategy.executive_summary),
        facts=_facts(brief, strategy),
        kpis=tuple(_kpi_card(kpi) for kpi in strategy.kpis),
        channels=tuple(_channel_bar(channel) for channel in strategy.channels),
        milestones=tuple(_milestone_mark(milestone) for milestone in strategy.milestones),
        sections=_sections(draft),
        calendar=calendar_table(draft.calendar) if draft.calendar else None,
        open_points=tuple(
            f"{capitalised(warning.field.replace('_', ' '))}: {sentence(warning.message)}" for warning in brief.warnings
        ),
        about=_about(brief, strategy, draft, quality),
    )


def date_text(day: date) -> str:
    """Return a date as "9 March 2026"."""
    return f"{day.day} {day:%B %Y}"


def period_text(start: date, end: date) -> str:
    """Return a period as "9 March – 28 June 2026", with both years where they differ."""
    first = f"{start.day} {start:%B}" if start.year == end.year else date_text(start)
    return f"{first} – {date_text(end)}"


def number_text(number: Decimal) -> str:
    """Return a number with thousands separated and no needless zeros: "1,250", "3.5"."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def budget_text(brief: Brief, strategy: Strategy) -> str:
    """Return the budget with its cadence, or that none was named."""
    if strategy.budget is None:
        return "Not named yet"
    is_monthly = brief.budget is not None and brief.budget.cadence == "MONTHLY"
    return f"{strategy.budget} {'a month' if is_monthly else 'in total'}"


def _with_request(item: CalendarItem) -> str:
    """Return a caption with its call to action, which most captions hold already."""
    said = item.call_to_action in item.caption
    return item.caption if said else f"{item.caption} {item.call_to_action}"


def calendar_table(calendar: Sequence[CalendarItem]) -> Table:
    """Return the content calendar as a table in the order of its dates."""
    rows = [
        (
            f"{item.date:%a}\u00a0{item.date.day}\u00a0{item.date:%b}",
            f"{item.platform}, {item.format}" if item.format else item.platform,
            item.theme,
            item.hook,
            _with_request(item),
        )
        for item in sorted(calendar, key=lambda item: item.date)
    ]
    return plain_table(("Date", "Channel", "Theme", "Hook", "Caption and call to action"), rows)


def _facts(brief: Brief, strategy: Strategy) -> tuple[Fact, ...]:
    facts = [
        Fact("Budget", budget_text(brief, strategy)),
        Fact("Period", period_text(strategy.start_date, strategy.end_date)),
        Fact("Market", capitalised(brief.geography) or brief.country),
    ]
    if brief.audiences:
        facts.append(Fact("First audience", capitalised(brief.audiences[0].name)))
    return tuple(facts)


def _kpi_card(kpi: Kpi) -> KpiCard:
    return KpiCard(
        name=capitalised(kpi.name),
        stage=kpi.stage.capitalize(),
        target=MEASURE_FIRST if kpi.target is None else number_text(kpi.target),
        unit=one_line(kpi.unit),
        baseline="" if kpi.baseline is None else f"today {number_text(kpi.baseline)}",
        window=f"within {kpi.days} days",
        source=one_line(kpi.source),
    )


def _channel_bar(channel: ChannelPlan) -> ChannelBar:
    return ChannelBar(
        name=one_line(channel.channel),
        share=float(channel.budget_share_pct),
        share_text=f"{number_text(channel.budget_share_pct)} %",
        budget="" if channel.budget is None else str(channel.budget),
        role=sentence(channel.role),
        tactics=tuple(one_line(tactic) for tactic in channel.tactics),
        rhythm=f"{channel.posts_per_week} a week" if channel.posts_per_week else "always on",
    )


def _milestone_mark(milestone: Milestone) -> MilestoneMark:
    return MilestoneMark(f"Week {milestone.week}", date_text(milestone.date), one_line(milestone.name))


def _sections(draft: Draft) -> tuple[ReportSection, ...]:
    ordered = sorted(draft.sections, key=lambda section: section.position)
    return tuple(
        ReportSection(section.key, number, one_line(section.heading), parse_markdown(section.markdown))
        for number, section in enumerate(ordered, start=1)
    )


def _about(brief: Brief, strategy: Strategy, draft: Draft, quality: QcReport) -> tuple[str, ...]:
    lines = [
        f"Basis: the brief of {one_line(brief.client_name)} and strategy version {strategy.version}, "
        f"round {draft.round} of the draft.",
        f"Quality check: {quality.verdict.lower()}, score {quality.score} of 100 over {quality.rules_checked} rules.",
    ]
    if draft.provider == OFFLINE_PROVIDER:
        lines.append("Offline draft: composed from the brief alone, without a language model or outside research.")
    return tuple(lines)
