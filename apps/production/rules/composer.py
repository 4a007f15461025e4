"""The offline composer: writes every section of a pack from brief and strategy, without a language model.

The same contents give the same bytes; ids play no part. What it writes is marked with the provider "offline".
"""

import re

from apps.learning.api.dtos import Guidance
from apps.onboarding.api.dtos import Brief
from apps.production.api.dtos import DraftPlan, DraftSection
from apps.production.rules.calendar import calendar_of
from apps.production.rules.facts import Facts, facts_of
from apps.production.rules.packs import PackSpec, SectionSpec
from apps.production.rules.reserves import fill_up
from apps.production.rules.sections import SECTIONS
from apps.production.rules.writing import capital
from apps.strategy.api.dtos import Strategy

PROVIDER = "offline"


def compose(brief: Brief, strategy: Strategy, pack: PackSpec, guidance: Guidance | None = None) -> DraftPlan:
    """Write all sections of a pack and plan its calendar, without the words that the brief or a lesson bans.

    Raises KeyError for a section that has no writer.
    """
    lessons = guidance.lessons if guidance else ()
    banned = (*brief.banned_words, *(word for lesson in lessons for word in lesson.words))
    facts = facts_of(brief.model_copy(update={"banned_words": banned}), strategy)
    return DraftPlan(
        pack=pack.key,
        pack_title=pack.title,
        provider=PROVIDER,
        sections=tuple(write_section(facts, spec, position) for position, spec in enumerate(pack.sections)),
        calendar=calendar_of(facts),
        lessons=lessons,
    )


def write_section(facts: Facts, spec: SectionSpec, position: int) -> DraftSection:
    """Write one section. It costs no tokens, because no model reads or writes it."""
    markdown = fill_up(SECTIONS[spec.renderer](facts, spec.benchmark), spec.key, spec.benchmark, facts)
    return DraftSection(
        key=spec.key,
        position=position,
        heading=_heading(facts, spec, position),
        markdown=markdown + "\n",
        provider=PROVIDER,
        prompt_version=spec.prompt_version,
        tokens=0,
        benchmark=spec.benchmark,
    )


def _heading(facts: Facts, spec: SectionSpec, position: int) -> str:
    """Return a section's heading without the words the client bans, and without a channel it excludes."""
    words = spec.heading if facts.writes_mail else spec.heading.replace("Email and CRM", "CRM")
    bare = re.sub(r"^and\s+|\s+and$", "", " ".join(facts.strike_banned(words).split()), flags=re.IGNORECASE)
    return capital(bare) if bare else f"{position + 1}"
