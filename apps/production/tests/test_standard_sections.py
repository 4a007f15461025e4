"""Each section of the standard pack that the quick pack lacks, on good, poor and odd briefs."""

import re
from collections import Counter
from decimal import Decimal
from functools import cache
from itertools import combinations

import pytest
from uuid_utils.compat import uuid7

from apps.onboarding.api.dtos import Brief
from apps.production.rules.facts import Facts, facts_of
from apps.production.rules.packs import STRATEGY_CAMPAIGN_STANDARD
from apps.production.rules.reading import amount
from apps.production.rules.sections import SECTIONS
from apps.production.rules.writing import (
    average_sentence_words,
    count_bullets,
    count_headings,
    count_words,
    repeated_line_ratio,
    sentences,
)
from apps.production.tests.briefs import BRIEFS
from apps.strategy.tests.factories import strategy_for

KEYS = (
    "campaign_objective",
    "core_campaign_idea",
    "channel_plan",
    "audience_segments",
    "persona_cards",
    "creative_direction",
    "influencer_strategy",
    "promotions_and_offers",
    "email_and_crm_flows",
    "ad_concepts",
    "kpi_and_budget_plan",
    "post_campaign_analysis",
)
BENCHMARKS = {spec.key: spec.benchmark for spec in STRATEGY_CAMPAIGN_STANDARD.sections}
CLICHES = re.compile(
    r"digital age|content is king|drive results|tangible impact|proven methodolog|best practice|industry-leading"
    r"|cutting-edge|state-of-the-art|leverage|synerg|game-changer|outside the box|low-hanging|move the needle"
    r"|circle back|touch base|deep dive|end of the day|is what it is|boost your|grow your business|next level"
    r"|unlock|data-driven|seamless integration|best-in-class|lorem ipsum|placeholder|\bTBD\b|\bTODO\b|\bTK\b|\{|\}",
    re.IGNORECASE,
)


def facts_for(brief: Brief) -> Facts:
    return facts_of(brief, strategy_for(brief))


def sections_of(brief: Brief) -> dict[str, str]:
    facts = facts_for(brief)
    return {key: SECTIONS[key](facts, BENCHMARKS[key]) for key in KEYS}


@cache
def written(name: str) -> dict[str, str]:
    return sections_of(BRIEFS[name])


def draft_of(name: str) -> str:
    return "\n\n".join(written(name).values())


every_section = pytest.mark.parametrize("key", KEYS)
every_brief = pytest.mark.parametrize("name", BRIEFS)


@every_brief
@every_section
def test_stays_within_its_benchmark(key: str, name: str) -> None:
    text, benchmark = written(name)[key], BENCHMARKS[key]

    assert benchmark.min_words * 1.04 <= count_words(text) <= benchmark.max_words * 0.97
    assert benchmark.min_bullets <= count_bullets(text) <= benchmark.max_bullets
    assert benchmark.min_headings <= count_headings(text) <= benchmark.max_headings
    assert average_sentence_words(text) <= benchmark.max_average_sentence_words
    assert repeated_line_ratio(text) <= benchmark.max_repeated_line_ratio


@every_brief
@every_section
def test_shows_every_label_as_heading_or_lead_in(key: str, name: str) -> None:
    text = written(name)[key]
    leads = "\n".join(re.findall(r"^#{3} .*$|\*\*[^*]+\*\*", text, re.MULTILINE)).lower()

    assert [label for label in BENCHMARKS[key].labels if label.lower() not in leads] == []


@every_brief
@every_section
def test_has_the_same_number_of_cells_in_each_row_of_a_table(key: str, name: str) -> None:
    for block in re.split(r"\n\n", written(name)[key]):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({row.count("|") for row in rows}) <= 1


@every_brief
def test_says_nothing_banned_and_no_cliche(name: str) -> None:
    brief = BRIEFS[name]
    text = draft_of(name).replace(facts_for(brief).client, "")

    said = [word for word in brief.banned_words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)]
    assert said == []
    assert CLICHES.findall(text) == []


@every_brief
def test_names_neither_an_excluded_channel_nor_a_competitor(name: str) -> None:
    brief = BRIEFS[name]
    banned = [re.sub(r"^no ", "", channel, flags=re.IGNORECASE) for channel in brief.channels_excluded]

    text = draft_of(name)

    assert [word for word in (*banned, *brief.competitors) if word.lower() in text.lower()] == []


@every_brief
def test_writes_the_same_text_for_the_same_brief_under_other_ids(name: str) -> None:
    again = BRIEFS[name].model_copy(update={"id": uuid7(), "intake_id": uuid7(), "client_id": uuid7()})

    assert sections_of(again) == written(name)


