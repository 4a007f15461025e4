"""The channels of a plan."""

from decimal import Decimal

import pytest

from apps.onboarding.api.dtos import Brief, Budget
from apps.onboarding.tests.factories import dental_brief, saas_brief
from apps.shared.dtos import Money
from apps.strategy.api.dtos import ChannelPlan
from apps.strategy.rules import StrategyImpossible, compose_strategy
from apps.strategy.rules.apportion import apportion
from apps.strategy.rules.presets import PRESETS, Preset
from apps.strategy.tests.texts import texts_of


def _channels(brief: Brief) -> dict[str, ChannelPlan]:
    return {channel.channel: channel for channel in compose_strategy(brief).channels}


@pytest.mark.parametrize(
    ("exclusion", "gone"),
    [
        ("Instagram", "Instagram"),
        ("no Instagram please", "Instagram"),
        ("wants no Insta-gram", "Instagram"),
        ("Facebook", "Facebook and Instagram ads"),
        ("no Google Ads", "Google search ads"),
        ("no paid ads", "Google search ads"),
        ("no e-mails", "Email and text reminders"),
        ("no WhatsApp", "Email and text reminders"),
        ("no social media", "Instagram"),
    ],
)
def test_leave_out_what_is_excluded_however_it_is_put(exclusion: str, gone: str) -> None:
    assert gone in _channels(dental_brief(channels_excluded=()))
    assert gone not in _channels(dental_brief(channels_excluded=(exclusion,)))


@pytest.mark.parametrize(
    ("exclusion", "stays"),
    [
        ("no cold calling", "Email to opted-in contacts"),
        ("no cold e-mails", "Email to opted-in contacts"),
        ("no LinkedIn ads", "LinkedIn"),
        ("TikTok", "LinkedIn"),
    ],
)
def test_keep_what_an_exclusion_does_not_mean(exclusion: str, stays: str) -> None:
    assert stays in _channels(saas_brief(channels_excluded=(exclusion,)))


def test_heed_a_refusal_that_stands_among_the_facts() -> None:
    assert "LinkedIn" not in _channels(saas_brief(facts=("Founder wants no LinkedIn.",)))


def test_do_not_speak_of_an_excluded_platform_in_the_tactics_of_others() -> None:
    for preset in PRESETS:
        brief = dental_brief(
            industry=preset.words[0] if preset.words else "", offers=(), channels_excluded=("newsletter",)
        )
        assert not [t for plan in _channels(brief).values() for t in plan.tactics if "newsletter" in t.lower()]


def test_refuse_a_brief_that_excludes_everything() -> None:
    words = ("ads", "email", "LinkedIn", "Instagram", "TikTok", "Pinterest", "YouTube", "partners", "events")
    more = ("blog", "website", "webinars", "workshops", "Google Business", "creators", "SEO", "newsletter", "site")
    with pytest.raises(StrategyImpossible, match="channels_excluded"):
        compose_strategy(dental_brief(channels_excluded=(*words, *more, "landing page", "referrals", "paid")))


def test_give_the_paid_ones_together_the_share_the_brief_names() -> None:
    channels = _channels(saas_brief())
    assert channels["LinkedIn ads"].budget_share_pct + channels["Search ads"].budget_share_pct == 60


@pytest.mark.parametrize("share", ["0", "33.33", "100"])
def test_sum_to_100_with_any_paid_share(share: str) -> None:
    budget = saas_brief().budget.model_copy(update={"paid_share_pct": Decimal(share)})
    channels = _channels(saas_brief(budget=budget)).values()
    assert sum(channel.budget_share_pct for channel in channels) == 100
    assert sum(channel.budget.amount for channel in channels) == 45000


def test_split_a_budget_to_the_last_cent() -> None:
    budget = Budget(amount=Money(amount=Decimal("1000.01"), currency="EUR"), cadence="MONTHLY")
    assert sum(c.budget.amount for c in _channels(dental_brief(budget=budget)).values()) == Decimal("1000.01")


def test_have_shares_but_no_amounts_without_a_budget() -> None:
    channels = _channels(dental_brief(budget=None)).values()
    assert {channel.budget for channel in channels} == {None}
    assert sum(channel.budget_share_pct for channel in channels) == 100


def test_are_fewer_for_a_small_budget() -> None:
    budget = Budget(amount=Money(amount=Decimal(600), currency="EUR"), cadence="MONTHLY")
    assert len(_channels(dental_brief(budget=budget))) == 5
    assert len(_channels(dental_brief())) == 6


def test_quote_the_evening_slots_in_a_tactic() -> None:
    assert any("until 20:30" in text for text in texts_of(compose_strategy(dental_brief())))


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_have_three_tactics_each_even_for_a_silent_brief(preset: Preset) -> None:
    nothing = dict.fromkeys(("offers", "pain_points", "desired_outcomes", "objections", "proof", "facts"), ())
    brief = dental_brief(industry=preset.words[0] if preset.words else "", channels_excluded=(), **nothing)
    assert compose_strategy(brief).preset == preset.key
    assert not [name for name, plan in _channels(brief).items() if not 3 <= len(plan.tactics) <= 4]


@pytest.mark.parametrize(
    ("whole", "weights", "parts"),
    [
        ("100", (1, 1, 1), ("34", "33", "33")),
        ("100", (26, 18, 16), ("43", "30", "27")),
        ("0", (1, 2), ("0", "0")),
    ],
)
def test_apportion_gives_the_units_left_over_to_those_that_lost_most(whole: str, weights: tuple, parts: tuple) -> None:
    assert apportion(Decimal(whole), [Decimal(w) for w in weights], Decimal(1)) == [Decimal(part) for part in parts]


def test_apportion_refuses_weights_that_weigh_nothing() -> None:
    with pytest.raises(ValueError, match="cannot be split"):
        apportion(Decimal(100), [Decimal(0)], Decimal(1))
