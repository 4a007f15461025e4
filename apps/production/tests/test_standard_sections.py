"""Each section of the standard pack that the quick pack lacks, on good, poor and odd briefs."""

import re
from collections import Counter
from decimal import Decimal

import pytest

from apps.onboarding.api.dtos import Brief
from apps.onboarding.tests.factories import dental_brief, saas_brief
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


def write(key: str, brief: Brief) -> str:
    return SECTIONS[key](facts_for(brief), BENCHMARKS[key])


def draft_of(brief: Brief) -> str:
    facts = facts_for(brief)
    return "\n\n".join(SECTIONS[key](facts, BENCHMARKS[key]) for key in KEYS)


every_section = pytest.mark.parametrize("key", KEYS)
every_brief = pytest.mark.parametrize("name", BRIEFS)


@every_brief
@every_section
def test_stays_within_its_benchmark(key: str, name: str) -> None:
    text, benchmark = write(key, BRIEFS[name]), BENCHMARKS[key]

    assert benchmark.min_words * 1.04 <= count_words(text) <= benchmark.max_words * 0.97
    assert benchmark.min_bullets <= count_bullets(text) <= benchmark.max_bullets
    assert benchmark.min_headings <= count_headings(text) <= benchmark.max_headings
    assert average_sentence_words(text) <= benchmark.max_average_sentence_words
    assert repeated_line_ratio(text) <= benchmark.max_repeated_line_ratio


@every_brief
@every_section
def test_shows_every_label_as_heading_or_lead_in(key: str, name: str) -> None:
    text = write(key, BRIEFS[name])
    leads = "\n".join(re.findall(r"^#{3} .*$|\*\*[^*]+\*\*", text, re.MULTILINE)).lower()

    assert [label for label in BENCHMARKS[key].labels if label.lower() not in leads] == []


@every_brief
@every_section
def test_has_the_same_number_of_cells_in_each_row_of_a_table(key: str, name: str) -> None:
    for block in re.split(r"\n\n", write(key, BRIEFS[name])):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({row.count("|") for row in rows}) <= 1


@every_brief
def test_says_nothing_banned_and_no_cliche(name: str) -> None:
    brief = BRIEFS[name]
    text = draft_of(brief).replace(facts_for(brief).client, "")

    said = [word for word in brief.banned_words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)]
    assert said == []
    assert CLICHES.findall(text) == []


@every_brief
def test_names_neither_an_excluded_channel_nor_a_competitor(name: str) -> None:
    brief = BRIEFS[name]
    banned = [re.sub(r"^no ", "", channel, flags=re.IGNORECASE) for channel in brief.channels_excluded]

    text = draft_of(brief)

    assert [word for word in (*banned, *brief.competitors) if word.lower() in text.lower()] == []


@every_brief
def test_writes_the_same_text_again_for_the_same_brief(name: str) -> None:
    assert draft_of(BRIEFS[name]) == draft_of(BRIEFS[name].model_copy())


@every_brief
def test_says_no_sentence_twice(name: str) -> None:
    said = Counter(part for part in sentences(draft_of(BRIEFS[name])) if count_words(part) > 4)

    assert [part for part, count in said.items() if count > 1] == []


@every_brief
def test_divides_the_budget_to_the_cent(name: str) -> None:
    brief = BRIEFS[name]
    text = write("kpi_and_budget_plan", brief)
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
    text = write("kpi_and_budget_plan", brief)
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
    def said(brief: Brief) -> set[str]:
        return {part.lower() for part in sentences(write(key, brief)) if count_words(part) > 3}

    clinic, firm = said(dental_brief()), said(saas_brief())
    assert len(clinic & firm) <= 0.15 * min(len(clinic), len(firm))


def test_shares_few_word_chains_between_any_two_clients() -> None:
    def chains(brief: Brief) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", draft_of(brief).lower())
        return {tuple(words[index : index + 5]) for index in range(len(words) - 4)}

    clinic, firm = chains(dental_brief()), chains(saas_brief())
    assert len(clinic & firm) / min(len(clinic), len(firm)) < 0.30


def test_uses_each_discovery_fact_where_it_changes_the_plan() -> None:
    dental, saas = dental_brief(), saas_brief()

    assert "Reception answers web leads the next morning" in write("email_and_crm_flows", dental)
    assert "Evening slots are Tue/Thu until 20:30" in write("ad_concepts", dental)
    assert "Last agency only posted stock photos" in write("creative_direction", dental)
    assert "3 × 12 = 36 demos a week" in write("campaign_objective", saas)
    assert "2,300 contacts" in write("email_and_crm_flows", saas)
    assert "Founder will do LinkedIn himself" in write("influencer_strategy", saas)


def test_shows_its_arithmetic() -> None:
    assert "40 − 14 = 26" in write("campaign_objective", dental_brief())
    assert "120 × 7 ÷ 90 days = about 9.3 a week" in write("campaign_objective", saas_brief())
    assert "€45,000 × 60% = €27,000" in write("kpi_and_budget_plan", saas_brief())


@every_section
def test_states_no_amount_that_the_brief_or_the_strategy_does_not_give(key: str) -> None:
    text = write(key, BRIEFS["nothing but the musts"])

    assert re.findall(r"[€£$]\s?\d|\d+ ?EUR", text) == []


def test_promotes_every_offer_at_its_price_and_says_where_one_is_missing() -> None:
    text = write("promotions_and_offers", dental_brief())

    assert "| Invisible aligners | from €2,900 |" in text
    assert "| Hygiene visits | €85 |" in text
    assert "| Emergency appointments same day | not given |" in text


def test_says_what_a_poor_brief_leaves_open() -> None:
    poor = BRIEFS["nothing but the musts"]

    assert "the budget" in write("campaign_objective", poor)
    assert "The brief lists no objections" in write("persona_cards", poor)
    assert "has named no budget" in write("kpi_and_budget_plan", poor)
    assert "holds no proof" in write("core_campaign_idea", poor)


def test_prints_the_disclaimer_in_full_with_ads_and_offers() -> None:
    for key in ("ad_concepts", "promotions_and_offers", "email_and_crm_flows"):
        assert "Results vary. Treatment suitability is assessed by a dentist." in write(key, dental_brief())
