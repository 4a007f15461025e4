"""Pure decisions of the client's review: what exactly is shown, what a revision costs, who is reminded when."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from apps.client_review.api.dtos import Decision, RevisionRequest, ShownDraft, ShownSection
from apps.production.api.dtos import Draft

DUE_IN = timedelta(days=5)
"""How long a client has for a round; the workflow's wait reminds after as long."""
EXTENSION = timedelta(days=5)
REMIND_BEFORE = timedelta(days=2)
EXPIRES_AFTER = timedelta(days=10)
"""The grace after the day it was due."""

HOURS: Mapping[str, Decimal] = {"MUST": Decimal("1.5"), "SHOULD": Decimal("1.0"), "COULD": Decimal("0.5")}
"""What one change takes, by its priority; a guess to plan a day by, not a promise."""
HOURS_PER_SECTION = Decimal("0.5")
"""Reading a changed section again, whatever number of changes it has."""


def shown_of(draft: Draft) -> ShownDraft:
    """Return what a client gets to see of a draft."""
    sections = (ShownSection(key=each.key, heading=each.heading, markdown=each.markdown) for each in draft.sections)
    return ShownDraft(title=draft.pack_title, sections=tuple(sections), calendar=draft.calendar)


def sha256_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what is shown, as JSON: the same for the same content in any order of its keys."""
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def differing_sections(before: ShownDraft, after: ShownDraft) -> tuple[str, ...]:
    """List the headings under which two versions differ, the calendar's last."""
    old = {section.key: section for section in before.sections}
    new = {section.key: section for section in after.sections}
    keys = [key for key in {**new, **old} if old.get(key) != new.get(key)]
    headings = [(new.get(key) or old[key]).heading for key in keys]
    return (*headings, *(["Content calendar"] if before.calendar != after.calendar else []))


def decision_problems(decision: Decision, sections: Iterable[str]) -> list[str]:
    """List what is wrong with a decision, each with the field and what to do."""
    known = list(sections)
    asked = decision.verdict == "CHANGES_REQUESTED"
    problems = [
        f"requests: there is no section {request.section!r}. Choose one of: {', '.join(known)}."
        for request in decision.requests
        if request.section not in known
    ]
    if any(not request.change.strip() for request in decision.requests):
        problems.append("requests: a change is empty. Say what should be different.")
    if asked and not decision.requests:
        problems.append("requests: none given. Name at least one section and what to change in it.")
    if decision.requests and not asked:
        problems.append(f"requests: {decision.verdict} goes without any. Ask for changes, or leave them out.")
    if decision.verdict == "REJECTED" and not decision.text.strip():
        problems.append("text: empty. Say why the draft is rejected.")
    if decision.channel != "PORTAL" and not decision.told_by.strip():
        problems.append("told_by: empty. Say who at the client told you.")
    return problems


def estimated_hours(requests: Iterable[RevisionRequest]) -> Decimal:
    """Return the hours that changes take: each by its priority, and half an hour for every section they are in."""
    requests = tuple(requests)
    sections = {request.section for request in requests}
    return sum((HOURS[request.priority] for request in requests), HOURS_PER_SECTION * len(sections))


def rounds_beyond(review_round: int, included: int) -> int:
    """Return by how many a revision exceeds the agreed number; after round 1 comes the first."""
    return max(0, review_round - included)


def reminder_due(due_at: datetime, at: datetime) -> Literal["", "BEFORE", "AFTER"]:
    """Return which reminder a moment asks for."""
    if at >= due_at:
        return "AFTER"
    return "BEFORE" if at >= due_at - REMIND_BEFORE else ""
