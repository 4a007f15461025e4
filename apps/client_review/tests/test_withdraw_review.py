"""withdraw_review …"""

import pytest
from uuid_utils.compat import uuid7

from apps.client_review import services
from apps.client_review.api import ports
from apps.client_review.models import Comment, Review, RevisionPlan, RevisionRequest
from apps.client_review.tests.conftest import AT, Send, names, next_draft
from apps.identity.models import User
from apps.production.api.dtos import Draft
from apps.shared.workflow import RunContext


def test_removes_all_that_a_run_sent_and_planned(
    review: Review, approver: User, run: RunContext, published: list
) -> None:
    services.comment_on_review(review, side="CLIENT", text="Lovely.", by=approver.pk)
    ports.withdraw_review(run=run)
    ports.withdraw_review(run=run)
    assert names(published) == ["ClientFeedbackReceived", "ReviewWithdrawn"]
    assert published[-1][1].before["comments"][0]["text"] == "Lovely."
    assert not Review.objects.exists()


def test_leaves_no_part_behind(changes_requested: Review, run: RunContext) -> None:
    services.plan_revision(changes_requested, run=run)
    ports.withdraw_review(run=run)
    assert [kind.objects.count() for kind in (Review, Comment, RevisionRequest, RevisionPlan)] == [0, 0, 0, 0]


def test_touches_no_review_of_another_run(send: Send, review: Review, draft: Draft, run: RunContext) -> None:
    other = send(next_draft(draft), RunContext(id=uuid7(), client_id=run.client_id, position=5, round=1, at=AT))
    ports.withdraw_review(run=run)
    assert list(Review.objects.all()) == [other]


def test_is_a_person_s_too_with_a_reason(review: Review, strategist: User, published: list) -> None:
    with pytest.raises(services.ReasonMissing):
        services.withdraw_review(review, by=strategist.pk, reason="", at=AT)
    withdrawn = services.withdraw_review(review, by=strategist.pk, reason="A wrong price.", at=AT)
    assert withdrawn.state == "WITHDRAWN"
    event, note = published[-1]
    assert (event.reason, note.actor_id, note.before["state"]) == ("A wrong price.", strategist.pk, "SENT")


def test_comes_too_late_once_the_client_decided(changes_requested: Review, strategist: User) -> None:
    with pytest.raises(services.ReviewClosed, match="changes requested"):
        services.withdraw_review(changes_requested, by=strategist.pk, reason="A wrong price.", at=AT)
