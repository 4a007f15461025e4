"""Pure decisions of reporting."""

from apps.reporting.rules.advice import ADVICE
from apps.reporting.rules.comparing import period_before
from apps.reporting.rules.reports import (
    INSIGHTS,
    METRICS,
    OURS,
    TAKEN_BACK,
    ReportRefused,
    check_period,
    digest_of,
    findings_of,
    moments_of,
    seen_with,
)

__all__ = [
    "ADVICE",
    "INSIGHTS",
    "METRICS",
    "OURS",
    "TAKEN_BACK",
    "ReportRefused",
    "check_period",
    "digest_of",
    "findings_of",
    "moments_of",
    "period_before",
    "seen_with",
]
