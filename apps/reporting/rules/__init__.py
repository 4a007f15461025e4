"""Pure decisions of reporting."""

from apps.reporting.rules.advice import ADVICE
from apps.reporting.rules.comparing import period_before
from apps.reporting.rules.kpis import adds_up, is_ceiling, measures
from apps.reporting.rules.names import BY_DAY, METRICS, OURS, TAKEN_BACK
from apps.reporting.rules.reports import (
    INSIGHTS,
    ReportRefused,
    check_period,
    digest_of,
    findings_of,
    moments_of,
    seen_with,
)

__all__ = [
    "ADVICE",
    "BY_DAY",
    "INSIGHTS",
    "METRICS",
    "OURS",
    "TAKEN_BACK",
    "ReportRefused",
    "adds_up",
    "check_period",
    "digest_of",
    "findings_of",
    "is_ceiling",
    "measures",
    "moments_of",
    "period_before",
    "seen_with",
]
