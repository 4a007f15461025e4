"""withdraw_strategy."""

import pytest

from apps.onboarding.api.dtos import Brief
from apps.shared.events import AuditNote, Event
from apps.strategy.api import ports
from apps.strategy.models import ChannelPlan, Kpi, Milestone, Strategy
from apps.strategy.tests.conftest import Store
from apps.strategy.tests.factories import run_context


def test_removes_the_run_s_strategy_with_its_parts_and_no_other(brief: Brief, drafted: Strategy, store: Store) -> None:
    run = run_context(brief)
    store(brief, run=run)
    ports.withdraw_strategy(run=run)
    assert [strategy.pk for strategy in Strategy.objects.all()] == [drafted.pk]
    assert {part.strategy_id for kind in (Kpi, ChannelPlan, Milestone) for part in kind.objects.all()} == {drafted.pk}


def test_keeps_what_was_removed_in_the_audit(
    brief: Brief, store: Store, published: list[tuple[Event, AuditNote]]
) -> None:
    run = run_context(brief)
    strategy = store(brief, run=run)
    channels = strategy.channels.count()
    ports.withdraw_strategy(run=run)
    event, note = published[-1]
    assert (event.name, event.run_id, event.version) == ("StrategyWithdrawn", run.id, 1)
    assert note.before["executive_summary"] == strategy.executive_summary
    assert len(note.before["channels"]) == channels
    assert note.before["kpis"]
    assert note.before["milestones"]
    assert note.reason
    AuditNote.model_validate_json(note.model_dump_json())


def test_may_run_twice(brief: Brief, store: Store, published: list[tuple[Event, AuditNote]]) -> None:
    run = run_context(brief)
    store(brief, run=run)
    ports.withdraw_strategy(run=run)
    ports.withdraw_strategy(run=run)
    assert [event.name for event, _ in published].count("StrategyWithdrawn") == 1


@pytest.mark.django_db(transaction=True)
def test_passes_the_check_of_the_shares_at_commit(store: Store, brief: Brief) -> None:
    run = run_context(brief)
    store(brief, run=run)
    ports.withdraw_strategy(run=run)
    assert not ChannelPlan.objects.exists()


def test_lets_the_next_version_take_the_number_again(brief: Brief, store: Store) -> None:
    run = run_context(brief)
    store(brief, run=run)
    ports.withdraw_strategy(run=run)
    assert store(brief).version == 1
