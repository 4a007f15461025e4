"""Facts of the client's review."""

from typing import ClassVar
from uuid import UUID

from apps.shared.events import Event


class ClientReviewSent(Event):
    """A draft was put in front of the client."""

    aggregate: ClassVar[str] = "client_review.review"
    draft_id: UUID
    round: int


class ReviewDecided(Event):
    """A review ended: approved, changes requested, rejected or expired."""

    aggregate: ClassVar[str] = "client_review.review"
    draft_id: UUID
    round: int
    verdict: str


class ClientFeedbackReceived(Event):
    """The client commented on a draft."""

    aggregate: ClassVar[str] = "client_review.comment"
    review_id: UUID
    draft_id: UUID
    section: str


class RevisionRequested(Event):
    """The client wants sections of a draft changed."""

    aggregate: ClassVar[str] = "client_review.review"
    draft_id: UUID
    round: int
    sections: tuple[str, ...]


class ClientApproved(Event):
    """The client approved a draft; it may be delivered."""

    aggregate: ClassVar[str] = "client_review.review"
    draft_id: UUID
    round: int


class ReviewWithdrawn(Event):
    """A run took its review back."""

    aggregate: ClassVar[str] = "client_review.review"
    draft_id: UUID
    round: int
