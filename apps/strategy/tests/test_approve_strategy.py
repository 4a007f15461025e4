"""approve_strategy."""

from datetime import UTC, datetime

import pytest
from django_fsm import ConcurrentTransition
from uuid_utils.compat import uuid7

from apps.identity.models import User
from apps.onboarding.api.dtos import Brief
from apps.onboarding.tests.factories import dental_brief
from apps.shared.events import AuditNote, Event
from apps.strategy import services
from apps.strategy.api import ports
from apps.strategy.models import Strategy
from apps.strategy.tests.conftest import Store

AT = datetime(2026, 3, 3, 10, tzinfo=UTC)


def test_records_who_when_and_why(drafted: Strategy, strategist: User) -> None:
    services.approve_strategy(drafted, by=strategist.pk, reason="Fits the brief.", at=AT)
    drafted.refresh_from_db()
    assert (drafted.state, drafted.approved_by, drafted.decided_at) == ("APPROVED", strategist, AT)
    assert drafted.reason == "Fits the brief."


def test_tells_what_was_before_and_after(
    drafted: Strategy, strategist: User, published: list[tuple[Event, AuditNote]]
) -> None:
    services.approve_strategy(drafted, by=strategist.pk, at=AT)
    [(event, note)] = published
    assert (event.name, event.aggregate_id, note.actor_id) == ("StrategyApproved", drafted.pk, strategist.pk)
    assert (note.before["state"], note.after["state"]) == ("DRAFT", "APPROVED")


def test_supersedes_the_version_approved_before(
    brief: Brief, drafted: Strategy, store: Store, strategist: User, published: list[tuple[Event, AuditNote]]
) -> None:
    services.approve_strategy(drafted, by=strategist.pk, at=AT)
    services.approve_strategy(store(brief), by=strategist.pk, at=AT)
    states = [version.state for version in ports.list_versions(brief_id=brief.id)]
    assert states == ["SUPERSEDED", "APPROVED"]
    superseded = next(note for event, note in published if event.name == "StrategySuperseded")
    assert superseded.reason == "Version 2 was approved in its place."


def test_leaves_the_approved_version_of_another_brief_alone(brief: Brief, store: Store, strategist: User) -> None:
    other = store(dental_brief(client_id=brief.client_id))
    services.approve_strategy(other, by=strategist.pk, at=AT)
    services.approve_strategy(store(brief), by=strategist.pk, at=AT)
    assert Strategy.objects.get(pk=other.pk).state == "APPROVED"


def test_refuses_to_approve_twice(drafted: Strategy, strategist: User) -> None:
    services.approve_strategy(drafted, by=strategist.pk, at=AT)
    with pytest.raises(services.DecisionRefused, match="version 1 is APPROVED and cannot be approved"):
        services.approve_strategy(drafted, by=strategist.pk, at=AT)


def test_refuses_to_go_back_behind_a_newer_approved_version(
    brief: Brief, drafted: Strategy, store: Store, strategist: User
) -> None:
    services.approve_strategy(store(brief), by=strategist.pk, at=AT)
    with pytest.raises(services.DecisionRefused, match="Version 2 is approved already"):
        services.approve_strategy(drafted, by=strategist.pk, at=AT)


def test_does_not_overrule_somebody_who_decided_in_between(drafted: Strategy, strategist: User) -> None:
    stale = Strategy.objects.get(pk=drafted.pk)
    services.reject_strategy(drafted, by=strategist.pk, reason="Too broad.", at=AT)
    with pytest.raises(ConcurrentTransition):
        services.approve_strategy(stale, by=strategist.pk, at=AT)
    assert Strategy.objects.get(pk=drafted.pk).state == "REJECTED"


def test_is_a_port_that_returns_the_approved_strategy(drafted: Strategy, strategist: User) -> None:
    assert ports.approve_strategy(strategy_id=drafted.pk, by=strategist.pk, at=AT).state == "APPROVED"


def test_knows_no_strategy_that_does_not_exist(strategist: User) -> None:
    with pytest.raises(Strategy.DoesNotExist):
        ports.approve_strategy(strategy_id=uuid7(), by=strategist.pk, at=AT)
