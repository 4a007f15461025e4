"""The rules as a whole."""

import pytest

from apps.onboarding.tests.factories import dental_brief, saas_brief
from apps.production.tests.factories import draft_for
from apps.qc.rules import BY_CODE, RULES, judge
from apps.qc.tests import test_benchmark, test_brief_bound, test_calendar, test_claims, test_text, test_totals
from apps.qc.tests.factories import findings
from apps.strategy.tests.factories import strategy_for

PACKS = ("quick_social_basic", "strategy_campaign_standard")


def test_each_rule_has_a_seeded_violation_and_a_near_miss():
    families = (test_brief_bound, test_claims, test_benchmark, test_text, test_calendar, test_totals)
    seeded = {code for family in families for code, _, _ in family.SEEDS}
    assert seeded == set(BY_CODE)


def test_codes_are_unique():
    assert len(BY_CODE) == len(RULES)


def test_a_faultless_draft_has_no_findings():
    assert findings() == {}


@pytest.mark.parametrize("brief", [dental_brief(), saas_brief()], ids=["dental", "saas"])
@pytest.mark.parametrize("pack", PACKS)
def test_what_the_composer_writes_may_go_on(brief, pack):
    strategy = strategy_for(brief)
    verdict = judge(draft_for(brief, strategy, pack), brief, strategy)
    assert verdict.verdict != "FAIL", verdict.findings
    assert verdict.score >= 90, verdict.findings


@pytest.mark.parametrize("words", ["This is painless.", "We show before/after photos of patients."])
def test_one_forbidden_sentence_stops_a_composed_draft(words):
    brief = dental_brief()
    strategy = strategy_for(brief)
    draft = draft_for(brief, strategy)
    first, *others = draft.sections
    spoilt = first.model_copy(update={"markdown": f"{first.markdown}\n\n{words}\n"})
    assert judge(draft.model_copy(update={"sections": (spoilt, *others)}), brief, strategy).verdict == "FAIL"


def test_the_same_draft_gets_the_same_verdict():
    brief = saas_brief()
    strategy = strategy_for(brief)
    draft = draft_for(brief, strategy)
    assert judge(draft, brief, strategy) == judge(draft, brief, strategy)
