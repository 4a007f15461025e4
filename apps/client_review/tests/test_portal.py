"""In the portal, a review …"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.client_review import services
from apps.client_review.models import Comment, Review
from apps.client_review.tests.conftest import Send, next_draft
from apps.identity.models import Client, User
from apps.identity.tests.factories import MembershipFactory
from apps.production.api.dtos import Draft


def logged_in(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def browser(approver: User) -> Browser:
    return logged_in(approver)


@pytest.fixture
def viewer(acme: Client) -> Browser:
    return logged_in(MembershipFactory(client=acme, role="VIEWER").user)


@pytest.fixture
def stranger(globex: Client) -> Browser:
    return logged_in(MembershipFactory(client=globex).user)


def page(name: str, review: Review) -> str:
    return reverse(f"portal-{name}", args=[review.pk])


def address(review: Review, deed: str = "") -> str:
    return f"/api/v1/reviews/{review.pk}" + (f"/{deed}" if deed else "")


def send(browser: Browser, review: Review, deed: str, body: dict[str, Any], *, seen: str | None = None) -> Any:
    headers = {} if seen is None else {"If-Match": f'"{seen}"'}
    return browser.post(address(review, deed), body, content_type="application/json", headers=headers)


APPROVED = {"verdict": "APPROVED"}
CHANGES = {"verdict": "CHANGES_REQUESTED", "requests": [{"section": "overview", "change": "Shorter."}]}


# --- the API ----------------------------------------------------------------------------------------------------------


def test_shows_exactly_what_is_asked_about(browser: Browser, review: Review) -> None:
    answer = browser.get(address(review))
    assert answer["ETag"] == f'"{review.draft_sha256}"'
    assert [each["key"] for each in answer.json()["sections"]] == [each.key for each in review.shown.sections]
    assert answer.json()["sections"][0]["markdown"] == review.shown.sections[0].markdown


def test_is_decided_on_the_version_that_was_seen(browser: Browser, review: Review, approver: User) -> None:
    answer = send(browser, review, "decision", APPROVED, seen=review.draft_sha256)
    assert (answer.status_code, answer.json()["state"]) == (200, "APPROVED")
    row = Review.objects.get()
    assert (row.decided_by, row.channel) == (approver, "PORTAL")


def test_is_decided_on_no_version_that_was_not_named(browser: Browser, review: Review) -> None:
    assert send(browser, review, "decision", APPROVED).status_code == 428
    stale = send(browser, review, "decision", APPROVED, seen="0" * 64)
    assert stale.status_code == 412
    assert "never in front of the client" in stale.json()["detail"]
    assert Review.objects.get().state == "SENT"


def test_is_decided_once(browser: Browser, review: Review) -> None:
    send(browser, review, "decision", CHANGES, seen=review.draft_sha256)
    again = send(browser, review, "decision", APPROVED, seen=review.draft_sha256)
    assert again.status_code == 409
    assert Review.objects.get().requests.get().change == "Shorter."


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "verdict"),
        ({"verdict": "MAYBE"}, "verdict"),
        ({"verdict": "REJECTED"}, "text"),
        ({"verdict": "CHANGES_REQUESTED"}, "requests"),
        (CHANGES | {"requests": [{"section": "nowhere", "change": "x"}]}, "requests"),
        (CHANGES | {"requests": [{"section": "overview"}]}, "requests.0.change"),
        (CHANGES | {"requests": [{"section": "overview", "change": "x", "priority": "NOW"}]}, "requests.0.priority"),
        (APPROVED | {"state": "APPROVED"}, "state"),
        (APPROVED | {"text": 7}, "text"),
    ],
)
def test_refuses_a_decision_by_its_field(browser: Browser, review: Review, body: dict, field: str) -> None:
    answer = send(browser, review, "decision", body, seen=review.draft_sha256)
    assert answer.status_code == 400
    assert field in [each["field"] for each in answer.json()["errors"]]
    assert Review.objects.get().state == "SENT"


def test_takes_remarks(browser: Browser, review: Review) -> None:
    answer = send(browser, review, "comments", {"section": "overview", "quote": "Galway", "text": "Say Salthill."})
    assert answer.status_code == 201
    comment = Comment.objects.get()
    assert (comment.side, comment.quote, answer.json()["text"]) == ("CLIENT", "Galway", "Say Salthill.")


def test_is_read_by_a_viewer_and_decided_by_an_approver(viewer: Browser, review: Review) -> None:
    assert viewer.get(address(review)).status_code == 200
    assert send(viewer, review, "decision", APPROVED, seen=review.draft_sha256).status_code == 403
    assert send(viewer, review, "comments", {"text": "Hm."}).status_code == 403


def test_is_nothing_to_another_client(stranger: Browser, review: Review) -> None:
    missing = stranger.get(address(review).replace(str(review.pk), "00000000-0000-7000-8000-000000000000"))
    foreign = stranger.get(address(review))
    assert (foreign.status_code, foreign.content) == (404, missing.content)
    assert send(stranger, review, "decision", APPROVED, seen=review.draft_sha256).status_code == 404
    assert stranger.get(page("review", review)).status_code == 404
    assert stranger.post(page("review-decide", review), APPROVED).status_code == 404


def test_is_gone_once_it_is_withdrawn(browser: Browser, review: Review, approver: User) -> None:
    services.withdraw_review(review, by=approver.pk, reason="Too early.", at=review.due_at)
    assert browser.get(address(review)).status_code == 404


def test_costs_few_queries(browser: Browser, send: Send, draft: Draft, asks_at_most: Callable) -> None:
    for _ in range(3):
        send(draft := next_draft(draft))
    review = Review.objects.first()
    for path in ("/api/v1/reviews", address(review), page("review", review), reverse("portal-reviews")):
        with asks_at_most(10):
            assert browser.get(path).status_code == 200


def test_is_listed_by_its_title_without_loading_all_that_is_shown(browser: Browser, review: Review) -> None:
    for path in ("/api/v1/reviews", reverse("portal-reviews"), reverse("portal-home")):
        with CaptureQueriesContext(connection) as asked:
            assert review.content["title"] in browser.get(path).content.decode()
        assert not [each["sql"] for each in asked if '"client_review_review"."content",' in each["sql"]], path


# --- the pages --------------------------------------------------------------------------------------------------------


def test_stands_on_the_first_page_until_it_is_decided(browser: Browser, review: Review) -> None:
    home = reverse("portal-home")
    assert page("review", review) in browser.get(home).content.decode()
    browser.post(page("review-decide", review), APPROVED | {"draft_sha256": review.draft_sha256})
    assert page("review", review) not in browser.get(home).content.decode()


def test_is_approved_by_a_click(browser: Browser, review: Review) -> None:
    said = APPROVED | {"draft_sha256": review.draft_sha256}
    after = browser.post(page("review-decide", review), said, follow=True).content.decode()
    assert "you have approved this version" in after
    assert Review.objects.get().state == "APPROVED"


def test_gets_no_decision_by_a_link(browser: Browser, review: Review) -> None:
    assert browser.get(page("review-decide", review), APPROVED).status_code == 405
    assert Review.objects.get().state == "SENT"


def test_is_not_decided_by_a_page_that_shows_an_older_one(browser: Browser, review: Review) -> None:
    answer = browser.post(page("review-decide", review), APPROVED | {"draft_sha256": "0" * 64})
    assert answer.status_code == 409
    assert "newer version" in answer.content.decode()
    assert Review.objects.get().state == "SENT"


def test_wants_a_reason_to_be_rejected(browser: Browser, review: Review) -> None:
    said = {"verdict": "REJECTED", "draft_sha256": review.draft_sha256}
    assert "why you reject it" in browser.post(page("review-decide", review), said).content.decode()
    browser.post(page("review-decide", review), said | {"text": "Not us."})
    assert Review.objects.get().text == "Not us."


def test_takes_changes_section_by_section(browser: Browser, review: Review) -> None:
    url = page("review-changes", review)
    empty = browser.post(url, {"draft_sha256": review.draft_sha256})
    assert (empty.status_code, "at least one section" in empty.content.decode()) == (400, True)
    said = {"draft_sha256": review.draft_sha256, "change-overview": "Shorter.", "priority-overview": "SHOULD"}
    browser.post(url, said)
    asked = Review.objects.get().requests.get()
    assert (asked.section, asked.change, asked.priority) == ("overview", "Shorter.", "SHOULD")


def test_marks_the_words_that_a_remark_quotes(browser: Browser, review: Review) -> None:
    quote = review.shown.sections[0].markdown.split("\n\n")[-1].split(".")[0].strip("# *")[:40]
    key = review.shown.sections[0].key
    browser.post(page("review-comment", review), {"section": key, "quote": quote, "text": "<script>alert(1)</script>"})
    shown = browser.get(page("review", review)).content.decode()
    assert "<mark>" in shown
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown


def test_says_what_changed_since_the_last_round(
    browser: Browser, changes_requested: Review, send: Send, draft: Draft
) -> None:
    later = send(next_draft(draft))
    shown = browser.get(page("review", later)).content.decode()
    assert "Changed since round 1" in shown
    assert "Everything else is exactly as you saw it" in shown


def test_speaks_german(browser: Browser, review: Review) -> None:
    shown = browser.get(page("review", review), headers={"Accept-Language": "de"}).content.decode()
    assert 'lang="de"' in shown
    assert "Diese Fassung freigeben" in shown


def test_is_only_read_on_a_viewers_page(viewer: Browser, review: Review) -> None:
    shown = viewer.get(page("review", review)).content.decode()
    assert review.shown.sections[0].heading in shown
    assert "Approve this version" not in shown
    answer = viewer.post(page("review-decide", review), APPROVED | {"draft_sha256": review.draft_sha256})
    assert answer.status_code == 403
