"""A strategy in the portal …"""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from django.dispatch import receiver
from django_fsm import ConcurrentTransition

from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory, Portal
from apps.onboarding.tests.factories import dental_brief
from apps.shared.events import event_published
from apps.strategy import services
from apps.strategy.api.events import StrategyApproved
from apps.strategy.models import Strategy
from apps.strategy.rules import compose_strategy
from apps.strategy.tests.factories import run_context

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 3, tzinfo=UTC)


def strategy_of(client: Client) -> Strategy:
    brief = dental_brief().model_copy(update={"client_id": client.pk})
    return services.store_strategy(brief, compose_strategy(brief), run=run_context(brief))


@pytest.fixture
def portal(acme: Client) -> Portal:
    acme.approves_strategies = True
    acme.save()
    return Portal(MembershipFactory(client=acme, role="APPROVER"))


def test_is_shown_whole_without_what_the_staff_said(portal: Portal, acme: Client) -> None:
    strategy = strategy_of(acme)
    services.approve_strategy(strategy, by=portal.membership.user_id, reason="They will never pay.", at=NOW)
    shown = portal.get(f"strategies/{strategy.pk}").json()
    assert len(shown["layers"]) == 8
    assert shown["channels"][0]["budget"]["currency"] == shown["budget"]["currency"] == "EUR"
    assert (shown["kpis"], shown["milestones"]) != ([], [])
    assert "never pay" not in str(shown)
    assert not {"preset", "run_id", "approved_by", "reason"} & set(shown)


def test_is_approved_on_the_version_that_was_seen(portal: Portal, acme: Client) -> None:
    path = f"strategies/{strategy_of(acme).pk}"
    assert portal.post(f"{path}/approve", {}).status_code == 428
    assert portal.post(f"{path}/approve", {}, If_Match='"another"').status_code == 412
    told = []
    noted = receiver(event_published, sender=StrategyApproved)(lambda note, **_: told.append(note.actor_id))
    tag = portal.get(path)["ETag"]
    approved = portal.post(f"{path}/approve", {"reason": "Good."}, If_Match=tag)
    event_published.disconnect(noted, sender=StrategyApproved)
    assert (approved.status_code, approved.json()["state"]) == (200, "APPROVED")
    assert told == [portal.membership.user_id]
    assert approved["ETag"] == portal.get(path)["ETag"] != tag
    assert portal.post(f"{path}/reject", {"reason": "No."}, If_Match=tag).status_code == 412
    assert portal.post(f"{path}/reject", {"reason": "No."}, If_Match=approved["ETag"]).status_code == 409


def test_is_rejected_with_a_reason_only(portal: Portal, acme: Client) -> None:
    strategy = strategy_of(acme)
    path = f"strategies/{strategy.pk}"
    tag = portal.get(path)["ETag"]
    for body in ({}, {"reason": ""}, {"reason": "  "}, {"reason": 1}):
        refused = portal.post(f"{path}/reject", body, If_Match=tag)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "reason")
    assert portal.post(f"{path}/reject", {"reason": "Too dear."}, If_Match=tag).json()["state"] == "REJECTED"
    strategy.refresh_from_db()
    assert strategy.reason == "Too dear."


def test_is_decided_once(portal: Portal, acme: Client) -> None:
    path = f"strategies/{strategy_of(acme).pk}"
    tag = portal.get(path)["ETag"]
    with patch.object(Strategy, "save", side_effect=ConcurrentTransition):
        assert portal.post(f"{path}/approve", {}, If_Match=tag).status_code == 409


def test_is_the_agencys_to_decide_unless_the_contract_says_otherwise(portal: Portal, acme: Client) -> None:
    acme.approves_strategies = False
    acme.save()
    draft, approved = strategy_of(acme), strategy_of(acme)
    services.approve_strategy(approved, by=portal.membership.user_id, at=NOW)
    assert portal.get(f"strategies/{draft.pk}").status_code == 404
    assert portal.post(f"strategies/{draft.pk}/approve", {}, If_Match="x").status_code == 404
    assert [each["id"] for each in portal.get("strategies").json()["results"]] == [str(approved.pk)]
    assert portal.post(f"strategies/{approved.pk}/reject", {"reason": "x"}, If_Match="x").status_code == 403


def test_is_decided_by_nobody_who_may_only_look(acme: Client, portal: Portal) -> None:
    path = f"strategies/{strategy_of(acme).pk}/approve"
    assert Portal(MembershipFactory(client=acme, role="VIEWER")).post(path, {}, If_Match="x").status_code == 403
    assert Portal(portal.membership, "read").post(path, {}, If_Match="x").status_code == 403


def test_of_another_client_does_not_exist(portal: Portal, globex: Client) -> None:
    globex.approves_strategies = True
    globex.save()
    strategy = strategy_of(globex)
    for path in (f"strategies/{strategy.pk}", f"strategies/{strategy.pk}/approve"):
        missing = path.replace(str(strategy.pk), "019a0000-0000-7000-8000-000000000000")
        method = "POST" if path.endswith("approve") else "GET"
        foreign, unknown = (portal.send(method, each, {}, If_Match="x") for each in (path, missing))
        assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
    assert portal.get("strategies").json()["results"] == []
    assert portal.get(f"strategies?brief_id={strategy.brief_id}").json()["results"] == []
    strategy.refresh_from_db()
    assert strategy.state == "DRAFT"


def test_is_found_by_its_state_and_brief(portal: Portal, acme: Client) -> None:
    first, second = strategy_of(acme), strategy_of(acme)
    services.reject_strategy(first, by=portal.membership.user_id, reason="x", at=NOW)

    def found(query: str) -> list[str]:
        return [each["id"] for each in portal.get(f"strategies?{query}").json()["results"]]

    assert found("state=DRAFT") == [str(second.pk)]
    assert found(f"brief_id={first.brief_id}&state=REJECTED") == [str(first.pk)]
    assert found("created_before=2020-01-01T00:00:00Z") == []
