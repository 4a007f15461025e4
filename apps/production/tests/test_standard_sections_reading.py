"""What the standard sections read between the lines of a brief."""

from decimal import Decimal

import pytest

from apps.onboarding.api.dtos import Brief, Objective
from apps.onboarding.tests.factories import dental_brief, saas_brief
from apps.production.rules import reading
from apps.production.rules.facts import Facts, facts_of
from apps.production.tests.briefs import bare_brief, charity_brief, coaching_brief, shop_brief, wordy_brief
from apps.strategy.tests.factories import strategy_for


def facts_for(brief: Brief) -> Facts:
    return facts_of(brief, strategy_for(brief))


@pytest.mark.parametrize(
    ("brief", "trade"),
    [
        (dental_brief(), "local"),
        (saas_brief(), "business"),
        (wordy_brief(), "business"),
        (shop_brief(), "shop"),
        (coaching_brief(), "coaching"),
        (charity_brief(), "general"),
        (dental_brief(industry="Commercial cleaning for office managers in B2B"), "business"),
        (bare_brief(industry="Physiotherapy practice"), "local"),
    ],
)
def test_tells_the_kind_of_business(brief: Brief, trade: str) -> None:
    assert reading.trade(facts_for(brief)) == trade


@pytest.mark.parametrize(
    ("worry", "topic"),
    [
        ("afraid of the price not being clear upfront", "price"),
        ("no appointments after 5pm elsewhere", "hours"),
        ("embarrassed to smile in photos", "confidence"),
        ("month-end crunch", "deadline"),
        ("invoices lost in inboxes", "order"),
        ("DATEV import by hand", "effort"),
        ("security review takes 6 weeks", "risk"),
        ("plastic bottles under the sink", "waste"),
        ("which size will it be", "fit"),
        ("the sea is far away", "other"),
    ],
)
def test_tells_what_a_worry_is_about(worry: str, topic: str) -> None:
    assert reading.topic(worry) == topic


def test_finds_the_note_on_a_subject_and_leaves_out_what_forbids() -> None:
    dental = facts_for(dental_brief(facts=("Owner wants no photos on the list.", "Photos are taken on Friday.")))

    assert reading.note(dental, "pictures") == "Photos are taken on Friday"
    assert reading.note(dental, "list") == ""


def test_multiplies_people_by_what_each_can_take() -> None:
    assert reading.capacity(facts_for(saas_brief())) == "3 × 12 = 36 demos a week"
    assert reading.capacity(facts_for(dental_brief())) == ""


@pytest.mark.parametrize(
    ("unit", "pace"),
    [
        ("in 90 days", "120 × 7 ÷ 90 days = about 9.3 a week"),
        ("per month", "120 × 12 ÷ 52 = about 27.7 a week"),
        ("in 0 days", ""),
        ("", ""),
    ],
)
def test_works_out_the_weekly_pace_only_where_the_goal_has_a_period(unit: str, pace: str) -> None:
    goal = Objective(text="120 demos", metric="demos", target=Decimal(120), unit=unit)

    assert reading.weekly_pace(facts_for(saas_brief(objectives=(goal,)))) == pace


def test_answers_a_risk_with_a_certificate_and_a_delay_with_a_case() -> None:
    saas = facts_for(saas_brief())

    assert reading.proof_for(saas, "security review takes 6 weeks") == "TÜV-certified"
    assert reading.proof_for(saas, "month-end crunch").startswith("case study Hartmann Metallbau")


def test_gives_no_proof_twice() -> None:
    saas = facts_for(saas_brief())

    shown = reading.spread_proof(saas, [*saas.pains, *saas.objections])

    assert sorted(filter(None, shown)) == sorted(saas.proof)


@pytest.mark.parametrize(
    ("printed", "value", "same"),
    [("€1,750 per month", "1750", "€5"), ("9,999.99 SEK", "9999.99", "5 SEK"), ("share known, sum open", None, None)],
)
def test_reads_a_printed_sum_and_prints_another_like_it(printed: str, value: str | None, same: str | None) -> None:
    assert reading.amount(printed) == (Decimal(value) if value else None)
    if same:
        assert reading.like(Decimal(5), printed.removesuffix(" per month")) == same
