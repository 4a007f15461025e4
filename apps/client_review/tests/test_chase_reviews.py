"""chase_reviews …"""

from datetime import timedelta

import pytest

from apps.client_review import rules, services
from apps.client_review.models import Review
from apps.client_review.services import reviews
from apps.client_review.tests.conftest import AT, decision, names
from apps.identity.models import User

DUE = AT + rules.DUE_IN


def test_leaves_alone_what_is_not_due_for_long(review: Review, published: list) -> None:
    assert services.chase_reviews(at=DUE - rules.REMIND_BEFORE - timedelta(minutes=1)) == 0
    assert published == []


def test_asks_for_a_reminder_once_before_the_day_and_once_after(review: Review, published: list) -> None:
    for at in (DUE - timedelta(days=1), DUE - timedelta(hours=1), DUE, DUE + timedelta(days=1)):
        services.chase_reviews(at=at)
    assert [(event.name, event.kind) for event, _ in published] == [("ReminderDue", "BEFORE"), ("ReminderDue", "AFTER")]
    assert Review.objects.get(pk=review.pk).reminder == "AFTER"


def test_closes_once_what_nobody_decided_within_the_grace(review: Review, published: list) -> None:
    for _ in range(2):
        services.chase_reviews(at=DUE + rules.EXPIRES_AFTER)
    assert names(published) == ["ReminderDue", "ReviewExpired"]
    assert Review.objects.get(pk=review.pk).state == "EXPIRED"


def test_leaves_alone_what_somebody_extended_in_this_moment(review: Review, strategist: User) -> None:
    services.extend_review(review, by=strategist.pk, reason="On holiday.", at=DUE + rules.EXPIRES_AFTER)
    assert reviews._close_if_overdue(review.pk, at=DUE + rules.EXPIRES_AFTER) is False
    assert Review.objects.get(pk=review.pk).state == "SENT"


def test_leaves_alone_what_is_decided(review: Review, approver: User, published: list) -> None:
    services.record_decision(review, decision(review), by=approver.pk, at=AT)
    published.clear()
    assert services.chase_reviews(at=DUE + timedelta(days=99)) == 0


def test_is_answered_by_whoever_reminds_the_client(review: Review, strategist: User, published: list) -> None:
    services.chase_reviews(at=DUE)
    with pytest.raises(services.ReasonMissing):
        services.remind_reviewer(review, by=strategist.pk, reason="", at=DUE)
    reminded = services.remind_reviewer(review, by=strategist.pk, reason="Called Dr. Byrne.", at=DUE)
    assert (reminded.reminder, reminded.reminded_at) == ("", DUE)
    assert published[-1][1].reason == "Called Dr. Byrne."
    assert services.chase_reviews(at=DUE + timedelta(hours=1)) == 0


def test_begins_anew_where_the_client_gets_longer(review: Review, strategist: User, published: list) -> None:
    services.chase_reviews(at=DUE + rules.EXPIRES_AFTER)
    now = DUE + rules.EXPIRES_AFTER
    extended = services.extend_review(review, by=strategist.pk, reason="On holiday.", at=now)
    assert (extended.state, extended.due_at) == ("SENT", now + rules.EXTENSION)
    services.chase_reviews(at=extended.due_at)
    assert names(published) == ["ReminderDue", "ReviewExpired", "ReviewExtended", "ReminderDue"]


def test_extends_nothing_that_is_decided(changes_requested: Review, strategist: User) -> None:
    with pytest.raises(services.ReviewClosed):
        services.extend_review(changes_requested, by=strategist.pk, reason="Why not.", at=AT)


def test_finds_what_presses(review: Review) -> None:
    assert not Review.objects.pressing(AT).exists()
    assert list(Review.objects.pressing(DUE)) == [review]
    services.expire_review(review, by=None, at=DUE)
    assert list(Review.objects.pressing(AT)) == [review]
