"""plan_revision …"""

from decimal import Decimal

import pytest

from apps.client_review import rules, services
from apps.client_review.api import ports
from apps.client_review.models import Review, RevisionPlan
from apps.client_review.tests.conftest import AT, decision, names, request
from apps.identity.models import Client, User
from apps.shared.workflow import PersonNeeded, RunContext


def test_asks_production_for_what_the_client_wants(changes_requested: Review, run: RunContext) -> None:
    wishes = services.wishes_of(changes_requested, run=run)
    assert wishes.draft_id == changes_requested.draft_id
    assert [(wish.section, wish.change, wish.priority) for wish in wishes.wishes] == [("overview", "Shorter.", "MUST")]


def test_asks_for_nothing_once_the_client_approved(review: Review, approver: User, run: RunContext) -> None:
    services.record_decision(review, decision(review), by=approver.pk, at=AT)
    assert services.wishes_of(review, run=run).wishes == ()
    assert not RevisionPlan.objects.exists()


def test_plans_once(changes_requested: Review, run: RunContext, published: list) -> None:
    for _ in range(2):
        services.plan_revision(changes_requested, run=run)
    plan = RevisionPlan.objects.get()
    assert (plan.run_id, plan.beyond_included) == (run.id, 0)
    assert names(published) == ["RevisionPlanned"]
    given = ports.get_plan(review_id=changes_requested.pk)
    assert (given.id, given.estimated_hours, len(given.requests)) == (plan.pk, Decimal("2.00"), 1)


def test_estimates_by_priority_and_by_section() -> None:
    wanted = (request(), request(priority="COULD"), request("summary", priority="SHOULD"))
    assert rules.estimated_hours(wanted) == Decimal("1.5") + Decimal("0.5") + Decimal("1.0") + 2 * Decimal("0.5")


@pytest.fixture
def beyond(changes_requested: Review, acme: Client) -> Review:
    """A round after which no revision is agreed."""
    Client.objects.filter(pk=acme.pk).update(included_revision_rounds=0)
    return changes_requested


def test_waits_for_leave_over_the_agreed_number(beyond: Review, run: RunContext) -> None:
    with pytest.raises(PersonNeeded, match="Acme has used the 0 revision rounds"):
        services.plan_revision(beyond, run=run)
    assert list(Review.objects.beyond_agreed()) == [beyond]
    assert not RevisionPlan.objects.exists()


def test_goes_on_once_it_is_allowed_with_a_reason(
    beyond: Review, run: RunContext, strategist: User, published: list
) -> None:
    with pytest.raises(services.ReasonMissing):
        services.allow_further_round(beyond, by=strategist.pk, reason=" ", at=AT)
    services.allow_further_round(beyond, by=strategist.pk, reason="Goodwill.", at=AT)
    event, note = published[-1]
    assert (event.name, event.by, event.run_id, note.reason) == (
        "FurtherRoundAllowed",
        strategist.pk,
        beyond.run_id,
        "Goodwill.",
    )
    assert not Review.objects.beyond_agreed().exists()
    assert services.plan_revision(beyond, run=run).beyond_included == 1


def test_is_allowed_once_and_only_where_it_is_needed(beyond: Review, strategist: User, acme: Client) -> None:
    services.allow_further_round(beyond, by=strategist.pk, reason="Goodwill.", at=AT)
    with pytest.raises(services.ReviewClosed, match="Sam Strategist has allowed it already"):
        services.allow_further_round(beyond, by=strategist.pk, reason="Again.", at=AT)
    Client.objects.filter(pk=acme.pk).update(included_revision_rounds=2)
    with pytest.raises(services.ReviewClosed, match="one of those that were agreed"):
        services.allow_further_round(beyond, by=strategist.pk, reason="Again.", at=AT)
