"""fill_up."""

import pytest

from apps.onboarding.tests.factories import dental_brief
from apps.production.rules.facts import facts_of
from apps.production.rules.packs import PACKS
from apps.production.rules.reserves import fill_up
from apps.production.rules.writing import count_bullets, count_words
from apps.strategy.tests.factories import strategy_for

SPEC = next(spec for spec in PACKS["strategy_campaign_standard"].sections if spec.key == "campaign_objective")
BRIEF = dental_brief(banned_words=("chart",))
FACTS = facts_of(BRIEF, strategy_for(BRIEF))


def test_leaves_a_full_section_as_it_is() -> None:
    text = "word " * 200 + "\n\n- a\n- b\n- c"
    assert fill_up(text, SPEC.key, SPEC.benchmark, FACTS) == text


@pytest.mark.parametrize("end", ["", "\n\n- last"])
def test_adds_points_to_a_short_one_but_none_with_a_banned_word(end: str) -> None:
    filled = fill_up("word " * 170 + end, SPEC.key, SPEC.benchmark, FACTS)
    assert count_words(filled) >= SPEC.benchmark.min_words
    assert count_bullets(filled) >= 2
    assert "chart" not in filled
