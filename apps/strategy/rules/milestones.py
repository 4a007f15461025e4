"""What must be true by when."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from apps.strategy.api.dtos import ChannelPlan, Milestone
from apps.strategy.rules.reading import Reading
from apps.strategy.rules.wording import quote, shorten, tidy


def end_of_week(start: date, week: int) -> date:
    """Return the last day of a plan's week; week 1 begins on the start date."""
    return start + timedelta(days=week * 7 - 1)


def plan_milestones(reading: Reading, channels: Sequence[ChannelPlan]) -> tuple[Milestone, ...]:
    """Lay the milestones out over the longest time the brief allows, in order, the last on its last day."""
    start = reading.brief.start_date
    wanted = [*_beginning(reading, channels), *_middle(reading), (reading.weeks, _end_review(reading))]
    return tuple(
        Milestone(week=week, date=end_of_week(start, week), name=name)
        for week, name in sorted(wanted, key=lambda pair: pair[0])
    )


def _beginning(reading: Reading, channels: Sequence[ChannelPlan]) -> Iterator[tuple[int, str]]:
    blanks, second = reading.blanks, min(2, reading.weeks)
    tracking = tidy(reading.brief.tracking_status)
    today = f" (today: {quote(tracking)})" if tracking and reading.wording.is_clean(tracking) else ""
    yield 1, f"Tracking is live: {blanks['metric']} are counted by source{today}."
    if blanks["spokesperson"]:
        yield 1, f"The first drafts are with the person who publishes, in time: {blanks['spokesperson']}."
    if not reading.proof:
        yield second, f"The first pieces of proof for {reading.client} are collected, with leave to show them."
    if blanks["response"]:
        yield second, f"A reply rule is in force at {reading.client}, because: {blanks['response']}."
    first_two = " and ".join(channel.channel for channel in channels[:2])
    yield second, f"First publishing for {reading.client}: {first_two} are running."


def _middle(reading: Reading) -> Iterator[tuple[int, str]]:
    weeks, blanks = reading.weeks, reading.blanks
    earliest = max(1, reading.brief.scope.timeline_weeks_min)
    planned = {
        max(
            3, round(weeks / 4)
        ): "Numbers that were to be measured first have a baseline, and targets are agreed on them.",
        round(
            weeks / 2
        ): f"Mid-review with {reading.client}: pace of {blanks['metric']} against the plan, channel by channel.",
        round(weeks * 3 / 4): "Decision point: what falls short of its rule gives its budget to what works.",
    }
    if earliest < weeks:
        planned.setdefault(
            earliest, f"Earliest end the brief allows: {reading.client} decides whether to finish or go on."
        )
    yield from ((week, name) for week, name in planned.items() if 2 < week < weeks)


def _end_review(reading: Reading) -> str:
    goal = reading.goal or f"the objective of {reading.client}"
    deadline = tidy(reading.objective.deadline)
    dated = (
        f" The client's own date for it: {quote(deadline)}." if deadline and reading.wording.is_clean(deadline) else ""
    )
    return f"End review: was {shorten(goal, 170)} reached, and what is carried on?{dated}"
