"""What the composer makes of brief and strategy."""

from decimal import Decimal

import pytest
from uuid_utils.compat import uuid7

from apps.onboarding.api.dtos import Audience, BrandGuidelines, Brief, Objective, Offer
from apps.onboarding.tests.factories import dental_brief, saas_brief
from apps.production.rules.facts import Facts, facts_of, short_name
from apps.strategy.tests.factories import strategy_for


def facts_for(brief: Brief) -> Facts:
    return facts_of(brief, strategy_for(brief))


def test_name_goal_and_prices_as_the_brief_has_them() -> None:
    facts = facts_for(dental_brief())
    assert facts.goal == "40 booked consultations per month by the end of Q2"
    assert [offer.price for offer in facts.offers] == ["from €2,900", "€85", ""]
    assert (facts.baseline, facts.budget) == ("14", "€5,000 per month")


def test_keep_the_wording_of_a_goal_without_a_number() -> None:
    assert facts_for(dental_brief(objectives=(Objective(text="more customers"),))).goal == "more customers"


def test_leave_out_what_holds_a_banned_word() -> None:
    facts = facts_for(dental_brief(pain_points=("cheap work elsewhere", "long waits")))
    assert facts.pains == ("long waits",)


def test_split_the_tone_into_what_it_is_and_what_it_never_is() -> None:
    facts = facts_for(saas_brief(brand=BrandGuidelines(tone=("precise", "never hype", "no jargon"))))
    assert (facts.tone, facts.tone_never) == (("precise",), ("hype", "jargon"))


def test_list_what_the_brief_leaves_open() -> None:
    facts = facts_for(dental_brief(budget=None, proof=(), website=None))
    assert facts.unknown == ("the budget", "proof of results", "the website")


@pytest.mark.parametrize(
    ("metric", "asked"),
    [("qualified demos", "book a demo"), ("new members", "become a member"), ("something odd", "ask for details")],
)
def test_ask_readers_for_what_the_objective_counts(metric: str, asked: str) -> None:
    objective = Objective(text=f"12 {metric}", metric=metric, target=Decimal(12))
    assert facts_for(dental_brief(objectives=(objective,))).request == asked


@pytest.mark.parametrize(("brief", "is_b2b"), [(dental_brief(), False), (saas_brief(), True)])
def test_tell_businesses_from_consumers(brief: Brief, is_b2b: bool) -> None:
    assert facts_for(brief).is_b2b is is_b2b


def test_have_short_names_for_use_inside_sentences() -> None:
    audience = Audience(text="", name="adults 25-45 with an office job")
    offer = Offer(name="AP automation for firms with 50 staff", text="")
    facts = facts_for(dental_brief(audiences=(audience,), offers=(offer,)))
    assert (facts.readers, facts.offer.short) == ("adults 25-45", "AP automation")


def test_pick_the_same_phrasing_for_the_same_content_only() -> None:
    brief = dental_brief()
    twin = brief.model_copy(update={"id": uuid7(), "client_id": uuid7(), "intake_id": uuid7()})
    options = [str(n) for n in range(1000)]
    assert facts_for(brief).pick(options, "x") == facts_for(twin).pick(options, "x")
    assert facts_for(brief).pick(options, "x") != facts_for(saas_brief()).pick(options, "x")


def test_pick_a_phrasing_without_a_banned_word_where_there_is_one() -> None:
    assert facts_for(dental_brief()).pick(["so cheap", "fair"], "any") == "fair"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Ledgerly GmbH", "Ledgerly"),
        ("Brennecke Pumpen GmbH & Co. KG", "Brennecke Pumpen"),
        ("Whitcombe, Rees & Daughters LLP", "Whitcombe, Rees & Daughters"),
        ("Stackpilot Inc.", "Stackpilot"),
        ("AG Digital", "AG Digital"),
        ("Lumen Events", "Lumen Events"),
    ],
)
def test_call_a_client_as_people_do(name: str, short: str) -> None:
    assert short_name(name) == short


@pytest.mark.parametrize(
    ("geography", "place"),
    [("Galway city and about 25 km around it", "Galway city"), ("Raum Kassel, 50 km", "Raum Kassel"), ("Cork", "Cork")],
)
def test_name_a_place_without_its_radius(geography: str, place: str) -> None:
    brief = dental_brief(geography=geography)
    facts = facts_of(brief, strategy_for(brief))
    assert (facts.place, facts.area) == (place, geography)
