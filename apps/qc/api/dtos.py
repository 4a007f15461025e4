"""Nouns of quality control."""

from typing import Literal
from uuid import UUID

from apps.shared.dtos import Dto

CONTRACT_VERSION = "1.2"


class QcFinding(Dto):
    """What a rule found.

    `section` is a section's key ("" = the whole draft), `evidence` the offending words in their place. `lesson_id` says
    which lesson asked for it, where one did.
    """

    rule_code: str
    severity: Literal["BLOCKER", "MAJOR", "MINOR"]
    status: Literal["FAIL", "WARN"]
    section: str
    message: str
    evidence: str
    fix: str
    auto_fixable: bool = False
    lesson_id: UUID | None = None


class QcVerdict(Dto):
    """What the rules say of a draft, not stored yet. `score` is 0 to 100."""

    score: int
    verdict: Literal["PASS", "WARN", "FAIL"]
    rules_checked: int
    findings: tuple[QcFinding, ...]


class QcReport(Dto):
    """One evaluation of a draft. `score` is 0 to 100; one that has not `passed` stops the work."""

    id: UUID
    draft_id: UUID
    client_id: UUID
    sequence: int
    score: int
    verdict: Literal["PASS", "WARN", "FAIL"]
    rules_checked: int
    findings: tuple[QcFinding, ...]
    passed: bool = True
