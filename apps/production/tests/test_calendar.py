"""The content calendar of the offline composer."""

from collections import Counter
from datetime import timedelta

import pytest

from apps.onboarding.api.dtos import Brief
from apps.onboarding.tests.factories import dental_brief, saas_brief
from apps.production.api.dtos import CalendarItem
from apps.production.rules.calendar import calendar_of
from apps.production.rules.facts import facts_of
from apps.production.tests.briefs import BRIEFS
from apps.production.tests.factories import draft_for
from apps.strategy.tests.factories import strategy_for

every_brief = pytest.mark.parametrize("name", BRIEFS)


def calendar_for(name: str) -> tuple[CalendarItem, ...]:
    brief = BRIEFS[name]
    return calendar_of(facts_of(brief, strategy_for(brief)))


@every_brief
def test_covers_thirty_consecutive_days_from_the_start(name: str) -> None:
    start = strategy_for(BRIEFS[name]).start_date
    assert [item.date for item in calendar_for(name)] == [start + timedelta(days=n) for n in range(30)]


@every_brief
def test_uses_only_the_channels_of_the_strategy(name: str) -> None:
    channels = {channel.channel for channel in strategy_for(BRIEFS[name]).channels}
    assert {item.platform for item in calendar_for(name)} <= channels


@every_brief
def test_begins_each_hook_in_its_own_way(name: str) -> None:
    stems = Counter(" ".join(item.hook.lower().split()[:3]) for item in calendar_for(name))
    assert [stem for stem, count in stems.items() if count > 1] == []


@every_brief
def test_raises_awareness_on_at_least_five_days_of_the_first_week(name: str) -> None:
    assert sum(item.theme == "Awareness" for item in calendar_for(name)[:7]) >= 5


def test_has_no_post_to_businesses_on_a_weekend() -> None:
    brief = saas_brief()
    weekend = [item for item in calendar_of(facts_of(brief, strategy_for(brief))) if item.date.weekday() >= 5]
    assert {item.format for item in weekend} == {"Engagement"}


def test_posts_to_consumers_on_saturdays() -> None:
    brief = dental_brief()
    saturdays = [item for item in calendar_of(facts_of(brief, strategy_for(brief))) if item.date.weekday() == 5]
    assert any(item.format != "Engagement" for item in saturdays)


def test_is_the_same_in_the_draft_and_in_its_table() -> None:
    brief = dental_brief()
    draft = draft_for(brief, strategy_for(brief))
    (table,) = (section.markdown for section in draft.sections if section.key == "detailed_30_day_calendar")
    rows = [row for row in table.splitlines() if row.startswith("| ") and row.split()[1].isdigit()]
    assert len(rows) == len(draft.calendar) == 30
    assert all(item.hook in row and item.platform in row for item, row in zip(draft.calendar, rows, strict=True))


def test_puts_the_disclaimer_under_captions_that_show_proof() -> None:
    brief = dental_brief()
    captions = [
        item.caption for item in calendar_of(facts_of(brief, strategy_for(brief))) if "312 reviews" in item.hook
    ]
    assert captions
    assert all("Results vary." in caption for caption in captions)


@every_brief
def test_gives_each_entry_a_caption_of_its_own(name: str) -> None:
    captions = [item.caption for item in calendar_for(name)]
    assert len(set(captions)) == 30
    assert min(len(caption) for caption in captions) >= 20


def _posts(brief: Brief) -> list[CalendarItem]:
    return [item for item in calendar_of(facts_of(brief, strategy_for(brief))) if item.format != "Engagement"]


@pytest.mark.parametrize(
    ("pain", "hook"),
    [
        ("afraid of the price not being clear", "“What will it be in the end?” is a fair first question"),
        ("miedo al dolor", "We hear this often: “miedo al dolor”"),
    ],
)
def test_names_what_troubles_buyers_by_its_topic_or_in_their_words(pain: str, hook: str) -> None:
    assert hook in [item.hook for item in _posts(dental_brief(pain_points=(pain,)))]


@pytest.mark.parametrize(
    ("industry", "hook"),
    [("Trattoria", "First time with us? This is what to expect"), ("Charity", "Where your support goes")],
)
def test_speaks_for_the_kind_of_business(industry: str, hook: str) -> None:
    posts = _posts(dental_brief(industry=industry, pain_points=(), objections=(), proof=(), desired_outcomes=()))
    assert hook in [item.hook for item in posts]
    assert not any("When we advise against" in item.hook for item in posts)


def test_asks_for_comments_on_social_media_only() -> None:
    for brief in (dental_brief(), saas_brief()):
        asking = {item.platform for item in _posts(brief) if "comment" in f"{item.caption} {item.call_to_action}"}
        assert asking <= {"Instagram", "LinkedIn"}


def test_tells_where_to_act() -> None:
    conversion = [item for item in _posts(dental_brief()) if item.theme == "Conversion"]
    assert {item.call_to_action for item in conversion} == {"Book a consultation: brightharbour-dental.test"}
