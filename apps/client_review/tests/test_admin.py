"""The account manager's desk of reviews …"""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.client_review import services
from apps.client_review.models import Review
from apps.client_review.tests.conftest import AT, Send, decision, next_draft
from apps.identity.models import Client, User
from apps.identity.tests.factories import UserFactory
from apps.production.api.dtos import Draft

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def manager(acme: Client) -> User:
    """An account manager."""
    person = UserFactory(full_name="Mia Manager")
    person.groups.add(Group.objects.get(name="Account manager"))
    return person


@pytest.fixture
def desk(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


def address(review: Review, name: str = "change", *more: Any) -> str:
    return reverse(f"admin:client_review_review_{name}", args=[review.pk, *more])


def read(desk: Browser, review: Review) -> str:
    return desk.get(address(review)).content.decode()


def press(desk: Browser, review: Review, name: str, reason: str) -> Review:
    desk.post(address(review, name), {"_form_submitted": "1", "reason": reason})
    return Review.objects.get(pk=review.pk)


def test_shows_exactly_the_version_that_was_sent(desk: Browser, review: Review, draft: Draft) -> None:
    page = read(desk, review)
    assert all(f'id="section-{section.key}"' in page for section in draft.sections)
    assert review.draft_sha256 in page
    assert "Overview" in page


def test_shows_remarks_beside_the_words_they_are_about(desk: Browser, review: Review, approver: User) -> None:
    words = next(each.markdown for each in review.shown.sections if each.key == "overview").split()[:3]
    for quote in (" ".join(words).lstrip("#* "), "never said anywhere"):
        services.comment_on_review(
            review, side="CLIENT", text=f"{SCRIPT} Is it?", by=approver.pk, section="overview", quote=quote
        )
    page = read(desk, review)
    assert "<mark>" in page
    assert page.count("quote no longer found") == 1
    assert "Ann Approver" in page
    assert SCRIPT not in page


def test_looks_for_a_quote_of_no_section_in_all_of_them(desk: Browser, review: Review, approver: User) -> None:
    heading = next(each.markdown for each in review.shown.sections if each.key == "overview").splitlines()[0]
    services.comment_on_review(review, side="CLIENT", text="Hm.", by=approver.pk, quote=heading.strip("# "))
    page = read(desk, review)
    assert "About the whole draft" in page
    assert "quote no longer found" not in page


def test_escapes_what_a_draft_says(desk: Browser, send: Send, draft: Draft) -> None:
    assert SCRIPT not in read(desk, send(next_draft(draft, SCRIPT)))


def test_tells_the_rounds_and_who_decided_what_on_which_version(
    desk: Browser, send: Send, changes_requested: Review, draft: Draft
) -> None:
    second = send(next_draft(draft))
    page = read(desk, second)
    for text in ("CHANGES REQUESTED", "Ann Approver", changes_requested.draft_sha256, second.draft_sha256):
        assert text in page
    assert address(second, "compare", changes_requested.pk) in page


def test_compares_a_round_with_the_one_before(
    desk: Browser, send: Send, changes_requested: Review, draft: Draft, globex: Client
) -> None:
    second = send(next_draft(draft))
    page = desk.get(address(second, "compare", changes_requested.pk)).content.decode()
    assert "<ins>" in page
    assert page.count("Identical in both.") == len(draft.sections)  # all but the overview, and the calendar
    Review.objects.filter(pk=second.pk).update(pack="another")
    assert desk.get(address(second, "compare", changes_requested.pk)).status_code == 404


def test_reminds_extends_and_closes(desk: Browser, review: Review) -> None:
    assert press(desk, review, "remind_reviewer", "Called them.").reminded_at is not None
    assert press(desk, review, "remind_reviewer", "").state == "SENT"
    assert press(desk, review, "expire_review", "They are away.").state == "EXPIRED"
    extended = press(desk, review, "extend_review", "Back on Monday.")
    assert extended.state == "SENT"
    assert extended.due_at > timezone.now()


def test_withdraws_with_a_reason_only(desk: Browser, review: Review) -> None:
    assert press(desk, review, "withdraw_review", "").state == "SENT"
    assert press(desk, review, "withdraw_review", "A wrong price.").state == "WITHDRAWN"


def test_answers_a_remark(desk: Browser, review: Review, manager: User) -> None:
    press(desk, review, "comment_on_review", "We look into it.")
    comment = review.comments.get()
    assert (comment.side, comment.author, comment.text) == ("STAFF", manager, "We look into it.")


def test_allows_a_round_over_the_agreed_number(desk: Browser, changes_requested: Review, acme: Client) -> None:
    assert address(changes_requested, "allow_further_round") not in read(desk, changes_requested)
    Client.objects.filter(pk=acme.pk).update(included_revision_rounds=0)
    page = read(desk, changes_requested)
    assert address(changes_requested, "allow_further_round") in page
    assert "The run waits until a further one is allowed." in page
    assert press(desk, changes_requested, "allow_further_round", "Goodwill.").allowed_because == "Goodwill."


def filled(review: Review, decided: str, **fields: str) -> dict[str, str]:
    said = {"verdict": decided, "channel": "PHONE", "told_by": "Dr. Byrne", "draft_sha256": review.draft_sha256}
    return said | fields


def test_records_a_decision_on_the_client_s_behalf(desk: Browser, review: Review, manager: User) -> None:
    assert address(review, "decide") in read(desk, review)
    wanted = {"section_1": "overview", "change_1": "Shorter.", "priority_1": "SHOULD"}
    answer = desk.post(address(review, "decide"), filled(review, "CHANGES_REQUESTED", **wanted))
    assert answer.status_code == 302
    row = Review.objects.get(pk=review.pk)
    assert (row.state, row.decided_by, row.told_by, row.channel) == (
        "CHANGES_REQUESTED",
        manager,
        "Dr. Byrne",
        "PHONE",
    )
    assert row.requests.get().priority == "SHOULD"
    assert "recorded by Mia Manager" in read(desk, row)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"told_by": ""}, "Say who."),
        ({"section_1": "overview"}, "A change needs its section and what to change."),
        ({"draft_sha256": "0" * 64}, "never in front of the client"),
        ({"verdict": "CHANGES_REQUESTED"}, "none given"),
        ({"channel": "PORTAL"}, "Select a valid choice"),
    ],
)
def test_says_why_a_decision_is_not_recorded(desk: Browser, review: Review, fields: dict, words: str) -> None:
    page = desk.post(address(review, "decide"), filled(review, "APPROVED", **fields)).content.decode()
    assert words in page
    assert Review.objects.get(pk=review.pk).state == "SENT"


