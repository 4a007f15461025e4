"""The rules a draft is judged by. They are pure: the same draft, brief and strategy always give the same findings."""

from apps.learning.api.dtos import Guidance
from apps.onboarding.api.dtos import Brief
from apps.production.api.dtos import Draft
from apps.qc.api.dtos import QcVerdict
from apps.qc.rules.benchmark import benchmark
from apps.qc.rules.brief_bound import brief_bound
from apps.qc.rules.calendar import calendar
from apps.qc.rules.claims import claims
from apps.qc.rules.registry import Reading, Rule
from apps.qc.rules.scoring import score_of, verdict_of
from apps.qc.rules.text import text
from apps.qc.rules.totals import totals
from apps.strategy.api.dtos import Strategy

FAMILIES = (brief_bound, claims, benchmark, text, calendar, totals)
RULES: tuple[Rule, ...] = tuple(rule for family in FAMILIES for rule in family.rules)
BY_CODE = {rule.code: rule for rule in RULES}


def judge(draft: Draft, brief: Brief, strategy: Strategy, guidance: Guidance | None = None) -> QcVerdict:
    """Check a draft by every rule: findings in the order of the rules, within a rule in the order of the sections."""
    reading = Reading(draft, brief, strategy, guidance.lessons if guidance else ())
    findings = tuple(finding for rule in RULES for finding in rule.findings(reading))
    return QcVerdict(
        score=score_of(findings), verdict=verdict_of(findings), rules_checked=len(RULES), findings=findings
    )
