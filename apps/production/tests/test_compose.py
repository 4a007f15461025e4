"""Whole drafts, by the offline composer, for good, poor and odd briefs."""

import re
from collections import Counter
from datetime import timedelta
from functools import cache

import pytest
from uuid_utils.compat import uuid7

from apps.onboarding.api.dtos import Brief
from apps.onboarding.tests.factories import dental_brief, saas_brief
from apps.production.api.dtos import DraftPlan, DraftSection
from apps.production.rules import writing
from apps.production.rules.composer import compose
from apps.production.rules.facts import short_name
from apps.production.rules.packs import PACKS
from apps.production.tests.briefs import BRIEFS
from apps.strategy.tests.factories import strategy_for

CLICHES = re.compile(
    r"today.s digital age|content is king|drive results|tangible impact|proven methodologies|best practices"
    r"|industry-leading|cutting-edge|state-of-the-art|leverage|synergy|game-changer|think outside the box"
    r"|low-hanging fruit|move the needle|circle back|touch base|deep dive|at the end of the day|it is what it is"
    r"|boost your brand|grow your business|next level|unlock|data-driven|seamless|best-in-class|post daily"
    r"|figure it out later|lorem ipsum|placeholder|hook idea for day|\bTBD\b|\bTODO\b|\bTK\b|\[INSERT|\{\{",
    re.IGNORECASE,
)
every_draft = pytest.mark.parametrize(("name", "pack"), [(name, pack) for name in BRIEFS for pack in PACKS])


@cache
def draft_of(brief: Brief, pack: str = "strategy_campaign_standard") -> DraftPlan:
    return compose(brief, strategy_for(brief), PACKS[pack])


def text_of(draft: DraftPlan) -> str:
    return "\n\n".join(section.markdown for section in draft.sections)


def shortfalls(section: DraftSection) -> list[str]:
    text, benchmark = section.markdown, section.benchmark
    found = {
        "words": benchmark.min_words <= writing.count_words(text) <= benchmark.max_words,
        "bullets": benchmark.min_bullets <= writing.count_bullets(text) <= benchmark.max_bullets,
        "headings": benchmark.min_headings <= writing.count_headings(text) <= benchmark.max_headings,
        "labels": all(re.search(rf"^(?:#+ .*|.*\*\*.*|\|.*){re.escape(x)}", text, re.M) for x in benchmark.labels),
        "table": benchmark.form != "TABLE" or "| --- |" in text,
        "repeats": writing.repeated_line_ratio(text) <= benchmark.max_repeated_line_ratio,
        "sentences": writing.average_sentence_words(text) <= benchmark.max_average_sentence_words,
    }
    return [f"{section.key}: {name}" for name, holds in found.items() if not holds]


@every_draft
def test_keeps_every_section_within_its_benchmark(name: str, pack: str) -> None:
    assert [flaw for section in draft_of(BRIEFS[name], pack).sections for flaw in shortfalls(section)] == []


@every_draft
def test_says_no_sentence_twice(name: str, pack: str) -> None:
    brief = BRIEFS[name]
    text = text_of(draft_of(brief, pack)).replace(short_name(brief.client_name), "Client")
    for disclaimer in brief.disclaimers:
        text = text.replace(disclaimer, "")
    counts = Counter(sentence.lower() for sentence in writing.sentences(text))
    assert [sentence for sentence, count in counts.items() if count > 1 and len(sentence.split()) > 3] == []


@every_draft
def test_uses_no_cliche_and_no_placeholder(name: str, pack: str) -> None:
    assert CLICHES.findall(text_of(draft_of(BRIEFS[name], pack))) == []


@every_draft
def test_never_uses_a_banned_word(name: str, pack: str) -> None:
    brief = BRIEFS[name]
    draft = draft_of(brief, pack)
    said = text_of(draft) + "\n".join(f"{item.hook} {item.caption} {item.call_to_action}" for item in draft.calendar)
    said = said.replace(writing.clean(brief.client_name), "")
    assert [word for word in brief.banned_words if re.search(rf"\b{re.escape(word)}\b", said, re.I)] == []


@every_draft
def test_speaks_of_the_client_in_nearly_all_sections(name: str, pack: str) -> None:
    brief = BRIEFS[name]
    sections = draft_of(brief, pack).sections
    speaking = sum(short_name(brief.client_name) in section.markdown for section in sections)
    assert speaking >= len(sections) * 0.9


@every_draft
def test_carries_the_disclaimers_word_for_word(name: str, pack: str) -> None:
    (summary,) = (section for section in draft_of(BRIEFS[name], pack).sections if section.key == "final_summary")
    assert all(disclaimer in summary.markdown for disclaimer in BRIEFS[name].disclaimers)


@pytest.mark.parametrize("name", BRIEFS)
def test_writes_the_same_bytes_for_the_same_brief_under_other_ids(name: str) -> None:
    brief = BRIEFS[name]
    twin = brief.model_copy(update={"id": uuid7(), "intake_id": uuid7(), "client_id": uuid7()})
    assert draft_of(brief).model_dump_json() == draft_of(twin).model_dump_json()


def test_writes_two_clients_different_sentences() -> None:
    clinic, software = (set(writing.sentences(text_of(draft_of(brief)))) for brief in (dental_brief(), saas_brief()))
    assert len(clinic & software) / min(len(clinic), len(software)) < 0.15


def test_leaves_out_forbidden_claims() -> None:
    said = text_of(draft_of(dental_brief())).lower()
    assert "before/after photos" not in said
    assert "comparative claims" not in said


def test_says_what_a_poor_brief_left_open() -> None:
    said = text_of(draft_of(BRIEFS["nothing but the musts"], "quick_social_basic"))
    assert "Still to be learned" in said
    assert "the budget" in said


def test_takes_its_numbers_from_brief_and_strategy() -> None:
    brief = dental_brief()
    strategy = strategy_for(brief)
    given = set(re.findall(r"\d+", brief.model_dump_json() + strategy.model_dump_json()))
    sections = compose(brief, strategy, PACKS["quick_social_basic"]).sections
    prose = "\n".join(section.markdown for section in sections if section.key != "detailed_30_day_calendar")
    prose = re.sub(r"\d+ (?:of the thirty )?days|Bucket \d|Week \d|\b\d{1,2} (?:March|April)|March2026", "", prose)
    assert set(re.findall(r"\d+", prose.replace(",", ""))) - given == set()


def test_heads_no_section_with_a_banned_word() -> None:
    headings = [section.heading for section in draft_of(dental_brief(banned_words=("plan", "overview"))).sections]
    assert (headings[0], headings[4], len(set(headings))) == ("1", "Channel", 17)


def test_writes_of_messages_where_the_client_wants_no_mail() -> None:
    sections = draft_of(dental_brief(channels_excluded=("no e-mail",))).sections
    flows = next(section for section in sections if section.key == "email_and_crm_flows")
    assert flows.heading == "CRM flows"
    assert not re.search(r"\be?-?mail\b", flows.markdown, re.IGNORECASE)
    assert shortfalls(flows) == []


def test_says_that_a_short_plan_ends_before_its_calendar() -> None:
    brief = dental_brief()
    strategy = strategy_for(brief, end_date=brief.start_date + timedelta(days=6))
    sections = compose(brief, strategy, PACKS["quick_social_basic"]).sections
    assert "The campaign ends on 15 March 2026" in sections[2].markdown
