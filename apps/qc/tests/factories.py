"""A small draft without a fault, ways to put one in, and what the rules then say."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from uuid_utils.compat import uuid7

from apps.onboarding.api.dtos import Brief
from apps.onboarding.tests.factories import dental_brief
from apps.production.api.dtos import Benchmark, CalendarItem, Draft, DraftSection
from apps.qc.api.dtos import QcFinding
from apps.qc.rules import judge
from apps.strategy.api.dtos import Strategy
from apps.strategy.tests.factories import strategy_for

LENIENT = {
    "min_words": 0, "max_words": 2000, "min_bullets": 0, "max_bullets": 90, "min_headings": 0, "max_headings": 90,
}  # fmt: skip

OVERVIEW = """### Brand

Bright Harbour Dental treats adults in Galway who dislike their front teeth. Results vary. Treatment suitability is
assessed by a dentist.

- **Offer:** Invisible aligners from €2,900.
- **Goal:** 40 booked consultations per month; today there are about 14.
"""


def section(markdown: str, key: str = "notes", **benchmark: Any) -> DraftSection:
    """Return a section with a benchmark that nearly any text meets."""
    return DraftSection(
        key=key,
        position=50,
        heading=key.replace("_", " ").capitalize(),
        markdown=markdown,
        provider="offline",
        prompt_version="1",
        tokens=0,
        benchmark=Benchmark(**(LENIENT | benchmark)),
    )


def post(strategy: Strategy, day: int, **changes: Any) -> CalendarItem:
    """Return an entry of the calendar, `day` days after the start."""
    weekday = strategy.start_date + timedelta(days=day)
    item = CalendarItem(
        date=weekday,
        platform=strategy.channels[0].channel,
        theme="Awareness",
        format="Post",
        hook=f"Question {day} about evening appointments, answered",
        caption=f"We answer question {day} in plain words, with the price.",
        call_to_action="Book a consultation",
    )
    return item.model_copy(update=changes)


def posts(
    brief: Brief, changes: dict[int, dict[str, Any]] | None = None, *, days: int = 30
) -> tuple[CalendarItem, ...]:
    """Return a calendar of `days` days, some of them changed."""
    strategy = strategy_for(brief)
    return tuple(post(strategy, day, **(changes or {}).get(day, {})) for day in range(days))


def draft_of(brief: Brief, sections: Sequence[DraftSection], calendar: Sequence[CalendarItem] = ()) -> Draft:
    """Return a draft with these sections, in this order."""
    placed = tuple(one.model_copy(update={"position": place}) for place, one in enumerate(sections, 1))
    return Draft(
        id=uuid7(),
        client_id=brief.client_id,
        brief_id=brief.id,
        strategy_id=uuid7(),
        round=1,
        pack="quick_social_basic",
        pack_title="Quick social",
        provider="offline",
        sections=placed,
        calendar=tuple(calendar),
    )


def findings(
    text: str = "",
    *,
    key: str = "notes",
    benchmark: dict[str, Any] | None = None,
    brief: dict[str, Any] | None = None,
    strategy: dict[str, Any] | None = None,
    sections: Sequence[DraftSection] | None = None,
    calendar: dict[int, dict[str, Any]] | None = None,
    days: int = 30,
) -> dict[str, QcFinding]:
    """Judge the faultless draft after putting `text` into a section of its own (or after the changes named).

    Returns the findings by the code of their rule.
    """
    client = dental_brief(**(brief or {}))
    written = [section(OVERVIEW, "overview")] if sections is None else list(sections)
    if text or benchmark:
        written.append(section(text, key, **(benchmark or {})))
    entries = posts(client, calendar, days=days) if calendar is not None or days != 30 else ()
    if entries:
        written.append(section("The posts of the month, day by day.", "detailed_30_day_calendar"))
    verdict = judge(draft_of(client, written, entries), client, strategy_for(client, **(strategy or {})))
    return {finding.rule_code: finding for finding in verdict.findings}


MONDAY = date(2026, 3, 9)
"""The first day of the dental plan."""
