"""The strategy that a client's work followed at a moment …"""

from datetime import UTC, datetime, timedelta

from apps.identity.models import Client, User
from apps.onboarding.api.dtos import Brief
from apps.onboarding.tests.factories import dental_brief
from apps.strategy.api import ports
from apps.strategy.tests.conftest import Store

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_is_the_one_approved_last_before_it(
    brief: Brief, globex: Client, store: Store, strategist: User, django_assert_num_queries: object
) -> None:
    first, second, rejected, _undecided = (store(brief) for _ in range(4))
    theirs = store(dental_brief(client_id=globex.pk))
    for strategy, days in ((first, 0), (second, 10), (theirs, 5)):
        ports.approve_strategy(strategy_id=strategy.pk, by=strategist.pk, at=AT + timedelta(days=days))
    ports.reject_strategy(strategy_id=rejected.pk, by=strategist.pk, reason="No.", at=AT + timedelta(days=11))
    found = {
        days: ports.find_approved_strategy(client_id=brief.client_id, before=AT + timedelta(days=days))
        for days in (0, 10, 11, 12)
    }
    assert {days: each and each.id for days, each in found.items()} == {
        0: None,
        10: first.pk,
        11: second.pk,
        12: second.pk,
    }
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert ports.find_approved_strategy(client_id=globex.pk, before=AT + timedelta(days=9)).kpis
