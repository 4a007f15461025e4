"""reject_strategy."""

from datetime import UTC, datetime

import pytest

from apps.identity.models import User
from apps.shared.events import AuditNote, Event
from apps.strategy import services
from apps.strategy.api import ports
from apps.strategy.models import Strategy

AT = datetime(2026, 3, 3, 10, tzinfo=UTC)


def test_records_why_and_tells_it(drafted: Strategy, reviewer: User, published: list[tuple[Event, AuditNote]]) -> None:
    rejected = ports.reject_strategy(strategy_id=drafted.pk, by=reviewer.pk, reason="Too broad.", at=AT)
    row = Strategy.objects.get(pk=drafted.pk)
    assert (rejected.state, row.reason, row.decided_at, row.approved_by) == ("REJECTED", "Too broad.", AT, None)
    [(event, note)] = published
    assert (event.name, event.reason, note.actor_id) == ("StrategyRejected", "Too broad.", reviewer.pk)
    assert (note.before["state"], note.after["state"]) == ("DRAFT", "REJECTED")


@pytest.mark.parametrize("reason", ["", "   "])
def test_needs_a_reason(drafted: Strategy, reviewer: User, reason: str) -> None:
    with pytest.raises(ValueError, match="reason is empty"):
        services.reject_strategy(drafted, by=reviewer.pk, reason=reason, at=AT)
    assert Strategy.objects.get(pk=drafted.pk).state == "DRAFT"


def test_refuses_an_approved_version(drafted: Strategy, reviewer: User) -> None:
    services.approve_strategy(drafted, by=reviewer.pk, at=AT)
    with pytest.raises(services.DecisionRefused, match="APPROVED and cannot be rejected"):
        services.reject_strategy(drafted, by=reviewer.pk, reason="Second thoughts.", at=AT)
