"""What the client's review can be asked to do."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from apps.client_review import models, queries, services
from apps.client_review.api.dtos import Comment, Decision, Review, RevisionPlan, RevisionRequest, ShownDraft
from apps.client_review.api.events import ReviewDecided
from apps.production.api.dtos import Draft, Wishes
from apps.shared.workflow import RunContext, step


def withdraw_review(*, run: RunContext) -> None:
    """Remove what a run sent and planned here, and nothing else; may be called twice."""
    services.withdraw_reviews(run=run)


@step(compensate=withdraw_review)
def send_for_review(*, draft: Draft, run: RunContext) -> Review:
    """Put a draft in front of its client, exactly as it is now, as the next round of its work."""
    return queries.to_dto(services.send_for_review(draft, run=run))


@step(compensate=withdraw_review)
def plan_revision(*, review: Review, decided: ReviewDecided, run: RunContext) -> Wishes:
    """Plan the changes that a client asked for, and return them; none when the client approved.

    Raises PersonNeeded for a round over the agreed number that no account manager has allowed.
    """
    return services.wishes_of(models.Review.objects.get(pk=decided.aggregate_id), run=run)


def record_decision(*, review_id: UUID, decision: Decision, by: UUID, at: datetime) -> Review:
    """Store what a client decided. `by` is the user's id, an approver of the client where the channel is PORTAL.

    Raises ObjectDoesNotExist for an unknown id, and TransitionNotAllowed in words: for who may not decide, a version
    that is not in front of the client (naming what differs), a review that is closed, and fields that do not fit.
    """
    services.record_decision(models.Review(pk=review_id), decision, by=by, at=at)
    return queries.get_review(review_id)


def comment_on_review(*, review_id: UUID, by: UUID, text: str, section: str = "", quote: str = "") -> Comment:
    """Store a client's remark on what is in front of them. Raises ObjectDoesNotExist and TransitionNotAllowed."""
    row = models.Review.objects.get(pk=review_id)
    comment = services.comment_on_review(row, side="CLIENT", text=text, by=by, section=section, quote=quote)
    return next(each for each in queries.get_review(review_id).comments if each.id == comment.pk)


def allow_further_round(*, review_id: UUID, by: UUID, reason: str, at: datetime) -> Review:
    """Let changes be made although the agreed rounds are used up. Raises ValueError without a reason."""
    services.allow_further_round(models.Review.objects.get(pk=review_id), by=by, reason=reason, at=at)
    return queries.get_review(review_id)


def extend_review(*, review_id: UUID, by: UUID, reason: str, at: datetime) -> Review:
    """Give the client longer to decide. Raises ValueError without a reason, TransitionNotAllowed once decided."""
    services.extend_review(models.Review.objects.get(pk=review_id), by=by, reason=reason, at=at)
    return queries.get_review(review_id)


def request_notices(*, review_id: UUID, event_id: UUID, kind: Literal["NEW", "BEFORE", "AFTER"]) -> None:
    """Have every active approver of a review's client mailed of an event, each once however often this is called."""
    services.request_notices(review_id, event_id=event_id, kind=kind)


def get_review(*, review_id: UUID) -> Review:
    """Return a review with its comments. Raises ObjectDoesNotExist for an unknown id."""
    return queries.get_review(review_id)


def get_shown(*, review_id: UUID) -> ShownDraft:
    """Return exactly the version a client is asked about. Raises ObjectDoesNotExist for an unknown id."""
    return queries.get_shown(review_id)


def list_requests(*, review_id: UUID) -> tuple[RevisionRequest, ...]:
    """Return the changes that a review asked for. Raises ObjectDoesNotExist for an unknown id."""
    return queries.requests_of(models.Review.objects.defer("content").get(pk=review_id))


def get_plan(*, review_id: UUID) -> RevisionPlan:
    """Return what is to be revised after a review. Raises ObjectDoesNotExist before that is planned."""
    return queries.get_plan(review_id)


def list_reviews(*, client_id: UUID) -> tuple[Review, ...]:
    """Return a client's reviews, newest first; empty for a client without any."""
    return queries.list_reviews(client_id)
