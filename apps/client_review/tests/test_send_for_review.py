"""send_for_review …"""

import pytest
from django.db import IntegrityError, transaction

from apps.client_review import rules
from apps.client_review.api import ports
from apps.client_review.models import Review
from apps.client_review.tests.conftest import AT, Send, next_draft
from apps.production.api.dtos import Draft
from apps.shared.workflow import RunContext


def test_is_a_step_that_can_be_taken_back() -> None:
    assert set(ports.send_for_review.spec.needs) == {"draft"}
    assert ports.send_for_review.spec.compensate is ports.withdraw_review


def test_keeps_exactly_what_the_client_sees(review: Review, draft: Draft, run: RunContext) -> None:
    review.refresh_from_db()
    assert [(each.key, each.markdown) for each in review.shown.sections] == [
        (each.key, each.markdown) for each in draft.sections
    ]
    assert review.shown.calendar == draft.calendar
    assert (review.round, review.state, review.run_id) == (1, "SENT", run.id)
    assert review.due_at == AT + rules.DUE_IN


def test_names_its_content_by_a_hash_that_the_order_in_the_database_does_not_change(review: Review) -> None:
    stored = Review.objects.get(pk=review.pk)
    assert rules.sha256_of(stored.content) == review.draft_sha256
    assert len(review.draft_sha256) == 64


def test_counts_the_rounds_of_a_work_from_one(send: Send, draft: Draft) -> None:
    assert [send().round, send(next_draft(draft)).round, send(next_draft(draft)).round] == [1, 2, 3]


def test_has_another_hash_for_one_other_letter(send: Send, draft: Draft) -> None:
    text = next(each.markdown for each in draft.sections if each.key == "overview")
    one, other = send(), send(next_draft(draft, text + "."))
    assert one.draft_sha256 != other.draft_sha256


def test_tells_of_it(send: Send, published: list) -> None:
    review = send()
    event, note = published[-1]
    assert (event.name, event.aggregate_id, event.draft_sha256) == ("ClientReviewSent", review.pk, review.draft_sha256)
    assert note.after["round"] == 1


def test_opens_one_review_per_draft_at_most(review: Review, send: Send) -> None:
    with pytest.raises(IntegrityError, match="review_one_open_per_draft"), transaction.atomic():
        send()


def test_gives_what_can_be_shown_to_a_portal(review: Review) -> None:
    given = ports.get_review(review_id=review.pk)
    assert (given.state, given.url) == ("SENT", f"/portal/reviews/{review.pk}/")
    assert ports.get_shown(review_id=review.pk) == review.shown
    assert ports.list_reviews(client_id=review.client_id) == (given,)