@every_brief
def test_says_no_sentence_twice_but_the_disclaimers(name: str) -> None:
    text = draft_of(name)
    for disclaimer in facts_for(BRIEFS[name]).disclaimers:
        text = text.replace(disclaimer, "")
    said = Counter(part for part in sentences(text) if count_words(part) > 4)

    assert [part for part, count in said.items() if count > 1] == []


@every_brief
def test_divides_the_budget_to_the_cent(name: str) -> None:
    brief = BRIEFS[name]
    text = written(name)["kpi_and_budget_plan"]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")]
    amounts = {row[0]: amount(row[2]) for row in rows[2:]}

    if brief.budget is None:
        assert set(amounts.values()) == {None}
        return
    assert amounts.pop("Total") == brief.budget.amount.amount
    assert sum((part or Decimal(0) for part in amounts.values()), Decimal(0)) == brief.budget.amount.amount


@every_brief
def test_splits_the_whole_budget_into_trials_and_the_rest(name: str) -> None:
    brief = BRIEFS[name]
    text = written(name)["kpi_and_budget_plan"]
    trial = re.search(r"\*\*Testing:\*\* \S+(?: [A-Z]{3})? × \d+% = ([^,]*\d[\d,.]*)", text)
    rest = re.search(r"\*\*Always-on:\*\* .* = (\S*\d)", text)

    if brief.budget is None:
        assert trial is None
        return
    assert trial is not None
    assert rest is not None
    assert (amount(trial[1]) or 0) + (amount(rest[1]) or 0) == brief.budget.amount.amount


@every_section
def test_gives_a_clinic_and_a_software_firm_different_sentences(key: str) -> None:
    def said(name: str) -> set[str]:
        return {part.lower() for part in sentences(written(name)[key]) if count_words(part) > 3}

    clinic, firm = said("clinic"), said("software")
    assert len(clinic & firm) <= 0.15 * min(len(clinic), len(firm))


@pytest.mark.parametrize(("one", "other"), list(combinations(("clinic", "software", "shop", "coaching", "charity"), 2)))
def test_shares_few_word_chains_between_clients_of_two_kinds(one: str, other: str) -> None:
    def chains(name: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", draft_of(name).lower())
        return {tuple(words[index : index + 5]) for index in range(len(words) - 4)}

    first, second = chains(one), chains(other)
    assert len(first & second) / min(len(first), len(second)) < 0.25


def test_uses_each_discovery_fact_where_it_changes_the_plan() -> None:
    dental, saas = written("clinic"), written("software")

    assert "Reception answers web leads the next morning" in dental["email_and_crm_flows"]
    assert "Evening slots are Tue/Thu until 20:30" in dental["ad_concepts"]
    assert "Last agency only posted stock photos" in dental["creative_direction"]
    assert "3 × 12 = 36 demos a week" in saas["campaign_objective"]
    assert "2,300 contacts" in saas["email_and_crm_flows"]
    assert "Founder will do LinkedIn himself" in saas["influencer_strategy"]


def test_shows_its_arithmetic() -> None:
    assert "40 − 14 = 26" in written("clinic")["campaign_objective"]
    assert "120 × 7 ÷ 90 days = about 9.3 a week" in written("software")["campaign_objective"]
    assert "€45,000 × 60% = €27,000" in written("software")["kpi_and_budget_plan"]


@every_section
def test_states_no_amount_that_the_brief_or_the_strategy_does_not_give(key: str) -> None:
    text = written("nothing but the musts")[key]

    assert re.findall(r"[€£$]\s?\d|\d+ ?EUR", text) == []


def test_promotes_every_offer_at_its_price_and_says_where_one_is_missing() -> None:
    text = written("clinic")["promotions_and_offers"]

    assert "| Invisible aligners | from €2,900 |" in text
    assert "| Hygiene visits | €85 |" in text
    assert "| Emergency appointments same day | not given |" in text


def test_says_what_a_poor_brief_leaves_open() -> None:
    poor = written("nothing but the musts")

    assert "the budget" in poor["campaign_objective"]
    assert "The brief lists no objections" in poor["persona_cards"]
    assert "has named no budget" in poor["kpi_and_budget_plan"]
    assert "holds no proof" in poor["core_campaign_idea"]


def test_prints_the_disclaimer_in_full_with_ads_and_offers() -> None:
    for key in ("ad_concepts", "promotions_and_offers", "email_and_crm_flows"):
        assert "Results vary. Treatment suitability is assessed by a dentist." in written("clinic")[key]
