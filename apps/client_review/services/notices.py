"""Mails that tell a client's people of a review: asked for by events, sent by a worker, each once."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from apps.client_review import queries
from apps.client_review.api.events import ApproverMailed
from apps.client_review.models import Notice, Review
from apps.shared.events import AuditNote, publish
from apps.shared.gateways import email
from apps.shared.post import Post, letter_of


def request_notices(review_id: UUID, *, event_id: UUID, kind: str) -> int:
    """Have each active approver of a review's client mailed of an event, once; return to how many that is new."""
    review = Review.objects.filter(pk=review_id).defer("content").first()
    if review is None or not review.is_asked(kind):
        return 0
    asked = {"review": review, "kind": kind}
    return post.write_down(queries.approvers_of(review.client_id), event_id=event_id, defaults=asked)


def send_notice(notice_id: UUID, *, at: datetime) -> bool:
    """Mail a notice that waits; return whether it went out. What nobody is asked any more is not sent.

    Raises TransientFailure when the mail server is ill; the notice then waits for the next try.
    """
    return post.send(notice_id, at=at)


def sweep_notices(*, at: datetime) -> int:
    """Call doubtful what a killed worker began, and mail what waits although its message got lost; return how many."""
    return post.sweep(at=at)


def _write(notice: Notice) -> email.Letter | None:
    review = Review.objects.select_related("client").defer("content").get(pk=notice.review_id)
    if not review.is_asked(notice.kind) or not queries.may_decide(notice.user_id, review.client_id):
        return None
    return _letter(notice, review)


def _tell(notice: Notice) -> None:
    review = Review.objects.only("run_id", "client_id", "draft_id", "round").get(pk=notice.review_id)
    mailed = ApproverMailed(
        run_id=review.run_id,
        client_id=review.client_id,
        aggregate_id=review.pk,
        draft_id=review.draft_id,
        round=review.round,
        kind=notice.kind,
        outcome=notice.state,
    )
    after = {"notice": str(notice.pk), "user": str(notice.user_id), "outcome": notice.state}
    publish(mailed, AuditNote(after=after))


def _letter(notice: Notice, review: Review) -> email.Letter:
    person = notice.user
    facts = {
        "person": person,
        "client": review.client,
        "kind": notice.kind,
        "due_date": timezone.localtime(review.due_at, person.zone).date(),
        "link": settings.BASE_URL + reverse("portal-review", args=[review.pk]),
    }
    return letter_of(
        "client_review/mail/review", facts, to=person.email, key=f"review-notice/{notice.pk}", language=person.language
    )


post = Post(rows=Notice, write=_write, tell=_tell)
register_bell = post.bell.register