def test_says_that_somebody_was_faster(desk: Browser, review: Review, approver: User) -> None:
    services.record_decision(review, decision(review), by=approver.pk, at=AT)
    page = desk.post(address(review, "decide"), filled(review, "REJECTED", text="No.")).content.decode()
    assert "Ann Approver decided it already" in page


def test_lets_nobody_record_or_press_who_may_only_look(client: Browser, review: Review) -> None:
    finance = UserFactory()
    finance.groups.add(Group.objects.get(name="Finance"))
    client.force_login(finance)
    page = read(client, review)
    assert address(review, "decide") not in page
    assert client.post(address(review, "decide"), filled(review, "APPROVED")).status_code == 403
    assert client.post(address(review, "withdraw_review"), {"_form_submitted": "1", "reason": "x"}).status_code == 403
    assert Review.objects.get(pk=review.pk).state == "SENT"


def test_lists_what_presses_and_what_waits_for_leave(
    desk: Browser, send: Send, changes_requested: Review, draft: Draft, acme: Client
) -> None:
    Client.objects.filter(pk=acme.pk).update(included_revision_rounds=0)
    due = send(next_draft(draft))
    Review.objects.filter(pk=due.pk).update(due_at=timezone.now() - timedelta(days=1))
    home = desk.get(reverse("admin:index")).content.decode()
    for text in ("Clients to remind of their review", "Overdue for 1", "Revision rounds over the agreed number"):
        assert text in home
    listed = reverse("admin:client_review_review_changelist")
    assert list(desk.get(listed, {"needs": "due"}).context["cl"].result_list) == [due]
    assert list(desk.get(listed, {"needs": "beyond"}).context["cl"].result_list) == [changes_requested]


def test_lists_the_changes_that_are_being_made(desk: Browser, changes_requested: Review, run: Any) -> None:
    services.plan_revision(changes_requested, run=run)
    home = desk.get(reverse("admin:index")).content.decode()
    assert "Changes clients asked for" in home
    assert "overview: Shorter." in home


def test_opens_and_lists_in_few_queries(
    desk: Browser, send: Send, review: Review, draft: Draft, approver: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        send(next_draft(draft))
    for section in ("overview", ""):
        services.comment_on_review(review, side="CLIENT", text="Hm.", by=approver.pk, section=section)
    for target in (address(review), reverse("admin:client_review_review_changelist"), address(review, "decide")):
        with django_assert_max_num_queries(12):
            assert desk.get(target).status_code == 200
