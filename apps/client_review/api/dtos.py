"""Nouns of the client's review."""

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from apps.production.api.dtos import CalendarItem
from apps.shared.dtos import Dto

CONTRACT_VERSION = "2.1"

ReviewState = Literal["SENT", "APPROVED", "CHANGES_REQUESTED", "REJECTED", "EXPIRED", "WITHDRAWN"]
Verdict = Literal["APPROVED", "CHANGES_REQUESTED", "REJECTED"]


class ShownSection(Dto):
    """A section as the client sees it: Markdown under its heading."""

    key: str
    heading: str
    markdown: str


class ShownDraft(Dto):
    """Exactly what a client is asked about: its SHA-256 is what a decision names."""

    title: str
    sections: tuple[ShownSection, ...]
    calendar: tuple[CalendarItem, ...]


class Comment(Dto):
    """A remark on a draft. `section` is a section's key ("" = the whole draft), `quote` the words it is about."""

    id: UUID
    side: Literal["CLIENT", "STAFF"]
    section: str
    quote: str
    text: str
    author_id: UUID
    created_at: datetime


class Review(Dto):
    """A draft in front of the client. `round` counts from 1; `url` opens exactly this version of the draft."""

    id: UUID
    draft_id: UUID
    client_id: UUID
    round: int
    draft_sha256: str
    state: ReviewState
    sent_at: datetime
    due_at: datetime
    url: str
    comments: tuple[Comment, ...] = ()


class RevisionRequest(Dto):
    """A change the client wants in one section of a draft."""

    section: str
    change: str
    priority: Literal["MUST", "SHOULD", "COULD"]


class Decision(Dto):
    """What a client decided, about the version with this SHA-256.

    Made elsewhere than in the portal, `told_by` says who told us of it, and `channel` how.
    """

    verdict: Verdict
    draft_sha256: str
    text: str = ""
    requests: tuple[RevisionRequest, ...] = ()
    channel: Literal["PORTAL", "PHONE", "EMAIL", "MEETING"] = "PORTAL"
    told_by: str = ""


class RevisionPlan(Dto):
    """What is to be revised and how long it will take. `beyond_included` counts rounds over the agreed number."""

    id: UUID
    review_id: UUID
    draft_id: UUID
    requests: tuple[RevisionRequest, ...]
    estimated_hours: Decimal
    beyond_included: int
