"""From findings to a score and a verdict."""

from collections.abc import Iterable
from typing import Literal

from apps.qc.api.dtos import QcFinding

POINTS = {"BLOCKER": 30, "MAJOR": 10, "MINOR": 3}
POINTS_OF_A_WARNING = 5
PASSING_SCORE = 70

Verdict = Literal["PASS", "WARN", "FAIL"]


def score_of(findings: Iterable[QcFinding]) -> int:
    """Return 100 - 30 per failed blocker - 10 per major - 3 per minor - 5 per warning, never below 0."""
    lost = sum(POINTS_OF_A_WARNING if found.status == "WARN" else POINTS[found.severity] for found in findings)
    return max(0, 100 - lost)


def verdict_of(findings: Iterable[QcFinding]) -> Verdict:
    """Return FAIL for a failed blocker or a score below 70, WARN for any other finding, PASS for none."""
    findings = tuple(findings)
    blocked = any(found.severity == "BLOCKER" and found.status == "FAIL" for found in findings)
    if blocked or score_of(findings) < PASSING_SCORE:
        return "FAIL"
    return "WARN" if findings else "PASS"


def stops_work(verdict: Verdict, *, is_strict: bool) -> bool:
    """Tell whether a verdict ends the run: FAIL always, WARN for a client with strict quality control."""
    return verdict == "FAIL" or (verdict == "WARN" and is_strict)
