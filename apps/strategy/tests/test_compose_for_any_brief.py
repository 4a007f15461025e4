"""compose_strategy, on briefs nobody would wish for."""

import re
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.onboarding.api.dtos import Audience, BrandGuidelines, Brief, Budget, Objective, Offer, Scope
from apps.onboarding.tests.factories import dental_brief
from apps.shared.dtos import Money
from apps.strategy.api.dtos import StrategyPlan
from apps.strategy.rules import compose_strategy
from apps.strategy.rules.wording import CLICHES
from apps.strategy.tests.texts import texts_of

_PHRASES = (
    "Žluťoučký kůň",
    "株式会社サクラ",
    "عيادة الأسنان",
    "Bright & Sons {client}",
    "price not clear",
    "cheap and cheerful",
    "best practices to leverage",
    "a " * 400,
    "x" * 300,
    "LinkedIn",
    "12 people can take 3 demos a week each",
    "no way",
    "Founder posts on LinkedIn twice a week",
    "answers calls next week",
    "list of 200 subscribers",
    "100 % — <b>50</b>",
    "Painless. Guaranteed! Really?",
    "today about 14",
    "",
)
_texts = st.one_of(st.sampled_from(_PHRASES), st.text(max_size=60))
_many = st.lists(_texts, max_size=4).map(tuple)
_numbers = st.none() | st.decimals(min_value=0, max_value=10**9, places=2)
_money = st.builds(
    Money, amount=st.decimals(min_value=0, max_value=10**10, places=3), currency=st.sampled_from(["EUR", "JPY"])
)
_BANNED = (
    "cheap",
    "painless",
    "the",
    "plan",
    "brief",
    "AI",
    "week",
    "people",
    "client",
    "trust",
    "サクラ",
    "e-mail",
    "%",
)

_briefs = st.builds(
    lambda **fields: dental_brief(**fields),
    client_name=_texts,
    industry=st.sampled_from(["B2B SaaS", "dental clinic", "online shop", "coaching", "falconry", ""]),
    geography=_texts,
    website=st.none() | st.just("https://example.test"),
    offers=st.lists(
        st.builds(Offer, name=_texts, text=_texts, price=st.none() | _money, unit=_texts, is_price_from=st.booleans()),
        max_size=3,
    ).map(tuple),
    objectives=st.lists(
        st.builds(
            Objective,
            text=_texts,
            metric=_texts,
            target=_numbers,
            baseline=_numbers,
            unit=st.sampled_from(["per month", "in 90 days", "in 0 days", "", "a year"]),
            deadline=_texts,
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    audiences=st.lists(st.builds(Audience, text=_texts, name=_texts), min_size=1, max_size=2).map(tuple),
    budget=st.none()
    | st.builds(
        Budget,
        amount=_money,
        cadence=st.sampled_from(["MONTHLY", "TOTAL"]),
        paid_share_pct=st.none() | st.decimals(min_value=0, max_value=100, places=3),
    ),
    scope=st.builds(
        Scope, deliverables=st.just(("PDF",)), timeline_weeks_min=st.just(1), timeline_weeks_max=st.integers(1, 104)
    ),
    brand=st.builds(BrandGuidelines, tone=_many),
    pain_points=_many,
    desired_outcomes=_many,
    objections=_many,
    competitors=_many,
    proof=_many,
    forbidden_claims=_many,
    disclaimers=_many,
    constraints=_many,
    facts=_many,
    tracking_status=_texts,
    banned_words=st.lists(st.sampled_from(_BANNED) | st.text(max_size=6), max_size=3).map(tuple),
    channels_excluded=st.lists(st.sampled_from(["TikTok", "no e-mail", "LinkedIn", "no cold calling", ""])).map(tuple),
    start_date=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
)
_any_brief = given(_briefs)
_quietly = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_quietly
@_any_brief
def test_adds_up(brief: Brief) -> None:
    plan = compose_strategy(brief)
    assert sum(channel.budget_share_pct for channel in plan.channels) == 100
    assert 4 <= len(plan.channels) <= 6
    assert len({channel.channel for channel in plan.channels}) == len(plan.channels)
    if plan.budget:
        assert sum(channel.budget.amount for channel in plan.channels) == plan.budget.amount
    assert all(kpi.days >= 1 for kpi in plan.kpis)
    if not any(brief.banned_words):
        assert plan.kpis[0].source.startswith("brief: objective")
        assert all(kpi.target is not None or "measure first" in kpi.source for kpi in plan.kpis)


@_quietly
@_any_brief
def test_keeps_its_milestones_in_order_and_in_time(brief: Brief) -> None:
    plan = compose_strategy(brief)
    dates = [milestone.date for milestone in plan.milestones]
    assert dates == sorted(dates)
    assert plan.start_date <= dates[0] <= dates[-1] == plan.end_date
    assert {1, brief.scope.timeline_weeks_max} <= {milestone.week for milestone in plan.milestones}


def _holds(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


@_quietly
@_any_brief
def test_says_nothing_banned_or_stale(brief: Brief) -> None:
    words = [" ".join(word.split()) for word in brief.banned_words if word.isprintable()]
    for text in texts_of(compose_strategy(brief)):
        assert not [word for word in (*words, *CLICHES) if word and _holds(text, word)], text


@_quietly
@_any_brief
def test_fits_the_columns_of_its_tables(brief: Brief) -> None:
    plan = compose_strategy(brief)
    assert StrategyPlan.model_validate_json(plan.model_dump_json()) == plan
    assert all(len(kpi.name) <= 200 and len(kpi.unit) <= 120 for kpi in plan.kpis)
    assert all(abs(number) < Decimal(10) ** 18 for kpi in plan.kpis for number in (kpi.target, kpi.baseline) if number)
    assert all(len(channel.channel) <= 80 and channel.tactics for channel in plan.channels)


@_quietly
@given(_briefs.filter(lambda brief: not any(brief.banned_words)))
def test_summarises_at_a_readable_length(brief: Brief) -> None:
    summary = compose_strategy(brief).executive_summary
    assert 120 <= len(summary.split()) <= 220
    assert 2 <= len(summary.split("\n\n")) <= 3
