"""comment_on_review …"""

import pytest

from apps.client_review import services
from apps.client_review.api import ports
from apps.client_review.models import Review
from apps.identity.models import User


def test_keeps_whose_words_are_about_which(review: Review, approver: User, published: list) -> None:
    given = ports.comment_on_review(
        review_id=review.pk, by=approver.pk, text="Is that so?", section="overview", quote="Aligners"
    )
    assert (given.side, given.section, given.quote, given.author_id) == ("CLIENT", "overview", "Aligners", approver.pk)
    event, note = published[-1]
    assert (event.name, event.review_id, event.run_id) == ("ClientFeedbackReceived", review.pk, None)
    assert (note.actor_id, note.after["text"]) == (approver.pk, "Is that so?")


def test_answers_for_the_staff(review: Review, strategist: User, published: list) -> None:
    services.comment_on_review(review, side="STAFF", text="It is.", by=strategist.pk)
    assert published[-1][0].name == "CommentAnswered"


@pytest.mark.parametrize(
    ("fields", "words"), [({"text": " "}, "text: empty"), ({"text": "x", "section": "nowhere"}, "section: there is no")]
)
def test_names_the_field_that_does_not_fit(review: Review, approver: User, fields: dict, words: str) -> None:
    with pytest.raises(services.DecisionRefused, match=words):
        services.comment_on_review(review, side="CLIENT", by=approver.pk, **fields)


def test_comes_too_late_once_it_is_decided(changes_requested: Review, approver: User) -> None:
    with pytest.raises(services.ReviewClosed):
        services.comment_on_review(changes_requested, side="CLIENT", text="Wait!", by=approver.pk)
