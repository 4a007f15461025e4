"""Score and verdict."""

import pytest

from apps.qc.api.dtos import QcFinding
from apps.qc.rules.scoring import score_of, stops_work, verdict_of


def found(severity: str, status: str = "FAIL") -> QcFinding:
    return QcFinding(rule_code="X", severity=severity, status=status, section="", message="", evidence="", fix="")


@pytest.mark.parametrize(
    ("findings", "score", "verdict"),
    [
        ([], 100, "PASS"),
        ([found("MINOR")], 97, "WARN"),
        ([found("MINOR", "WARN")], 95, "WARN"),
        ([found("BLOCKER", "WARN")], 95, "WARN"),
        ([found("BLOCKER")], 70, "FAIL"),
        ([found("MAJOR")] * 3, 70, "WARN"),
        ([*[found("MAJOR")] * 3, found("MINOR")], 67, "FAIL"),
        ([found("BLOCKER")] * 4, 0, "FAIL"),
    ],
)
def test_findings_give_score_and_verdict(findings, score, verdict):
    assert (score_of(findings), verdict_of(findings)) == (score, verdict)


@pytest.mark.parametrize(
    ("verdict", "is_strict", "stops"),
    [("FAIL", False, True), ("WARN", False, False), ("WARN", True, True), ("PASS", True, False)],
)
def test_a_warning_stops_only_strict_clients(verdict, is_strict, stops):
    assert stops_work(verdict, is_strict=is_strict) is stops
