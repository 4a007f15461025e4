"""record_decision …"""

import threading

import pytest
from django.db import connection

from apps.client_review import services
from apps.client_review.api import ports
from apps.client_review.models import Review
from apps.client_review.tests.conftest import AT, Send, decision, names, next_draft, request
from apps.identity.models import Client, User
from apps.identity.tests.factories import MembershipFactory, UserFactory
from apps.production.api.dtos import Draft


def test_approves_exactly_what_was_shown(review: Review, approver: User, published: list) -> None:
    given = ports.record_decision(review_id=review.pk, decision=decision(review), by=approver.pk, at=AT)
    assert given.state == "APPROVED"
    row = Review.objects.get(pk=review.pk)
    assert (row.decided_by, row.decided_at, row.channel) == (approver, AT, "PORTAL")
    assert names(published) == ["ReviewDecided", "ClientApproved"]
    event, note = published[0]
    assert (event.verdict, event.draft_sha256, event.run_id) == ("APPROVED", review.draft_sha256, review.run_id)
    assert (note.actor_id, note.before["state"], note.after["state"]) == (approver.pk, "SENT", "APPROVED")


def test_keeps_the_changes_that_are_wanted(changes_requested: Review, published: list) -> None:
    assert changes_requested.state == "CHANGES_REQUESTED"
    (wanted,) = changes_requested.requests.all()
    assert (wanted.section, wanted.change, wanted.priority, wanted.position) == ("overview", "Shorter.", "MUST", 1)


def test_tells_which_sections_are_wanted_otherwise(review: Review, approver: User, published: list) -> None:
    wanted = (request(), request(change="Warmer."))
    services.record_decision(review, decision(review, "CHANGES_REQUESTED", requests=wanted), by=approver.pk, at=AT)
    assert names(published) == ["ReviewDecided", "RevisionRequested"]
    assert published[1][0].sections == ("overview",)


def test_refuses_a_decision_about_an_earlier_version_and_says_what_differs(
    send: Send, review: Review, draft: Draft, approver: User
) -> None:
    later = send(next_draft(draft))
    with pytest.raises(services.StaleDecision, match=r"about round 1; round 2 differs in: .*Overview"):
        services.record_decision(later, decision(review), by=approver.pk, at=AT)
    assert Review.objects.get(pk=later.pk).state == "SENT"


def test_refuses_a_decision_about_a_version_nobody_was_shown(review: Review, approver: User) -> None:
    with pytest.raises(services.StaleDecision, match="never in front of the client"):
        services.record_decision(review, decision(review, draft_sha256="0" * 64), by=approver.pk, at=AT)


def test_refuses_when_what_is_stored_is_not_what_was_sent(review: Review, approver: User) -> None:
    Review.objects.filter(pk=review.pk).update(content=review.content | {"title": "Another"})
    with pytest.raises(services.DecisionRefused, match="not what was sent"):
        services.record_decision(review, decision(review), by=approver.pk, at=AT)


def test_refuses_a_second_decision_and_says_who_was_first(review: Review, approver: User) -> None:
    services.record_decision(review, decision(review), by=approver.pk, at=AT)
    with pytest.raises(services.DecisionRefused, match="Ann Approver decided it already"):
        services.record_decision(review, decision(review, "REJECTED", text="No."), by=approver.pk, at=AT)
    assert Review.objects.get(pk=review.pk).state == "APPROVED"


@pytest.mark.parametrize(
    ("state", "words"), [("EXPIRED", "time to decide is over"), ("WITHDRAWN", "withdrawn: nothing is asked")]
)
def test_refuses_a_decision_on_what_is_not_asked_any_more(
    review: Review, approver: User, state: str, words: str
) -> None:
    Review.objects.filter(pk=review.pk).update(state=state)
    with pytest.raises(services.DecisionRefused, match=words):
        services.record_decision(review, decision(review), by=approver.pk, at=AT)


@pytest.mark.parametrize(
    ("verdict", "fields", "words"),
    [
        ("CHANGES_REQUESTED", {}, "requests: none given"),
        ("CHANGES_REQUESTED", {"requests": (request("persona_cards"),)}, "no section 'persona_cards'"),
        ("CHANGES_REQUESTED", {"requests": (request(change=" "),)}, "a change is empty"),
        ("APPROVED", {"requests": (request(),)}, "APPROVED goes without any"),
        ("REJECTED", {}, "text: empty"),
        ("APPROVED", {"channel": "PHONE"}, "told_by: empty"),
    ],
)
def test_names_the_field_that_does_not_fit(
    review: Review, approver: User, verdict: str, fields: dict, words: str
) -> None:
    with pytest.raises(services.DecisionRefused, match=words):
        services.record_decision(review, decision(review, verdict, **fields), by=approver.pk, at=AT)
    assert Review.objects.get(pk=review.pk).state == "SENT"


def test_is_for_approvers_of_the_client_alone(review: Review, acme: Client, globex: Client, strategist: User) -> None:
    viewer = MembershipFactory(client=acme, role="VIEWER").user
    foreign = MembershipFactory(client=globex).user
    former = MembershipFactory(client=acme, user=UserFactory(is_staff=False, is_active=False)).user
    for person in (viewer, foreign, former, strategist):
        with pytest.raises(services.NotAnApprover):
            services.record_decision(review, decision(review), by=person.pk, at=AT)


def test_says_in_the_audit_on_whose_behalf_it_was_recorded(review: Review, strategist: User, published: list) -> None:
    told = decision(review, "REJECTED", text="Too dear.", channel="PHONE", told_by="Dr. Byrne")
    services.record_decision(review, told, by=strategist.pk, at=AT)
    event, note = published[0]
    assert (note.actor_id, note.reason) == (strategist.pk, "Told by Dr. Byrne (phone). Too dear.")
    assert event.reason == "Too dear."


@pytest.mark.django_db(transaction=True)
def test_lets_one_of_two_at_once_win(review: Review, approver: User) -> None:
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def press(verdict: str, **fields: str) -> None:
        try:
            together.wait()
            services.record_decision(review, decision(review, verdict, **fields), by=approver.pk, at=AT)
            outcomes.append(verdict)
        except services.DecisionRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    people = [
        threading.Thread(target=press, args=("APPROVED",)),
        threading.Thread(target=press, args=("REJECTED",), kwargs={"text": "No."}),
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(outcomes).count("refused") == 1
    assert Review.objects.get(pk=review.pk).state in outcomes
