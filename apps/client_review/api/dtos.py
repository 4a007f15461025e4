"""Nouns of the client's review."""

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from apps.shared.dtos import Dto

CONTRACT_VERSION = "1.0"


class Comment(Dto):
    """A remark of the client. `section` is a section's key ("" = the whole draft), `quote` the words it is about."""

    id: UUID
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
    state: Literal["SENT", "APPROVED", "CHANGES_REQUESTED", "REJECTED", "EXPIRED"]
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
    """What a client decided, about the version with this SHA-256."""

    verdict: Literal["APPROVED", "CHANGES_REQUESTED", "REJECTED"]
    draft_sha256: str
    text: str = ""
    requests: tuple[RevisionRequest, ...] = ()


class RevisionPlan(Dto):
    """What is to be revised and how long it will take. `beyond_included` counts rounds over the agreed number."""

    id: UUID
    review_id: UUID
    draft_id: UUID
    requests: tuple[RevisionRequest, ...]
    estimated_hours: Decimal
    beyond_included: int
