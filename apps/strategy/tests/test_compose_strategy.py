"""compose_strategy, on the two good briefs."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from apps.onboarding.api.dtos import Brief, Objective
from apps.onboarding.tests.factories import dental_brief, saas_brief
from apps.shared.dtos import Money
from apps.strategy.api.dtos import Kpi, StrategyPlan
from apps.strategy.rules import StrategyImpossible, compose_strategy
from apps.strategy.tests.texts import sentences_of, texts_of


@pytest.mark.parametrize(
    ("industry", "preset"),
    [
        ("Healthcare / dental clinic", "local_service"),
        ("B2B SaaS", "b2b_saas"),
        ("Online shop for skincare", "ecom_d2c"),
        ("Executive coaching", "coaching"),
        ("Falconry", "general"),
        ("", "general"),
        ("rapid prototyping of aerospace parts", "general"),
    ],
)
def test_chooses_the_preset_by_the_industry(industry: str, preset: str) -> None:
    assert compose_strategy(dental_brief(industry=industry, offers=())).preset == preset


def test_gives_the_same_plan_for_the_same_brief() -> None:
    brief = dental_brief()
    assert compose_strategy(brief) == compose_strategy(brief)


def test_shares_less_than_a_third_of_the_sentences_between_two_clients() -> None:
    dental, saas = (sentences_of(compose_strategy(brief)) for brief in (dental_brief(), saas_brief()))
    assert len(dental & saas) / min(len(dental), len(saas)) < 0.3


def test_writes_for_this_client_even_within_one_preset() -> None:
    other = saas_brief(client_name="Ferry Road Physio", industry="physiotherapy clinic")
    one, two = (sentences_of(compose_strategy(brief)) for brief in (dental_brief(), other))
    assert len(one & two) / min(len(one), len(two)) < 0.4


@pytest.mark.parametrize("brief", [dental_brief(), saas_brief()], ids=["dental", "saas"])
def test_summarises_in_120_to_220_words_and_three_paragraphs(brief: Brief) -> None:
    summary = compose_strategy(brief).executive_summary
    assert 120 <= len(summary.split()) <= 220
    assert len(summary.split("\n\n")) == 3
    assert brief.client_name.removesuffix(" GmbH") in summary


def test_keeps_the_summary_short_for_a_client_who_writes_in_very_short_words() -> None:
    wordy = "a " * 400
    objective = Objective(text=wordy, metric="demos")
    brief = dental_brief(
        objectives=(objective,), pain_points=(wordy,), proof=(wordy,), facts=(f"answers calls {wordy}",)
    )
    assert 120 <= len(compose_strategy(brief).executive_summary.split()) <= 220


@pytest.mark.parametrize(
    ("changes", "bottleneck", "evidence"),
    [
        ({}, "Conversion", "next morning"),
        ({"facts": (), "proof": ()}, "Trust", "no review, case or number"),
        ({"facts": (), "competitors": ("doing nothing",)}, "Demand", "doing nothing"),
        ({"facts": ()}, "Awareness", "too few come"),
        ({"facts": (), "objectives": (Objective(text="Raise retention to 80 %"),)}, "Retention", "bought before"),
    ],
)
def test_names_the_bottleneck_with_its_evidence(changes: dict, bottleneck: str, evidence: str) -> None:
    reality = compose_strategy(dental_brief(**changes)).layers.business_reality
    assert reality.bottleneck == bottleneck
    assert evidence in reality.growth_constraint


def test_puts_the_objective_first_among_the_kpis() -> None:
    first = compose_strategy(dental_brief()).kpis[0]
    assert (first.name, first.target, first.baseline, first.days) == ("Booked consultations", 40, 14, 30)
    assert first.source == "brief: objective"


def _kpi(plan: StrategyPlan, start: str) -> Kpi:
    return next(kpi for kpi in plan.kpis if kpi.name.startswith(start))


def test_derives_numbers_by_arithmetic_it_shows() -> None:
    dental, saas = compose_strategy(dental_brief()), compose_strategy(saas_brief())
    assert _kpi(dental, "Additional").target == 26
    assert "40 wanted - 14 today = 26" in _kpi(dental, "Additional").source
    assert _kpi(dental, "Cost per booked consultation").target == 125
    assert _kpi(saas, "Cost per qualified demo").source == "45,000 EUR in total / 120 qualified demos = 375 EUR"
    assert _kpi(saas, "CAC").target == 1900
    assert _kpi(saas, "New customers").target == 24


def test_sets_no_target_the_brief_does_not_give() -> None:
    objective = Objective(text="More bookings", metric="bookings")
    plan = compose_strategy(dental_brief(objectives=(objective,)))
    assert {kpi.target for kpi in plan.kpis} == {None}
    assert all("measure" in kpi.source for kpi in plan.kpis)


def test_divides_no_monthly_budget_by_a_target_over_another_time() -> None:
    objective = Objective(text="90 bookings in 90 days", metric="bookings", target=Decimal(90), unit="in 90 days")
    names = [kpi.name for kpi in compose_strategy(dental_brief(objectives=(objective,))).kpis]
    assert not [name for name in names if name.startswith("Cost per")]


def test_dates_the_milestones_from_the_start_date() -> None:
    plan = compose_strategy(dental_brief())
    assert plan.milestones[0].date == date(2026, 3, 15)
    assert plan.milestones[-1].date == plan.end_date == date(2026, 3, 9) + timedelta(weeks=16, days=-1)
    assert [m.week for m in plan.milestones] == sorted(m.week for m in plan.milestones)


def test_heeds_what_the_client_said_in_passing() -> None:
    dental, saas = compose_strategy(dental_brief()), compose_strategy(saas_brief())
    assert any("reply rule" in m.name and "next morning" in m.name for m in dental.milestones)
    assert any("Monday noon" in m.name for m in saas.milestones)
    linkedin = next(channel for channel in saas.channels if channel.channel == "LinkedIn")
    assert linkedin.posts_per_week == 2
    assert any("36 a week" in rule for rule in saas.layers.measurement.decision_rules)


def test_says_what_is_unknown_instead_of_inventing() -> None:
    silent = dict.fromkeys(("proof", "pain_points", "competitors", "desired_outcomes", "objections", "facts"), ())
    layers = compose_strategy(dental_brief(**silent)).layers
    assert "no proof yet" in layers.audience_psychology.trust_transfer_mechanism
    assert "not in the brief" in layers.narrative.problem
    assert "no wished-for outcome" in layers.value_architecture.core_promise
    assert layers.value_architecture.differentiation_logic == "Cosmetic"
    assert all("assumed" in text for text in layers.audience_psychology.objection_hierarchy)


def test_repeats_no_price_the_client_did_not_name() -> None:
    offers = tuple(offer.model_copy(update={"price": None, "text": offer.name}) for offer in dental_brief().offers)
    plan = compose_strategy(dental_brief(offers=offers))
    assert "names no price" in plan.layers.business_reality.pricing_logic
    assert not [text for text in texts_of(plan) if "2,900" in text]


def test_does_not_repeat_the_banned_words_even_from_the_client() -> None:
    brief = dental_brief(
        client_name="Cheap & Cheerful Dental", pain_points=("looks CHEAP", "no appointments"), banned_words=("cheap",)
    )
    texts = texts_of(compose_strategy(brief))
    assert not [text for text in texts if "cheap" in text.lower()]
    assert [text for text in texts if "no appointments" in text]


def test_refuses_a_brief_without_an_objective_and_names_the_field() -> None:
    with pytest.raises(StrategyImpossible, match=r"brief\.objectives is empty"):
        compose_strategy(dental_brief(objectives=()))


def test_keeps_the_budget_in_the_currency_of_the_brief() -> None:
    brief = dental_brief()
    budget = brief.budget.model_copy(update={"amount": Money(amount=Decimal("999.99"), currency="PLN")})
    plan = compose_strategy(dental_brief(budget=budget))
    assert sum(channel.budget.amount for channel in plan.channels) == Decimal("999.99")
    assert {channel.budget.currency for channel in plan.channels} == {"PLN"}


def test_counts_on_nobody_who_posts_on_an_excluded_channel() -> None:
    fact = "Founder posts on LinkedIn twice a week."
    plan = compose_strategy(saas_brief(facts=(fact,), channels_excluded=("LinkedIn",)))
    assert not any("LinkedIn" in milestone.name for milestone in plan.milestones)
    assert any("LinkedIn" in m.name for m in compose_strategy(saas_brief(facts=(fact,))).milestones)


def test_calls_the_client_without_its_legal_form() -> None:
    assert "Ledgerly wants one thing" in compose_strategy(saas_brief()).executive_summary
