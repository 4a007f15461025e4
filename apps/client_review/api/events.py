"""Facts of the client's review."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from apps.shared.events import Event


class ClientReviewSent(Event):
    """A draft was put in front of the client."""

    aggregate: ClassVar[str] = "client_review.review"
    draft_id: UUID
    round: int
    draft_sha256: str
    due_at: datetime


class ReviewDecided(Event):
    """The client approved a draft, asked for changes or rejected it; `reason` is what was said."""

    aggregate: ClassVar[str] = "client_review.review"
    draft_id: UUID
    round: int
    verdict: Literal["APPROVED", "CHANGES_REQUESTED", "REJECTED"]
    draft_sha256: str
    reason: str = ""


class ClientFeedbackReceived(Event):
    """The client commented on a draft."""

    aggregate: ClassVar[str] = "client_review.comment"
    review_id: UUID
    draft_id: UUID
    section: str


class CommentAnswered(Event):
    """The staff commented on a draft that is in front of the client."""

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


class RevisionPlanned(Event):
    """The changes a client asked for are to be made. `beyond_included` counts rounds over the agreed number."""

    aggregate: ClassVar[str] = "client_review.review"
    draft_id: UUID
    round: int
    beyond_included: int


class FurtherRoundAllowed(Event):
    """An account manager allowed a round over the agreed number."""

    aggregate: ClassVar[str] = "client_review.review"
    draft_id: UUID
    round: int
    by: UUID
    reason: str


class ClientApproved(Event):
    """The client approved a draft; it may be delivered."""

    aggregate: ClassVar[str] = "client_review.review"
    draft_id: UUID
    round: int
    draft_sha256: str


class ReminderDue(Event):
    """The client should be reminded: the day is near, or has passed."""

    aggregate: ClassVar[str] = "client_review.review"
    draft_id: UUID
    round: int
    kind: Literal["BEFORE", "AFTER"]


class ApproverMailed(Event):
    """Somebody who decides for the client was mailed about a review; or nobody knows, or the server refused."""

    aggregate: ClassVar[str] = "client_review.review"
    draft_id: UUID
    round: int
    kind: Literal["NEW", "BEFORE", "AFTER"]
    outcome: Literal["SENT", "PROOF", "UNKNOWN", "REFUSED"]


class ReviewerReminded(Event):
    """Somebody reminded the client."""

    aggregate: ClassVar[str] = "client_review.review"
    draft_id: UUID
    round: int


class ReviewExtended(Event):
    """The client has longer to decide; a review that had expired is open again."""

    aggregate: ClassVar[str] = "client_review.review"
    draft_id: UUID
    round: int
    due_at: datetime


class ReviewExpired(Event):
    """The client did not decide in time, and cannot until the review is extended."""

    aggregate: ClassVar[str] = "client_review.review"
    draft_id: UUID
    round: int


class ReviewWithdrawn(Event):
    """A review was taken back, by a run or by a person: the client is not asked any more."""

    aggregate: ClassVar[str] = "client_review.review"
    draft_id: UUID
    round: int
    reason: str = ""
